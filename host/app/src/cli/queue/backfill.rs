//! `stint queue backfill`

use clap::{Args, builder::NonEmptyStringValueParser};
use stint_clock::{Clock as _, SystemClock};
use stint_engine::When;

use super::change::change;
use crate::api::BackfillCall;
use crate::cli::Globals;
use crate::error::CliError;
use crate::output::Output;
use crate::time::{Zone, read_time};

/// Tell a target what was recorded before it was there
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  stint queue backfill work --since 2026-03-02\n  stint queue backfill work --since 7d"
)]
pub(crate) struct Backfill {
    /// The target, as the configuration names it
    #[arg(value_name = "TARGET", value_parser = NonEmptyStringValueParser::new())]
    target: String,
    /// From when on
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    since: String,
}

impl Backfill {
    pub(super) fn run(self, globals: &Globals, output: Output) -> Result<(), CliError> {
        let now = SystemClock::new()?.sample().wall;
        let since = When(read_time(&self.since, now, &Zone::of_system())?);
        change("/api/v1/queue/backfill", &BackfillCall { target: self.target, since }, globals, output)
    }
}
