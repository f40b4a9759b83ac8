//! What a verb says: results on stdout, everything else on stderr, and with `--json` one JSON document and nothing
//! beside it. Nothing of it acts on a terminal, and that nobody reads on is no failure.

use std::io::{self, Write as _};

use anstyle::{AnsiColor, Style};
use serde::Serialize;
use stint_config::{Diagnostics, Style as DiagnosticStyle, safe};

use crate::error::CliError;
use crate::exit;
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
    /// Prints a result: as JSON if that was asked for, else as text. Where it goes through a pipe whose reader has left,
    /// the error is one that ends the program quietly, as if all had been read.
    pub(crate) fn result<T: Serialize>(self, value: &T, text: impl FnOnce() -> String) -> io::Result<()> {
        let mut stdout = anstream::stdout().lock();
        if self.json {
            serde_json::to_writer_pretty(&mut stdout, value)?;
            writeln!(stdout)?;
        } else {
            stdout.write_all(text().as_bytes())?;
        }
        // What is left in a buffer is written when the program ends, and nobody would hear that the disk is full.
        stdout.flush()
    }

    /// Shows what is doubtful in a configuration. A program that reads JSON finds it in the result.
    pub(crate) fn warnings(self, warnings: &Diagnostics) {
        if !self.json && !warnings.is_empty() {
            diagnose(&mut anstream::stderr().lock(), warnings);
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

    /// Says what went wrong and what to try next, on stderr, which may be closed. An error that ends the program with 0
    /// is none for whoever called it.
    pub(crate) fn error(self, error: &CliError) {
        if error.exit() == exit::OK {
            return;
        }
        let mut stderr = anstream::stderr().lock();
        if self.json {
            let _ = serde_json::to_writer_pretty(&mut stderr, error);
            let _ = writeln!(stderr);
            return;
        }
        if let Some(diagnostics) = error.diagnostics() {
            diagnose(&mut stderr, diagnostics);
        }
        let _ = writeln!(stderr, "{RED}error:{RED:#} {}", harmless(error.message()));
        if let Some(hint) = error.hint() {
            let _ = writeln!(stderr, " {BOLD}hint:{BOLD:#} {}", harmless(hint));
        }
    }
}

fn diagnose(stderr: &mut impl io::Write, diagnostics: &Diagnostics) {
    let colour = anstream::AutoStream::choice(&io::stderr()) != anstream::ColorChoice::Never;
    let _ = writeln!(stderr, "{}", diagnostics.render(&DiagnosticStyle { colour, width: columns() }));
}

/// A message as a terminal may be given it: a file's name can be anything, and only line breaks are meant.
fn harmless(message: &str) -> String {
    message.split('\n').map(safe).collect::<Vec<_>>().join("\n")
}
