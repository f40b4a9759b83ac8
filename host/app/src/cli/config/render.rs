//! How paths and settings look. None is ever cut, however narrow the terminal is: they are copied from here.

use std::path::Path;

use serde::Serialize;
use serde_json::Value;
use stint_config::{Setting, safe};
use unicode_width::UnicodeWidthStr as _;

/// A setting in JSON.
#[derive(Serialize)]
pub(super) struct SettingView<'s> {
    key: &'s str,
    value: &'s Value,
    origin: Value,
}

impl<'s> From<&'s Setting> for SettingView<'s> {
    fn from(setting: &'s Setting) -> Self {
        Self { key: &setting.key, value: &setting.json, origin: setting.origin.to_json() }
    }
}

/// A path in JSON and in text.
pub(in crate::cli) fn path_text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// A setting as a line of TOML; its origin is a comment behind it, or above it where there is no room.
pub(super) fn setting(setting: &Setting, with_origin: bool, columns: usize) -> String {
    let line = format!("{} = {}", setting.key, setting.value);
    if !with_origin {
        return format!("{line}\n");
    }
    let comment = format!("# {}", safe(&setting.origin.to_string()));
    if line.width() + 2 + comment.width() <= columns {
        format!("{line}  {comment}\n")
    } else {
        format!("{comment}\n{line}\n")
    }
}

/// A label and what it stands for, below it where there is no room beside it.
pub(super) fn row(label: &str, value: &str, columns: usize) -> String {
    const LABEL: usize = 11;
    let value = safe(value);
    if label.is_empty() && LABEL + value.width() > columns {
        format!("  {value}\n")
    } else if LABEL + value.width() <= columns {
        format!("{label:<LABEL$}{value}\n")
    } else {
        format!("{label}\n  {value}\n")
    }
}
