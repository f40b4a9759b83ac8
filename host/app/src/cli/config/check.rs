//! `stint config check [FILE]`

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;
use serde_json::Value;
use stint_config::{Diagnostics, Loaded, load, safe};

use super::render::path_text;
use crate::cli::Globals;
use crate::error::CliError;
use crate::output::Output;

/// Look for mistakes, all at once, each where it is
///
/// It ends with 78 if there is one. What is merely doubtful is shown and ends with 0.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  stint config check\n  stint config check ./new.toml && mv ./new.toml ~/.config/stint/stint.toml"
)]
pub(crate) struct Check {
    /// The file to look at, with the conf.d beside it, instead of the one that counts
    #[arg(value_name = "FILE", conflicts_with = "config")]
    file: Option<PathBuf>,
}

/// What a good configuration is, in short.
#[derive(Serialize)]
struct Checked {
    version: u32,
    valid: bool,
    files: Vec<String>,
    targets: Vec<Target>,
    diagnostics: Value,
}

#[derive(Serialize)]
struct Target {
    name: String,
    plugin: String,
    enabled: bool,
}

impl Check {
    pub(super) fn run(self, globals: &Globals, output: Output) -> Result<(), CliError> {
        let request = match self.file {
            Some(file) => globals.request_for(file)?,
            None => globals.request()?,
        };
        let loaded = load(&request)?;
        let doubtful = loaded.warnings.clone().and(loaded.doubtful_places());
        output.warnings(&doubtful);
        let checked = Checked::of(&loaded, &doubtful);
        output.result(&checked, || checked.text(&doubtful))?;
        Ok(())
    }
}

impl Checked {
    fn of(loaded: &Loaded, doubtful: &Diagnostics) -> Self {
        let targets = loaded.config.targets.iter().map(|(name, target)| Target {
            name: name.to_string(),
            plugin: target.plugin.to_string(),
            enabled: target.enabled,
        });
        Self {
            version: 1,
            valid: true,
            files: loaded.files.iter().map(|file| path_text(file)).collect(),
            targets: targets.collect(),
            diagnostics: doubtful.to_json()["diagnostics"].take(),
        }
    }

    fn text(&self, warnings: &Diagnostics) -> String {
        let mut text = match warnings.iter().count() {
            0 => "valid\n".to_owned(),
            1 => "valid, 1 warning\n".to_owned(),
            count => format!("valid, {count} warnings\n"),
        };
        text.push_str("files:\n");
        for file in &self.files {
            // Writing to a text can't fail.
            let _ = writeln!(text, "  {}", safe(file));
        }
        if self.files.is_empty() {
            text.push_str("  none, all defaults\n");
        }
        text.push_str("targets:\n");
        for target in &self.targets {
            let off = if target.enabled { "" } else { ", off" };
            let _ = writeln!(text, "  {} ({}{off})", target.name, target.plugin);
        }
        if self.targets.is_empty() {
            text.push_str("  none\n");
        }
        text
    }
}
