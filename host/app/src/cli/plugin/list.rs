//! `stint plugin list`

use clap::Args;
use stint_engine::wiring::PluginList;

use crate::cli::Globals;
use crate::client::{Call, Session, run};
use crate::error::CliError;
use crate::output::Output;
use crate::view::{self, Paper};

/// Show the plugins in the folder, who uses them and what they may do
///
/// A running host tells what serves. Without one the files are read, and nothing of them is run.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  stint plugin list\n  stint plugin list --json | jq '.plugins[].state'")]
pub(crate) struct List {}

impl List {
    pub(super) fn run(globals: &Globals, output: Output) -> Result<(), CliError> {
        run(async {
            let mut session = Session::begin(globals)?;
            let list: PluginList = session.call(Call::get("/api/v1/plugins")).await?;
            output.result(&list, || view::plugins(&list, &Paper::of(&session)))?;
            Ok(())
        })
    }
}
