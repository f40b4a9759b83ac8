//! What the backend keeps, and how often each idempotency key changed it.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};

/// An answer to one request: status and JSON.
pub(super) type Answered = (u16, Value);

/// All that the backend keeps.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Ledger {
    /// Time entries by the backend's own id, or by the client's key where it was put there.
    pub entries: BTreeMap<String, Entry>,
    /// Screenshots, in the order of arrival.
    pub screenshots: Vec<Screenshot>,
    /// Activities, in the order of arrival.
    pub activities: Vec<Value>,
    /// Files by the client's key.
    pub files: BTreeMap<String, StoredFile>,
    /// Effects by idempotency key. More than 1 is something done twice.
    pub effects: BTreeMap<String, u64>,
    /// Effects of requests without a key.
    pub effects_without_key: u64,
    /// Keys that came again with another request than the first time.
    pub altered: Vec<String>,
    #[serde(skip)]
    answers: BTreeMap<String, (String, Answered)>,
    #[serde(skip)]
    ids: u64,
}

/// A time entry.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// `running`, `paused`, `stopped` or `put`.
    pub status: String,
    /// What was done to it, in order.
    pub order: Vec<Step>,
}

/// Something done to an entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    /// `start`, `pause`, `resume`, `stop`, `put` or `screenshot`.
    pub operation: String,
    /// The idempotency key that it came with.
    pub key: Option<String>,
    /// The body that it came with; a picture is left out.
    pub body: Value,
}

/// A picture that arrived whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Screenshot {
    /// The backend's id.
    pub id: String,
    /// The entry it belongs to.
    pub time_entry_id: String,
    /// The media type.
    pub mime: String,
    /// The size in bytes.
    pub size: u64,
    /// The SHA-256 of the bytes, in lower-case hexadecimal.
    pub sha256: String,
    /// The idempotency key that it came with.
    pub key: Option<String>,
}

/// A file that arrived whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StoredFile {
    /// The media type.
    pub mime: String,
    /// The size in bytes.
    pub size: u64,
    /// The SHA-256 of the bytes, in lower-case hexadecimal.
    pub sha256: String,
    /// How often it was put there, whether or not that changed it.
    pub puts: u64,
}

impl Ledger {
    /// The keys that had more than one effect: empty as long as nothing was done twice.
    pub fn doubled(&self) -> Vec<&str> {
        self.effects.iter().filter(|(_, count)| **count > 1).map(|(key, _)| key.as_str()).collect()
    }

    /// The operations on an entry, in order.
    pub fn order(&self, id: &str) -> Vec<&str> {
        let steps = self.entries.get(id).map(|entry| entry.order.as_slice()).unwrap_or_default();
        steps.iter().map(|step| step.operation.as_str()).collect()
    }

    /// The entry that a key was used on, and its id.
    pub fn entry_of(&self, key: &str) -> Option<(&str, &Entry)> {
        self.entries
            .iter()
            .find(|(_, entry)| entry.order.iter().any(|step| step.key.as_deref() == Some(key)))
            .map(|(id, entry)| (id.as_str(), entry))
    }

    /// What the same request was answered with before. A known key with another request is refused.
    pub(super) fn replay(&mut self, key: Option<&str>, fingerprint: &str) -> Option<Answered> {
        let key = key?;
        let (known, answered) = self.answers.get(key)?;
        if known == fingerprint {
            return Some(answered.clone());
        }
        self.altered.push(key.to_owned());
        Some((422, json!({ "error": "this idempotency key came with another request before" })))
    }

    /// Counts an effect and keeps its answer.
    pub(super) fn count(&mut self, key: Option<&str>, fingerprint: String, answered: &Answered) {
        match key {
            Some(key) => {
                *self.effects.entry(key.to_owned()).or_default() += 1;
                self.answers.insert(key.to_owned(), (fingerprint, answered.clone()));
            }
            None => self.effects_without_key += 1,
        }
    }

    /// An id that was not there before.
    pub(super) fn new_id(&mut self, what: &str) -> String {
        self.ids += 1;
        format!("{what}-{}", self.ids)
    }
}
