//! Which blobs are being put. A blob's file is there before its row is, and for that while it looks like one that
//! belongs to nobody.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::hash::BlobHash;

type Counts = HashMap<BlobHash, usize>;

/// The blobs that are being put, and how often.
#[derive(Debug, Default)]
pub(super) struct Claims(Mutex<Counts>);

/// Keeps one blob's file from being swept until it is dropped.
#[derive(Debug)]
pub(super) struct Claim {
    hash: BlobHash,
    claims: Arc<Claims>,
}

impl Claims {
    /// Claims a blob. To be done before its file is looked for or made.
    pub(super) fn claim(self: &Arc<Self>, hash: BlobHash) -> Claim {
        *self.lock().entry(hash).or_default() += 1;
        Claim { hash, claims: Arc::clone(self) }
    }

    /// Does something about a blob that nobody has claimed, while nobody can claim it.
    pub(super) fn unless_claimed<T>(&self, hash: BlobHash, action: impl FnOnce() -> T) -> Option<T> {
        let counts = self.lock();
        (!counts.contains_key(&hash)).then(action)
    }

    fn lock(&self) -> MutexGuard<'_, Counts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        let mut counts = self.claims.lock();
        if let Some(count) = counts.get_mut(&self.hash) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.hash);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blob_is_claimed_until_its_last_claim_is_dropped() {
        let claims = Arc::new(Claims::default());
        let hash = BlobHash::of(b"a");
        let (first, second) = (claims.claim(hash), claims.claim(hash));
        drop(first);
        assert_eq!(claims.unless_claimed(hash, || ()), None);
        assert_eq!(claims.unless_claimed(BlobHash::of(b"b"), || ()), Some(()));
        drop(second);
        assert_eq!(claims.unless_claimed(hash, || ()), Some(()));
    }
}
