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
///
/// It ends with 75 where a screen failed and none was seen.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  stint capture now\n  stint capture now --json")]
pub(crate) struct Now {}

impl GlanceList {
    /// That nothing was seen where something should have been is a failure, though not one of the host's.
    fn verdict(&self) -> Result<(), CliError> {
        let is = |seen: &[&str]| self.screens.iter().any(|screen| seen.contains(&&*screen.seen));
        if is(&["failed"]) && !is(&["kept", "unchanged"]) { Err(CliError::nothing_seen()) } else { Ok(()) }
    }
}

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
                for warning in &taken.warnings {
                    page.say(0, Tone::Alarm, &format!("warning: {warning}"));
                }
                page.finish()
            })?;
            taken.verdict()
        })
    }
}
