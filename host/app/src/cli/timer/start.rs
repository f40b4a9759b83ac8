//! `stint start`

use clap::Args;

use super::{details::Details, send};
use crate::api::VerbCall;
use crate::cli::Globals;
use crate::client::{Session, run};
use crate::error::CliError;
use crate::output::Output;

/// Begin a new entry
///
/// An entry that is current is finished first.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  stint start \"Read the draft\" --project Website --tag review\n  stint start --at 9:05"
)]
pub(crate) struct Start {
    #[command(flatten)]
    details: Details,
    /// When it began: 9:05, 9am, 15m (ago), "yesterday 17:00"; a day alone is its first moment
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    at: Option<String>,
}

impl Start {
    pub(in crate::cli) fn run(self, globals: &Globals, output: Output) -> Result<(), CliError> {
        let call = VerbCall {
            note: self.details.note(),
            project: self.details.project,
            task: self.details.task,
            tags: self.details.tags,
            billable: self.details.billable,
            ..VerbCall::default()
        };
        run(async { send(&mut Session::begin(globals)?, "start", self.at.as_deref(), call, output).await })
    }
}
