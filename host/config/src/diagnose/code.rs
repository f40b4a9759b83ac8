//! What kind of mistake it is: a word that scripts may rely on.

use std::fmt;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The configuration isn't used.
    Error,
    /// The configuration is used, and probably doesn't say what was meant.
    Warning,
}

/// What kind of mistake it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Code {
    /// A file isn't there or can't be read.
    Unreadable,
    /// A file is not TOML.
    Syntax,
    /// Nothing is called like this.
    UnknownKey,
    /// A value of another type is expected.
    WrongType,
    /// A value that can't be used.
    BadValue,
    /// Something has to be written and isn't.
    Missing,
    /// A reference to something that isn't there.
    UnknownName,
    /// The same thing twice.
    Duplicate,
    /// Two values that don't go together.
    Conflict,
    /// A secret in the file itself.
    LiteralSecret,
    /// Something that nothing refers to.
    Unused,
    /// A permission that is wider than it has to be.
    BroadGrant,
    /// Something that works, and shouldn't be done.
    Unsafe,
    /// A plugin's complaint about its settings.
    Settings,
}

impl Severity {
    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

impl Code {
    /// The word for it in JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::Syntax => "syntax",
            Self::UnknownKey => "unknown-key",
            Self::WrongType => "wrong-type",
            Self::BadValue => "bad-value",
            Self::Missing => "missing",
            Self::UnknownName => "unknown-name",
            Self::Duplicate => "duplicate",
            Self::Conflict => "conflict",
            Self::LiteralSecret => "literal-secret",
            Self::Unused => "unused",
            Self::BroadGrant => "broad-grant",
            Self::Unsafe => "unsafe",
            Self::Settings => "settings",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}
