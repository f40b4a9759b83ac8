//! `stint config path`

use clap::Args;
use serde::Serialize;
use stint_config::{Asked, Located, Places};

use super::render::{path_text, row};
use crate::cli::Globals;
use crate::error::CliError;
use crate::output::Output;
use crate::terminal::columns;

/// Show where the configuration, the data and the plugins are
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  stint config path\n  stint config path --json | jq -r .file.path")]
pub(crate) struct PathVerb {}

#[derive(Serialize)]
struct Paths {
    version: u32,
    file: Option<PathView>,
    /// What made it this file: "flag", "variable" or "default".
    named_by: Option<&'static str>,
    conf_d: Option<PathView>,
    drop_ins: Vec<String>,
    data_dir: Option<PathView>,
    plugin_dir: Option<PathView>,
}

#[derive(Serialize)]
struct PathView {
    path: String,
    exists: bool,
}

impl From<&Located> for PathView {
    fn from(located: &Located) -> Self {
        Self { path: path_text(&located.path), exists: located.exists }
    }
}

impl PathVerb {
    pub(super) fn run(globals: &Globals, output: Output) -> Result<(), CliError> {
        let paths = Paths::from(&Places::of(&globals.request()?));
        output.result(&paths, || paths.text(columns()))?;
        Ok(())
    }
}

impl From<&Places> for Paths {
    fn from(places: &Places) -> Self {
        let view = |located: &Option<Located>| located.as_ref().map(PathView::from);
        Self {
            version: 1,
            file: view(&places.file),
            named_by: places.asked.map(|asked| match asked {
                Asked::Flag | Asked::Argument => "flag",
                Asked::Variable => "variable",
                Asked::Nobody | Asked::Before => "default",
            }),
            conf_d: view(&places.conf_d),
            drop_ins: places.drop_ins.iter().map(|path| path_text(path)).collect(),
            data_dir: view(&places.data_dir),
            plugin_dir: view(&places.plugin_dir),
        }
    }
}

impl Paths {
    fn text(&self, columns: usize) -> String {
        let mut text = line("file", self.file.as_ref(), columns);
        text.push_str(&line("conf.d", self.conf_d.as_ref(), columns));
        for file in &self.drop_ins {
            text.push_str(&row("", file, columns));
        }
        text.push_str(&line("data", self.data_dir.as_ref(), columns));
        text.push_str(&line("plugins", self.plugin_dir.as_ref(), columns));
        text
    }
}

fn line(label: &str, place: Option<&PathView>, columns: usize) -> String {
    match place {
        Some(PathView { path, exists: true }) => row(label, path, columns),
        Some(PathView { path, exists: false }) => {
            let whole = row(label, &format!("{path} (not there yet)"), columns);
            if whole.lines().count() == 1 {
                whole
            } else {
                row(label, path, columns) + &row("", "(not there yet)", columns)
            }
        }
        None => row(label, "none: $HOME isn't set", columns),
    }
}
