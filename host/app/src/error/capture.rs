//! What came of taking screenshots.

use super::CliError;
use crate::exit;

impl CliError {
    /// No screen was seen. Why not was printed before.
    pub(crate) fn nothing_seen() -> Self {
        let hint = "`stint doctor` says what to do about it";
        Self::new(exit::TRY_AGAIN, &"see any screen: what is in the way is said above", Some(hint))
    }
}
