//! `stint tap`

use clap::Args;
use stint_engine::ledger::{Event, Told};

use super::Globals;
use crate::client::{Call, Session, run};
use crate::error::CliError;
use crate::output::{Output, Reader, print, print_json};
use crate::text::safe;
use crate::time::{Zone, exactly};

/// Watch what is delivered, and why something isn't, as it happens
///
/// Ctrl-C ends it.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  stint tap\n  stint tap --target work\n  stint tap --json")]
pub(crate) struct Tap {
    /// Only what is about this target
    #[arg(long, value_name = "NAME")]
    target: Option<String>,
}

impl Tap {
    pub(super) fn run(self, globals: &Globals, output: Output) -> Result<(), CliError> {
        run(async {
            let session = Session::begin(globals)?;
            let zone = session.zone().clone();
            let call = Call::get("/api/v1/events");
            let listening = session.listen(&call, |event| {
                let Ok(told) = serde_json::from_str::<Told>(event) else {
                    return Ok(true);
                };
                if self.target.is_some() && told.event.target() != self.target.as_deref() {
                    return Ok(true);
                }
                let reader = if output.json { print_json(event)? } else { print(&line(&told, &zone))? };
                Ok(reader == Reader::There)
            });
            listening.await
        })
    }
}

fn line(told: &Told, zone: &Zone) -> String {
    let target = told.event.target().map(|target| format!("{target}: ")).unwrap_or_default();
    let what = match &told.event {
        Event::Timer { message, .. } => message.clone(),
        Event::Delivered { item, took_ms, .. } => {
            format!("#{} delivered ({}, {} ms)", item.number, item.kind.word(), took_ms.0)
        }
        Event::Later { item, message, may_have_arrived, .. } => {
            let then = if *may_have_arrived { "it may have arrived" } else { "to be tried again" };
            format!("#{} {then}: {message}", item.number)
        }
        Event::Failed { item, message, .. } => format!("#{} failed for good: {message}", item.number),
        Event::Withheld { item, reason, .. } => format!("#{} isn't sent: {reason}", item.number),
        Event::Passed { result, .. } => result.clone(),
        Event::Changed { what } => format!("something changed: {}", what.word()),
        Event::Idle { why, .. } => format!("nothing is sent: {why}"),
    };
    format!("{}  {}\n", exactly(told.at.0, zone), safe(&format!("{target}{what}")))
}
