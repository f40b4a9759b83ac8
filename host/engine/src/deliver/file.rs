//! Files of items, as plugins get them: the blob that is stored, under the name and the media type that the item says.

use std::{io, sync::Arc};

use stint_plugin_runtime::{Attachment, FileName};
use stint_store::{Blob, BlobError, BlobHash};

use super::station::Station;

/// A stored blob as an item's file.
pub(super) struct BlobFile {
    named: FileName,
    sha256: String,
    blob: Arc<Blob>,
}

impl BlobFile {
    pub(super) fn new(named: FileName, blob: Arc<Blob>) -> Self {
        Self { named, sha256: blob.hash().to_string(), blob }
    }
}

impl Attachment for BlobFile {
    fn name(&self) -> &str {
        &self.named.name
    }

    fn mime(&self) -> &str {
        &self.named.mime
    }

    fn size(&self) -> u64 {
        self.blob.size()
    }

    fn sha256(&self) -> &str {
        &self.sha256
    }

    fn read_at(&self, offset: u64, length: usize) -> io::Result<Vec<u8>> {
        self.blob.read(offset, length).map_err(io::Error::other)
    }
}

/// Opens a blob and checks all of it, on a thread that may wait.
pub(super) async fn open(station: &Station, hash: BlobHash) -> Result<Arc<Blob>, BlobError> {
    let store = Arc::clone(station.desk.store());
    let opened = tokio::task::spawn_blocking(move || {
        let blob =
            store.read(|transaction| Ok::<_, stint_store::Error>(store.blobs().get(transaction, hash)));
        blob.map_err(|error| unreadable(hash, &error)).flatten()
    });
    opened.await.map_err(|error| unreadable(hash, &error)).flatten().map(Arc::new)
}

fn unreadable(hash: BlobHash, error: &dyn std::fmt::Display) -> BlobError {
    let (action, path) = ("read", std::path::PathBuf::new());
    BlobError::Io { action, hash, path, source: io::Error::other(error.to_string()) }
}

/// The name of a picture: what it is shows in its ending.
pub(super) fn picture_name(id: &str, mime: &str) -> FileName {
    let ending = match mime {
        "image/jpeg" => "jpg",
        "image/png" => "png",
        "image/webp" => "webp",
        _ => "bin",
    };
    FileName { name: format!("{id}.{ending}"), mime: mime.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_named_after_its_item_and_its_kind() {
        let name = |mime| picture_name("0192", mime).name;
        assert_eq!(name("image/jpeg"), "0192.jpg");
        assert_eq!(name("image/png"), "0192.png");
        assert_eq!(name("text/../../etc"), "0192.bin");
    }
}
