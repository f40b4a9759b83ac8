//! A person's editor on a copy of a text. The copy lies beside the original, so that what is relative to the folder
//! means the same in it; it is kept exactly when there is something in it that would be lost.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};

use tempfile::{NamedTempFile, TempPath};

/// Why an editor didn't do its work. Nothing was changed but the copy.
#[derive(Debug, thiserror::Error)]
pub(crate) enum EditorError {
    /// No editor is known.
    #[error("failed to open an editor: neither $VISUAL nor $EDITOR names one")]
    Unknown,
    /// There is no room for a copy.
    #[error("failed to make a copy to edit in {}: {source}", folder.display())]
    Copy {
        /// Where it should have been.
        folder: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The shell that starts the editor isn't there.
    #[error("failed to start the editor `{editor}`: {source}")]
    Start {
        /// The editor.
        editor: String,
        /// Why.
        source: io::Error,
    },
    /// It said that something went wrong.
    #[error("failed to edit: `{editor}` ended with {status}, so nothing was changed")]
    Failed {
        /// The editor.
        editor: String,
        /// How it ended.
        status: ExitStatus,
        /// Where the text is that was written so far.
        kept: Option<PathBuf>,
    },
    /// What was written can't be read.
    #[error("failed to read what was edited, which is kept in {}: {source}", kept.display())]
    Read {
        /// The copy.
        kept: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// A copy that was edited. It goes away with this, unless it is kept.
#[derive(Debug)]
pub(crate) struct EditedCopy {
    /// What it says now.
    pub(crate) text: String,
    path: TempPath,
}

impl EditedCopy {
    /// Keeps the file, and says where it is.
    pub(crate) fn keep(self) -> PathBuf {
        let path = self.path.to_path_buf();
        // On Unix nothing is done for it, so nothing can go wrong.
        let _ = self.path.keep();
        path
    }
}

/// The editor that the person chose.
pub(crate) fn chosen() -> Result<String, EditorError> {
    let named = |variable| std::env::var(variable).ok().filter(|editor: &String| !editor.trim().is_empty());
    named("VISUAL").or_else(|| named("EDITOR")).ok_or(EditorError::Unknown)
}

/// Opens the editor on a copy of a text, beside the original, and waits until it ends.
pub(crate) fn edit_copy(editor: &str, text: &str, original: &Path) -> Result<EditedCopy, EditorError> {
    let folder = original.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let path = copy(text, folder)
        .map_err(|source| EditorError::Copy { folder: folder.to_owned(), source })?
        .into_temp_path();
    // The variable holds a command with its arguments, as it does for every program; the path is an argument of its own.
    let command = format!("{editor} \"$@\"");
    let status = Command::new("sh").args(["-c", &command, "stint"]).arg(&path).status();
    let editor = editor.to_owned();
    let status = status.map_err(|source| EditorError::Start { editor: editor.clone(), source })?;
    let edited = match std::fs::read_to_string(&path) {
        Ok(edited) => EditedCopy { text: edited, path },
        Err(source) => {
            let kept = EditedCopy { text: String::new(), path }.keep();
            return Err(EditorError::Read { kept, source });
        }
    };
    if status.success() {
        return Ok(edited);
    }
    let kept = (edited.text != text).then(|| edited.keep());
    Err(EditorError::Failed { editor, status, kept })
}

fn copy(text: &str, folder: &Path) -> io::Result<NamedTempFile> {
    std::fs::create_dir_all(folder)?;
    // Hidden, so that nobody takes it for a configuration; ".toml", so that the editor knows how to show it.
    let mut copy = tempfile::Builder::new().prefix(".stint-edit-").suffix(".toml").tempfile_in(folder)?;
    copy.write_all(text.as_bytes())?;
    copy.flush()?;
    Ok(copy)
}
