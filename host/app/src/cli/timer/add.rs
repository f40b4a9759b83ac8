//! `stint add`

use clap::Args;
use stint_engine::When;

use super::{details::Details, tell};
use crate::api::AddEntry;
use crate::cli::Globals;
use crate::client::{Call, Session, run};
use crate::error::CliError;
use crate::output::Output;
use crate::time::read_stretch;

/// Add an entry for time that was not tracked
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  stint add 9:00-12:30 \"Workshop\" --project Website\n  stint add \"yesterday 14-15:30\" --tag meeting"
)]
pub(crate) struct Add {
    /// From when to when: 9:00-12:30, "yesterday 9:00-12:30", "2026-03-02 9:00-12:30"
    #[arg(value_name = "FROM-TO")]
    stretch: String,
    #[command(flatten)]
    details: Details,
}

impl Add {
    pub(in crate::cli) fn run(self, globals: &Globals, output: Output) -> Result<(), CliError> {
        run(async {
            let mut session = Session::begin(globals)?;
            let (start, end) = read_stretch(&self.stretch, session.now(), session.zone())?;
            let entry = AddEntry {
                command_id: Some(session.command_id()?),
                start: When(start),
                end: When(end),
                note: self.details.note(),
                project: self.details.project,
                task: self.details.task,
                tags: self.details.tags,
                billable: self.details.billable,
            };
            let answered = session.call(Call::post("/api/v1/entries", &entry)).await?;
            tell(&session, &answered, output)
        })
    }
}
