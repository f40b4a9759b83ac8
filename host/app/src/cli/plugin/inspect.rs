//! `stint plugin inspect FILE`

use std::path::PathBuf;

use clap::Args;

use super::render;
use crate::author;
use crate::error::CliError;
use crate::output::Output;

/// Show what a plugin is and what it asks for, without running it
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  stint plugin inspect redmine.wasm\n  stint plugin inspect redmine.wasm --json"
)]
pub(crate) struct Inspect {
    /// The plugin's file
    file: PathBuf,
}

impl Inspect {
    pub(super) fn run(self, output: Output) -> Result<(), CliError> {
        let inspected = author::inspect(&self.file)?;
        output.result(&inspected, || render::inspected(&inspected))?;
        Ok(())
    }
}
