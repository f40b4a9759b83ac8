//! `stint queue show`

use clap::Args;

use crate::api::ItemView;
use crate::cli::Globals;
use crate::client::{Call, Session, run, segment};
use crate::error::CliError;
use crate::output::Output;
use crate::view::{self, Paper};

/// Show one item: what it says, and what happened to it at each target
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  stint queue show 12\n  stint queue show 01890a5d-ac96-774b-bcce-b302099a8057 --json"
)]
pub(crate) struct Show {
    /// The item: its number, as `stint queue list` shows it, or its id
    #[arg(value_name = "ID")]
    item: String,
}

impl Show {
    pub(super) fn run(self, globals: &Globals, output: Output) -> Result<(), CliError> {
        run(async {
            let mut session = Session::begin(globals)?;
            let path = format!("/api/v1/queue/{}", segment(&self.item));
            let item: ItemView = session.call(Call::get(path)).await?;
            output.result(&item, || view::item(&item, &Paper::of(&session)))?;
            Ok(())
        })
    }
}
