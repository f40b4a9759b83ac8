//! What goes wrong with a service.

use super::CliError;
use crate::cli::ServiceError;
use crate::exit;

impl From<ServiceError> for CliError {
    fn from(error: ServiceError) -> Self {
        match &error {
            ServiceError::NoHome => Self::whole(exit::UNAVAILABLE, &error, None),
            ServiceError::NoUser { .. } => {
                Self::whole(exit::USAGE, &error, Some("name it: `stint service install --system --as NAME`"))
            }
            ServiceError::File { .. } => Self::whole(exit::CANT_CREATE, &error, None),
            ServiceError::Manager { command, .. } => {
                let hint =
                    format!("where systemd runs: `{command}`; elsewhere have `stint run` started at login");
                Self::whole(exit::UNAVAILABLE, &error, Some(&hint))
            }
        }
    }
}
