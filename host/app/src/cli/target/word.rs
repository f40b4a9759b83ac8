//! `stint target pause|resume`

use clap::{Args, builder::NonEmptyStringValueParser};

use crate::api::TargetAnswer;
use crate::cli::Globals;
use crate::client::{Call, Session, run, segment};
use crate::error::CliError;
use crate::output::Output;
use crate::terminal::columns;
use crate::text::{Page, Tone};

/// Send nothing to a target until it is resumed
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  stint target pause work")]
pub(crate) struct Pause {
    /// The target, as the configuration names it
    #[arg(value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    name: String,
}

/// Let a target go on that was paused or is held
///
/// What it was held for may have been mended where stint can't see it: it is tried at once, and held again if not.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  stint target resume work")]
pub(crate) struct Resume {
    /// The target, as the configuration names it
    #[arg(value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    name: String,
}

impl Pause {
    pub(super) fn run(&self, globals: &Globals, output: Output) -> Result<(), CliError> {
        say(&self.name, "pause", globals, output)
    }
}

impl Resume {
    pub(super) fn run(&self, globals: &Globals, output: Output) -> Result<(), CliError> {
        say(&self.name, "resume", globals, output)
    }
}

fn say(name: &str, word: &str, globals: &Globals, output: Output) -> Result<(), CliError> {
    run(async {
        let mut session = Session::begin(globals)?;
        let path = format!("/api/v1/targets/{}/{word}", segment(name));
        let nothing = serde_json::Map::new();
        let answer: TargetAnswer = session.call(Call::post(path, &nothing)).await?;
        output.result(&answer, || {
            let mut page = Page::new(columns());
            page.say(0, Tone::Plain, &answer.message);
            page.finish()
        })?;
        if session.is_alone() {
            output.note("nothing is delivered before a host runs: stint run");
        }
        Ok(())
    })
}
