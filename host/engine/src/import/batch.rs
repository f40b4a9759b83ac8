//! Bringing items in: pictures first, for they take the disk's time, then everything else in one transaction.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};
use stint_domain::{
    id::ItemId,
    item::{Item, Kind, Payload},
    time::UnixMs,
};
use stint_store::{
    BlobError, Connection, Error, NewBlob, ReadError, Store, TargetId, WriteError,
    queue::{self, Imported, NewImport, NewItem, Room, Was},
    target,
};

use super::convert::Converted;
use crate::{desk::Desk, targets};

/// A row as it travels to the host.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImportRow {
    /// The item.
    pub item: Item,
    /// How it stood with the row.
    pub was: Was,
    /// The picture that belongs to it, in base64.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<String>,
}

impl From<Converted> for ImportRow {
    fn from(converted: Converted) -> Self {
        let picture = converted.picture.map(|bytes| STANDARD.encode(bytes));
        Self { item: converted.item, was: converted.was, picture }
    }
}

/// Why nothing came in.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// There is nobody to import for. What no target takes would be purged before one could be given it, so it stays
    /// safe where it is.
    #[error("failed to import: {}", nobody(target.as_deref()))]
    NobodyWants {
        /// The target that was named.
        target: Option<String>,
    },
    /// A row's picture is not the one that its item names.
    #[error("failed to import item {id}: its picture is not the one that it names")]
    Picture {
        /// The item.
        id: ItemId,
    },
    /// A picture could not be kept.
    #[error(transparent)]
    Blob(#[from] BlobError),
    /// The store refused.
    #[error(transparent)]
    Store(#[from] Error),
    /// Nothing could be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// It could not be made durable.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// The host is about to end.
    #[error("failed to import: the host is stopping")]
    Stopping,
}

fn nobody(target: Option<&str>) -> String {
    match target {
        Some(target) => format!("target {target:?} takes neither time entries nor screenshots"),
        None => "no target takes time entries or screenshots".to_owned(),
    }
}

/// Brings rows in for the target of this name, or for all. Says of each what became of it. All come in, or none.
pub async fn import_batch(
    desk: &Desk,
    rows: Vec<ImportRow>,
    target: Option<String>,
) -> Result<Vec<Imported>, ImportError> {
    let room = targets::room(&desk.current().loaded.config);
    import(desk.store(), rows, target, desk.now(), room).await
}

/// The same over a store.
pub(super) async fn import(
    store: &Arc<Store>,
    rows: Vec<ImportRow>,
    target: Option<String>,
    now: UnixMs,
    room: Room,
) -> Result<Vec<Imported>, ImportError> {
    let (target, needed) = store.read(|tx| look(tx, &rows, target))?;
    let keeper = Arc::clone(store);
    let prepared = tokio::task::spawn_blocking(move || prepare(&keeper, rows, &needed));
    let (rows, pictures) = prepared.await.map_err(|_| ImportError::Stopping)??;
    let written = store.write(move |transaction| {
        pictures.iter().try_for_each(|picture| picture.insert(transaction)).map_err(Error::from)?;
        queue::import(transaction, &rows, target, now, room)
    });
    Ok(written.await?)
}

/// The target, and which of the rows may come in: nothing is written for the others.
fn look(
    connection: &Connection,
    rows: &[ImportRow],
    target: Option<String>,
) -> Result<(Option<TargetId>, Vec<bool>), ImportError> {
    let id = target.as_deref().map(|name| target::find(connection, name)).transpose()?;
    let wanted = queue::wanted_kinds(connection, id)?;
    if ![Kind::TimeEntry, Kind::Screenshot].iter().any(|kind| wanted.contains(kind)) {
        return Err(ImportError::NobodyWants { target });
    }
    let needed =
        |row: &ImportRow| Ok(wanted.contains(&row.item.kind()) && !queue::is_known(connection, row.item.id)?);
    Ok((id, rows.iter().map(needed).collect::<Result<_, Error>>()?))
}

fn prepare(
    store: &Store,
    rows: Vec<ImportRow>,
    needed: &[bool],
) -> Result<(Vec<NewImport>, Vec<NewBlob>), ImportError> {
    let (mut imports, mut pictures) = (Vec::new(), Vec::new());
    for (row, needed) in rows.into_iter().zip(needed) {
        let ImportRow { item, was, picture } = row;
        if *needed && let Payload::Screenshot { file, .. } = &item.payload {
            let wrong = || ImportError::Picture { id: item.id };
            let bytes = picture.and_then(|text| STANDARD.decode(text).ok()).ok_or_else(wrong)?;
            let kept = store.blobs().put(bytes)?;
            if kept.hash().to_string() != file.sha256 || kept.size() != file.size {
                return Err(wrong());
            }
            pictures.push(kept);
        }
        imports.push(NewImport { item: NewItem::of(&item)?, was });
    }
    Ok((imports, pictures))
}
