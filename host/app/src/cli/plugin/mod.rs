//! `stint plugin …`

mod build;
mod inspect;
mod list;
mod new;
mod render;

use clap::Subcommand;

use crate::cli::Globals;
use crate::error::CliError;
use crate::output::Output;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    List(list::List),
    New(new::New),
    Build(build::Build),
    Inspect(inspect::Inspect),
}

impl Command {
    pub(crate) fn run(self, globals: &Globals, output: Output) -> Result<(), CliError> {
        match self {
            Self::List(_) => list::List::run(globals, output),
            Self::New(new) => new.run(output),
            Self::Build(build) => build.run(output),
            Self::Inspect(inspect) => inspect.run(output),
        }
    }
}
