//! `stint capture list`

use clap::Args;

use crate::api::{ScreenshotList, ScreenshotView};
use crate::cli::Globals;
use crate::client::{Call, Session, run};
use crate::error::CliError;
use crate::output::Output;
use crate::terminal::columns;
use crate::text::{Page, Row, Table, Tone};
use crate::time::{Zone, day_and_clock};

/// What the API gives at once at most.
const LIMIT_MAX: i64 = 1_000;

/// Show the screenshots that are kept here, the newest first
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  stint capture list\n  stint capture list --limit 5 --json")]
pub(crate) struct List {
    /// How many at most
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=LIMIT_MAX))]
    limit: u32,
}

impl List {
    pub(super) fn run(self, globals: &Globals, output: Output) -> Result<(), CliError> {
        run(async {
            let mut session = Session::begin(globals)?;
            let call = Call::get("/api/v1/screenshots").asking("limit", Some(self.limit));
            let list: ScreenshotList = session.call(call).await?;
            output.result(&list, || shown(&list, session.zone()))?;
            Ok(())
        })
    }
}

fn shown(list: &ScreenshotList, zone: &Zone) -> String {
    if list.screenshots.is_empty() {
        return "no screenshots are kept here\n".to_owned();
    }
    let mut page = Page::new(columns());
    let mut table = Table::new(&["NUMBER", "TAKEN", "SCREEN", "SIZE", "WAITS", "SENT"]);
    for shot in &list.screenshots {
        table.push(Row { cells: cells(shot, zone), notes: notes(shot) });
    }
    table.write(&mut page);
    page.finish()
}

fn cells(shot: &ScreenshotView, zone: &Zone) -> Vec<String> {
    vec![
        format!("#{}", shot.number),
        day_and_clock(shot.taken_at.0, zone),
        shot.monitor.clone(),
        format!("{}x{}, {} KiB", shot.width, shot.height, shot.size.div_ceil(1_024)),
        shot.pending.to_string(),
        shot.sent.to_string(),
    ]
}

fn notes(shot: &ScreenshotView) -> Vec<(Tone, String)> {
    let words: Vec<&str> = shot.treated.iter().map(|treatment| treatment.word()).collect();
    if words.is_empty() { Vec::new() } else { vec![(Tone::Faint, words.join(", "))] }
}
