//! What goes wrong with a configuration. The diagnostics say where; the message says how many there are.

use std::path::Path;

use stint_config::{Diagnostics, EditError, FlagError};

use super::{CliError, Mistakes};
use crate::editor::EditorError;
use crate::exit::{self, Exit};

impl CliError {
    /// A text from an editor was refused. It is kept, because somebody wrote it.
    pub(crate) fn kept(error: EditError, copy: &Path, original: &Path) -> Self {
        let (copy, original) = (copy.display(), original.display());
        let next = if matches!(error, EditError::Changed { .. }) {
            // Moving it would undo what the other one did.
            format!("what you wrote is kept in {copy}; see what differs with `diff {original} {copy}`")
        } else {
            format!(
                "what you wrote is kept in {copy}; correct it there, look at it with `stint config check {copy}`, then \
                 `mv {copy} {original}`"
            )
        };
        Self::from(error).hinting(next)
    }

    fn with_mistakes(error: &str, diagnostics: Diagnostics) -> Self {
        Self { diagnostics: Mistakes(Some(diagnostics)), ..Self::new(exit::CONFIGURATION, &error, None) }
    }
}

impl From<Diagnostics> for CliError {
    fn from(diagnostics: Diagnostics) -> Self {
        let mistakes = match diagnostics.errors() {
            1 => "there is 1 mistake in it".to_owned(),
            count => format!("there are {count} mistakes in it"),
        };
        Self::with_mistakes(&format!("use the configuration: {mistakes}"), diagnostics)
    }
}

impl From<FlagError> for CliError {
    fn from(error: FlagError) -> Self {
        Self::whole(exit::USAGE, &error, None)
    }
}

impl From<EditError> for CliError {
    fn from(error: EditError) -> Self {
        let (exit, hint): (Exit, _) = match error {
            // The diagnostics have a place of their own, so the message is said without them.
            EditError::Before { diagnostics } => {
                return Self::with_mistakes(
                    "change the configuration, because it can't be read; correct that first",
                    diagnostics,
                );
            }
            EditError::After { diagnostics } => {
                return Self::with_mistakes(
                    "change the configuration, which would be wrong then; nothing was written",
                    diagnostics,
                );
            }
            EditError::Key(error) => return error.into(),
            EditError::NoFile => (exit::CONFIGURATION, None),
            EditError::NotThere { .. } => {
                (exit::BAD_DATA, Some("see `stint config show --origin` for where its value comes from"))
            }
            EditError::NoTable { .. } => {
                (exit::BAD_DATA, Some("see `stint config show` for the keys that there are"))
            }
            EditError::Changed { .. } => (exit::TRY_AGAIN, None),
            EditError::Io { .. } => (exit::CANT_CREATE, None),
        };
        Self::whole(exit, &error, hint)
    }
}

impl From<EditorError> for CliError {
    fn from(error: EditorError) -> Self {
        let kept;
        let (exit, hint) = match &error {
            EditorError::Unknown => (
                exit::UNAVAILABLE,
                Some("set one: `export EDITOR=nano`; or change one value: `stint config edit KEY=VALUE`"),
            ),
            EditorError::Copy { .. } => (exit::CANT_CREATE, None),
            EditorError::Failed { kept: Some(path), .. } => {
                kept = format!("what you wrote is kept in {}", path.display());
                (exit::UNAVAILABLE, Some(kept.as_str()))
            }
            EditorError::Start { .. } | EditorError::Failed { .. } => {
                (exit::UNAVAILABLE, Some("see what $VISUAL, or else $EDITOR, is set to"))
            }
            EditorError::Read { .. } => (exit::BAD_DATA, None),
        };
        Self::whole(exit, &error, hint)
    }
}
