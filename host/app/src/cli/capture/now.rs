//! `stint capture now`

use clap::Args;

use crate::api::{GlanceList, Nothing};
use crate::cli::Globals;
use crate::client::{Call, Session, run};
use crate::error::CliError;
use crate::output::Output;
use crate::terminal::columns;
use crate::text::{Page, Tone};

/// Take screenshots now, also of screens that are unchanged
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  stint capture now\n  stint capture now --json")]
pub(crate) struct Now {}

impl Now {
    pub(super) fn run(globals: &Globals, output: Output) -> Result<(), CliError> {
        run(async {
            let mut session = Session::begin(globals)?;
            let call = Call::post("/api/v1/screenshots", &Nothing {}).patiently();
            let taken: GlanceList = session.call(call).await?;
            output.result(&taken, || {
                let mut page = Page::new(columns());
                for screen in &taken.screens {
                    page.say(0, Tone::Plain, &screen.sentence());
                }
                page.finish()
            })?;
            Ok(())
        })
    }
}
