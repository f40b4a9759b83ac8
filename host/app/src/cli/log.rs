//! `stint log`

use clap::Args;
use stint_engine::When;

use super::Globals;
use crate::api::EntryList;
use crate::client::{Call, Session, run};
use crate::error::CliError;
use crate::output::Output;
use crate::time::{Period, read_days};
use crate::view::{self, Paper};

/// Show what was worked on
///
/// An entry that reaches into the days is shown, wherever it began.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  stint log\n  stint log --from monday\n  stint log --from 2026-03-02 --to 2026-03-06 --json"
)]
pub(crate) struct Log {
    /// The first day: today, yesterday, monday, 2026-03-02 [default: the last one]
    #[arg(long, value_name = "DAY")]
    from: Option<String>,
    /// The last day [default: today]
    #[arg(long, value_name = "DAY")]
    to: Option<String>,
}

impl Log {
    pub(super) fn run(self, globals: &Globals, output: Output) -> Result<(), CliError> {
        run(async {
            let mut session = Session::begin(globals)?;
            let (from, to) = (self.from.as_deref(), self.to.as_deref());
            let days = read_days(from, to, Period::Day, session.now(), session.zone())?;
            let (from, to) = days.span(session.zone());
            let call = Call::get("/api/v1/entries")
                .asking("from", Some(When(from).timestamp()))
                .asking("to", Some(When(to).timestamp()));
            let list: EntryList = session.call(call).await?;
            output.result(&list, || view::log(&list.entries, days, &Paper::of(&session)))?;
            Ok(())
        })
    }
}
