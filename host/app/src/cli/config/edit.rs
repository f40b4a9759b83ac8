//! `stint config edit`

use clap::Args;
use serde::Serialize;
use serde_json::Value;
use stint_config::{Edited, FlagError, Request, Setting, current_text, edit, put, safe};

use super::render::{SettingView, path_text, setting};
use crate::cli::Globals;
use crate::editor;
use crate::error::CliError;
use crate::output::Output;
use crate::terminal::columns;

/// What a new file begins with: every key with its default, as comments.
const DEFAULTS: &str = include_str!("../../../../../config/stint.toml");

/// Change one value, or open the file in your editor
///
/// Comments and order stay as they are. Whatever is changed is checked first, as a whole: a configuration with a
/// mistake is never written. A running host takes the change over by itself.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  stint config edit                              # opens $VISUAL or $EDITOR\n  stint config edit sync.interval=5m\n  stint config edit 'sync.batch=[10, 20]'\n  stint config edit --unset sync.interval"
)]
pub(crate) struct Edit {
    /// A key with dots, and its new value
    #[arg(value_name = "KEY=VALUE")]
    assignment: Option<String>,
    /// Take a value out, so that its default counts again
    #[arg(long, value_name = "KEY", conflicts_with = "assignment")]
    unset: Option<String>,
}

/// What became of one value.
#[derive(Serialize)]
struct Outcome<'s> {
    version: u32,
    path: String,
    changed: bool,
    /// The value that counts now; nothing if there is none any more.
    setting: Option<SettingView<'s>>,
    /// What has a value for the key as well, and counts instead of the one written.
    overridden_by: Option<Value>,
}

impl Edit {
    pub(super) fn run(self, globals: &Globals, output: Output) -> Result<(), CliError> {
        let request = globals.request()?;
        match (self.assignment, self.unset) {
            (Some(text), _) => {
                let Some((key, value)) = text.split_once('=') else {
                    return Err(FlagError::NoValue { text }.into());
                };
                let (key, value) = (key.trim(), value.trim());
                tell(&edit(&request, stint_config::Edit::Set { key, value })?, key, output)
            }
            (None, Some(key)) => {
                tell(&edit(&request, stint_config::Edit::Unset { key: &key })?, key.trim(), output)
            }
            (None, None) => in_editor(&request, output),
        }
    }
}

/// Says what became of one value.
fn tell(edited: &Edited, key: &str, output: Output) -> Result<(), CliError> {
    let settings = edited.loaded.settings();
    let now: Option<&Setting> = settings.iter().find(|setting| setting.key == key);
    let changed = Outcome {
        version: 1,
        path: path_text(&edited.path),
        changed: true,
        setting: now.map(SettingView::from),
        overridden_by: edited.overridden_by.as_ref().map(stint_config::Origin::to_json),
    };
    output.warnings(&edited.loaded.warnings);
    output.result(&changed, || {
        let now = now.map(|now| setting(now, true, columns()));
        format!("changed {}\n{}", safe(&changed.path), now.unwrap_or_default())
    })?;
    if let Some(other) = &edited.overridden_by {
        output.note(&format!("{} has a value for {key} too, which counts", safe(&other.to_string())));
    }
    Ok(())
}

/// Has the person edit a copy, and puts it in place if it is right.
fn in_editor(request: &Request, output: Output) -> Result<(), CliError> {
    let before = current_text(request)?;
    let path = request.file.as_ref().map(|file| request.cwd.join(&file.path)).unwrap_or_default();
    let begin = before.clone().unwrap_or_else(|| without_schema(DEFAULTS).to_owned());
    let copy = editor::edit_copy(&editor::chosen()?, &begin, &path)?;
    let mut changed =
        Outcome { version: 1, path: path_text(&path), changed: false, setting: None, overridden_by: None };
    if copy.text == begin {
        output.result(&changed, || format!("nothing changed in {}\n", safe(&changed.path)))?;
        return Ok(());
    }
    let loaded = match put(request, before.as_deref(), &copy.text) {
        Ok(loaded) => loaded,
        Err(error) => return Err(CliError::kept(error, &copy.keep(), &path)),
    };
    changed.changed = true;
    output.warnings(&loaded.warnings);
    output.result(&changed, || format!("changed {}\n", safe(&changed.path)))?;
    Ok(())
}

/// The commented defaults without the line that names a schema beside them, where there is none.
fn without_schema(text: &str) -> &str {
    match text.split_once('\n') {
        Some((first, rest)) if first.starts_with("#:schema") => rest,
        _ => text,
    }
}
