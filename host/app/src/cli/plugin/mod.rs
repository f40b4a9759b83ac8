//! `stint plugin …`

mod build;
mod inspect;
mod new;
mod render;

use clap::Subcommand;

use crate::error::CliError;
use crate::output::Output;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    New(new::New),
    Build(build::Build),
    Inspect(inspect::Inspect),
}

impl Command {
    pub(crate) fn run(self, output: Output) -> Result<(), CliError> {
        match self {
            Self::New(new) => new.run(output),
            Self::Build(build) => build.run(output),
            Self::Inspect(inspect) => inspect.run(output),
        }
    }
}
