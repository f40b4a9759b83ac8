//! `stint capture pause`, `stint capture resume`

use clap::Args;
use stint_config::value::Period;

use crate::api::{PauseCall, PauseView};
use crate::cli::Globals;
use crate::client::{Call, Session, run};
use crate::error::CliError;
use crate::output::Output;
use crate::time::when;

/// Take no screenshots for a while; the timer goes on
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  stint capture pause 15m\n  stint capture pause 1h30m --json")]
pub(crate) struct Pause {
    /// For how long, such as 15m or 1h30m
    #[arg(value_name = "LENGTH", value_parser = read)]
    length: Period,
}

/// Take screenshots again
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  stint capture resume\n  stint capture resume --json")]
pub(crate) struct Resume {}

impl Pause {
    pub(super) fn run(self, globals: &Globals, output: Output) -> Result<(), CliError> {
        pause(self.length.millis().0, globals, output)
    }
}

impl Resume {
    pub(super) fn run(globals: &Globals, output: Output) -> Result<(), CliError> {
        pause(0, globals, output)
    }
}

fn read(text: &str) -> Result<Period, String> {
    Period::read(text).filter(|period| period.millis().0 > 0).ok_or_else(|| {
        "write a number and its unit: 15m, 90s or 1h30m; `stint capture resume` ends a pause".to_owned()
    })
}

fn pause(for_ms: u64, globals: &Globals, output: Output) -> Result<(), CliError> {
    run(async {
        let mut session = Session::begin(globals)?;
        let paused: PauseView =
            session.call(Call::post("/api/v1/screenshots/pause", &PauseCall { for_ms })).await?;
        output.result(&paused, || match paused.paused_until {
            Some(until) => {
                format!("no screenshots until {}\n", when(until.0, session.now(), session.zone()))
            }
            None => "screenshots are not paused\n".to_owned(),
        })?;
        Ok(())
    })
}
