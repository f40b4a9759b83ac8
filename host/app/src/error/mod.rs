//! The edge error: the only place that knows which failure ends the program with which code, and what to try next.
//! The modules below say what happened; nothing above this prints anything else.

mod auth;
mod author;
mod capture;
mod client;
mod config;
mod doctor;
mod import;
mod manual;
mod service;

use serde::{Serialize, Serializer};
use stint_config::Diagnostics;

use crate::exit::{self, Exit};

/// A failure as a person and a script see it. As JSON its shape is version 1.
#[derive(Debug, Serialize)]
pub(crate) struct CliError {
    version: u32,
    exit: Exit,
    #[serde(rename = "error")]
    message: String,
    hint: Option<String>,
    /// What is wrong with the configuration, where that is the failure.
    #[serde(skip_serializing_if = "Mistakes::is_empty")]
    diagnostics: Mistakes,
}

impl CliError {
    fn new(exit: Exit, error: &dyn std::fmt::Display, hint: Option<&str>) -> Self {
        Self {
            version: 1,
            exit,
            message: format!("failed to {error}"),
            hint: hint.map(str::to_owned),
            diagnostics: Mistakes::default(),
        }
    }

    /// The same error with something to try next.
    fn hinting(self, hint: String) -> Self {
        Self { hint: Some(hint), ..self }
    }

    /// Two things were asked for that don't go together.
    pub(crate) fn usage(what: &str, hint: &str) -> Self {
        Self::new(exit::USAGE, &what, Some(hint))
    }

    /// The command line could not be understood.
    pub(crate) fn of_command_line(error: &clap::Error) -> Self {
        let text = error.render().to_string();
        let mut parts = text.trim().split("\n\n");
        let what = parts.next().unwrap_or_default();
        let what = what.strip_prefix("error: ").unwrap_or(what);
        let rest: Vec<&str> = parts.map(str::trim).collect();
        let hint = Some(rest.join("; ")).filter(|hint| !hint.is_empty());
        Self::new(exit::USAGE, &format!("understand the command line: {what}"), hint.as_deref())
    }

    /// What the program ends with.
    pub(crate) fn exit(&self) -> Exit {
        self.exit
    }

    /// What happened.
    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    /// What to try next.
    pub(crate) fn hint(&self) -> Option<&str> {
        self.hint.as_deref()
    }

    /// What is wrong with the configuration, to be shown before the message.
    pub(crate) fn diagnostics(&self) -> Option<&Diagnostics> {
        self.diagnostics.0.as_ref()
    }

    /// The current folder was removed, or may not be looked at.
    pub(crate) fn no_current_folder(source: &std::io::Error) -> Self {
        Self::new(
            exit::UNAVAILABLE,
            &format!("find the current folder: {source}"),
            Some("go to another folder and try again"),
        )
    }
}

/// What is wrong with the configuration, as a list in JSON.
#[derive(Debug, Default)]
struct Mistakes(Option<Diagnostics>);

impl Mistakes {
    fn is_empty(&self) -> bool {
        self.0.is_none()
    }
}

impl Serialize for Mistakes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let list = self.0.as_ref().map(|found| found.to_json()["diagnostics"].take());
        list.serialize(serializer)
    }
}

impl From<std::io::Error> for CliError {
    fn from(error: std::io::Error) -> Self {
        Self::new(exit::CANT_CREATE, &format!("write the answer: {error}"), None)
    }
}
