//! The smallest target that speaks to a network: one request an item, with the item's key, and a question about it.
//! An item of the project `panic` makes it panic, so that a crash has an item to belong to.

use serde::{Deserialize, Serialize};
use stint_plugin_sdk::{Delivered, Failure, Finding, Item, Payload, Target, Undelivered, http, register};

/// It has no settings.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Postman {}

/// What it posts.
#[derive(Serialize)]
struct Letter<'a> {
    id: &'a str,
    key: &'a str,
    entry: Option<&'a str>,
    remote: Option<&'a str>,
    kind: &'a str,
    note: Option<&'a str>,
    file: Option<String>,
}

/// What it is answered.
#[derive(Deserialize)]
struct Receipt {
    id: String,
}

const BACKEND: &str = "https://backend.test";

impl Target for Postman {
    fn upload(&self, item: &Item) -> Result<Delivered, Undelivered> {
        if let Payload::TimeEntry(of) = &item.payload {
            assert!(of.entry.project.as_deref() != Some("panic"), "this item is poison");
        }
        let answer = http::post(format!("{BACKEND}/items"))
            .header("Idempotency-Key", &item.key)
            .json(&letter(item))
            .credential("default")
            .send()?
            .success()?;
        let receipt: Receipt = answer.json()?;
        Ok(Delivered::with_id(receipt.id))
    }

    fn lookup(&self, item: &Item) -> Result<Finding, Failure> {
        let asked = http::get(format!("{BACKEND}/items/{}", item.key)).credential("default").send();
        let found = asked
            .and_then(http::Response::found)
            .and_then(|found| found.map(|found| found.json::<Receipt>()).transpose());
        match found {
            Ok(Some(receipt)) => Ok(Finding::Found { remote_id: receipt.id, current: true }),
            Ok(None) => Ok(Finding::Absent),
            Err(undelivered) => Err(undelivered.failure().clone()),
        }
    }
}

fn letter(item: &Item) -> Letter<'_> {
    let (entry, note) = match &item.payload {
        Payload::TimeEntry(of) => (Some(of.entry.id.as_str()), of.entry.note.as_deref()),
        _ => (None, None),
    };
    let file = match &item.payload {
        Payload::Screenshot(shot) => Some(shot.file.sha256()),
        _ => None,
    };
    let kind = match &item.payload {
        Payload::TimeEntry(_) => "time-entry",
        Payload::Screenshot(_) => "screenshot",
        Payload::Activity(_) => "activity",
        Payload::Custom(_) => "custom",
    };
    Letter { id: &item.id, key: &item.key, entry, remote: item.entry_remote_id.as_deref(), kind, note, file }
}

register!(target: Postman);
