//! What goes wrong with a configuration. The diagnostics say where; the message says how many there are.

use stint_config::{Diagnostics, FlagError};

use super::{CliError, Mistakes};
use crate::exit;

impl From<Diagnostics> for CliError {
    fn from(diagnostics: Diagnostics) -> Self {
        let mistakes = match diagnostics.errors() {
            1 => "there is 1 mistake in it".to_owned(),
            count => format!("there are {count} mistakes in it"),
        };
        Self {
            diagnostics: Mistakes(Some(diagnostics)),
            ..Self::new(exit::CONFIGURATION, &format!("use the configuration: {mistakes}"), None)
        }
    }
}

impl From<FlagError> for CliError {
    fn from(error: FlagError) -> Self {
        Self::whole(exit::USAGE, &error, None)
    }
}
