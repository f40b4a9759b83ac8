//! A whole new text for the configuration file, as somebody wrote it in an editor.

use std::{io, path::Path};

use super::{EditError, write::replace};
use crate::{
    layers::{Asked, ConfigFile, Request},
    load::{Loaded, load, load_with},
};

/// What the configuration file says now: nothing where there is none yet. A file that was named and isn't there is an
/// error, or a mistyped name would make one that nobody reads.
pub fn current_text(request: &Request) -> Result<Option<String>, EditError> {
    let ConfigFile { path, asked } = request.file.as_ref().ok_or(EditError::NoFile)?;
    match std::fs::read_to_string(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => match load(request) {
            Err(diagnostics) if *asked != Asked::Nobody => Err(EditError::Before { diagnostics }),
            _ => Ok(None),
        },
        read => read.map(Some).map_err(|source| EditError::Io { path: path.clone(), source }),
    }
}

/// Puts a text in place of the configuration file, if the whole configuration is right with it and the file is still
/// what it was.
pub fn put(request: &Request, before: Option<&str>, after: &str) -> Result<Loaded, EditError> {
    let path: &Path = &request.file.as_ref().ok_or(EditError::NoFile)?.path;
    let loaded =
        load_with(request, Some((path, after))).map_err(|diagnostics| EditError::After { diagnostics })?;
    if current_text(request)?.as_deref() != before {
        return Err(EditError::Changed { path: path.to_owned() });
    }
    replace(path, after).map_err(|source| EditError::Io { path: path.to_owned(), source })?;
    Ok(loaded)
}
