//! What an imported item was before: a row of the old program's queue, kept beside what was made of it, so that a
//! plugin which knew the old backend finds everything it needs.
//!
//! Invariant: there is no secret and no picture in it. Whoever makes one takes them out first.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A row of the old queue.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Import {
    /// Its number there.
    pub legacy_id: i64,
    /// What the old program called it: `screenshot`, `time_entry_start`.
    pub entity_type: String,
    /// Its payload, without secrets and without the picture.
    pub payload: Value,
}

impl Import {
    /// The installation that the origin of an imported entry names: none of ours recorded it.
    pub const INSTALLATION: &str = "import";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        entry::{Details, Entry, Origin},
        id::{EntryId, ItemId},
        item::{Item, Payload},
        time::UnixMs,
        timer::Event,
    };

    #[test]
    fn an_item_keeps_what_it_was_and_one_of_ours_says_nothing() {
        let origin =
            Origin { person: "p".into(), machine: "m".into(), installation: Import::INSTALLATION.into() };
        let entry = Entry::new(EntryId::imported("17"), Details::default(), UnixMs(0), "UTC".into(), origin);
        let was = Import {
            legacy_id: 17,
            entity_type: "time_entry_start".into(),
            payload: serde_json::json!({"timeEntryId": "17"}),
        };
        let item = |import: Option<Import>| Item {
            id: ItemId::imported(&["17"]),
            occurred_at: UnixMs(0),
            payload: Payload::TimeEntry {
                event: Event::Started,
                entry: Box::new(entry.clone().into()),
                import: import.map(Box::new),
            },
        };
        let (imported, ours) = (item(Some(was.clone())), item(None));
        let json = serde_json::to_value(&imported).unwrap();
        assert_eq!(
            json["payload"]["import"],
            serde_json::json!({"legacy_id": 17, "entity_type": "time_entry_start", "payload": {"timeEntryId": "17"}})
        );
        assert_eq!(serde_json::from_value::<Item>(json).unwrap(), imported);
        assert_eq!((imported.import(), ours.import()), (Some(&was), None));
        let json = serde_json::to_value(&ours).unwrap();
        assert!(json["payload"].get("import").is_none(), "{json}");
        assert_eq!(serde_json::from_value::<Item>(json).unwrap(), ours);
    }
}
