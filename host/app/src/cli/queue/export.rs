//! `stint queue export`

use std::{
    fs::OpenOptions,
    io::{self, BufWriter, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

use clap::Args;
use serde::Serialize;

use super::list::State;
use crate::api::DeliveryList;
use crate::cli::Globals;
use crate::client::{Call, Session, run};
use crate::error::CliError;
use crate::output::Output;

/// How many deliveries are asked for at once.
const PAGE: usize = 1_000;

/// Write deliveries to a file, a line of JSON for each
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  stint queue export failed.jsonl --state failed\n  stint queue export - --target work | head"
)]
pub(crate) struct Export {
    /// The file, which must not be there yet; `-` is the standard output
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Only these
    #[arg(long)]
    state: Option<State>,
    /// Only those of this target
    #[arg(long, value_name = "NAME")]
    target: Option<String>,
}

/// What was written.
#[derive(Serialize)]
struct Exported {
    version: u32,
    items: usize,
    file: String,
}

impl Export {
    pub(super) fn run(self, globals: &Globals, output: Output) -> Result<(), CliError> {
        run(async {
            let mut session = Session::begin(globals)?;
            let first = self.page(&mut session, None).await?;
            if self.file == Path::new("-") {
                return self.write(&mut session, first, io::stdout().lock()).await.map(drop);
            }
            let unmade = |error: io::Error| CliError::no_export(&self.file, &error);
            let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&self.file);
            let items = self.write(&mut session, first, file.map_err(unmade)?).await?;
            let file = self.file.display().to_string();
            let exported = Exported { version: 1, items, file };
            output.result(&exported, || format!("{items} deliveries written to {}\n", exported.file))?;
            Ok(())
        })
    }

    async fn page(&self, session: &mut Session, after: Option<String>) -> Result<DeliveryList, CliError> {
        let call = Call::get("/api/v1/queue")
            .asking("state", self.state.map(State::word))
            .asking("target", self.target.clone())
            .asking("after", after)
            .asking("limit", Some(PAGE));
        session.call(call).await
    }

    async fn write(
        &self,
        session: &mut Session,
        first: DeliveryList,
        file: impl io::Write,
    ) -> Result<usize, CliError> {
        let mut file = BufWriter::new(file);
        let (mut list, mut items) = (first, 0);
        loop {
            for delivery in &list.items {
                let line = serde_json::to_string(delivery).unwrap_or_default();
                writeln!(file, "{line}").map_err(|error| CliError::no_export(&self.file, &error))?;
            }
            items += list.items.len();
            match list.next {
                Some(next) => list = self.page(session, Some(next)).await?,
                None => break,
            }
        }
        file.flush().map_err(|error| CliError::no_export(&self.file, &error))?;
        Ok(items)
    }
}
