//! `stint status`

use clap::Args;
use stint_engine::status::Status;

use super::Globals;
use super::watch::watch;
use crate::client::{Call, Session, run};
use crate::error::CliError;
use crate::output::Output;
use crate::view::{self, Paper};

/// Show the timer, the targets and what waits
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  stint status\n  stint status --watch\n  stint status --json | jq .timer.worked_ms"
)]
pub(crate) struct StatusVerb {
    /// Show it anew every second, until Ctrl-C; with --json, a line each time
    #[arg(short, long)]
    watch: bool,
}

impl StatusVerb {
    pub(super) fn run(self, globals: &Globals, output: Output) -> Result<(), CliError> {
        run(async {
            if self.watch {
                return watch(output, || look(globals, output)).await;
            }
            let (status, paper) = ask(globals).await?;
            output.result(&status, || view::status(&status, &paper))?;
            Ok(())
        })
    }
}

/// Asks once. The session ends with it: a data directory without a host is only held while something is read.
async fn ask(globals: &Globals) -> Result<(Status, Paper), CliError> {
    let mut session = Session::begin(globals)?;
    let status = session.call(Call::get("/api/v1/status")).await?;
    Ok((status, Paper::of(&session)))
}

/// What is seen at one look.
async fn look(globals: &Globals, output: Output) -> Result<String, CliError> {
    let (status, paper) = ask(globals).await?;
    if output.json {
        // A status has text keys and finite numbers, so it has a JSON.
        return Ok(serde_json::to_string(&status).unwrap_or_default());
    }
    Ok(view::status(&status, &paper))
}
