//! `stint target …`

mod list;
mod word;

use clap::Subcommand;

use super::Globals;
use crate::error::CliError;
use crate::output::Output;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    List(list::List),
    Pause(word::Pause),
    Resume(word::Resume),
}

impl Command {
    pub(super) fn run(self, globals: &Globals, output: Output) -> Result<(), CliError> {
        match self {
            Self::List(_) => list::List::run(globals, output),
            Self::Pause(pause) => pause.run(globals, output),
            Self::Resume(resume) => resume.run(globals, output),
        }
    }
}
