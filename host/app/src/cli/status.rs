//! `stint status`

use clap::Args;
use stint_engine::status::Status;

use super::Globals;
use crate::client::{Call, Session, run};
use crate::error::CliError;
use crate::output::Output;

/// Show the timer, the targets and what waits
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  stint status\n  stint status --json | jq .timer.worked_ms")]
pub(crate) struct StatusVerb {}

impl StatusVerb {
    pub(super) fn run(globals: &Globals, output: Output) -> Result<(), CliError> {
        run(async {
            let mut session = Session::begin(globals)?;
            let status: Status = session.call(Call::get("/api/v1/status")).await?;
            output.result(&status, || format!("{}\n", status.timer.state))?;
            Ok(())
        })
    }
}
