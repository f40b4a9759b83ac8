//! `stint target list`

use clap::Args;

use crate::api::TargetList;
use crate::cli::Globals;
use crate::client::{Call, Session, run};
use crate::error::CliError;
use crate::output::Output;
use crate::view::{self, Paper};

/// Show where items go, and what keeps them from there
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  stint target list\n  stint target list --json")]
pub(crate) struct List {}

impl List {
    pub(super) fn run(globals: &Globals, output: Output) -> Result<(), CliError> {
        run(async {
            let mut session = Session::begin(globals)?;
            let list: TargetList = session.call(Call::get("/api/v1/targets")).await?;
            output.result(&list, || view::target_list(&list.targets, &Paper::of(&session)))?;
            Ok(())
        })
    }
}
