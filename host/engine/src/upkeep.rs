//! Upkeep: once an hour what was delivered long ago goes, content that nobody refers to goes, and the file gives back
//! what it no longer needs; once a day a backup is made. All in small steps, so that nobody waits.

use std::time::Duration;

use stint_domain::time::Millis;
use stint_store::{BackupError, BlobError, BlobHash, Error, queue, queue::upkeep};

use crate::{desk::Desk, supervise::Stop};

const BETWEEN: Duration = Duration::from_hours(1);
/// The start belongs to the person; upkeep begins when that is over.
const FIRST: Duration = Duration::from_mins(1);
const DAY: Millis = Millis::from_mins(24 * 60);
/// How many rows a step touches at most.
const STEP: usize = 500;
/// How many rows of history are kept.
const HISTORY: usize = 100_000;
/// How long the first answer to a command is remembered.
const ANSWERS_KEPT: Millis = Millis::from_mins(30 * 24 * 60);
const PAGES: u32 = 256;

/// Why upkeep could not be done.
#[derive(Debug, thiserror::Error)]
pub(crate) enum UpkeepError {
    #[error(transparent)]
    Store(#[from] Error),
    #[error(transparent)]
    Backup(#[from] BackupError),
    #[error(transparent)]
    Blob(#[from] BlobError),
    #[error("failed to make a backup: the thread for it was lost")]
    Lost,
}

/// Does it now and then until it is told to stop.
pub(crate) async fn keep_up(desk: Desk, mut stop: Stop) -> Result<(), UpkeepError> {
    let mut wait = FIRST;
    loop {
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            _ = stop.wait_for(|stop| *stop) => return Ok(()),
        }
        once(&desk).await?;
        wait = BETWEEN;
    }
}

/// All of it, once.
pub(crate) async fn once(desk: &Desk) -> Result<(), UpkeepError> {
    let storage = desk.current().loaded.config.storage.clone();
    let (days, bytes) = (u64::from(storage.retain_sent_days), storage.retain_pictures.bytes());
    let (keep, now) = (Millis(DAY.0.saturating_mul(days)), desk.now());
    let store = desk.store();
    let mut gone = upkeep::Purged::default();
    loop {
        let step = store.write(move |tx| upkeep::purge(tx, keep, STEP, now)).await?;
        gone.deliveries += step.deliveries;
        gone.items += step.items;
        if step == upkeep::Purged::default() {
            break;
        }
    }
    loop {
        let step = store.write(move |tx| queue::purge_pictures(tx, bytes, STEP)).await?;
        gone.items += step;
        if step == 0 {
            break;
        }
    }
    while store.write(|tx| upkeep::trim_history(tx, HISTORY, STEP)).await? == STEP {}
    while store.write(move |tx| upkeep::forget_answers(tx, ANSWERS_KEPT, now, STEP)).await? == STEP {}
    let mut from = None;
    loop {
        from = store.write(move |tx| upkeep::forget_entries(tx, from, STEP)).await?.next;
        if from.is_none() {
            break;
        }
    }
    let blobs = sweep(desk).await?;
    while store.write(|tx| upkeep::vacuum_step(tx, PAGES)).await? > u64::from(PAGES) {}
    if gone != upkeep::Purged::default() || blobs > 0 {
        tracing::info!(target: "stint::upkeep", deliveries = gone.deliveries, items = gone.items, blobs, "old rows went");
    }
    back_up(desk).await
}

/// Removes content that nobody refers to. A file goes after its row is gone for good.
async fn sweep(desk: &Desk) -> Result<usize, UpkeepError> {
    let (mut from, mut gone) = (None::<BlobHash>, 0);
    loop {
        let step = desk.store().write(move |tx| upkeep::sweep_blobs(tx, from, STEP)).await?;
        gone += step.inline;
        for hash in &step.files {
            let blobs = desk.store().blobs();
            gone += usize::from(desk.read(|tx| Ok(blobs.discard(tx, *hash)))??);
        }
        match step.next {
            Some(next) => from = Some(next),
            None => return Ok(gone),
        }
    }
}

/// A backup takes as long as reading the database, so it has a thread of its own.
async fn back_up(desk: &Desk) -> Result<(), UpkeepError> {
    let now = desk.now();
    if desk.store().backed_up_at().is_some_and(|last| now.since(last) < DAY && last <= now) {
        return Ok(());
    }
    let store = std::sync::Arc::clone(desk.store());
    let made = tokio::task::spawn_blocking(move || store.back_up(now)).await;
    let path = made.map_err(|_| UpkeepError::Lost)??;
    tracing::info!(target: "stint::upkeep", path = %path.display(), "a backup was made");
    Ok(())
}
