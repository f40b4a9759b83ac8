//! What a verb says: results on stdout, everything else on stderr, and with `--json` one JSON document and nothing
//! beside it.

use std::io::{self, Write as _};

use anstyle::{AnsiColor, Style};
use serde::Serialize;
use stint_config::Style as DiagnosticStyle;

use crate::error::CliError;
use crate::terminal::columns;

const BOLD: Style = Style::new().bold();
const RED: Style = AnsiColor::Red.on_default().bold();
const CYAN: Style = AnsiColor::Cyan.on_default().bold();

/// How much a verb says on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Verbosity {
    /// Results and errors.
    Quiet,
    /// Progress too.
    Normal,
    /// Every step.
    Verbose,
}

/// Where a verb writes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Output {
    /// Results are JSON.
    pub(crate) json: bool,
    /// How much is said.
    pub(crate) verbosity: Verbosity,
}

impl Output {
    /// Prints a result: as JSON if that was asked for, else as text.
    pub(crate) fn result<T: Serialize>(self, value: &T, text: impl FnOnce() -> String) -> io::Result<()> {
        let mut stdout = anstream::stdout().lock();
        if self.json {
            serde_json::to_writer_pretty(&mut stdout, value)?;
            writeln!(stdout)
        } else {
            stdout.write_all(text().as_bytes())
        }
    }

    /// Says a step that takes a while, unless it should be quiet.
    pub(crate) fn step(self, verb: &str, what: &str) {
        if self.verbosity > Verbosity::Quiet {
            // As cargo does it, because cargo's own lines stand around this one. That stderr is closed is no failure.
            let _ = writeln!(anstream::stderr(), "{CYAN}{verb:>12}{CYAN:#} {what}");
        }
    }

    /// Says something beside the result that a person should know. A program that reads JSON is told nothing.
    pub(crate) fn note(self, text: &str) {
        if self.verbosity > Verbosity::Quiet && !self.json {
            let _ = writeln!(anstream::stderr(), "{BOLD}note:{BOLD:#} {text}");
        }
    }

    /// Says what went wrong and what to try next, on stderr, which may be closed.
    pub(crate) fn error(self, error: &CliError) {
        let mut stderr = anstream::stderr().lock();
        if self.json {
            let _ = serde_json::to_writer_pretty(&mut stderr, error);
            let _ = writeln!(stderr);
            return;
        }
        if let Some(diagnostics) = error.diagnostics() {
            let colour = anstream::AutoStream::choice(&io::stderr()) != anstream::ColorChoice::Never;
            let _ = writeln!(stderr, "{}", diagnostics.render(&DiagnosticStyle { colour, width: columns() }));
        }
        let _ = writeln!(stderr, "{RED}error:{RED:#} {}", error.message());
        if let Some(hint) = error.hint() {
            let _ = writeln!(stderr, " {BOLD}hint:{BOLD:#} {hint}");
        }
    }
}
