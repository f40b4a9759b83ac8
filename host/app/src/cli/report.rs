//! `stint report`

use clap::{Args, ValueEnum};

use super::Globals;
use crate::api::ReportView;
use crate::client::{Call, Session, run};
use crate::error::CliError;
use crate::output::Output;
use crate::time::{Period, read_days};
use crate::view::{self, Paper, Shown};

/// Sum up the work by day, project, task or tag
///
/// Work over midnight counts for both days, each its part.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  stint report\n  stint report --by project --from 2026-03-01 --to 2026-03-31\n  stint report --format svg > week.svg"
)]
pub(crate) struct Report {
    /// The first day: today, yesterday, monday, 2026-03-02 [default: the Monday before the last one]
    #[arg(long, value_name = "DAY")]
    from: Option<String>,
    /// The last day [default: today]
    #[arg(long, value_name = "DAY")]
    to: Option<String>,
    /// What the lines have in common
    #[arg(long, value_name = "WHAT", default_value = "day")]
    by: By,
    /// How it is written [default: table]
    #[arg(long, value_name = "FORMAT")]
    format: Option<Format>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum By {
    Day,
    Project,
    Task,
    Tag,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For a terminal, with bars
    Table,
    /// For programs
    Json,
    /// For spreadsheets; no name in it can act as a formula
    Csv,
    /// A picture
    Svg,
}

impl Report {
    pub(super) fn run(self, globals: &Globals, output: Output) -> Result<(), CliError> {
        let format = self.format(output)?;
        run(async {
            let mut session = Session::begin(globals)?;
            let (from, to) = (self.from.as_deref(), self.to.as_deref());
            let days = read_days(from, to, Period::Week, session.now(), session.zone())?;
            let by = match self.by {
                By::Day => "day",
                By::Project => "project",
                By::Task => "task",
                By::Tag => "tag",
            };
            let call = Call::get("/api/v1/report")
                .asking("from", Some(days.first))
                .asking("to", Some(days.next()))
                .asking("by", Some(by))
                .asking("zone", Some(session.zone().name()));
            let report: ReportView = session.call(call).await?;
            let shown = Shown { report: &report, days };
            let output = Output { json: format == Format::Json, ..output };
            output.result(&report, || match format {
                Format::Csv => view::csv(&shown),
                Format::Svg => view::svg(&shown),
                Format::Table | Format::Json => view::table(&shown, &Paper::of(&session)),
            })?;
            Ok(())
        })
    }

    /// The one form that was asked for. `--json` is the same as `--format json`.
    fn format(&self, output: Output) -> Result<Format, CliError> {
        match (self.format, output.json) {
            (None | Some(Format::Json), true) => Ok(Format::Json),
            (Some(_), true) => Err(CliError::usage(
                "print JSON in another format at once",
                "leave out `--json`, or write `--format json`",
            )),
            (format, false) => Ok(format.unwrap_or(Format::Table)),
        }
    }
}
