//! Whether settings fit a plugin: held against its schema, and shown to its own `check`. What was found once for a
//! version and its settings stays true, so it is asked once.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use serde_json::Value;
use stint_config::{Config, Loaded, Style};
use stint_plugin_runtime::{
    CallError, Limits, Plugin, Surroundings,
    grants::{Allowed, Grants},
    manifest::Kind,
    services::{Clock, MemoryState, NoCredentials, NoNetwork},
};

use super::{allowed::limits, users::User};

/// How many answers are remembered: far more than any configuration asks for.
const REMEMBERED_MAX: usize = 1024;
/// How many complaints about somebody's settings are told, and how many letters of each.
const COMPLAINTS_MAX: usize = 10;
const COMPLAINT_LETTERS_MAX: usize = 300;
/// Looking at settings takes microseconds. Whoever takes longer than this keeps everything else waiting.
const CPU_MAX: Duration = Duration::from_secs(1);
const CALL_MAX: Duration = Duration::from_secs(3);

/// Whether settings fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fit {
    /// They do.
    Fits,
    /// These places of them don't.
    Complaints(Vec<Complaint>),
    /// The plugin isn't what is wanted here, or could not even look at them.
    Unable(String),
}

/// Something wrong in the settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Complaint {
    /// Where, as a JSON pointer.
    path: String,
    message: String,
    hint: Option<String>,
}

/// Asks plugins about settings, and remembers their answers.
pub(super) struct Checks {
    known: Mutex<HashMap<Question, Fit>>,
    clock: Arc<dyn Clock>,
}

/// Which version, as what, about which settings, with how much memory.
type Question = (String, Kind, String, usize);

impl Checks {
    pub(super) fn new(clock: Arc<dyn Clock>) -> Self {
        Self { known: Mutex::default(), clock }
    }

    /// Whether the settings of a user fit.
    pub(super) async fn fit(&self, config: &Config, plugin: &Plugin, user: &User<'_>) -> Fit {
        let kind = user.kind();
        let manifest = plugin.manifest();
        if !manifest.kinds.contains(&kind) {
            let kinds: Vec<&str> = manifest.kinds.iter().map(|kind| kind.word()).collect();
            return Fit::Unable(format!(
                "the plugin `{}` is a {}, and [{}] needs a {kind}; name another plugin there",
                manifest.name,
                kinds.join(" and a "),
                user.place()
            ));
        }
        let settings = user.settings.to_value();
        let limits = Limits { cpu: CPU_MAX, call: CALL_MAX, ..limits(config, &manifest.name) };
        let question = (plugin.sha256().to_owned(), kind, settings.to_string(), limits.memory_bytes);
        if let Some(known) = self.known.lock().unwrap_or_else(PoisonError::into_inner).get(&question) {
            return known.clone();
        }
        let (fit, lasting) = self.ask(plugin, kind, &settings, limits).await;
        if lasting {
            let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            if known.len() >= REMEMBERED_MAX {
                known.clear();
            }
            known.insert(question, fit.clone());
        }
        fit
    }

    /// Asks, and says whether the answer is one for good.
    async fn ask(&self, plugin: &Plugin, kind: Kind, settings: &Value, limits: Limits) -> (Fit, bool) {
        let problems = plugin.manifest().check_settings(settings);
        if !problems.is_empty() {
            let said = problems.into_iter().map(|problem| (problem.path, problem.message, problem.hint));
            return (Fit::Complaints(worth_reading(said)), true);
        }
        match plugin.check(kind, self.around(plugin, settings, limits), settings.to_string()).await {
            Ok(answered) if answered.answer.is_empty() => (Fit::Fits, true),
            Ok(answered) => {
                let said = answered.answer.into_iter();
                let said = said.map(|problem| (problem.path, problem.message, problem.hint));
                (Fit::Complaints(worth_reading(said)), true)
            }
            Err(failed) => {
                let lasting = failed.error.is_plugins_fault();
                // Memory is the operator's to give.
                let wants_memory = matches!(failed.error, CallError::OutOfMemory { .. });
                let whose = if wants_memory { "" } else { ", so it is its author's to mend" };
                let text = format!("{failed}; that happened when it was shown its settings{whose}");
                (Fit::Unable(text), lasting)
            }
        }
    }

    /// What a plugin is given to look at settings: its own schema was kept, and nothing else is there.
    fn around(&self, plugin: &Plugin, settings: &Value, limits: Limits) -> Surroundings {
        Surroundings {
            settings: settings.to_string().into(),
            grants: Arc::new(Grants::new(plugin.manifest(), settings, Allowed::default())),
            limits: Arc::new(limits),
            clock: Arc::clone(&self.clock),
            state: Arc::new(MemoryState::default()),
            broker: Arc::new(NoNetwork),
            credentials: Arc::new(NoCredentials),
            folder: None,
        }
    }
}

/// The complaints that a person reads: each once, the first few, and as much of each as says what is wrong. Schema and
/// plugin choose their words, and these stand in every status.
fn worth_reading(said: impl Iterator<Item = (String, String, Option<String>)>) -> Vec<Complaint> {
    let mut complaints: Vec<Complaint> = Vec::new();
    for (path, message, hint) in said {
        let (message, hint) = (cut(&message), hint.as_deref().map(cut));
        let complaint = Complaint { path: cut(&path), message, hint };
        if !complaints.contains(&complaint) {
            complaints.push(complaint);
        }
    }
    let more = complaints.len().saturating_sub(COMPLAINTS_MAX);
    complaints.truncate(COMPLAINTS_MAX);
    if more > 0 {
        let message = format!("and {more} more that don't fit; mend these first");
        complaints.push(Complaint { path: String::new(), message, hint: None });
    }
    complaints
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(COMPLAINT_LETTERS_MAX) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

impl Fit {
    /// What is wrong, in one line.
    pub(super) fn in_a_line(&self, loaded: &Loaded, user: &User<'_>) -> Option<String> {
        let line = |complaint: &Complaint| {
            let hint = complaint.hint.as_deref();
            let summary = loaded.underline(user.owner, &complaint.path, &complaint.message, hint).summary();
            hint.map_or_else(|| summary.clone(), |hint| format!("{summary} ({hint})"))
        };
        match self {
            Self::Fits => None,
            Self::Complaints(all) => Some(all.iter().map(line).collect::<Vec<_>>().join("; ")),
            Self::Unable(why) => Some(why.clone()),
        }
    }

    /// What is wrong, underlined in the user's own file.
    pub(super) fn underlined(&self, loaded: &Loaded, user: &User<'_>) -> Option<String> {
        let drawn = |complaint: &Complaint| {
            let hint = complaint.hint.as_deref();
            loaded.underline(user.owner, &complaint.path, &complaint.message, hint).render(&Style::default())
        };
        match self {
            Self::Fits => None,
            Self::Complaints(all) => {
                let drawn: String = all.iter().map(drawn).collect();
                let (place, plugin) = (user.place(), user.plugin);
                Some(format!(
                    "the settings of [{place}] don't fit the plugin `{plugin}`\n{}",
                    drawn.trim_end()
                ))
            }
            Self::Unable(why) => Some(why.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn complaints_are_told_once_and_no_more_than_a_person_reads() {
        let said = |number: usize| ("/url".to_owned(), format!("wrong {number}"), Some("x".repeat(1_000)));
        let all = worth_reading((0..30).map(|number| said(number / 2)));
        assert_eq!(all.len(), COMPLAINTS_MAX + 1);
        assert_eq!((all[0].path.as_str(), all[1].message.as_str()), ("/url", "wrong 1"));
        assert_eq!(all[0].hint.as_ref().map(|hint| hint.chars().count()), Some(COMPLAINT_LETTERS_MAX + 1));
        assert_eq!(all[COMPLAINTS_MAX].message, "and 5 more that don't fit; mend these first");
        assert_eq!(worth_reading((0..10).map(said)).len(), 10);
    }
}
