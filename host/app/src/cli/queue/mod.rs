//! `stint queue …`

mod list;
mod show;

use clap::Subcommand;

use super::Globals;
use crate::error::CliError;
use crate::output::Output;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    List(list::List),
    Show(show::Show),
}

impl Command {
    pub(super) fn run(self, globals: &Globals, output: Output) -> Result<(), CliError> {
        match self {
            Self::List(list) => list.run(globals, output),
            Self::Show(show) => show.run(globals, output),
        }
    }
}
