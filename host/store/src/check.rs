//! Is the file sound? SQLite walks every page and says what does not fit together.

use rusqlite::Connection;

use crate::fault::is_damage;

/// How many findings are told: the first ones say what happened, thousands say no more.
const FINDINGS: usize = 3;

/// How thorough a check is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Depth {
    /// Every page and every row: seconds for a large file.
    Quick,
    /// Also whether each index matches its table: several times as long.
    Full,
}

/// What a check found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Soundness {
    /// Everything fits together.
    Sound,
    /// Something does not.
    Damaged {
        /// The first findings, in SQLite's words.
        reason: String,
    },
}

/// Walks the file. An error means that the check could not be made, which says nothing about the file.
pub(crate) fn check(connection: &Connection, depth: Depth) -> rusqlite::Result<Soundness> {
    match findings(connection, depth) {
        Ok(lines) if lines == ["ok"] => Ok(Soundness::Sound),
        Ok(lines) => Ok(Soundness::Damaged { reason: lines.join("; ").replace('\n', " ") }),
        Err(error) if is_damage(&error) => Ok(Soundness::Damaged { reason: error.to_string() }),
        Err(error) => Err(error),
    }
}

fn findings(connection: &Connection, depth: Depth) -> rusqlite::Result<Vec<String>> {
    let pragma = match depth {
        Depth::Quick => "quick_check",
        Depth::Full => "integrity_check",
    };
    let mut statement = connection.prepare(&format!("PRAGMA {pragma}({FINDINGS})"))?;
    statement.query_map((), |row| row.get(0))?.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{damage, database};

    #[test]
    fn a_sound_file_is_sound_and_a_damaged_one_says_where() {
        let folder = tempfile::tempdir().unwrap();
        let path = database(folder.path(), 2_000);
        for depth in [Depth::Quick, Depth::Full] {
            assert_eq!(check(&Connection::open(&path).unwrap(), depth).unwrap(), Soundness::Sound);
        }
        damage(&path);
        for depth in [Depth::Quick, Depth::Full] {
            let found = check(&Connection::open(&path).unwrap(), depth).unwrap();
            assert!(matches!(&found, Soundness::Damaged { reason } if reason.contains("page")), "{found:?}");
        }
    }

    #[test]
    fn what_is_no_database_is_damaged() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("stint.db");
        std::fs::write(&path, [b'x'; 8_192]).unwrap();
        let found = check(&Connection::open(&path).unwrap(), Depth::Quick).unwrap();
        assert_eq!(found, Soundness::Damaged { reason: "file is not a database".into() });
    }
}
