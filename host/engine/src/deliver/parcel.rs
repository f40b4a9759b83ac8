//! An item of the queue, made ready for a plugin: what was recorded, or what the transforms made of it.

use std::sync::Arc;

use stint_domain::{
    failure::{Cause, Failure},
    item::{Item as Recorded, Payload},
};
use stint_plugin_runtime::{Item, Route, SharedAttachment, ThawError};
use stint_store::{
    BlobError, BlobHash,
    queue::{Claimed, Prepared},
};

use super::{
    file::{self, BlobFile},
    station::Station,
};

/// Why an item can't be handed to a plugin. It is the item's own bytes, and they won't get better.
#[derive(Debug, thiserror::Error)]
pub(super) enum Spoilt {
    /// The payload is no payload.
    #[error("failed to read the item: {source}")]
    Payload {
        /// Why.
        #[from]
        source: serde_json::Error,
    },
    /// The file is gone or altered.
    #[error("failed to read the item's file: {source}")]
    File {
        /// Why.
        #[from]
        source: BlobError,
    },
    /// The file isn't named.
    #[error("failed to {source}")]
    Missing {
        /// Why.
        #[from]
        source: stint_plugin_runtime::FileMissing,
    },
    /// What the transforms made can't be read.
    #[error("failed to {source}")]
    Thaw {
        /// Why.
        #[from]
        source: ThawError,
    },
}

impl Spoilt {
    pub(super) fn failure(&self) -> Failure {
        Failure { cause: Cause::Damaged, message: self.to_string(), retry_after: None, http_status: None }
    }
}

/// The item as it was recorded.
pub(super) async fn recorded(station: &Station, claimed: &Claimed) -> Result<Item, Spoilt> {
    let payload: Payload = serde_json::from_slice(&claimed.payload)?;
    let file = match (&payload, claimed.file) {
        (Payload::Screenshot { file, .. }, Some(hash)) => {
            let named = file::picture_name(&claimed.id.to_string(), &file.mime);
            let blob = file::open(station, hash).await?;
            Some(Arc::new(BlobFile::new(named, blob)) as SharedAttachment)
        }
        _ => None,
    };
    let item = Recorded { id: claimed.id, occurred_at: claimed.occurred_at, payload };
    Ok(Item::routed(item, route(claimed, file))?)
}

/// The item as the transforms made it.
pub(super) async fn prepared(station: &Station, claimed: &Claimed, made: &Prepared) -> Result<Item, Spoilt> {
    let blob = match made.file {
        Some(hash) => Some(file::open(station, hash).await?),
        None => None,
    };
    // The payload as it was recorded is not read: it may name a file that is no longer needed.
    let mut item = frame(claimed);
    item.thaw(&made.payload, |named| Some(Arc::new(BlobFile::new(named, blob?)) as SharedAttachment))?;
    Ok(item)
}

/// All of an item but its payload.
fn frame(claimed: &Claimed) -> Item {
    use stint_plugin_runtime::{Payload, contract::Custom};
    let nothing = Payload::Custom(Custom { kind: String::new(), data: "null".to_owned() });
    Item {
        id: claimed.id.to_string(),
        key: claimed.key.to_string(),
        entry_key: claimed.entry_key.map(|key| key.to_string()),
        entry_remote_id: claimed.entry_remote_id.clone(),
        occurred_at: claimed.occurred_at.0,
        attempt: attempt(claimed),
        priority: claimed.priority.number(),
        labels: Vec::new(),
        payload: nothing,
    }
}

fn route(claimed: &Claimed, file: Option<SharedAttachment>) -> Route {
    Route {
        key: claimed.key,
        entry_key: claimed.entry_key,
        entry_remote_id: claimed.entry_remote_id.clone(),
        attempt: attempt(claimed),
        labels: Vec::new(),
        file,
    }
}

fn attempt(claimed: &Claimed) -> u32 {
    claimed.attempts.saturating_add(1)
}

/// The hash of a file by the hexadecimal digits that an attachment says.
pub(super) fn hash_of(file: &SharedAttachment) -> Option<BlobHash> {
    BlobHash::from_hex(file.sha256())
}
