//! `stint edit`

use clap::{ArgGroup, Args, builder::NonEmptyStringValueParser};
use stint_engine::When;

use super::tell;
use crate::api::EditEntry;
use crate::cli::Globals;
use crate::client::{Call, Session, run, segment};
use crate::error::CliError;
use crate::output::Output;
use crate::time::read_time;

/// Change an entry
///
/// What isn't named stays as it is; an empty text takes a project, task or note out.
#[derive(Debug, Args)]
#[command(
    group = ArgGroup::new("change").required(true).multiple(true)
        .args(["project", "task", "note", "tags", "no_tags", "billable", "not_billable", "start", "end"]),
    after_help = "Examples:\n  stint edit 3f9a --project Website --start 9:05\n  stint edit 3f9a --note \"\" --no-tags"
)]
pub(crate) struct Edit {
    /// The entry: its id, or the end of it, as `stint log` shows it
    #[arg(value_name = "ID", value_parser = NonEmptyStringValueParser::new())]
    entry: String,
    /// Another project
    #[arg(short, long)]
    project: Option<String>,
    /// Another task
    #[arg(short, long)]
    task: Option<String>,
    /// Another note
    #[arg(short, long)]
    note: Option<String>,
    /// Other labels in place of those it has; may be given several times
    #[arg(long = "tag", value_name = "TAG", value_parser = NonEmptyStringValueParser::new())]
    tags: Vec<String>,
    /// No labels
    #[arg(long, conflicts_with = "tags")]
    no_tags: bool,
    /// Somebody is to be billed for it
    #[arg(short, long)]
    billable: bool,
    /// Nobody is to be billed for it
    #[arg(long, conflicts_with = "billable")]
    not_billable: bool,
    /// Another start
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    start: Option<String>,
    /// Another end
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    end: Option<String>,
}

impl Edit {
    pub(in crate::cli) fn run(self, globals: &Globals, output: Output) -> Result<(), CliError> {
        run(async {
            let mut session = Session::begin(globals)?;
            let edit = self.change(&session)?;
            let path = format!("/api/v1/entries/{}", segment(&self.entry));
            let answered = session.call(Call::patch(path, &edit)).await?;
            tell(&session, &answered, output)
        })
    }

    fn change(&self, session: &Session) -> Result<EditEntry, CliError> {
        let time = |text: &Option<String>| {
            let read = |text: &String| read_time(text, session.now(), session.zone()).map(When);
            text.as_ref().map(read).transpose()
        };
        let text =
            |text: &Option<String>| text.clone().map(|text| Some(text).filter(|text| !text.is_empty()));
        Ok(EditEntry {
            command_id: Some(session.command_id()?),
            project: text(&self.project),
            task: text(&self.task),
            note: text(&self.note),
            tags: (self.no_tags || !self.tags.is_empty()).then(|| self.tags.clone()),
            billable: (self.billable || self.not_billable).then_some(self.billable),
            start: time(&self.start)?,
            end: time(&self.end)?,
        })
    }
}
