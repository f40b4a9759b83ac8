//! One finding. As JSON its shape is version 1: fields may be added, none is renamed or taken away.

use std::{
    fs::{self, DirBuilder, Permissions},
    io,
    os::unix::fs::{DirBuilderExt as _, PermissionsExt as _},
    path::PathBuf,
};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How bad it is. The worst comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// Something doesn't work.
    Error,
    /// It works, and somebody should look at it.
    Warning,
    /// All is well.
    Ok,
}

/// What it is about, in the order in which one thing rests on another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Area {
    /// `stint.toml`.
    Configuration,
    /// The data directory and its disk.
    Data,
    /// The machine's clock and zone.
    Clock,
    /// The running host.
    Host,
    /// The folder of plugins.
    Plugins,
    /// Secrets.
    Credentials,
    /// Where items go.
    Targets,
    /// Screenshots.
    Capture,
}

impl Area {
    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Configuration => "configuration",
            Self::Data => "data",
            Self::Clock => "clock",
            Self::Host => "host",
            Self::Plugins => "plugin",
            Self::Credentials => "credential",
            Self::Targets => "target",
            Self::Capture => "capture",
        }
    }
}

/// Lines to write into the configuration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Lines {
    /// The table they belong to: `targets.work`.
    pub table: String,
    /// The lines; one that is there already under the same key is replaced.
    pub lines: Vec<String>,
}

/// Something that was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Finding {
    /// How bad it is.
    pub level: Level,
    /// What it is about.
    pub area: Area,
    /// Which one of several: the name of a target, a plugin, a credential.
    pub subject: Option<String>,
    /// What was found.
    pub what: String,
    /// Why, as far as it is known.
    pub why: Option<String>,
    /// The command to paste.
    pub run: Option<String>,
    /// The lines to paste into the configuration.
    pub write: Option<Lines>,
    /// Whether it was mended; nothing where only a person can.
    pub fixed: Option<bool>,
    /// How it would be.
    #[serde(skip)]
    pub mend: Option<Mend>,
}

impl Finding {
    fn new(level: Level, area: Area, what: impl Into<String>) -> Self {
        let what = what.into();
        let (subject, why, run, write, fixed, mend) = (None, None, None, None, None, None);
        Self { level, area, subject, what, why, run, write, fixed, mend }
    }

    /// Something that is well.
    pub fn ok(area: Area, what: impl Into<String>) -> Self {
        Self::new(Level::Ok, area, what)
    }

    /// Something that works and should be looked at.
    pub fn warning(area: Area, what: impl Into<String>) -> Self {
        Self::new(Level::Warning, area, what)
    }

    /// Something that doesn't work.
    pub fn error(area: Area, what: impl Into<String>) -> Self {
        Self::new(Level::Error, area, what)
    }

    /// Which one it is.
    pub fn of(self, subject: impl Into<String>) -> Self {
        Self { subject: Some(subject.into()), ..self }
    }

    /// Why it is so.
    pub fn because(self, why: impl Into<String>) -> Self {
        Self { why: Some(why.into()), ..self }
    }

    /// The command that mends it.
    pub fn run(self, command: impl Into<String>) -> Self {
        Self { run: Some(command.into()), ..self }
    }

    /// The lines that mend it.
    pub fn write(self, table: impl Into<String>, lines: Vec<String>) -> Self {
        Self { write: Some(Lines { table: table.into(), lines }), ..self }
    }

    /// What mends it exactly, without a doubt and without a loss.
    pub fn mend(self, mend: Mend) -> Self {
        Self { fixed: Some(false), mend: Some(mend), ..self }
    }
}

/// What can be mended without a doubt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mend {
    /// Takes from these what others than their owner may do with them.
    Close(Vec<PathBuf>),
    /// Removes a socket that nobody listens at.
    RemoveSocket(PathBuf),
    /// Makes a folder that only its owner can enter.
    MakeFolder(PathBuf),
}

impl Mend {
    /// Mends it.
    pub fn carry_out(&self) -> io::Result<()> {
        match self {
            Self::Close(paths) => paths.iter().try_for_each(|path| {
                // What is no file or folder of ours is not followed to what it leads to.
                let found = fs::symlink_metadata(path)?;
                if found.is_symlink() {
                    return Ok(());
                }
                fs::set_permissions(path, Permissions::from_mode(found.permissions().mode() & 0o700))
            }),
            Self::RemoveSocket(path) => fs::remove_file(path),
            Self::MakeFolder(path) => DirBuilder::new().recursive(true).mode(0o700).create(path),
        }
    }
}

/// A word as a shell takes it for one.
pub(super) fn quoted(word: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_./:@%+=,".contains(letter);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_takes_a_quoted_word_as_it_is() {
        for (word, expected) in
            [("/a/b-c.d", "/a/b-c.d"), ("a b", "'a b'"), ("it's", "'it'\\''s'"), ("", "''"), ("$x", "'$x'")]
        {
            assert_eq!(quoted(word), expected);
        }
    }

    #[test]
    fn closing_takes_from_others_and_follows_no_link() {
        let folder = tempfile::tempdir().unwrap();
        let (file, other, link) =
            (folder.path().join("file"), folder.path().join("other"), folder.path().join("link"));
        for path in [&file, &other] {
            fs::write(path, "").unwrap();
            fs::set_permissions(path, Permissions::from_mode(0o654)).unwrap();
        }
        std::os::unix::fs::symlink(&other, &link).unwrap();
        Mend::Close(vec![file.clone(), link]).carry_out().unwrap();
        let mode = |path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&file), mode(&other)), (0o600, 0o654));
    }
}
