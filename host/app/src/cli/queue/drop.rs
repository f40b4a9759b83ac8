//! `stint queue drop`

use clap::{Args, builder::NonEmptyStringValueParser};

use super::change::change;
use crate::api::DropCall;
use crate::cli::Globals;
use crate::error::CliError;
use crate::output::Output;

/// Give items up: they are not delivered, and counted as dropped
///
/// The timeline keeps what was recorded. There is no way back.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  stint queue drop 17 --target work --yes")]
pub(crate) struct Drop {
    /// The items: their numbers, as `stint queue list` shows them, or ids
    #[arg(value_name = "ID", required = true, value_parser = NonEmptyStringValueParser::new())]
    items: Vec<String>,
    /// Only at this target
    #[arg(long, value_name = "NAME")]
    target: Option<String>,
    /// Really
    #[arg(long)]
    yes: bool,
}

impl Drop {
    pub(super) fn run(self, globals: &Globals, output: Output) -> Result<(), CliError> {
        if !self.yes {
            let what = "give anything up without --yes: it can't be taken back";
            return Err(CliError::usage(
                what,
                "look with `stint queue show ID`, then give the command again with --yes",
            ));
        }
        let Self { items, target, yes: _ } = self;
        change("/api/v1/queue/drop", &DropCall { items, target }, globals, output)
    }
}
