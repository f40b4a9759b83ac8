//! `stint queue retry`

use clap::{ArgGroup, Args, builder::NonEmptyStringValueParser};

use super::change::change;
use crate::api::RetryCall;
use crate::cli::Globals;
use crate::error::CliError;
use crate::output::Output;

/// Try again what failed, at once
///
/// The count of attempts begins anew; the idempotency key stays, so that a backend can tell a repetition.
#[derive(Debug, Args)]
#[command(
    group(ArgGroup::new("which").required(true).args(["items", "all"])),
    after_help = "Examples:\n  stint queue retry 17 18\n  stint queue retry --all --target work\n  stint queue retry 17 --reprepare"
)]
pub(crate) struct Retry {
    /// The items: their numbers, as `stint queue list` shows them, or ids
    #[arg(value_name = "ID", value_parser = NonEmptyStringValueParser::new())]
    items: Vec<String>,
    /// Everything that failed
    #[arg(long)]
    all: bool,
    /// Only at this target
    #[arg(long, value_name = "NAME")]
    target: Option<String>,
    /// Run the transforms again, because they were changed; refused for what may have arrived
    #[arg(long)]
    reprepare: bool,
}

impl Retry {
    pub(super) fn run(self, globals: &Globals, output: Output) -> Result<(), CliError> {
        let Self { items, all, target, reprepare } = self;
        change("/api/v1/queue/retry", &RetryCall { items, all, target, reprepare }, globals, output)
    }
}
