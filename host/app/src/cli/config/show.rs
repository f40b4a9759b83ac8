//! `stint config show`

use clap::Args;
use serde::Serialize;

use super::render::{SettingView, path_text, setting};
use crate::cli::Globals;
use crate::error::CliError;
use crate::output::Output;
use crate::terminal::columns;

/// Show every value that counts, defaults too
///
/// What is printed is TOML. A value that looks like a secret is masked; credentials are references and hold none.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  stint config show\n  stint config show --origin | grep sync")]
pub(crate) struct Show {
    /// Say where each value came from: a file with line and column, a variable, a flag, or the default
    #[arg(long)]
    origin: bool,
}

/// All that counts. The origins are always part of it: a program can leave them unread.
#[derive(Serialize)]
struct Shown<'s> {
    version: u32,
    files: Vec<String>,
    settings: Vec<SettingView<'s>>,
}

impl Show {
    pub(super) fn run(self, globals: &Globals, output: Output) -> Result<(), CliError> {
        let loaded = globals.load()?;
        let settings = loaded.settings();
        let shown = Shown {
            version: 1,
            files: loaded.files.iter().map(|file| path_text(file)).collect(),
            settings: settings.iter().map(SettingView::from).collect(),
        };
        let columns = columns();
        output.result(&shown, || settings.iter().map(|one| setting(one, self.origin, columns)).collect())?;
        Ok(())
    }
}
