//! `stint capture …`

mod delete;
mod list;
mod now;
mod pause;

use clap::Subcommand;

use super::Globals;
use crate::error::CliError;
use crate::output::Output;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Now(now::Now),
    List(list::List),
    Pause(pause::Pause),
    Resume(pause::Resume),
    Delete(delete::Delete),
}

impl Command {
    pub(super) fn run(self, globals: &Globals, output: Output) -> Result<(), CliError> {
        match self {
            Self::Now(_) => now::Now::run(globals, output),
            Self::List(list) => list.run(globals, output),
            Self::Pause(pause) => pause.run(globals, output),
            Self::Resume(_) => pause::Resume::run(globals, output),
            Self::Delete(delete) => delete.run(globals, output),
        }
    }
}
