//! One item as a line of JSON.

use serde::Serialize;
use stint_plugin_sdk::{Item, Payload, date};

/// What a line holds. `at` is for people, `occurred_at` for programs.
#[derive(Serialize)]
struct Line<'a> {
    id: &'a str,
    key: &'a str,
    at: String,
    occurred_at: i64,
    kind: &'a str,
    #[serde(skip_serializing_if = "Labels::is_empty")]
    labels: Labels<'a>,
    /// Where a screenshot's picture is, in the archive's folder.
    #[serde(skip_serializing_if = "Option::is_none")]
    picture: Option<&'a str>,
    data: Data<'a>,
}

type Labels<'a> = std::collections::BTreeMap<&'a str, &'a str>;

/// The payload without the kind around it, which the line has already.
struct Data<'a>(&'a Payload);

impl Serialize for Data<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Payload::TimeEntry(time_entry) => time_entry.serialize(serializer),
            Payload::Screenshot(screenshot) => screenshot.serialize(serializer),
            Payload::Activity(activity) => activity.serialize(serializer),
            Payload::Custom(custom) => custom.serialize(serializer),
        }
    }
}

/// The item's line, with its end.
pub(crate) fn of(item: &Item, picture: Option<&str>) -> String {
    let line = Line {
        id: &item.id,
        key: &item.key,
        at: date::rfc3339(item.occurred_at),
        occurred_at: item.occurred_at,
        kind: item.payload.kind(),
        labels: item.labels.iter().map(|label| (label.key.as_str(), label.value.as_str())).collect(),
        picture,
        data: Data(&item.payload),
    };
    // All names in it are texts, which is the only thing that writing JSON can fail at.
    let mut text = serde_json::to_string(&line).unwrap_or_default();
    text.push('\n');
    text
}
