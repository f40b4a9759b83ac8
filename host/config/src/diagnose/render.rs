//! A diagnostic for people: readable without colour, in twenty columns, in a pipe.

use std::fmt::Write as _;

use super::{Diagnostic, Severity, Spot, caret::mark, safe::safe, wrap::wrap};
use crate::text::Origin;

/// How it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Whether the terminal shows colours. Nothing is said by colour alone.
    pub colour: bool,
    /// How many columns there are.
    pub width: usize,
}

impl Default for Style {
    fn default() -> Self {
        Self { colour: false, width: 100 }
    }
}

const RED: &str = "\u{1b}[1;31m";
const YELLOW: &str = "\u{1b}[1;33m";
const FAINT: &str = "\u{1b}[2m";
const PLAIN: &str = "\u{1b}[0m";

impl Diagnostic {
    /// The diagnostic as lines, each with its end.
    pub fn render(&self, style: &Style) -> String {
        let mut page = Page { style: *style, out: String::new(), colour: self.colour() };
        page.headline(self.severity, &self.message);
        if let Some(spot) = &self.at {
            page.spot(spot, "-->");
        }
        for note in &self.notes {
            page.labelled("note", &note.message);
            page.spot(&note.at, "-->");
        }
        if let Some(hint) = &self.hint {
            page.labelled("hint", hint);
        }
        page.out
    }

    fn colour(&self) -> &'static str {
        match self.severity {
            Severity::Error => RED,
            Severity::Warning => YELLOW,
        }
    }
}

struct Page {
    style: Style,
    out: String,
    colour: &'static str,
}

impl Page {
    fn headline(&mut self, severity: Severity, message: &str) {
        let text = format!("{severity}: {}", safe(message));
        for (index, line) in wrap(&text, self.style.width).iter().enumerate() {
            let label = severity.word().len() + 1;
            match line.split_at_checked(label) {
                Some((label, rest)) if index == 0 => {
                    let label = self.painted(self.colour, label);
                    self.line(&format!("{label}{rest}"));
                }
                _ => self.line(line),
            }
        }
    }

    fn labelled(&mut self, label: &str, message: &str) {
        let text = format!("{label}: {}", safe(message));
        let lines = wrap(&text, self.style.width.saturating_sub(2));
        for (index, line) in lines.iter().enumerate() {
            self.line(&format!("{}{line}", if index == 0 { "= " } else { "  " }));
        }
    }

    fn spot(&mut self, spot: &Spot, arrow: &str) {
        let number = match (&spot.origin, &spot.excerpt) {
            (Origin::File { .. }, Some(excerpt)) => excerpt.position.line.to_string(),
            _ => String::new(),
        };
        let gutter = number.len();
        let origin = safe(&spot.origin.to_string());
        let indent = " ".repeat(gutter);
        for (index, line) in wrap(&origin, self.style.width.saturating_sub(gutter + 4)).iter().enumerate() {
            let arrow = if index == 0 { arrow } else { "   " };
            let arrow = self.painted(FAINT, arrow);
            self.line(&format!("{indent}{arrow} {line}"));
        }
        let Some(excerpt) = &spot.excerpt else { return };
        let marked = mark(excerpt, self.style.width.saturating_sub(gutter + 3));
        let bar = self.painted(FAINT, "|");
        self.line(&format!("{number} {bar} {}", marked.text));
        let carets = self.painted(self.colour, &"^".repeat(marked.carets));
        self.line(&format!("{indent} {bar} {}{carets}", " ".repeat(marked.before)));
    }

    fn line(&mut self, text: &str) {
        let _ = writeln!(self.out, "{}", text.trim_end());
    }

    fn painted(&self, colour: &str, text: &str) -> String {
        if self.style.colour { format!("{colour}{text}{PLAIN}") } else { text.to_owned() }
    }
}
