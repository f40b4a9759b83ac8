//! `stint undo`

use clap::Args;

use super::tell;
use crate::api;
use crate::cli::Globals;
use crate::client::{Call, Session, run};
use crate::error::CliError;
use crate::output::Output;

/// Take back the last change
///
/// Taken again, it brings the change back.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  stint undo")]
pub(crate) struct Undo {}

impl Undo {
    pub(in crate::cli) fn run(globals: &Globals, output: Output) -> Result<(), CliError> {
        run(async {
            let mut session = Session::begin(globals)?;
            let call = api::Undo { command_id: Some(session.command_id()?) };
            let answered = session.call(Call::post("/api/v1/timer/undo", &call)).await?;
            tell(&session, &answered, output)
        })
    }
}
