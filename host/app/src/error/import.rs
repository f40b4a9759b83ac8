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
