//! `stint queue list`

use clap::{Args, ValueEnum};

use crate::api::DeliveryList;
use crate::cli::Globals;
use crate::client::{Call, Session, run};
use crate::error::CliError;
use crate::output::Output;
use crate::view::{self, Paper};

/// What the API gives at once at most.
const LIMIT_MAX: i64 = 10_000;

/// Show deliveries, the newest first
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  stint queue list --state failed\n  stint queue list --target work --limit 20 --json"
)]
pub(crate) struct List {
    /// Only these
    #[arg(long)]
    state: Option<State>,
    /// Only those of this target
    #[arg(long, value_name = "NAME")]
    target: Option<String>,
    /// How many at most
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=LIMIT_MAX))]
    limit: u32,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum State {
    /// Still to be delivered
    Pending,
    /// Refused for good
    Failed,
    /// Delivered
    Sent,
    /// Given up
    Dropped,
}

impl State {
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Failed => "failed",
            Self::Sent => "sent",
            Self::Dropped => "dropped",
        }
    }
}

impl List {
    pub(super) fn run(self, globals: &Globals, output: Output) -> Result<(), CliError> {
        run(async {
            let mut session = Session::begin(globals)?;
            let call = Call::get("/api/v1/queue")
                .asking("state", self.state.map(State::word))
                .asking("target", self.target)
                .asking("limit", Some(self.limit));
            let list: DeliveryList = session.call(call).await?;
            output.result(&list, || view::queue(&list, &Paper::of(&session)))?;
            Ok(())
        })
    }
}
