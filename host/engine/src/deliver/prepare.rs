//! The transforms: they run once for an item and a target, before anything is sent, and what they made is what every
//! attempt sends. A transform decides over the payload and the labels alone.

use std::sync::Arc;

use sha2::{Digest as _, Sha256};
use stint_plugin_runtime::{CallFailed, Item, Verdict};
use stint_store::{
    BlobHash, Hash, NewBlob,
    queue::{Claimed, Prepared},
};

use super::{
    call::Desk,
    parcel::{self, Spoilt, hash_of},
    station::Station,
};
use crate::wiring::Bound;

/// What came of preparing an item.
pub(super) enum Ready {
    /// It can be sent, and this is to be kept first.
    Send(Box<Item>, Keep),
    /// A transform keeps it back.
    Withheld(String),
}

/// What is to be kept of an item before it is sent.
#[derive(Debug)]
pub(super) enum Keep {
    /// What is kept is right.
    AsItIs,
    /// Nothing: it goes as it was recorded.
    Nothing,
    /// This, in place of what was kept before.
    Made(Prepared, Option<Arc<NewBlob>>),
}

/// Why an item could not be prepared.
#[derive(Debug, thiserror::Error)]
pub(super) enum PrepareError {
    /// Its own bytes are spoilt.
    #[error(transparent)]
    Spoilt(#[from] Spoilt),
    /// A transform ended without an answer.
    #[error(transparent)]
    Call(Box<CallFailed>),
    /// What a transform made can't be kept.
    #[error("failed to keep what the transforms made: {0}")]
    Keep(String),
}

/// Makes an item ready: with the bytes that were sent before, if any were; with what the same chain made of it before;
/// otherwise anew.
pub(super) async fn prepare(
    Desk { station, transforms, chain, .. }: &Desk,
    claimed: &Claimed,
) -> Result<Ready, PrepareError> {
    let chain = *chain;
    let frozen = claimed.attempted_at.is_some();
    match &claimed.prepared {
        Some(made) if frozen || (made.chain == chain && !transforms.is_empty()) => {
            let item = parcel::prepared(station, claimed, made).await?;
            Ok(Ready::Send(Box::new(item), Keep::AsItIs))
        }
        before => {
            let item = parcel::recorded(station, claimed).await?;
            if frozen || transforms.is_empty() {
                let keep = if before.is_some() { Keep::Nothing } else { Keep::AsItIs };
                return Ok(Ready::Send(Box::new(item), keep));
            }
            transform(station, chain, transforms, claimed, item).await
        }
    }
}

async fn transform(
    station: &Station,
    chain: Hash,
    transforms: &[Bound],
    claimed: &Claimed,
    item: Item,
) -> Result<Ready, PrepareError> {
    match run(&station.name, transforms, item).await.map_err(|error| PrepareError::Call(Box::new(error)))? {
        Err(reason) => Ok(Ready::Withheld(reason)),
        Ok(item) => {
            let unkept = |error: &dyn std::fmt::Display| PrepareError::Keep(error.to_string());
            let payload = item.freeze().map_err(|error| unkept(&error))?;
            let (file, blob) = keep_file(station, claimed, &item).await.map_err(|error| unkept(&error))?;
            let (made, blob) = (Prepared { chain, payload, file }, blob.map(Arc::new));
            Ok(Ready::Send(Box::new(item), Keep::Made(made, blob)))
        }
    }
}

/// Runs a chain of transforms: what they made of the item, or why one keeps it back.
pub(super) async fn run(
    target: &str,
    transforms: &[Bound],
    mut item: Item,
) -> Result<Result<Item, String>, CallFailed> {
    for bound in transforms {
        let (around, _) = bound.for_call();
        let answered = bound.plugin.apply(around, item.clone()).await;
        let (log, plugin) = match &answered {
            Ok(answered) => (&answered.report.log, &bound.plugin.manifest().name),
            Err(failed) => (&failed.report.log, &bound.plugin.manifest().name),
        };
        super::call::tell_log(target, plugin, log);
        match answered?.answer {
            Verdict::Keep(kept) => item.take_from(*kept),
            Verdict::Drop(reason) => return Ok(Err(reason)),
        }
    }
    Ok(Ok(item))
}

/// Makes the file of the item durable, if a transform made a new one.
async fn keep_file(
    station: &Station,
    claimed: &Claimed,
    item: &Item,
) -> Result<(Option<BlobHash>, Option<NewBlob>), String> {
    let Some(file) = item.file().cloned() else { return Ok((None, None)) };
    let known = hash_of(&file);
    if known.is_some() && known == claimed.file {
        return Ok((known, None));
    }
    let store = Arc::clone(station.desk.store());
    let put = tokio::task::spawn_blocking(move || {
        let length = usize::try_from(file.size()).map_err(|error| error.to_string())?;
        let content = file.read_at(0, length).map_err(|error| error.to_string())?;
        store.blobs().put(content).map_err(|error| error.to_string())
    });
    let blob = put.await.map_err(|error| error.to_string()).flatten()?;
    Ok((Some(blob.hash()), Some(blob)))
}

/// What a chain of transforms is told by in the store.
pub(super) fn hash(chain: &str) -> Hash {
    Sha256::digest(chain).into()
}
