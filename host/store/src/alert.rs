//! What a person must be told about the store itself. Nothing here is ever only a line in a log: the host shows an
//! alert wherever it shows its state.

use std::fmt;
use std::path::PathBuf;

/// Something happened to the stored data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Alert {
    /// The file is damaged. Nothing more is written to it; opening the store again puts it aside.
    Damaged {
        /// What was found.
        reason: String,
    },
    /// The file could not be checked after the start, so damage may not have been noticed.
    Unchecked {
        /// What kept the check from being made.
        reason: String,
    },
    /// A damaged file was put aside.
    Quarantined {
        /// What was found.
        reason: String,
        /// Where the damaged file is now.
        moved_to: PathBuf,
        /// What the store went on with.
        replaced_by: Replacement,
    },
    /// The file was gone, though there had been one.
    Missing {
        /// What the store went on with.
        replaced_by: Replacement,
    },
}

/// What stands in the place of a damaged or missing file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Replacement {
    /// The last backup that was sound.
    Backup(PathBuf),
    /// A new, empty file: there was no sound backup.
    Nothing,
}

impl fmt::Display for Alert {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Damaged { reason } => {
                write!(
                    f,
                    "the database is damaged and no longer written to ({reason}); restart stint to go on with the last backup"
                )
            }
            Self::Unchecked { reason } => {
                write!(
                    f,
                    "the database could not be checked ({reason}); restart stint to have it checked again"
                )
            }
            Self::Quarantined { reason, moved_to, replaced_by } => {
                write!(
                    f,
                    "the database was damaged ({reason}) and is kept as {}; {replaced_by}",
                    moved_to.display()
                )
            }
            Self::Missing { replaced_by } => write!(f, "the database was gone; {replaced_by}"),
        }
    }
}

impl fmt::Display for Replacement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Backup(path) => {
                write!(
                    f,
                    "stint went on with the backup {}: what was recorded after it is missing",
                    path.display()
                )
            }
            Self::Nothing => f.write_str("there was no sound backup, so stint began a new one"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alerts_say_what_happened_where_it_is_and_what_is_missing() {
        let shown = |alert: Alert| alert.to_string();
        assert_eq!(
            shown(Alert::Damaged { reason: "page 3".into() }),
            "the database is damaged and no longer written to (page 3); restart stint to go on with the last backup"
        );
        assert_eq!(
            shown(Alert::Unchecked { reason: "disk I/O error".into() }),
            "the database could not be checked (disk I/O error); restart stint to have it checked again"
        );
        assert_eq!(
            shown(Alert::Quarantined {
                reason: "page 3".into(),
                moved_to: "/d/q.db".into(),
                replaced_by: Replacement::Backup("/d/b.db".into()),
            }),
            "the database was damaged (page 3) and is kept as /d/q.db; \
             stint went on with the backup /d/b.db: what was recorded after it is missing"
        );
        assert_eq!(
            shown(Alert::Missing { replaced_by: Replacement::Nothing }),
            "the database was gone; there was no sound backup, so stint began a new one"
        );
    }
}
