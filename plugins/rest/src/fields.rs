//! What of an item can be put into a request, by name.
//!
//! Invariant: all attempts at an item find the same fields with the same content. That is why there is no current
//! time here, and no number of the attempt: a backend that honours keys refuses a key with another request.

use serde::Serialize;
use serde_json::{Map, Value, json};
use stint_plugin_sdk::{Attachment, Item, Payload};

use crate::format::Holds;

/// Which kind of item a template is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Subject {
    TimeEntry,
    Screenshot,
    Activity,
    Custom,
}

/// The whole item as JSON.
pub(crate) const ITEM: &str = "item";
/// The picture's bytes as base64, which the host writes.
pub(crate) const BASE64: &str = "file.base64";

/// The fields of any item.
const COMMON: [&str; 9] =
    ["item", "item_id", "key", "entry_key", "remote_id", "kind", "occurred_at", "priority", "labels"];
const TIME_ENTRY: [&str; 17] = [
    "event",
    "entry",
    "entry.id",
    "entry.project",
    "entry.task",
    "entry.note",
    "entry.tags",
    "entry.billable",
    "entry.started_at",
    "entry.ended_at",
    "entry.worked_ms",
    "entry.segments",
    "entry.gaps",
    "entry.timezone",
    "entry.origin.person",
    "entry.origin.machine",
    "entry.origin.installation",
];
const SCREENSHOT: [&str; 11] = [
    "screenshot",
    "screenshot.entry_id",
    "screenshot.monitor",
    "screenshot.taken_at",
    "screenshot.width",
    "screenshot.height",
    "file.name",
    "file.mime",
    "file.size",
    "file.sha256",
    BASE64,
];
const ACTIVITY: [&str; 5] =
    ["activity", "activity.entry_id", "activity.window.start", "activity.window.end", "activity.samples"];
const CUSTOM: [&str; 2] = ["custom.kind", "custom.data"];
/// Fields whose content has names of its own.
const OPEN: [&str; 3] = ["labels.", "entry.extra.", "custom.data."];
const MOMENTS: [&str; 6] = [
    "occurred_at",
    "entry.started_at",
    "entry.ended_at",
    "screenshot.taken_at",
    "activity.window.start",
    "activity.window.end",
];

impl Subject {
    /// The words for such an item.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Subject::TimeEntry => "a time entry",
            Subject::Screenshot => "a screenshot",
            Subject::Activity => "an activity",
            Subject::Custom => "a custom item",
        }
    }

    /// The names of the fields that such an item has.
    pub(crate) fn names(self) -> impl Iterator<Item = &'static str> + Clone {
        let own: &'static [&'static str] = match self {
            Subject::TimeEntry => &TIME_ENTRY,
            Subject::Screenshot => &SCREENSHOT,
            Subject::Activity => &ACTIVITY,
            Subject::Custom => &CUSTOM,
        };
        COMMON.iter().chain(own).chain(matches!(self, Subject::TimeEntry).then_some(&"entry.extra")).copied()
    }

    /// Whether such an item has a field of this name.
    pub(crate) fn has(self, name: &str) -> bool {
        let is_open = |open: &&str| {
            name.len() > open.len()
                && name.starts_with(*open)
                && self.names().any(|name| name == &open[..open.len() - 1])
        };
        self.names().any(|known| known == name) || OPEN.iter().any(is_open)
    }
}

/// What a field holds.
pub(crate) fn holds(name: &str) -> Holds {
    match name {
        "entry.worked_ms" => Holds::Length,
        _ if MOMENTS.contains(&name) => Holds::Moment,
        _ => Holds::Other,
    }
}

/// The fields of one item.
pub(crate) struct Fields<'a> {
    whole: Value,
    /// The picture, if it is a screenshot.
    pub(crate) file: Option<&'a Attachment>,
    /// The time zone of the person, if it is a time entry.
    pub(crate) zone: Option<&'a str>,
}

impl<'a> Fields<'a> {
    pub(crate) fn of(item: &'a Item) -> Self {
        let mut whole = Map::new();
        let mut put = |name: &str, value: Value| whole.insert(name.to_owned(), value);
        put("item_id", item.id.as_str().into());
        put("key", item.key.as_str().into());
        put("entry_key", json!(item.entry_key));
        put("remote_id", json!(item.entry_remote_id));
        put("kind", item.payload.kind().into());
        put("occurred_at", item.occurred_at.into());
        put("priority", item.priority.into());
        let mut labels = Map::new();
        for label in &item.labels {
            labels.insert(label.key.clone(), label.value.as_str().into());
        }
        put("labels", Value::Object(labels));
        let (mut file, mut zone) = (None, None);
        match &item.payload {
            Payload::TimeEntry(time_entry) => {
                put("event", time_entry.event.as_str().into());
                put("entry", value_of(&time_entry.entry));
                zone = Some(time_entry.entry.timezone.as_str());
            }
            Payload::Screenshot(screenshot) => {
                let mut value = value_of(screenshot);
                if let Some(metadata) = value.as_object_mut().and_then(|fields| fields.remove("file")) {
                    put("file", metadata);
                }
                put("screenshot", value);
                file = Some(&screenshot.file);
            }
            Payload::Activity(activity) => {
                put("activity", value_of(activity));
            }
            Payload::Custom(custom) => {
                put("custom", value_of(custom));
            }
        }
        Self { whole: Value::Object(whole), file, zone }
    }

    /// What is under a name; `null` where nothing is.
    pub(crate) fn get(&self, name: &str) -> &Value {
        if name == ITEM { &self.whole } else { find(&self.whole, name).unwrap_or(&Value::Null) }
    }
}

/// A dotted path. A key may have dots of its own, as labels do.
fn find<'a>(value: &'a Value, path: &str) -> Option<&'a Value> {
    if let Some(found) = value.get(path) {
        return Some(found);
    }
    let (first, rest) = path.split_once('.')?;
    find(value.get(first)?, rest)
}

/// All names in an item are texts, which is the only thing that making JSON can fail at.
fn value_of<T: Serialize>(part: &T) -> Value {
    serde_json::to_value(part).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use stint_plugin_sdk::testing::{activity, attachment, custom, screenshot, time_entry};
    use stint_plugin_sdk::{Event, Label};

    use super::*;

    /// Every name that is offered leads somewhere.
    fn all_are_there(item: &Item, subject: Subject) {
        let fields = Fields::of(item);
        for name in subject.names().filter(|name| *name != BASE64) {
            let known_to_be_absent = name == "remote_id" || name == "entry_key";
            assert!(known_to_be_absent || !fields.get(name).is_null(), "{name} of {subject:?}");
        }
    }

    #[test]
    fn every_name_leads_somewhere() {
        all_are_there(&time_entry(Event::Stopped), Subject::TimeEntry);
        all_are_there(&screenshot(attachment("a.png", "image/png", "pixels")), Subject::Screenshot);
        all_are_there(&activity("Editor", "draft"), Subject::Activity);
        all_are_there(&custom("mood", &json!({ "good": true })), Subject::Custom);
    }

    #[test]
    fn open_fields_have_names_of_their_own() {
        let mut item = custom("mood", &json!({ "good": { "very": true } }));
        item.labels = vec![Label { key: "cost.centre".into(), value: "7".into() }];
        let fields = Fields::of(&item);
        assert_eq!(
            (fields.get("custom.data.good.very"), fields.get("labels.cost.centre")),
            (&json!(true), &json!("7"))
        );
        assert!(Subject::Custom.has("custom.data.good.very") && Subject::TimeEntry.has("entry.extra.x"));
        assert!(!Subject::Custom.has("custom.data.") && !Subject::Custom.has("entry.extra.x"));
    }

    #[test]
    fn an_attempt_is_like_the_one_before() {
        let first = time_entry(Event::Stopped);
        let second = Item { attempt: 2, ..time_entry(Event::Stopped) };
        assert_eq!(Fields::of(&first).get(ITEM), Fields::of(&second).get(ITEM));
    }
}
