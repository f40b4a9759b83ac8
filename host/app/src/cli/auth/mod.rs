//! `stint auth …`: the credentials of the configuration, put in and taken away by hand.

mod forget;
mod secret;
mod set;
mod status;
mod told;

use clap::Subcommand;

use super::Globals;
use crate::error::CliError;
use crate::output::Output;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    Set(set::Set),
    Status(status::Status),
    Forget(forget::Forget),
}

impl Command {
    pub(super) fn run(self, globals: &Globals, output: Output) -> Result<(), CliError> {
        match self {
            Self::Set(verb) => verb.run(globals, output),
            Self::Status(verb) => verb.run(globals, output),
            Self::Forget(verb) => verb.run(globals, output),
        }
    }
}
