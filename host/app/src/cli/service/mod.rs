//! `stint service …`

mod error;
mod install;
mod scope;
mod status;
mod systemctl;
mod uninstall;
mod unit;

use clap::Subcommand;

use super::Globals;
use crate::error::CliError;
use crate::output::Output;

pub(crate) use error::ServiceError;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Install(install::Install),
    Uninstall(uninstall::Uninstall),
    Status(status::Status),
}

impl Command {
    pub(super) fn run(self, globals: &Globals, output: Output) -> Result<(), CliError> {
        match self {
            Self::Install(install) => install.run(globals, output),
            Self::Uninstall(uninstall) => uninstall.run(output),
            Self::Status(status) => status.run(output),
        }
    }
}
