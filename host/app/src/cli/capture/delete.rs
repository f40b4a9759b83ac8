//! `stint capture delete`

use clap::{Args, builder::NonEmptyStringValueParser};

use crate::api::{Nothing, WithdrawnView};
use crate::cli::Globals;
use crate::client::{Call, Session, run, segment};
use crate::error::CliError;
use crate::output::Output;

/// Take a screenshot back: no target gets it that hasn't got it yet
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  stint capture delete 12\n  stint capture delete 12 --json")]
pub(crate) struct Delete {
    /// The screenshot: its number, as `stint capture list` shows it, or its id
    #[arg(value_name = "ID", value_parser = NonEmptyStringValueParser::new())]
    shot: String,
}

impl Delete {
    pub(super) fn run(self, globals: &Globals, output: Output) -> Result<(), CliError> {
        run(async {
            let mut session = Session::begin(globals)?;
            let path = format!("/api/v1/screenshots/{}", segment(&self.shot));
            let done: WithdrawnView = session.call(Call::delete(path, &Nothing {})).await?;
            output.result(&done, || format!("{}\n", done.message))?;
            Ok(())
        })
    }
}
