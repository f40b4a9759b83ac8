//! Writing a file as a whole: beside it, made durable, then put in its place. Whoever reads it sees the old file
//! or the new one.

use std::{
    fs::File,
    io::{self, Write as _},
    path::Path,
};

/// Puts a new content in place of a file; a link stays a link, and the permissions stay as they are.
pub(crate) fn replace(path: &Path, text: &str) -> io::Result<()> {
    let target = match path.canonicalize() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => path.to_owned(),
        found => found?,
    };
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    // A hidden name that doesn't end in .toml: whoever reads conf.d leaves it alone.
    let mut new = tempfile::Builder::new().prefix(".stint-").suffix(".new").tempfile_in(folder)?;
    new.write_all(text.as_bytes())?;
    match target.metadata() {
        Ok(old) => new.as_file().set_permissions(old.permissions())?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    new.as_file().sync_all()?;
    new.persist(&target).map_err(|error| error.error)?;
    File::open(folder)?.sync_all()
}
