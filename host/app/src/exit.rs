//! The exit codes of `stint`. They are published, and scripts rely on them: none is ever renumbered. From 64 on they
//! have the meaning that sysexits.h gives them.

use std::fmt::Write as _;
use std::process::ExitCode;

use serde::Serialize;

/// An exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Exit(u8);

/// It is done.
pub(crate) const OK: Exit = Exit(0);
/// The command line can't be understood; clap ends with it by itself.
pub(crate) const USAGE: Exit = Exit(2);
/// The input is wrong: a plugin that doesn't build, a file that is no plugin.
pub(crate) const BAD_DATA: Exit = Exit(65);
/// Something that is needed isn't there: a running host, a tool chain.
pub(crate) const UNAVAILABLE: Exit = Exit(69);
/// Something went wrong that shouldn't have.
pub(crate) const INTERNAL: Exit = Exit(70);
/// An output can't be made.
pub(crate) const CANT_CREATE: Exit = Exit(73);
/// Not now; the same command may work later.
pub(crate) const TRY_AGAIN: Exit = Exit(75);
/// It may not be done.
pub(crate) const REFUSED: Exit = Exit(77);
/// The configuration is wrong.
pub(crate) const CONFIGURATION: Exit = Exit(78);

impl Exit {
    /// The number.
    pub(crate) fn code(self) -> u8 {
        self.0
    }

    /// The published code with this number; anything else is an error of stint itself.
    pub(crate) fn from_code(code: u8) -> Self {
        PUBLISHED.iter().map(|(exit, _)| *exit).find(|exit| exit.0 == code).unwrap_or(INTERNAL)
    }
}

/// All of them, in words for `--help`.
const PUBLISHED: [(Exit, &str); 9] = [
    (OK, "done"),
    (USAGE, "the command line can't be understood"),
    (BAD_DATA, "bad input: a plugin that doesn't build, a file that is no plugin"),
    (UNAVAILABLE, "something that is needed isn't there: a running host, a tool chain"),
    (INTERNAL, "an error of stint itself"),
    (CANT_CREATE, "an output can't be made"),
    (TRY_AGAIN, "not now; try again later"),
    (REFUSED, "it may not be done"),
    (CONFIGURATION, "the configuration is wrong"),
];

/// The list that `--help` ends with.
pub(crate) fn help() -> String {
    PUBLISHED.iter().fold("Exit codes:".to_owned(), |mut text, (exit, meaning)| {
        // Writing to a text can't fail.
        let _ = write!(text, "\n  {:>2}  {meaning}", exit.0);
        text
    })
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.0)
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_codes_are_the_published_ones() {
        let codes: Vec<u8> = super::PUBLISHED.iter().map(|(exit, _)| exit.0).collect();
        assert_eq!(codes, [0, 2, 65, 69, 70, 73, 75, 77, 78]);
    }
}
