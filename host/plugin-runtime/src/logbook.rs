//! What a plugin wrote to the log during one call. Bounded in lines and bytes; what goes over is counted instead.
//!
//! A panic's message is kept beside the lines, whatever they have used up, because it is the reason the call ended.

use crate::bindings::stint::plugin::log::{Field, Level};
use crate::text;

const PANIC_FIELD: &str = "panic";
const PANIC_BYTES_MAX: usize = 4096;
/// What a field costs beside its texts, so that empty ones are bounded too.
const FIELD_BYTES: usize = size_of::<(String, String)>();

/// A line of a plugin's log. Its texts are on one line and without control characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogLine {
    /// How much it matters.
    pub level: LogLevel,
    /// What it says.
    pub message: String,
    /// Facts with their names.
    pub fields: Vec<(String, String)>,
}

/// How much a line matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LogLevel {
    /// Every step.
    Trace,
    /// For the author.
    Debug,
    /// Worth knowing.
    Info,
    /// Something is odd.
    Warn,
    /// Something failed.
    Error,
}

impl From<Level> for LogLevel {
    fn from(level: Level) -> Self {
        match level {
            Level::Trace => Self::Trace,
            Level::Debug => Self::Debug,
            Level::Info => Self::Info,
            Level::Warn => Self::Warn,
            Level::Error => Self::Error,
        }
    }
}

/// The lines of one call.
#[derive(Debug, Default)]
pub(crate) struct LogBook {
    lines: Vec<LogLine>,
    lines_left: usize,
    bytes_left: usize,
    left_out: u64,
    panic: Option<String>,
}

impl LogBook {
    pub(crate) fn new(lines_max: usize, bytes_max: usize) -> Self {
        Self { lines_left: lines_max, bytes_left: bytes_max, ..Self::default() }
    }

    pub(crate) fn write(&mut self, level: Level, message: &str, fields: &[Field]) {
        if fields.iter().any(|field| field.key == PANIC_FIELD && field.value == "true") {
            self.panic = Some(text::plain(message, PANIC_BYTES_MAX));
        }
        let of_fields = fields.iter().map(|field| FIELD_BYTES + field.key.len() + field.value.len());
        let bytes = of_fields.sum::<usize>() + message.len();
        if self.lines_left == 0 || bytes > self.bytes_left {
            self.left_out += 1;
            return;
        }
        self.lines_left -= 1;
        self.bytes_left -= bytes;
        let clean = |value: &str| text::plain(value, usize::MAX);
        self.lines.push(LogLine {
            level: level.into(),
            message: clean(message),
            fields: fields.iter().map(|field| (clean(&field.key), clean(&field.value))).collect(),
        });
    }

    /// The message of the last panic.
    pub(crate) fn panic(&self) -> Option<&str> {
        self.panic.as_deref()
    }

    /// The lines, with a last one that counts those left out.
    pub(crate) fn into_lines(mut self) -> Vec<LogLine> {
        if self.left_out > 0 {
            self.lines.push(LogLine {
                level: LogLevel::Warn,
                message: format!(
                    "{} more lines were left out: they went over the limit of one call",
                    self.left_out
                ),
                fields: Vec::new(),
            });
        }
        self.lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(key: &str, value: &str) -> Field {
        Field { key: key.to_owned(), value: value.to_owned() }
    }

    #[test]
    fn lines_are_kept_clean_until_they_are_too_many() {
        let mut log = LogBook::new(2, 1000);
        for _ in 0..5 {
            log.write(Level::Info, "two\nlines", &[field("k\u{7}", "v")]);
        }
        let lines = log.into_lines();
        assert_eq!(lines.len(), 3);
        assert_eq!(lines[0].message, "two lines");
        assert_eq!(lines[0].fields, [("k\u{fffd}".to_owned(), "v".to_owned())]);
        assert_eq!(lines[2].message, "3 more lines were left out: they went over the limit of one call");
    }

    #[test]
    fn empty_fields_cost_what_they_take() {
        let mut log = LogBook::new(100, 3 * FIELD_BYTES);
        let empty = |count| vec![field("", ""); count];
        log.write(Level::Info, "", &empty(4));
        log.write(Level::Info, "", &empty(2));
        log.write(Level::Info, "", &empty(2));
        let lines = log.into_lines();
        assert_eq!((lines.len(), lines[0].fields.len()), (2, 2));
        assert_eq!(lines[1].message, "2 more lines were left out: they went over the limit of one call");
    }

    #[test]
    fn bytes_are_bounded_too_and_a_panic_is_kept_beyond_them() {
        let mut log = LogBook::new(100, 20);
        log.write(Level::Info, &"x".repeat(21), &[]);
        log.write(Level::Info, &"x".repeat(15), &[]);
        log.write(Level::Error, "panicked at src/lib.rs:1:1:\nno", &[field("panic", "true")]);
        assert_eq!(log.panic(), Some("panicked at src/lib.rs:1:1: no"));
        let lines = log.into_lines();
        assert_eq!(lines.len(), 2);
        assert_eq!(lines[1].message, "2 more lines were left out: they went over the limit of one call");
    }
}
