//! `stint config …`

mod check;
mod edit;
mod path;
mod render;
mod schema;
mod show;

use clap::Subcommand;

pub(super) use render::path_text;

use crate::cli::Globals;
use crate::error::CliError;
use crate::output::Output;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Check(check::Check),
    Show(show::Show),
    Schema(schema::Schema),
    Path(path::PathVerb),
    Edit(edit::Edit),
}

impl Command {
    pub(super) fn run(self, globals: &Globals, output: Output) -> Result<(), CliError> {
        match self {
            Self::Check(check) => check.run(globals, output),
            Self::Show(show) => show.run(globals, output),
            Self::Schema(_) => schema::Schema::run(output),
            Self::Path(_) => path::PathVerb::run(globals, output),
            Self::Edit(edit) => edit.run(globals, output),
        }
    }
}
