//! What a verb says: results on stdout, everything else on stderr, and with `--json` one JSON document and nothing
//! beside it. Nothing of it acts on a terminal.
//!
//! A reader that goes away (`stint log | head`) has what it wanted: that is no failure, here and nowhere else.

use std::io::{self, Write as _};

use anstream::adapter::strip_str;
use anstyle::{AnsiColor, Style};
use serde::Serialize;
use stint_config::{Diagnostics, Style as DiagnosticStyle};

use crate::error::CliError;
use crate::terminal::{columns, error_columns};
use crate::text::{safe, safe_json, wrap};

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

/// Who reads what is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reader {
    /// Somebody does, as far as one can know.
    There,
    /// Nobody does any more.
    Gone,
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
        if self.json { print_json(&serde_json::to_string_pretty(value)?) } else { print(&text()) }.map(drop)
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
            let _ = writeln!(anstream::stderr(), "{BOLD}note:{BOLD:#} {}", beside(6, text));
        }
    }

    /// Says a detail of how something is done, to whoever wants to know every step.
    pub(crate) fn detail(self, text: &str) {
        if self.verbosity == Verbosity::Verbose && !self.json {
            let _ = writeln!(anstream::stderr(), "{BOLD}step:{BOLD:#} {}", harmless(text));
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
            diagnose(&mut stderr, diagnostics);
        }
        let _ = writeln!(stderr, "{RED}error:{RED:#} {}", beside(7, error.message()));
        if let Some(hint) = error.hint() {
            let _ = writeln!(stderr, " {BOLD}hint:{BOLD:#} {}", beside(7, hint));
        }
    }
}

/// Prints a JSON text as a line of its own. It isn't searched for colours: what looks like one is somebody's word.
pub(crate) fn print_json(json: &str) -> io::Result<Reader> {
    write(&(safe_json(json) + "\n"))
}

/// Prints a text, and says whether anybody still reads.
pub(crate) fn print(text: &str) -> io::Result<Reader> {
    draw(text, str::to_owned)
}

/// Prints a picture within `frame`'s control sequences. They move the cursor, so they are no colours and stay where those
/// are unwanted.
pub(crate) fn draw(picture: &str, frame: impl FnOnce(&str) -> String) -> io::Result<Reader> {
    let plain = anstream::AutoStream::choice(&io::stdout()) == anstream::ColorChoice::Never;
    let picture = if plain { strip_str(picture).to_string() } else { picture.to_owned() };
    write(&frame(&picture))
}

fn write(text: &str) -> io::Result<Reader> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Ok(()) => Ok(Reader::There),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(Reader::Gone),
        Err(error) => Err(error),
    }
}

fn diagnose(stderr: &mut impl io::Write, diagnostics: &Diagnostics) {
    let colour = anstream::AutoStream::choice(&io::stderr()) != anstream::ColorChoice::Never;
    let _ = writeln!(stderr, "{}", diagnostics.render(&DiagnosticStyle { colour, width: columns() }));
}

/// A message beside a word that takes so many columns, in as many lines as the terminal has it take. Where nobody looks
/// at a terminal it stays one line, for whoever searches it.
fn beside(word: usize, message: &str) -> String {
    let text = harmless(message);
    let Some(columns) = error_columns() else { return text };
    // What is shorter than a word and its first piece can't be set beside anything.
    let lines = text.split('\n').flat_map(|line| wrap(line, columns.saturating_sub(word).max(2)));
    lines.collect::<Vec<_>>().join(&format!("\n{:word$}", ""))
}

/// A message as a terminal may be given it: a file's name can be anything, and only line breaks are meant.
fn harmless(message: &str) -> String {
    message.split('\n').map(safe).collect::<Vec<_>>().join("\n")
}
