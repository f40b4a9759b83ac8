//! Why a secret can't be read or kept. No text has any of it.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

/// Why a secret can't be read or kept.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// There is no such credential.
    #[error("failed to find the credential `{name}`: the configuration has no [credentials.{name}]")]
    Unknown {
        /// The name.
        name: String,
    },
    /// It is kept where nothing can be put.
    #[error(
        "failed to set the credential `{name}`: it is kept in {place}, where stint can't put anything; {advice}, or keep \
         it in the keyring: value = {{ keyring = \"{name}\" }}"
    )]
    NotSettable {
        /// The credential.
        name: String,
        /// Where it is kept.
        place: String,
        /// What can be done.
        advice: String,
    },
    /// There is nothing in it.
    #[error("failed to use {place}: it is empty")]
    Empty {
        /// Where.
        place: String,
    },
    /// No request could carry it.
    #[error(
        "failed to use {place}: a secret is one line, and this has a line break, a tab or another such character in it"
    )]
    Unsendable {
        /// Where.
        place: String,
    },
    /// A variable isn't there.
    #[error("failed to read {variable}: the environment of this process has no such variable")]
    NoVariable {
        /// The variable.
        variable: String,
    },
    /// Something in it can't be part of a secret.
    #[error("failed to read {place}: it isn't text in UTF-8")]
    NotText {
        /// Where.
        place: String,
    },
    /// A file can't be read or written.
    #[error("failed to {what} {}: {source}", path.display())]
    File {
        /// What was tried.
        what: &'static str,
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A program can't be started.
    #[error("failed to run {program}: {source}")]
    NoProgram {
        /// The program.
        program: String,
        /// Why.
        source: io::Error,
    },
    /// A program took too long.
    #[error(
        "failed to run {program}: it was not done within {within:?} and was ended; it must not ask anybody anything"
    )]
    TooSlow {
        /// The program.
        program: String,
        /// How long it had.
        within: Duration,
    },
    /// A program printed too much.
    #[error("failed to run {program}: it printed more than the {most} bytes that a secret may have")]
    TooMuch {
        /// The program.
        program: String,
        /// How much would have done.
        most: usize,
    },
    /// A program ended with an error.
    #[error("failed to run {program}: it ended with {status}; run it by hand to see what it says")]
    Failed {
        /// The program.
        program: String,
        /// With what.
        status: String,
    },
    /// The keyring has nothing of this name.
    #[error("failed to find `{name}` in the keyring")]
    NotInKeyring {
        /// The name.
        name: String,
    },
    /// There is no keyring, or none that answers.
    #[error("failed to reach the keyring: {reason}; {hint}")]
    NoKeyring {
        /// Why.
        reason: String,
        /// What to do.
        hint: &'static str,
    },
    /// What is stored isn't what stint stores.
    #[error("failed to read the stored tokens in {place}: {reason}; `stint auth forget` takes them away")]
    BadStore {
        /// Where.
        place: String,
        /// Why.
        reason: String,
    },
    /// The host lost the thread that worked on it.
    #[error("failed to read {place}: the work was lost")]
    Lost {
        /// Where.
        place: String,
    },
}
