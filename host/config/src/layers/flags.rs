//! Flags of the command line: `sync.interval=30s`, in the words of the file.

use std::{fmt, path::Path};

use super::overlay::{Assignment, DEEPEST, Key, lay_over};
use crate::{
    diagnose::Finding,
    text::{SourceName, Sources},
    tree::{Table, dotted},
};

/// A value that the command line gives.
#[derive(Clone, PartialEq, Eq)]
pub struct Flag {
    name: String,
    keys: Vec<String>,
    value: String,
}

/// Why a flag can't be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FlagError {
    /// There is no `=`.
    #[error("failed to read `{text}` as an assignment: write KEY=VALUE, such as sync.interval=30s")]
    NoValue {
        /// What was written.
        text: String,
    },
    /// What stands before the `=` is no key.
    #[error("failed to read `{text}` as a key: write words with dots between them, such as sync.interval")]
    NoKey {
        /// What was written.
        text: String,
    },
}

impl Flag {
    /// An assignment such as `sync.interval=30s`, from a flag of this name.
    pub fn parse(name: &str, assignment: &str) -> Result<Self, FlagError> {
        let Some((key, value)) = assignment.split_once('=') else {
            // What was written may hold a secret, but without a `=` it is a word somebody mistook for one.
            return Err(FlagError::NoValue { text: assignment.to_owned() });
        };
        Self::new(name, key, value)
    }

    /// The value of a flag that stands for one key, as `--data-dir` does for `storage.data_dir`.
    pub fn new(name: &str, key: &str, value: &str) -> Result<Self, FlagError> {
        Ok(Self { name: name.to_owned(), keys: split_key(key)?, value: value.trim().to_owned() })
    }
}

impl fmt::Debug for Flag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The value may be a secret that somebody put where it doesn't belong.
        f.debug_struct("Flag").field("name", &self.name).field("keys", &self.keys).finish_non_exhaustive()
    }
}

/// The words of a dotted key.
pub(crate) fn split_key(key: &str) -> Result<Vec<String>, FlagError> {
    let refused = || FlagError::NoKey { text: key.to_owned() };
    let keys = toml_edit::Key::parse(key.trim()).map_err(|_| refused())?;
    let words: Vec<String> = keys.iter().map(|key| key.get().to_owned()).collect();
    if words.is_empty() || words.len() > DEEPEST { Err(refused()) } else { Ok(words) }
}

/// Lays the flags over the rest. Of two for the same key the later one counts, as in every shell.
pub(crate) fn read_flags(
    flags: &[Flag],
    cwd: &Path,
    tree: &mut Table,
    sources: &mut Sources,
    findings: &mut Vec<Finding>,
) {
    for flag in flags {
        let mut text = format!("{} ", flag.name);
        let keys = flag.keys.iter().map(|word| {
            if text.len() > flag.name.len() + 1 {
                text.push('.');
            }
            let start = text.len();
            text.push_str(&dotted(&[word]));
            Key { word: word.clone(), at: start..text.len() }
        });
        let keys = keys.collect();
        text.push('=');
        let value = text.len();
        text.push_str(&flag.value);
        let name = SourceName::Flag(flag.name.clone());
        lay_over(Assignment { name, text, keys, value }, cwd, tree, sources, findings);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flag_is_a_key_and_a_value() {
        let flag = Flag::parse("--set", "sync.interval = 30s").unwrap();
        assert_eq!((flag.keys.join("."), flag.value.as_str()), ("sync.interval".into(), "30s"));
        let flag = Flag::parse("--set", "targets.work.settings.\"a.b\"=x=y").unwrap();
        assert_eq!((flag.keys[3].as_str(), flag.value.as_str()), ("a.b", "x=y"));
    }

    #[test]
    fn what_is_no_flag_is_refused_and_a_value_not_shown_by_accident() {
        assert_eq!(
            Flag::parse("--set", "sync").unwrap_err().to_string(),
            "failed to read `sync` as an assignment: write KEY=VALUE, such as sync.interval=30s"
        );
        assert_eq!(
            Flag::parse("--set", "a..b=1").unwrap_err().to_string(),
            "failed to read `a..b` as a key: write words with dots between them, such as sync.interval"
        );
        assert!(Flag::parse("--set", "=1").is_err());
        let flag = Flag::parse("--set", "credentials.x.value=hunter2").unwrap();
        assert!(!format!("{flag:?}").contains("hunter2"));
    }
}
