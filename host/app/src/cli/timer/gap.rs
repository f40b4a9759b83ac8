//! `stint gap list|keep|drop`

use clap::{Args, Subcommand, builder::NonEmptyStringValueParser};
use stint_engine::When;

use super::tell;
use crate::api::{GapList, GapView, SetGap};
use crate::cli::Globals;
use crate::client::{Call, Session, run, segment};
use crate::error::CliError;
use crate::output::Output;
use crate::terminal::columns;
use crate::text::{Page, Tone};
use crate::time::{Zone, clock, date, length, read_time};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    List(List),
    Keep(Keep),
    Drop(Drop),
}

/// Show the stretches in question, the latest first
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  stint gap list\n  stint gap list --from yesterday --json")]
pub(crate) struct List {
    /// From when on [default: seven days ago]
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    from: Option<String>,
    /// Until when
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    to: Option<String>,
}

/// Count a gap as work
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  stint gap keep 3f9a")]
pub(crate) struct Keep {
    /// The gap: its id, or the end of it, as `stint gap list` shows it
    #[arg(value_name = "ID", value_parser = NonEmptyStringValueParser::new())]
    gap: String,
}

/// Don't count a gap as work
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  stint gap drop 3f9a")]
pub(crate) struct Drop {
    /// The gap: its id, or the end of it, as `stint gap list` shows it
    #[arg(value_name = "ID", value_parser = NonEmptyStringValueParser::new())]
    gap: String,
}

impl Command {
    pub(in crate::cli) fn run(self, globals: &Globals, output: Output) -> Result<(), CliError> {
        match self {
            Self::List(list) => list.run(globals, output),
            Self::Keep(Keep { gap }) => set(&gap, true, globals, output),
            Self::Drop(Drop { gap }) => set(&gap, false, globals, output),
        }
    }
}

impl List {
    fn run(self, globals: &Globals, output: Output) -> Result<(), CliError> {
        run(async {
            let mut session = Session::begin(globals)?;
            let read = |text: &str| read_time(text, session.now(), session.zone());
            let from = read(self.from.as_deref().unwrap_or("168h"))?;
            let to = self.to.as_deref().map(read).transpose()?;
            let call = Call::get("/api/v1/gaps").asking("from", Some(When(from))).asking("to", to.map(When));
            let list: GapList = session.call(call).await?;
            output.result(&list, || shown(&list, session.zone()))?;
            Ok(())
        })
    }
}

fn set(gap: &str, kept: bool, globals: &Globals, output: Output) -> Result<(), CliError> {
    run(async {
        let mut session = Session::begin(globals)?;
        let call = SetGap { command_id: Some(session.command_id()?), kept };
        let path = format!("/api/v1/gaps/{}", segment(gap));
        let answered = session.call(Call::patch(path, &call)).await?;
        tell(&session, &answered, output)
    })
}

fn shown(list: &GapList, zone: &Zone) -> String {
    if list.gaps.is_empty() {
        return "no gaps\n".to_owned();
    }
    let mut page = Page::new(columns());
    for gap in &list.gaps {
        page.say(0, Tone::Plain, &line(gap, zone));
    }
    page.finish()
}

fn line(gap: &GapView, zone: &Zone) -> String {
    let (id, counts) = (gap.id.to_string(), if gap.kept { "counts" } else { "doesn't count" });
    format!(
        "{} {} {}-{} {} {}, {counts}",
        &id[id.len() - 8..],
        date(gap.start.0, zone),
        clock(gap.start.0, zone),
        clock(gap.end.0, zone),
        length(gap.length_ms),
        gap.kind.word(),
    )
}
