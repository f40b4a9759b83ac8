//! A page of lines, none wider than the page. Colours only repeat what the words say.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use unicode_width::UnicodeWidthStr as _;

use super::{fit, safe, wrap};

/// Narrower pages put a field's value under its name.
const SIDE_BY_SIDE: usize = 40;

/// How a line is meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Tone {
    /// As it is.
    #[default]
    Plain,
    /// What follows belongs together.
    Heading,
    /// Somebody has to look at it.
    Alarm,
    /// Beside the point.
    Faint,
}

impl Tone {
    const fn style(self) -> Style {
        match self {
            Self::Plain => Style::new(),
            Self::Heading => Style::new().bold(),
            Self::Alarm => AnsiColor::Red.on_default(),
            Self::Faint => Style::new().dimmed(),
        }
    }
}

/// A page that is being written.
#[derive(Clone, Debug)]
pub(crate) struct Page {
    width: usize,
    text: String,
}

impl Page {
    /// An empty page.
    pub(crate) fn new(width: usize) -> Self {
        Self { width, text: String::new() }
    }

    /// How many columns it has.
    pub(crate) fn width(&self) -> usize {
        self.width
    }

    /// A text in as many lines as it takes; from the second on they begin two columns further in.
    pub(crate) fn say(&mut self, indent: usize, tone: Tone, text: &str) {
        let indent = indent.min(self.width / 4);
        let (first, hanging) = (self.width - indent, self.width.saturating_sub(indent + 2));
        let text = safe(text);
        if text.width() <= first {
            return self.put(indent, tone, &text);
        }
        for (place, line) in wrap(&text, hanging).iter().enumerate() {
            self.put(indent + if place == 0 { 0 } else { 2 }, tone, line);
        }
    }

    /// A text in one line; what doesn't fit is cut.
    pub(crate) fn line(&mut self, indent: usize, tone: Tone, text: &str) {
        let indent = indent.min(self.width / 4);
        let text = fit(text, self.width - indent);
        self.put(indent, tone, &text);
    }

    /// What begins a part of the page, with a blank line before it.
    pub(crate) fn heading(&mut self, text: &str) {
        self.blank();
        self.say(0, Tone::Heading, text);
    }

    /// A name and its value, side by side where there is room.
    pub(crate) fn field(&mut self, indent: usize, name: &str, value: &str) {
        if self.width < SIDE_BY_SIDE {
            return self.say(indent, Tone::Plain, &format!("{name}: {value}"));
        }
        let beside = indent + 12;
        for (place, line) in wrap(&safe(value), self.width - beside).iter().enumerate() {
            let name = if place == 0 { name } else { "" };
            let line = format!("{:indent$}{name:<11} {line}", "");
            self.put(0, Tone::Plain, line.trim_end());
        }
    }

    /// A blank line, unless the page is empty or ends with one.
    pub(crate) fn blank(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    /// The page.
    pub(crate) fn finish(self) -> String {
        self.text
    }

    fn put(&mut self, indent: usize, tone: Tone, line: &str) {
        let style = tone.style();
        self.text.extend(std::iter::repeat_n(' ', indent));
        // Writing to a text can't fail.
        let _ = writeln!(self.text, "{style}{line}{style:#}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(width: usize, write: impl FnOnce(&mut Page)) -> String {
        let mut page = Page::new(width);
        write(&mut page);
        page.finish()
    }

    #[test]
    fn what_is_too_long_goes_on_further_in() {
        let said = written(20, |page| page.say(2, Tone::Plain, "one two three four five six"));
        assert_eq!(said, "  one two three\n    four five six\n");
        assert_eq!(
            written(20, |page| page.say(2, Tone::Plain, "as long as it may ")),
            "  as long as it may \n"
        );
        assert_eq!(written(8, |page| page.line(0, Tone::Plain, "one two three")), "one two…\n");
    }

    #[test]
    fn a_field_is_a_name_and_its_value() {
        assert_eq!(
            written(40, |page| page.field(2, "hint", "nothing to do: delivery goes on by itself")),
            "  hint        nothing to do: delivery\n              goes on by itself\n"
        );
        assert_eq!(
            written(20, |page| page.field(2, "hint", "wait a little")),
            "  hint: wait a\n    little\n"
        );
    }

    #[test]
    fn parts_are_kept_apart_by_one_line() {
        let parts = written(20, |page| {
            page.heading("one");
            page.blank();
            page.heading("two");
        });
        assert_eq!(parts, "\u{1b}[1mone\u{1b}[0m\n\n\u{1b}[1mtwo\u{1b}[0m\n");
    }

    #[test]
    fn nothing_is_wider_than_the_page_and_nothing_acts_on_the_terminal() {
        let odd = format!("a {} \u{1b}[2J\u{202e} 工時", "x".repeat(300));
        for width in 20..60 {
            let text = written(width, |page| {
                page.say(30, Tone::Plain, &odd);
                page.line(4, Tone::Plain, &odd);
                page.field(4, "name", &odd);
            });
            assert!(text.lines().all(|line| line.width() <= width), "{width}: {text}");
            assert!(!text.contains(['\u{1b}', '\u{202e}']), "{text:?}");
        }
    }
}
