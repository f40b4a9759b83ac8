//! Showing something anew every second. On a terminal each picture takes the place of the one before; into a pipe they
//! are written one after the other. It ends without a word on Ctrl-C, on SIGTERM, or when nobody reads any more.

use std::{io, time::Duration};

use console::Term;
use tokio::{
    signal::unix::{SignalKind, signal},
    time::{MissedTickBehavior, interval},
};

use crate::error::CliError;
use crate::exit;
use crate::output::{self, Output, Reader};

/// The worked time is shown to the second.
const EVERY: Duration = Duration::from_secs(1);

/// Shows what `look` sees, again and again. A first look that fails ends it; later ones may: a host that is started
/// again can't be reached for a moment, and whoever watches wants to see it come back.
pub(super) async fn watch(
    output: Output,
    look: impl AsyncFn() -> Result<String, CliError>,
) -> Result<(), CliError> {
    let listen = |kind| signal(kind).map_err(|error| CliError::no_runtime(&error));
    let (mut interrupt, mut terminate) = (listen(SignalKind::interrupt())?, listen(SignalKind::terminate())?);
    let mut ticks = interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
    let mut screen = Screen::new(output);
    loop {
        tokio::select! {
            _ = interrupt.recv() => return Ok(()),
            _ = terminate.recv() => return Ok(()),
            _ = ticks.tick() => {}
        }
        let seen = tokio::select! {
            _ = interrupt.recv() => return Ok(()),
            _ = terminate.recv() => return Ok(()),
            seen = look() => seen,
        };
        match seen {
            Ok(picture) => {
                if screen.show(&picture)? == Reader::Gone {
                    return Ok(());
                }
            }
            Err(error) if screen.is_shown && passes(&error) => {
                if screen.say(&error)? == Reader::Gone {
                    return Ok(());
                }
            }
            Err(error) => return Err(error),
        }
    }
}

/// Whether a failure may be over at the next look.
fn passes(error: &CliError) -> bool {
    [exit::TRY_AGAIN, exit::UNAVAILABLE].contains(&error.exit())
}

/// Where it is shown.
struct Screen {
    output: Output,
    terminal: Option<Term>,
    is_shown: bool,
}

impl Screen {
    fn new(output: Output) -> Self {
        // A dumb terminal is written on like a pipe: it can't take anything back.
        let is_dumb = std::env::var_os("TERM").is_none_or(|kind| kind == "dumb");
        let is_screen = |terminal: &Term| terminal.is_term() && !is_dumb && !output.json;
        let terminal = Some(Term::stdout()).filter(is_screen);
        Self { output, terminal, is_shown: false }
    }

    fn show(&mut self, picture: &str) -> io::Result<Reader> {
        let is_first = !std::mem::replace(&mut self.is_shown, true);
        if self.output.json {
            return output::print_json(picture);
        }
        let Some(terminal) = &self.terminal else {
            let between = if is_first { "" } else { "\n" };
            return output::print(&format!("{between}{picture}"));
        };
        let rows = usize::from(terminal.size().0);
        output::draw(picture, |picture| redrawn(picture, rows, is_first))
    }

    fn say(&self, error: &CliError) -> io::Result<Reader> {
        if self.output.json {
            self.output.error(error);
            return Ok(Reader::There);
        }
        output::print(&format!("{}\n", crate::text::safe(error.message())))
    }
}

/// A picture over the one before. Each line is drawn over and what is left of the old one erased, so nothing flickers;
/// what the screen has no row for is cut, for scrolling would push the beginning out.
fn redrawn(picture: &str, rows: usize, is_first: bool) -> String {
    let mut text = if is_first { "\u{1b}[2J\u{1b}[H" } else { "\u{1b}[H" }.to_owned();
    for line in picture.lines().take(rows.saturating_sub(1).max(1)) {
        text.push_str(line);
        text.push_str("\u{1b}[K\n");
    }
    text + "\u{1b}[J"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_takes_the_place_of_the_one_before() {
        assert_eq!(redrawn("a\nb\n", 24, true), "\u{1b}[2J\u{1b}[Ha\u{1b}[K\nb\u{1b}[K\n\u{1b}[J");
        assert_eq!(redrawn("a\nb\nc\n", 3, false), "\u{1b}[Ha\u{1b}[K\nb\u{1b}[K\n\u{1b}[J");
        assert_eq!(redrawn("a\n", 0, false), "\u{1b}[Ha\u{1b}[K\n\u{1b}[J");
    }
}
