//! A bar on stderr, for a person at a terminal who has waited for a second.

use std::io::{IsTerminal as _, stderr};

use indicatif::{ProgressBar, ProgressStyle};
use stint_domain::time::Millis;

use crate::client::Session;
use crate::output::{Output, Verbosity};

/// What takes less needs no bar.
const WORTH_A_BAR: Millis = Millis::from_secs(1);

/// How far an import has come.
#[derive(Debug)]
pub(super) struct Progress {
    rows: u64,
    done: u64,
    begun: Millis,
    may_show: bool,
    bar: Option<ProgressBar>,
}

impl Progress {
    pub(super) fn new(rows: u64, begun: Millis, output: Output) -> Self {
        let may_show = !output.json && output.verbosity > Verbosity::Quiet && stderr().is_terminal();
        Self { rows, done: 0, begun, may_show, bar: None }
    }

    /// One more row is read.
    pub(super) fn step(&mut self, session: &Session) {
        self.done += 1;
        if self.may_show && self.bar.is_none() && session.uptime().since(self.begun) > WORTH_A_BAR {
            let bar = ProgressBar::new(self.rows);
            // The text is one that the library can read, else its own style stays.
            if let Ok(style) = ProgressStyle::with_template("{bar:20} {pos} of {len} rows, {eta} left") {
                bar.set_style(style);
            }
            self.bar = Some(bar);
        }
        if let Some(bar) = &self.bar {
            bar.set_position(self.done);
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
