//! `stint queue …`

mod backfill;
mod change;
mod drop;
mod export;
mod list;
mod retry;
mod show;
mod transfer;

use clap::Subcommand;

use super::Globals;
use crate::error::CliError;
use crate::output::Output;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    List(list::List),
    Show(show::Show),
    Retry(retry::Retry),
    Drop(drop::Drop),
    Move(transfer::Transfer),
    Backfill(backfill::Backfill),
    Export(export::Export),
}

impl Command {
    pub(super) fn run(self, globals: &Globals, output: Output) -> Result<(), CliError> {
        match self {
            Self::List(list) => list.run(globals, output),
            Self::Show(show) => show.run(globals, output),
            Self::Retry(retry) => retry.run(globals, output),
            Self::Drop(drop) => drop.run(globals, output),
            Self::Move(transfer) => transfer.run(globals, output),
            Self::Backfill(backfill) => backfill.run(globals, output),
            Self::Export(export) => export.run(globals, output),
        }
    }
}
