//! `stint sync`

use std::io::{IsTerminal as _, stderr};

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use stint_domain::time::Millis;

use super::Globals;
use crate::api::{SyncCall, SyncView};
use crate::client::{Call, Session, run};
use crate::error::CliError;
use crate::output::{Output, Verbosity};
use crate::terminal::columns;
use crate::text::{Page, Tone};

/// How long a verb waits by itself: most passes are over long before.
const SHORT_WAIT_MS: u64 = 4_000;
/// How long one of many requests waits.
const STEP_MS: u64 = 1_000;
/// What takes less needs no bar.
const WORTH_A_BAR: Millis = Millis::from_secs(1);

/// Deliver what waits now
///
/// Neither the time of the next round nor the pause after a failure is waited for. A target that is held stays held,
/// and one that asked to be left alone is left alone; the answer says so.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  stint sync\n  stint sync --target work --wait")]
pub(crate) struct SyncVerb {
    /// This target alone
    #[arg(long, value_name = "NAME")]
    target: Option<String>,
    /// Wait until everything is delivered that can be now
    #[arg(long)]
    wait: bool,
}

impl SyncVerb {
    pub(super) fn run(self, globals: &Globals, output: Output) -> Result<(), CliError> {
        run(async {
            let mut session = Session::begin(globals)?;
            let wait_ms = if self.wait { STEP_MS } else { SHORT_WAIT_MS };
            let mut call = SyncCall { target: self.target, wait_ms, ..SyncCall::default() };
            let mut progress = Progress::new(session.uptime(), output);
            let mut view = ask(&mut session, &call).await?;
            let mut delivered = view.clone();
            while self.wait && !view.done {
                progress.show(&view, session.uptime());
                call.wishes = view.targets.iter().map(|target| (target.name.clone(), target.wish)).collect();
                view = ask(&mut session, &call).await?;
                delivered = view.clone();
            }
            drop(progress);
            output.result(&delivered, || text(&delivered))?;
            Ok(())
        })
    }
}

async fn ask(session: &mut Session, call: &SyncCall) -> Result<SyncView, CliError> {
    session.call(Call::post("/api/v1/sync", call).patiently()).await
}

fn text(view: &SyncView) -> String {
    let mut page = Page::new(columns());
    if view.targets.is_empty() {
        page.say(0, Tone::Plain, "no targets: there is nothing to deliver to");
    }
    for target in &view.targets {
        let result = target.result.clone();
        let unfinished = || format!("still at it, {} left; --wait waits for it", target.pending);
        page.say(0, Tone::Plain, &format!("{}: {}", target.name, result.unwrap_or_else(unfinished)));
    }
    page.finish()
}

/// A bar on stderr, for a person at a terminal who has waited for a while.
struct Progress {
    begun: Millis,
    may_show: bool,
    most: u64,
    bar: Option<ProgressBar>,
}

impl Progress {
    fn new(begun: Millis, output: Output) -> Self {
        let may_show = !output.json && output.verbosity > Verbosity::Quiet && stderr().is_terminal();
        Self { begun, may_show, most: 0, bar: None }
    }

    fn show(&mut self, view: &SyncView, now: Millis) {
        let left: u64 = view.targets.iter().filter(|target| !target.done).map(|target| target.pending).sum();
        self.most = self.most.max(left);
        if self.may_show && self.bar.is_none() && now.since(self.begun) > WORTH_A_BAR {
            let bar = ProgressBar::new(self.most);
            // The text is one that the library can read, else its own style stays.
            if let Ok(style) = ProgressStyle::with_template("{bar:20} {pos} of {len} delivered, {eta} left") {
                bar.set_style(style);
            }
            self.bar = Some(bar);
        }
        if let Some(bar) = &self.bar {
            bar.set_length(self.most);
            bar.set_position(self.most - left);
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
