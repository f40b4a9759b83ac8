//! What makes a row the same row. **Frozen**: a change here makes every file come in a second time.

use serde_json::Value;
use sha2::{Digest, Sha256};
use stint_domain::{id::ItemId, time::UnixMs};

/// The id of a row: the same for the same row, whatever tokens were in it, and another in another file.
pub(super) fn item_id(
    legacy_id: i64,
    created_at: UnixMs,
    entity_type: &str,
    without_secrets: &Value,
) -> ItemId {
    let mut digest = Sha256::new();
    feed(without_secrets, &mut digest);
    let hash = stint_store::hex(&digest.finalize());
    ItemId::imported(&[&legacy_id.to_string(), &created_at.0.to_string(), entity_type, &hash])
}

/// A value's own bytes. The order in which an object's names stand doesn't matter, for no program keeps it.
fn feed(value: &Value, digest: &mut Sha256) {
    match value {
        Value::Array(items) => {
            digest.update(b"[");
            head(items.len(), digest);
            for item in items {
                feed(item, digest);
            }
        }
        Value::Object(members) => {
            let mut sorted: Vec<_> = members.iter().collect();
            sorted.sort_unstable_by_key(|(name, _)| name.as_str());
            digest.update(b"{");
            head(sorted.len(), digest);
            for (name, value) in sorted {
                text(name, digest);
                feed(value, digest);
            }
        }
        Value::String(value) => text(value, digest),
        scalar => {
            digest.update(b"=");
            text(&scalar.to_string(), digest);
        }
    }
}

fn text(value: &str, digest: &mut Sha256) {
    digest.update(b"\"");
    head(value.len(), digest);
    digest.update(value);
}

fn head(length: usize, digest: &mut Sha256) {
    digest.update((length as u64).to_be_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn id(payload: &Value) -> ItemId {
        item_id(17, UnixMs(1_736_330_000_000), "screenshot", payload)
    }

    #[test]
    fn the_id_of_a_row_is_fixed_for_ever() {
        let payload = json!({"timeEntryId": "a", "n": [1, -2.5, true, null], "o": {"b": "", "a": "x"}});
        assert_eq!(id(&payload).to_string(), "72114977-40f7-580d-95d3-065b524ec7b9");
        let turned = json!({"o": {"a": "x", "b": ""}, "n": [1, -2.5, true, null], "timeEntryId": "a"});
        assert_eq!(id(&payload), id(&turned));
    }

    #[test]
    fn another_row_has_another_id() {
        let payload = json!({"a": "b"});
        let at = UnixMs(1_736_330_000_000);
        let others = [
            item_id(18, at, "screenshot", &payload),
            item_id(17, UnixMs(at.0 + 1), "screenshot", &payload),
            item_id(17, at, "time_entry_stop", &payload),
            id(&json!({"a": "c"})),
            id(&json!({"a": ["b"]})),
            id(&json!({"a": {"b": null}})),
            id(&json!({"a": 1})),
            id(&json!({"a": "1"})),
            id(&json!([["a", "b"]])),
            id(&json!([["a"], "b"])),
            id(&json!([])),
            id(&json!({})),
            id(&payload),
        ];
        for (place, one) in others.iter().enumerate() {
            assert!(!others[..place].contains(one), "{place}");
        }
    }
}
