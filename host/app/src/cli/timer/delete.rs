//! `stint delete`

use clap::{Args, builder::NonEmptyStringValueParser};

use super::tell;
use crate::api::Undo;
use crate::cli::Globals;
use crate::client::{Call, Session, run, segment};
use crate::error::CliError;
use crate::output::Output;

/// Delete an entry
///
/// Targets that know of it are told.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  stint delete 3f9a      # stint undo brings it back")]
pub(crate) struct Delete {
    /// The entry: its id, or the end of it, as `stint log` shows it
    #[arg(value_name = "ID", value_parser = NonEmptyStringValueParser::new())]
    entry: String,
}

impl Delete {
    pub(in crate::cli) fn run(self, globals: &Globals, output: Output) -> Result<(), CliError> {
        run(async {
            let mut session = Session::begin(globals)?;
            let call = Undo { command_id: Some(session.command_id()?) };
            let path = format!("/api/v1/entries/{}", segment(&self.entry));
            let answered = session.call(Call::delete(path, &call)).await?;
            tell(&session, &answered, output)
        })
    }
}
