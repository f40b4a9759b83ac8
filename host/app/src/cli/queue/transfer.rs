//! `stint queue move`

use clap::{Args, builder::NonEmptyStringValueParser};

use super::change::change;
use crate::api::MoveCall;
use crate::cli::Globals;
use crate::error::CliError;
use crate::output::Output;

/// Bring what one target has not delivered to another one
///
/// For a target that was renamed in the configuration. The idempotency keys stay.
#[derive(Debug, Args)]
#[command(name = "move", after_help = "Example:\n  stint queue move old-name new-name")]
pub(crate) struct Transfer {
    /// From this target
    #[arg(value_name = "OLD", value_parser = NonEmptyStringValueParser::new())]
    from: String,
    /// To this one
    #[arg(value_name = "NEW", value_parser = NonEmptyStringValueParser::new())]
    to: String,
}

impl Transfer {
    pub(super) fn run(self, globals: &Globals, output: Output) -> Result<(), CliError> {
        let Self { from, to } = self;
        change("/api/v1/queue/move", &MoveCall { from, to }, globals, output)
    }
}
