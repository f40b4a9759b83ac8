//! Makes a shot an item: the file first, then item and deliveries in one transaction.

use std::{slice, sync::Arc};

use stint_capture::Shot;
use stint_domain::{
    id::{EntryId, ItemId},
    item::{Attachment, Item, Payload},
    time::UnixMs,
};
use stint_store::{Error, Serial, queue, queue::NewItem};

use super::error::ShotError;
use crate::{chance, desk::Desk, targets};

/// Where and when a shot was taken.
#[derive(Clone, Debug)]
pub(super) struct Occasion {
    pub(super) screen: String,
    pub(super) at: UnixMs,
    pub(super) entry: Option<EntryId>,
}

/// Records it, unless a person paused screenshots before: whoever was told that they are paused finds none that came
/// later. The answer comes when it is durable.
pub(super) async fn record(
    desk: &Desk,
    shot: Shot,
    occasion: Occasion,
) -> Result<Option<(Serial, ItemId)>, ShotError> {
    let (store, file, mime) = (Arc::clone(desk.store()), shot.file, shot.mime);
    let put = tokio::task::spawn_blocking(move || store.blobs().put(file)).await;
    // Its file is safe until this goes: after the commit.
    let blob = Arc::new(put.map_err(|_| ShotError::Stopping)??);
    let id = ItemId::new(occasion.at, &chance::entropy()?);
    let file = Attachment { sha256: blob.hash().to_string(), size: blob.size(), mime: mime.to_owned() };
    let payload = Payload::Screenshot {
        entry_id: occasion.entry,
        monitor: occasion.screen,
        taken_at: occasion.at,
        width: shot.width,
        height: shot.height,
        file,
        treated: shot.treated,
        import: None,
    };
    let item = NewItem::of(&Item { id, occurred_at: occasion.at, payload })?;
    let (room, now, row) = (targets::room(&desk.current().loaded.config), desk.now(), Arc::clone(&blob));
    let recorded = desk
        .store()
        .write(move |tx| {
            // The pause is written by the same hand, so it is before this or after it.
            if stint_store::capture_pause(tx)?.is_some_and(|until| until > now) {
                return Ok(None);
            }
            row.insert(tx).map_err(Error::from)?;
            queue::record(tx, slice::from_ref(&item), now, room).map(Some)
        })
        .await?;
    let Some(recorded) = recorded else {
        let (hash, blobs) = (blob.hash(), desk.store().blobs());
        drop(blob);
        desk.read(|tx| Ok(blobs.destroy(tx, hash)))??;
        return Ok(None);
    };
    desk.shots().kept(occasion.at);
    desk.bell().recorded();
    Ok(Some((recorded.serials.first().copied().unwrap_or(Serial(0)), id)))
}
