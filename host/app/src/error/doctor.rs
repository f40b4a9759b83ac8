//! What a doctor found.

use super::CliError;
use crate::exit::Exit;

impl CliError {
    /// Not all is well. What exactly was printed before.
    pub(crate) fn not_well(exit: Exit, summary: &str) -> Self {
        Self::new(exit, &format!("find all well: {summary}"), None)
    }
}
