//! What can be said about an entry on the command line.

use clap::{Args, builder::NonEmptyStringValueParser};

/// What is said about an entry.
#[derive(Debug, Default, Args)]
pub(super) struct Details {
    /// What you are doing, in your own words
    #[arg(value_name = "TEXT", conflicts_with = "note")]
    pub(super) text: Option<String>,
    /// The project it counts for
    #[arg(short, long, value_parser = NonEmptyStringValueParser::new())]
    pub(super) project: Option<String>,
    /// The task within the project
    #[arg(short, long, value_parser = NonEmptyStringValueParser::new())]
    pub(super) task: Option<String>,
    /// The same as TEXT
    #[arg(short, long)]
    pub(super) note: Option<String>,
    /// A label; may be given several times
    #[arg(long = "tag", value_name = "TAG", value_parser = NonEmptyStringValueParser::new())]
    pub(super) tags: Vec<String>,
    /// Somebody is to be billed for it
    #[arg(short, long)]
    pub(super) billable: bool,
}

impl Details {
    /// The note, however it was written.
    pub(super) fn note(&self) -> Option<String> {
        self.text.clone().or_else(|| self.note.clone())
    }
}
