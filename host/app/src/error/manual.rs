//! What goes wrong while pages are written.

use super::CliError;
use crate::cli::PageError;
use crate::exit;

impl From<PageError> for CliError {
    fn from(error: PageError) -> Self {
        Self::whole(exit::CANT_CREATE, &error, None)
    }
}
