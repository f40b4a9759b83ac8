//! Lines in the host's log. The host limits how many and how long one call may write.

use crate::imports;

/// How much a line matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// For whoever follows every step.
    Trace,
    /// For whoever looks for a mistake.
    Debug,
    /// What happened.
    Info,
    /// What should not be so, and goes on.
    Warn,
    /// What went wrong.
    Error,
}

/// Writes a line at level `debug`.
pub fn debug(message: &str) {
    write(Level::Debug, message, &[]);
}

/// Writes a line at level `info`.
pub fn info(message: &str) {
    write(Level::Info, message, &[]);
}

/// Writes a line at level `warn`.
pub fn warn(message: &str) {
    write(Level::Warn, message, &[]);
}

/// Writes a line at level `error`.
pub fn error(message: &str) {
    write(Level::Error, message, &[]);
}

/// Writes a line with facts beside it: `log::write(Level::Info, "created", &[("id", &id)])`.
pub fn write(level: Level, message: &str, fields: &[(&str, &str)]) {
    imports::log_write(level, message, fields);
}
