//! `stint import`: reads the old program's queue row by row, and hands it on in batches of bounded size. The file
//! itself is never changed, so that whatever happens on the way, the same command can be given again.

mod batch;
mod progress;
mod summary;

use std::path::PathBuf;

use clap::Args;
use stint_domain::import::Import as Imported;
use stint_engine::import::{Converter, Left};
use stint_store::legacy::{Legacy, LegacyRow, Unreadable};

use self::{batch::Batch, progress::Progress, summary::Summary};
use super::Globals;
use crate::client::{Session, run};
use crate::error::CliError;
use crate::output::Output;

/// Take over what an older tracker had in its queue
///
/// Reads the table `sync_queue` of the old program's database. What was pending there is pending here, what had failed
/// has failed here and can be retried. Tokens are taken out. The file is only read. End the old program first:
/// what it delivers after this has read it would be delivered twice.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  stint import ~/.local/share/tracker/tracker.db\n  stint import old.db --target work\n\nGiven again, it adds nothing. It ends with 65 where rows had to be left; all others are imported."
)]
pub(super) struct Import {
    /// The old program's database
    #[arg(value_name = "LEGACY.db")]
    file: PathBuf,
    /// Import for this target alone [default: for all that accept time entries or screenshots]
    #[arg(long, value_name = "NAME")]
    target: Option<String>,
    /// Import what had been sent too, as sent
    #[arg(long)]
    sent: bool,
}

impl Import {
    pub(super) fn run(self, globals: &Globals, output: Output) -> Result<(), CliError> {
        run(async {
            let legacy = Legacy::open(&self.file)?;
            let mut session = Session::begin(globals)?;
            // Whether there is anybody to import for, before anything is read.
            let mut batch = Batch::new(self.target);
            batch.send(&mut session).await?;
            let mut summary = Summary::default();
            let read = read(&legacy, self.sent, &mut session, batch, &mut summary, output).await;
            summary.sort();
            output.result(&summary, || summary.to_string())?;
            if summary.has_new() && session.is_alone() {
                output.note("no host is running; what came in is delivered once `stint run` does");
            }
            read?;
            match summary.rows_left() {
                0 => Ok(()),
                left => Err(CliError::rows_left(left, summary.rows())),
            }
        })
    }
}

/// Reads all rows and hands them on. What came in before an error is in the summary.
async fn read(
    legacy: &Legacy,
    with_sent: bool,
    session: &mut Session,
    mut batch: Batch,
    summary: &mut Summary,
    output: Output,
) -> Result<(), CliError> {
    let zone = session.zone().name().to_owned();
    let mut converter = Converter::new(session.origin(Imported::INSTALLATION), zone, with_sent);
    let mut progress = Progress::new(legacy.len()?, session.uptime(), output);
    for row in legacy.rows() {
        let (number, row) = match row {
            Ok(row) => row,
            Err(error) => {
                summary.add(batch.send(session).await?);
                return Err(error.into());
            }
        };
        summary.count();
        let bytes = row.as_ref().map_or(0, |row| row.payload.len());
        match convert(&mut converter, row) {
            Ok(Some(converted)) => {
                if !batch.has_room_for(bytes) {
                    summary.add(batch.send(session).await?);
                }
                batch.push(number, bytes, converted);
            }
            Ok(None) => summary.skip(),
            Err(left) => summary.leave(number, left.to_string()),
        }
        progress.step(session);
    }
    summary.add(batch.send(session).await?);
    Ok(())
}

fn convert(
    converter: &mut Converter,
    row: Result<LegacyRow, Unreadable>,
) -> Result<Option<stint_engine::import::Converted>, Left> {
    converter.convert(row?)
}
