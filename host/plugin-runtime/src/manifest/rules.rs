//! What a manifest must be beyond its shape. All problems are reported at once, each with its place and remedy.
//!
//! Texts end up on operators' terminals, so none of them may hold a control character.

use serde_json::Value;

use super::error::{ManifestError, Problem};
use super::model::{Kind, Manifest};
use crate::grants::HostPattern;
use crate::{schema, words};

const NAME_LENGTH_MAX: usize = 64;
const TEXT_LENGTH_MAX: usize = 600;
const VERSION_LENGTH_MAX: usize = 64;
const BATCH_MAX: u32 = 1000;
const ITEM_KINDS: [&str; 3] = ["time-entry", "screenshot", "activity"];
const METHODS: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

impl Manifest {
    /// What in a user's settings doesn't fit the schema; nothing if they fit. A plugin without a schema takes no
    /// settings at all.
    pub fn check_settings(&self, settings: &Value) -> Vec<Problem> {
        match &self.settings_schema {
            Some(schema) => schema::check_value(schema, settings),
            None => match settings.as_object() {
                Some(none) if none.is_empty() => Vec::new(),
                _ => vec![Problem::new("", "this plugin takes no settings", "take them out")],
            },
        }
    }

    /// The manifest, if it keeps the rules.
    pub(super) fn checked(self) -> Result<Self, ManifestError> {
        let mut problems = Vec::new();
        self.check_identity(&mut problems);
        self.check_kinds(&mut problems);
        self.check_target(&mut problems);
        self.check_hosts(&mut problems);
        self.check_other_asks(&mut problems);
        if let Some(schema) = &self.settings_schema {
            problems.extend(
                schema::check_schema(schema)
                    .into_iter()
                    .map(|problem| Problem { path: format!("/settings_schema{}", problem.path), ..problem }),
            );
        }
        if problems.is_empty() { Ok(self) } else { Err(ManifestError::Rules { problems }) }
    }

    fn check_identity(&self, problems: &mut Vec<Problem>) {
        if !is_name(&self.name) {
            problems.push(Problem::new(
                "/name",
                format!("`{}` is no name for a plugin", self.name.escape_debug()),
                format!("small letters, digits and `-`, a letter first, at most {NAME_LENGTH_MAX}"),
            ));
        }
        for (path, version) in [("/version", &self.version), ("/contract", &self.contract)] {
            let length = version.to_string().len();
            if length > VERSION_LENGTH_MAX {
                let message = format!("{length} characters are too many");
                problems.push(Problem::new(path, message, format!("at most {VERSION_LENGTH_MAX}")));
            }
        }
        check_text("/description", &self.description, problems);
        check_text("/licence", &self.licence, problems);
    }

    fn check_kinds(&self, problems: &mut Vec<Problem>) {
        let mut seen = self.kinds.clone();
        seen.sort_unstable();
        seen.dedup();
        if self.kinds.is_empty() || seen.len() != self.kinds.len() {
            problems.push(Problem::new(
                "/kinds",
                "a plugin is of at least one kind, and names each once",
                "for example kinds = [\"target\"]",
            ));
        }
    }

    fn check_target(&self, problems: &mut Vec<Problem>) {
        let is_target = self.kinds.contains(&Kind::Target);
        let Some(target) = &self.target else {
            if is_target {
                problems.push(Problem::new(
                    "/target",
                    "a target has to say how it delivers",
                    "add [target] with idempotency, ordering and accepts",
                ));
            }
            return;
        };
        if !is_target {
            problems.push(Problem::new(
                "/target",
                "only a target delivers",
                "take [target] out, or add \"target\" to kinds",
            ));
        }
        if !(1..=BATCH_MAX).contains(&target.max_batch) {
            problems.push(Problem::new(
                "/target/max_batch",
                format!("{} items in a call is not possible", target.max_batch),
                format!("1 to {BATCH_MAX}"),
            ));
        }
        if target.max_in_flight == Some(0) {
            problems.push(Problem::new(
                "/target/max_in_flight",
                "a target without any call delivers nothing",
                "1 or more, or take it out",
            ));
        }
        if target.accepts.is_empty() {
            problems.push(Problem::new(
                "/target/accepts",
                "a target that accepts nothing gets nothing",
                format!("name kinds of items: {}", ITEM_KINDS.join(", ")),
            ));
        }
        for (index, kind) in target.accepts.iter().enumerate() {
            let hint = match meant_kind(kind) {
                _ if !is_name(kind) => words::suggestion(kind, &ITEM_KINDS),
                Some(meant) => format!("did you mean `{meant}`? A custom kind needs a name of its own"),
                None => continue,
            };
            let path = format!("/target/accepts/{index}");
            problems.push(Problem::new(path, format!("`{}` is no kind of item", kind.escape_debug()), hint));
        }
    }

    fn check_hosts(&self, problems: &mut Vec<Problem>) {
        self.only_target("hosts", !self.asks.hosts.is_empty(), "the network", problems);
        for (index, asked) in self.asks.hosts.iter().enumerate() {
            let path = format!("/asks/hosts/{index}");
            check_text(&format!("{path}/reason"), &asked.reason, problems);
            match (&asked.host, &asked.setting) {
                (Some(host), None) => {
                    if let Err(error) = HostPattern::parse(host) {
                        problems.push(Problem::new(format!("{path}/host"), error.message, error.hint));
                    }
                }
                (None, Some(pointer)) if pointer.starts_with('/') => {
                    let path = format!("{path}/setting");
                    check_text(&path, pointer, problems);
                    problems.extend(self.no_such_setting(path, pointer));
                }
                (None, Some(pointer)) => problems.push(Problem::new(
                    format!("{path}/setting"),
                    format!("`{}` is no JSON pointer", pointer.escape_debug()),
                    "for example setting = \"/url\"",
                )),
                _ => problems.push(Problem::new(
                    path.clone(),
                    "a host is asked for by its name or by a setting that holds it",
                    "write either host = \"https://…\" or setting = \"/url\"",
                )),
            }
            if asked.methods.is_empty() {
                problems.push(Problem::new(
                    format!("{path}/methods"),
                    "no method is asked for",
                    "for example methods = [\"POST\"]",
                ));
            }
            for method in asked.methods.iter().filter(|method| !is_method(method)) {
                problems.push(Problem::new(
                    format!("{path}/methods"),
                    format!("`{}` is no method", method.escape_debug()),
                    words::suggestion(&method.to_ascii_uppercase(), &METHODS),
                ));
            }
        }
    }

    /// A setting that nobody can write gives the plugin no host.
    fn no_such_setting(&self, path: String, pointer: &str) -> Option<Problem> {
        let Some(schema) = &self.settings_schema else {
            let message = "a plugin without settings_schema takes no settings";
            return Some(Problem::new(path, message, "add settings_schema, or write host = \"https://…\""));
        };
        if schema::may_have_text(schema, pointer) {
            return None;
        }
        let properties = schema.get("properties").and_then(Value::as_object);
        // A hostile schema may have thousands.
        let known: Vec<String> = properties
            .into_iter()
            .flat_map(|known| known.keys())
            .take(100)
            .map(|name| format!("/{name}"))
            .collect();
        let hint = match words::nearest(pointer, known.iter().map(String::as_str)) {
            Some(meant) if meant != pointer => format!("did you mean `{meant}`?"),
            _ => "name a setting that settings_schema has as a text".to_owned(),
        };
        let message = format!("settings_schema has no text at `{}`", pointer.escape_debug());
        Some(Problem::new(path, message, hint))
    }

    fn check_other_asks(&self, problems: &mut Vec<Problem>) {
        let asks = &self.asks;
        self.only_target("credentials", !asks.credentials.is_empty(), "credentials", problems);
        self.only_target("files", asks.files.is_some(), "files", problems);
        for (index, asked) in asks.credentials.iter().enumerate() {
            check_text(&format!("/asks/credentials/{index}/reason"), &asked.reason, problems);
            if !is_name(&asked.name) {
                problems.push(Problem::new(
                    format!("/asks/credentials/{index}/name"),
                    format!("`{}` is no name for a credential", asked.name.escape_debug()),
                    "for example name = \"default\"",
                ));
            }
        }
        for (what, ask) in
            [("attachments", &asks.attachments), ("state", &asks.state), ("files", &asks.files)]
        {
            if let Some(ask) = ask {
                check_text(&format!("/asks/{what}/reason"), &ask.reason, problems);
            }
        }
        let only_policy = self.kinds == [Kind::Policy];
        for (what, asked) in [("attachments", asks.attachments.is_some()), ("state", asks.state.is_some())] {
            if asked && only_policy {
                problems.push(Problem::new(
                    format!("/asks/{what}"),
                    format!("a policy has no {what}"),
                    format!("take [asks.{what}] out"),
                ));
            }
        }
    }

    /// Only a target reaches out of the host.
    fn only_target(&self, ask: &str, asked: bool, what: &str, problems: &mut Vec<Problem>) {
        if asked && !self.kinds.contains(&Kind::Target) {
            problems.push(Problem::new(
                format!("/asks/{ask}"),
                format!("only a target may ask for {what}"),
                format!("take asks.{ask} out, or make the plugin a target"),
            ));
        }
    }
}

/// Whether a text is fit to be a name in configuration files, tables and paths.
pub(crate) fn is_name(text: &str) -> bool {
    text.len() <= NAME_LENGTH_MAX
        && text.starts_with(|first: char| first.is_ascii_lowercase())
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

/// The kind of stint's own that was meant by another word. Nothing marks a custom kind, and a target that takes one that
/// doesn't exist gets nothing and is told nothing: so a word that is nearly a kind is taken for a mistake.
fn meant_kind(word: &str) -> Option<&'static str> {
    let one = word.strip_suffix("ies").map(|stem| format!("{stem}y"));
    let of_many = ITEM_KINDS.into_iter().find(|kind| one.as_deref() == Some(kind));
    of_many.or_else(|| words::slip(word, &ITEM_KINDS))
}

/// Whether a text is a method in its usual writing. A server may have methods of its own, and none of them is nearly one
/// of the usual ones.
fn is_method(text: &str) -> bool {
    (1..=20).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_uppercase())
        && words::slip(text, &METHODS).is_none()
}

fn check_text(path: &str, text: &str, problems: &mut Vec<Problem>) {
    let length = text.chars().count();
    if text.trim().is_empty() {
        problems.push(Problem::new(path, "nothing is written here", "say it in words"));
    } else if length > TEXT_LENGTH_MAX {
        problems.push(Problem::new(
            path,
            format!("{length} characters are too many"),
            format!("at most {TEXT_LENGTH_MAX}"),
        ));
    } else if text.chars().any(char::is_control) {
        problems.push(Problem::new(
            path,
            "a control character is in the text",
            "write it as one line of plain text",
        ));
    }
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
