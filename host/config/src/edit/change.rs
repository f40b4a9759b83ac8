//! The change itself: in the file that has the key, or else in the main one.

use std::path::{Path, PathBuf};

use toml_edit::{DocumentMut, Item, Table, TableLike, Value};

use super::{EditError, write::replace};
use crate::{
    diagnose::Diagnostics,
    layers::{Request, read_files, split_key},
    load::{Loaded, load_with},
    text::{Origin, SourceName, Sources},
    tree::{dotted, named_position},
};

/// What is to be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edit<'e> {
    /// Write this value. It is read as TOML where that gives what the key expects, and as a text otherwise.
    Set {
        /// The key, with dots.
        key: &'e str,
        /// The value.
        value: &'e str,
    },
    /// Take the value out, so that its default counts again.
    Unset {
        /// The key, with dots.
        key: &'e str,
    },
}

/// What was changed.
#[derive(Clone, Debug)]
pub struct Edited {
    /// The file.
    pub path: PathBuf,
    /// The configuration as it is now.
    pub loaded: Loaded,
    /// A later layer that has a value for the key too, so that the change shows no effect.
    pub overridden_by: Option<Origin>,
}

/// Changes one value in the files of a configuration.
pub fn edit(request: &Request, change: Edit<'_>) -> Result<Edited, EditError> {
    let main = request.file.as_ref().ok_or(EditError::NoFile)?.path.clone();
    let (key, texts) = match change {
        Edit::Set { key, value } => (key, candidates(value)),
        Edit::Unset { key } => (key, vec![]),
    };
    let keys = split_key(key)?;
    let path = file_of(request, &keys)?.unwrap_or(main);
    let text = match std::fs::read_to_string(&path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        read => read.map_err(|source| EditError::Io { path: path.clone(), source })?,
    };
    let (after, loaded) = match change {
        Edit::Unset { .. } => {
            let after = without(&text, &keys, &path)?;
            let loaded = checked(request, &path, &after)?;
            (after, loaded)
        }
        Edit::Set { .. } => first_valid(request, &path, &text, &keys, texts)?,
    };
    replace(&path, &after).map_err(|source| EditError::Io { path: path.clone(), source })?;
    let origin = loaded.origin(key);
    let overridden = match &origin {
        Origin::Variable(_) | Origin::Flag(_) => true,
        Origin::File { path: other, .. } => *other != path,
        Origin::Default => false,
    };
    Ok(Edited { path, loaded, overridden_by: overridden.then_some(origin) })
}

/// The value as TOML, if it is, and as a text.
fn candidates(value: &str) -> Vec<Value> {
    value.trim().parse::<Value>().ok().into_iter().chain([Value::from(value)]).collect()
}

/// The first reading of the value that makes a valid configuration; else what is wrong with the first one.
fn first_valid(
    request: &Request,
    path: &Path,
    text: &str,
    keys: &[String],
    values: Vec<Value>,
) -> Result<(String, Loaded), EditError> {
    let mut wrong: Option<Diagnostics> = None;
    for value in values {
        let after = with(text, keys, value, path)?;
        match load_with(request, Some((path, &after))) {
            Ok(loaded) => return Ok((after, loaded)),
            Err(diagnostics) => wrong = wrong.or(Some(diagnostics)),
        }
    }
    Err(EditError::After { diagnostics: wrong.unwrap_or_default() })
}

fn checked(request: &Request, path: &Path, text: &str) -> Result<Loaded, EditError> {
    load_with(request, Some((path, text))).map_err(|diagnostics| EditError::After { diagnostics })
}

/// The file that has the key already, or the target, transform, policy or credential it belongs to. The values in it
/// may be wrong: the change may be what corrects them.
fn file_of(request: &Request, keys: &[String]) -> Result<Option<PathBuf>, EditError> {
    let (mut sources, mut findings) = (Sources::default(), Vec::new());
    let read = read_files(request.file.as_ref(), None, &request.cwd, &mut sources, &mut findings);
    if read.partial {
        return Err(EditError::Before { diagnostics: Diagnostics::new(findings, &sources) });
    }
    let depths = (1..=keys.len()).rev();
    let written = depths.filter(|depth| *depth == keys.len() || named_position(&keys[..*depth]));
    let mut nodes = written.filter_map(|depth| {
        let (first, rest) = keys[..depth].split_first()?;
        read.tree.get(first)?.below(rest)
    });
    Ok(nodes.find_map(|node| match &sources.get(node.key.source).name {
        SourceName::File(path) => Some(path.clone()),
        _ => None,
    }))
}

fn parsed(text: &str, path: &Path) -> Result<DocumentMut, EditError> {
    // The file was just loaded, so this fails only if somebody changed it in between.
    text.parse().map_err(|error: toml_edit::TomlError| EditError::Io {
        path: path.to_owned(),
        source: std::io::Error::new(std::io::ErrorKind::InvalidData, error.message().to_owned()),
    })
}

/// The file with the value in it.
fn with(text: &str, keys: &[String], mut value: Value, path: &Path) -> Result<String, EditError> {
    let mut document = parsed(text, path)?;
    let Some((last, parents)) = keys.split_last() else { return Ok(text.to_owned()) };
    let mut table: &mut dyn TableLike = document.as_table_mut();
    let mut in_one_line = false;
    for (depth, key) in parents.iter().enumerate() {
        let item = table.entry(key).or_insert_with(|| {
            let mut new = Table::new();
            // A table that only holds other tables needs no header of its own.
            new.set_implicit(depth + 1 < parents.len());
            Item::Table(new)
        });
        in_one_line = item.is_inline_table();
        table = item.as_table_like_mut().ok_or_else(|| EditError::NoTable {
            key: dotted(keys),
            parent: dotted(&parents[..=depth]),
            path: path.to_owned(),
        })?;
    }
    match table.get_mut(last).map(Item::as_value_mut) {
        Some(Some(old)) => {
            *value.decor_mut() = old.decor().clone();
            *old = value;
        }
        Some(None) => {
            return Err(EditError::NoTable {
                key: dotted(keys),
                parent: dotted(keys),
                path: path.to_owned(),
            });
        }
        None => {
            table.insert(last, Item::Value(value));
            if in_one_line {
                // The space before the closing brace belonged to what was the last value.
                table.fmt();
            }
        }
    }
    Ok(document.to_string())
}

/// The file without the value.
fn without(text: &str, keys: &[String], path: &Path) -> Result<String, EditError> {
    let missing = || EditError::NotThere { key: dotted(keys), path: path.to_owned() };
    if let Some(lines) = own_lines(text, keys) {
        return Ok(format!("{}{}", &text[..lines.start], &text[lines.end..]));
    }
    let mut document = parsed(text, path)?;
    let (last, parents) = keys.split_last().ok_or_else(missing)?;
    let mut table: &mut dyn TableLike = document.as_table_mut();
    let mut in_one_line = false;
    for key in parents {
        let item = table.get_mut(key).ok_or_else(missing)?;
        in_one_line = item.is_inline_table();
        table = item.as_table_like_mut().ok_or_else(missing)?;
    }
    table.remove(last).ok_or_else(missing)?;
    if in_one_line {
        table.fmt();
    }
    Ok(document.to_string())
}

/// The lines of a value that has lines of its own. They are cut out of the text, because a comment above them
/// belongs to the person and not to the value.
fn own_lines(text: &str, keys: &[String]) -> Option<std::ops::Range<usize>> {
    let document = toml_edit::Document::parse(text).ok()?;
    let (last, parents) = keys.split_last()?;
    let mut table = document.as_table();
    for key in parents {
        table = table.get(key)?.as_table()?;
    }
    let (key, item) = table.get_key_value(last)?;
    let (key, value) = (key.span()?, item.as_value()?.span()?);
    let start = text[..key.start].rfind('\n').map_or(0, |newline| newline + 1);
    let end = text[value.end..].find('\n').map_or(text.len(), |length| value.end + length + 1);
    Some(start..end)
}
