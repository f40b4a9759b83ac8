//! What goes wrong with an old queue that is to be imported.

use stint_store::legacy::LegacyError;

use super::CliError;
use crate::exit;

impl CliError {
    /// Some rows stay where they are; the others came in.
    pub(crate) fn rows_left(left: usize, of: u64) -> Self {
        Self::new(
            exit::BAD_DATA,
            &format!(
                "import {left} of {of} rows: they are as they were in the old file, and all others are done"
            ),
            Some(
                "import the file again when what was in the way is mended: what came in does not come in twice",
            ),
        )
    }
}

impl CliError {
    /// Some deliveries were left as they are, and the answer named them.
    pub(crate) fn left_as_they_are(count: usize) -> Self {
        let what = if count == 1 { "1 delivery".to_owned() } else { format!("{count} deliveries") };
        Self::new(
            exit::REFUSED,
            &format!("change {what}: the rules leave them as they are"),
            Some("`stint queue show ID` says what happened to each"),
        )
    }

    /// An export can't be written.
    pub(crate) fn no_export(file: &std::path::Path, source: &std::io::Error) -> Self {
        let hint = match source.kind() {
            std::io::ErrorKind::AlreadyExists => Some("name a file that isn't there yet, or `-`"),
            _ => None,
        };
        Self::new(exit::CANT_CREATE, &format!("write {}: {source}", file.display()), hint)
    }
}

impl From<LegacyError> for CliError {
    fn from(error: LegacyError) -> Self {
        let exit = match &error {
            LegacyError::Busy { .. } => exit::TRY_AGAIN,
            LegacyError::Io { .. }
            | LegacyError::NoFile { .. }
            | LegacyError::Unfinished { .. }
            | LegacyError::Sqlite { .. }
            | LegacyError::NoTable { .. }
            | LegacyError::Columns { .. } => exit::BAD_DATA,
        };
        Self::whole(exit, &error, None)
    }
}
