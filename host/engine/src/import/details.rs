//! What a payload says of its entry. The old program wrote for one backend, and others were made after it, so a few
//! spellings of each name are understood; what none of them finds is in the raw payload beside.

use serde_json::Value;
use stint_domain::{
    entry::Details,
    id::{EntryId, ItemId},
    time::UnixMs,
};

use super::created::stated;

const PROJECT: &[&str] = &["project", "projectName", "project_name", "projectId", "project_id"];
const TASK: &[&str] = &["task", "taskName", "task_name", "taskId", "task_id"];
const NOTE: &[&str] = &["note", "description", "comment"];
const BILLABLE: &[&str] = &["billable", "isBillable", "is_billable"];
const MONITOR: &[&str] = &["monitor", "display", "screen"];
const STARTED_AT: &[&str] = &["startedAt", "started_at", "startTime", "start_time"];
const TAKEN_AT: &[&str] = &["takenAt", "taken_at", "capturedAt", "captured_at", "timestamp"];

/// The entry that the payload names. A UUID is kept; any other name always gives the same id.
pub(super) fn entry_id(payload: &Value) -> Option<EntryId> {
    let name = text(payload, &["timeEntryId"])?;
    Some(name.parse().unwrap_or_else(|_| EntryId::imported(&name)))
}

/// The entry of an event that names none: it stands alone.
pub(super) fn entry_of_its_own(id: ItemId) -> EntryId {
    EntryId::imported(&format!("of item {id}"))
}

/// Adds what the payload says to what earlier rows said.
pub(super) fn learn(details: &mut Details, payload: &Value) {
    let newer = |known: &mut Option<String>, names| {
        if let Some(text) = text(payload, names) {
            *known = Some(text);
        }
    };
    newer(&mut details.project, PROJECT);
    newer(&mut details.task, TASK);
    newer(&mut details.note, NOTE);
    if let Some(Value::Array(tags)) = payload.get("tags") {
        details.tags = tags.iter().filter_map(plain).collect();
    }
    if let Some(billable) = first(payload, BILLABLE, Value::as_bool) {
        details.billable = billable;
    }
}

/// When the entry was started, where the payload says so.
pub(super) fn started_at(payload: &Value) -> Option<UnixMs> {
    first(payload, STARTED_AT, stated)
}

/// When the picture was taken, where the payload says so.
pub(super) fn taken_at(payload: &Value) -> Option<UnixMs> {
    first(payload, TAKEN_AT, stated)
}

/// The screen's name, where the payload says so.
pub(super) fn monitor(payload: &Value) -> String {
    text(payload, MONITOR).unwrap_or_else(|| "unknown".to_owned())
}

fn text(payload: &Value, names: &[&str]) -> Option<String> {
    first(payload, names, plain)
}

fn first<T>(payload: &Value, names: &[&str], read: impl Fn(&Value) -> Option<T>) -> Option<T> {
    names.iter().find_map(|name| payload.get(name).and_then(&read))
}

/// A text, a number, or the name of an object.
fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()).filter(|text| !text.trim().is_empty()),
        Value::Number(number) => Some(number.to_string()),
        Value::Object(members) => members.get("name").filter(|name| !name.is_object()).and_then(plain),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_a_payload_says_is_added_to_what_was_said_before() {
        let mut details = Details::default();
        learn(
            &mut details,
            &json!({"projectId": 7, "description": "Read", "tags": ["a", 2, {}], "billable": true}),
        );
        let said = Details {
            project: Some("7".into()),
            note: Some("Read".into()),
            tags: vec!["a".into(), "2".into()],
            billable: true,
            ..Details::default()
        };
        assert_eq!(details, said);
        learn(&mut details, &json!({"timeEntryId": "x", "note": " "}));
        assert_eq!(details, said, "a payload that says nothing takes nothing away");
        learn(&mut details, &json!({"project": {"id": 7, "name": "Website"}, "taskName": "T", "tags": []}));
        assert_eq!((details.project.as_deref(), details.task.as_deref()), (Some("Website"), Some("T")));
        assert!(details.tags.is_empty());
    }

    #[test]
    fn an_entry_is_named_by_its_uuid_or_by_whatever_it_is_called() {
        let uuid = "01890a5d-ac96-774b-bcce-b302099a8057";
        assert_eq!(entry_id(&json!({"timeEntryId": uuid})).unwrap().to_string(), uuid);
        assert_eq!(entry_id(&json!({"timeEntryId": 17})), Some(EntryId::imported("17")));
        for none in [json!({}), json!({"timeEntryId": null}), json!({"timeEntryId": ""})] {
            assert_eq!(entry_id(&none), None);
        }
    }
}
