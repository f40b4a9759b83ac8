//! What a pass has claimed and not begun yet: the most important first, then the oldest.
//!
//! Invariant: nothing is begun so late that its call could outlast its lease.

use std::collections::BTreeMap;

use stint_domain::time::Millis;
use stint_store::{
    Serial,
    queue::{Batch, Claimed, Lease},
    target::LEASE,
};

/// How long after its claim an item may be begun. A call lasts 240 s at most.
pub(super) const BEGIN_WITHIN: Millis = Millis::from_secs(45);
const _: () = assert!(BEGIN_WITHIN.0 + 240_000 < LEASE.0);

/// One item in hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Held {
    pub(super) claimed: Claimed,
    pub(super) lease: Lease,
    since: Millis,
}

/// The items in hand.
#[derive(Debug, Default)]
pub(super) struct Hand {
    items: BTreeMap<(u8, Serial), Held>,
}

impl Hand {
    pub(super) fn len(&self) -> usize {
        self.items.len()
    }

    pub(super) fn put(&mut self, batch: Batch, now: Millis) {
        let Batch { lease, items } = batch;
        for claimed in items {
            let place = (claimed.priority.number(), claimed.serial);
            self.items.insert(place, Held { claimed, lease, since: now });
        }
    }

    /// The items of the next call: one that looks up goes alone, and all of one call are of one lease.
    pub(super) fn take(&mut self, most: usize) -> Vec<Held> {
        let Some((_, first)) = self.items.pop_first() else { return Vec::new() };
        let (lease, alone) = (first.lease, first.claimed.looking_up);
        let mut group = vec![first];
        while group.len() < most && !alone {
            match self.items.first_entry() {
                Some(next) if next.get().lease == lease && !next.get().claimed.looking_up => {
                    group.push(next.remove());
                }
                _ => break,
            }
        }
        group
    }

    /// Takes out what may not be begun any more.
    pub(super) fn take_stale(&mut self, now: Millis) -> Vec<Held> {
        let is_stale = |held: &Held| now.since(held.since) > BEGIN_WITHIN;
        if !self.items.values().any(is_stale) {
            return Vec::new();
        }
        self.items.extract_if(.., |_, held| is_stale(held)).map(|(_, held)| held).collect()
    }

    /// Takes everything out.
    pub(super) fn take_all(&mut self) -> Vec<Held> {
        std::mem::take(&mut self.items).into_values().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use stint_domain::{
        id::ItemId,
        item::{Kind, Priority},
        key::{ItemKey, KeySeed},
        time::UnixMs,
    };
    use stint_store::{Epoch, TargetId, Token};

    fn batch(token: i64, serials: &[(i64, Priority, bool)]) -> Batch {
        let id = ItemId::from_bytes([1; 16]);
        let claimed = |&(serial, priority, looking_up): &(i64, Priority, bool)| Claimed {
            serial: Serial(serial),
            id,
            kind: Kind::TimeEntry,
            entry: None,
            occurred_at: UnixMs(0),
            priority,
            attempts: 0,
            crashes: 0,
            attempted_at: None,
            looking_up,
            key: ItemKey::new(id, &KeySeed::new("work")),
            entry_key: None,
            entry_remote_id: None,
            payload: Vec::new(),
            file: None,
            prepared: None,
        };
        let lease = Lease { target: TargetId(1), token: Token(token), owner: Epoch(1) };
        Batch { lease, items: serials.iter().map(claimed).collect() }
    }

    fn serials(group: &[Held]) -> Vec<i64> {
        group.iter().map(|held| held.claimed.serial.0).collect()
    }

    #[test]
    fn the_most_important_goes_first_even_if_it_came_last() {
        let mut hand = Hand::default();
        hand.put(batch(1, &[(1, Priority::Low, false), (2, Priority::Low, false)]), Millis(0));
        hand.put(batch(2, &[(3, Priority::Critical, false)]), Millis(0));
        assert_eq!(serials(&hand.take(1)), [3]);
        assert_eq!(serials(&hand.take(10)), [1, 2]);
        assert!(hand.take(10).is_empty());
    }

    #[test]
    fn a_call_has_items_of_one_lease_and_a_question_goes_alone() {
        let mut hand = Hand::default();
        let critical = Priority::Critical;
        hand.put(batch(1, &[(1, critical, false), (2, critical, false), (3, critical, true)]), Millis(0));
        hand.put(batch(2, &[(4, critical, false)]), Millis(0));
        assert_eq!(serials(&hand.take(10)), [1, 2]);
        assert_eq!(serials(&hand.take(10)), [3]);
        assert_eq!(serials(&hand.take(10)), [4]);
    }

    #[test]
    fn what_was_held_too_long_is_given_back() {
        let mut hand = Hand::default();
        hand.put(batch(1, &[(1, Priority::Critical, false)]), Millis(0));
        hand.put(batch(2, &[(2, Priority::Critical, false)]), Millis(10_000));
        assert!(hand.take_stale(Millis(45_000)).is_empty());
        assert_eq!(serials(&hand.take_stale(Millis(45_001))), [1]);
        assert_eq!((hand.len(), serials(&hand.take_all())), (1, vec![2]));
    }
}
