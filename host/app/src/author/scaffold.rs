//! Begins a project: its files from templates, the SDK and the contract beside them. It appears whole or not at all.

use std::path::{Path, PathBuf};
use std::{fs, io};

use thiserror::Error;

use super::embedded;
use stint_plugin_runtime::manifest::Kind;

const NAME_LENGTH_MAX: usize = 64;
/// Names that cargo refuses or that hide a crate of Rust's own.
const TAKEN: [&str; 9] =
    ["alloc", "build", "core", "deps", "examples", "incremental", "proc-macro", "std", "test"];
/// Names of what every project is built with.
const BUILT_WITH: [&str; 4] = ["serde", "serde-json", "stint", "stint-plugin-sdk"];
/// Rust's keywords: a crate can't have such a name.
const KEYWORDS: &str = "abstract as async await become box break const continue crate do dyn else enum extern \
    false final fn for gen if impl in let loop macro match mod move mut override priv pub ref return self static \
    struct super trait true try type typeof unsafe unsized use virtual where while yield";

/// Why there is no project. The texts complete "failed to …".
#[derive(Debug, Error)]
pub(crate) enum ScaffoldError {
    /// The name can't be a plugin's.
    #[error("begin a plugin: `{name}` {reason}", name = name.escape_debug())]
    Name {
        /// What was asked for.
        name: String,
        /// What is wrong with it.
        reason: &'static str,
        /// What it was to be.
        kind: Kind,
        /// A name that would do.
        suggestion: String,
    },
    /// There is something already.
    #[error("begin a plugin: {} is there already", path.display())]
    Exists {
        /// Where.
        path: PathBuf,
    },
    /// A file can't be written.
    #[error("write {}: {error}", path.display())]
    Write {
        /// Which.
        path: PathBuf,
        /// Why not.
        error: io::Error,
    },
}

/// Makes a project named `name` in a new folder of `parent`, and answers where it is.
pub(crate) fn scaffold(name: &str, kind: Kind, parent: &Path) -> Result<PathBuf, ScaffoldError> {
    check_name(name, kind)?;
    let project = if parent == Path::new(".") { PathBuf::from(name) } else { parent.join(name) };
    if project.symlink_metadata().is_ok() {
        return Err(ScaffoldError::Exists { path: project });
    }
    let failed = |error| ScaffoldError::Write { path: project.clone(), error };
    let unfinished = tempfile::Builder::new().prefix(".stint-plugin-").tempdir_in(parent).map_err(failed)?;
    for (path, content) in files(name, kind) {
        let path = unfinished.path().join(path);
        write(&path, &content).map_err(|error| ScaffoldError::Write { path, error })?;
    }
    // Temporary folders are closed to others; a project is an ordinary folder.
    open_to_others(unfinished.path()).map_err(failed)?;
    fs::rename(unfinished.path(), &project).map_err(failed)?;
    // What it pointed at has moved away: there is nothing left to remove.
    let _gone = unfinished.keep();
    Ok(project)
}

/// Every file of a project by its path.
fn files(name: &str, kind: Kind) -> Vec<(String, String)> {
    let (source, manifest, schema) = match kind {
        Kind::Target => (
            include_str!("../../templates/target/lib.rs.txt"),
            include_str!("../../templates/target/plugin.toml"),
            include_str!("../../templates/target/settings.schema.json"),
        ),
        Kind::Transform => (
            include_str!("../../templates/transform/lib.rs.txt"),
            include_str!("../../templates/transform/plugin.toml"),
            include_str!("../../templates/transform/settings.schema.json"),
        ),
        Kind::Policy => (
            include_str!("../../templates/policy/lib.rs.txt"),
            include_str!("../../templates/policy/plugin.toml"),
            include_str!("../../templates/policy/settings.schema.json"),
        ),
    };
    let own = [
        ("Cargo.toml", include_str!("../../templates/Cargo.toml.txt")),
        (".gitignore", include_str!("../../templates/gitignore.txt")),
        ("plugin.toml", manifest),
        ("settings.schema.json", schema),
        ("src/lib.rs", source),
    ];
    let filled = |text: &str| text.replace("@NAME@", name).replace("@TYPE@", &type_name(name, kind));
    let own = own.iter().map(|(path, text)| ((*path).to_owned(), filled(text)));
    let vendored = [("stint-plugin-sdk", embedded::SDK), ("wit", embedded::WIT)];
    let vendored = vendored.into_iter().flat_map(|(folder, files)| {
        files.iter().map(move |(path, text)| (format!("vendor/{folder}/{path}"), (*text).to_owned()))
    });
    own.chain(vendored).collect()
}

fn write(path: &Path, content: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, content)
}

#[cfg(unix)]
fn open_to_others(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
fn open_to_others(_folder: &Path) -> io::Result<()> {
    Ok(())
}

fn check_name(name: &str, kind: Kind) -> Result<(), ScaffoldError> {
    let plain = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
    let reason = if !name.starts_with(|first: char| first.is_ascii_lowercase()) || !name.chars().all(plain) {
        "is no plugin's name, which has small letters, digits and `-`, a letter first"
    } else if name.len() > NAME_LENGTH_MAX {
        "is longer than 64 letters"
    } else if TAKEN.contains(&name) || KEYWORDS.split_whitespace().any(|word| word == name) {
        "is a name that Rust keeps for itself"
    } else if BUILT_WITH.contains(&name) {
        "is the name of something that the project is built with"
    } else {
        return Ok(());
    };
    Err(ScaffoldError::Name { name: name.to_owned(), reason, kind, suggestion: suggestion(name) })
}

/// A good name as near as possible to a bad one.
fn suggestion(name: &str) -> String {
    let mut words: Vec<String> = Vec::new();
    for part in name.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|part| !part.is_empty()) {
        words.push(part.to_ascii_lowercase());
    }
    let mut suggestion: String = words.join("-").chars().take(NAME_LENGTH_MAX - "plugin-".len()).collect();
    suggestion.truncate(suggestion.trim_end_matches('-').len());
    if suggestion.is_empty() {
        "my-plugin".to_owned()
    } else if suggestion.starts_with(|first: char| first.is_ascii_digit()) {
        format!("plugin-{suggestion}")
    } else if suggestion == name {
        format!("{suggestion}-plugin")
    } else {
        suggestion
    }
}

/// `my-backend` as `MyBackendTarget`. With the kind behind it no name is a type's that the project uses: there are too
/// many of them (`Item`, `String`, `Option`) to refuse each as a plugin's name.
fn type_name(name: &str, kind: Kind) -> String {
    let capital = |word: &str| {
        let mut letters = word.chars();
        letters
            .next()
            .map(|first| first.to_ascii_uppercase().to_string() + letters.as_str())
            .unwrap_or_default()
    };
    let own = name.strip_suffix(kind.word()).and_then(|own| own.strip_suffix('-')).unwrap_or(name);
    own.split('-').chain([kind.word()]).map(capital).collect()
}

#[cfg(test)]
#[path = "scaffold_tests.rs"]
mod tests;
