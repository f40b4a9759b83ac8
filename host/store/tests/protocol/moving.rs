//! Moving to another target, and telling a target what was before it.

use stint_domain::{
    delivery::{DeliveryState, Idempotency},
    failure::Cause,
    item::Kind,
    key::{EntryKey, ItemKey, KeySeed},
};
use stint_store::{
    Serial, TargetId,
    queue::{
        self, Batch, Prepared,
        backfill::{self, backfill},
    },
};

use crate::desk::{Desk, delivered, entry, failed, serials};

const OLD: TargetId = TargetId(1);
const NEW: TargetId = TargetId(2);

/// A target that was renamed: the old name is retired, the new one is there.
fn renamed(desk: &Desk) {
    assert_eq!(desk.configure(&[("new", &Kind::ALL)]), [NEW]);
    desk.serve(NEW, Idempotency::NativeKey);
}

fn old_desk() -> Desk {
    let desk = Desk::with(&[("old", &Kind::ALL)]);
    desk.serve(OLD, Idempotency::NativeKey);
    desk
}

#[test]
fn moved_deliveries_keep_their_keys_their_bytes_and_what_was_counted() {
    let mut desk = old_desk();
    let serial = desk.event(1);
    let batch = desk.claim(OLD, 1).unwrap();
    let made = Prepared { chain: [1; 32], payload: b"made".to_vec(), file: None };
    queue::prepare(&desk.connection, &batch.lease, serial, Some(&made)).unwrap();
    queue::begin(&desk.connection, &batch.lease, &[serial], desk.now).unwrap();
    desk.settle(&batch.lease, &[(serial, failed(Cause::Other, 0, true, desk.now))]);
    renamed(&desk);
    let moved = queue::transfer(&desk.connection, OLD, NEW, desk.now).unwrap();
    assert_eq!((moved.moved, moved.superseded, moved.stayed.len()), (1, 0, 0));
    let again = desk.claim(NEW, 1).unwrap();
    let item = &again.items[0];
    let seed = KeySeed::new("old");
    assert_eq!(
        (item.key, item.entry_key),
        (ItemKey::new(item.id, &seed), Some(EntryKey::new(entry(1), &seed)))
    );
    assert_eq!((item.attempts, &item.prepared), (1, &Some(made)));
    assert_eq!(queue::attempts(&desk.connection, serial, NEW).unwrap().len(), 1);
    let (old, new) = (desk.counts(OLD), desk.counts(NEW));
    assert_eq!((old.issued, new.issued), (0, 1));
}

#[test]
fn an_entry_that_the_old_target_knew_keeps_its_key_and_its_name() {
    let mut desk = old_desk();
    desk.event(1);
    desk.send_all(OLD, 1, &queue::Outcome::Delivered { remote_id: Some("TE-1".into()) });
    renamed(&desk);
    desk.event(1);
    queue::transfer(&desk.connection, OLD, NEW, desk.now).unwrap();
    let item = desk.claim(NEW, 1).unwrap().items.remove(0);
    assert_eq!(item.key, ItemKey::new(item.id, &KeySeed::new("new")), "it was issued here");
    assert_eq!(item.entry_key, Some(EntryKey::new(entry(1), &KeySeed::new("old"))), "its entry was not");
    assert_eq!(item.entry_remote_id.as_deref(), Some("TE-1"));
}

#[test]
fn moved_events_go_before_the_younger_ones_that_are_there() {
    let mut desk = old_desk();
    let older = desk.event(1);
    renamed(&desk);
    let younger = desk.event(1);
    assert_eq!(desk.state(younger, NEW), DeliveryState::Ready);
    queue::transfer(&desk.connection, OLD, NEW, desk.now).unwrap();
    assert_eq!(desk.listed(younger, NEW).behind, Some(older));
    assert_eq!(desk.send_all(NEW, 9, &delivered()), [older]);
    assert_eq!(desk.send_all(NEW, 9, &delivered()), [younger]);
}

#[test]
fn an_older_snapshot_never_follows_a_newer_one() {
    let mut desk = old_desk();
    let (untouched, unsure) = (desk.event(1), desk.event(2));
    let batch = desk.send(OLD, 9).unwrap();
    desk.settle(
        &batch.lease,
        &[(untouched, queue::Outcome::Released), (unsure, failed(Cause::Timeout, 0, true, desk.now))],
    );
    let fresh = desk.event(3);
    renamed(&desk);
    for of in [1, 2, 3] {
        desk.event(of);
    }
    desk.send_all(NEW, 9, &delivered());
    let moved = queue::transfer(&desk.connection, OLD, NEW, desk.now).unwrap();
    assert_eq!((moved.moved, moved.superseded), (0, 1));
    assert_eq!(moved.stayed, [untouched, unsure], "their bytes were handed to the network");
    assert_eq!(desk.state(fresh, OLD), DeliveryState::Superseded);
    assert!(desk.claim(NEW, 9).is_none());
}

#[test]
fn what_the_new_target_has_or_the_old_one_has_in_hand_stays() {
    let mut desk = Desk::with(&[("old", &Kind::ALL), ("new", &Kind::ALL)]);
    let both = desk.event(1);
    let moved = queue::transfer(&desk.connection, OLD, NEW, desk.now).unwrap();
    assert_eq!((moved.moved, moved.stayed), (0, vec![both]));
    desk.send_all(OLD, 9, &delivered());
    desk.configure(&[("old", &Kind::ALL)]);
    let in_hand = desk.event(2);
    desk.claim(OLD, 9).unwrap();
    let moved = queue::transfer(&desk.connection, OLD, NEW, desk.now).unwrap();
    assert_eq!((moved.moved, moved.stayed), (0, vec![in_hand]));
    assert_eq!(queue::transfer(&desk.connection, OLD, OLD, desk.now).unwrap(), queue::Moved::default());
}

fn backfill_all(desk: &Desk, target: TargetId) -> usize {
    let (mut from, mut issued) = (backfill::From::default(), 0);
    loop {
        let step =
            backfill(&desk.connection, target, crate::desk::START, from, 2, desk.now, [5; 10]).unwrap();
        issued += step.issued;
        match step.next {
            Some(next) => from = next,
            None => return issued,
        }
    }
}

#[test]
fn a_new_target_is_told_on_request_what_was_before_it() {
    let mut desk = old_desk();
    desk.now = stint_domain::time::UnixMs(crate::desk::START.0 - 1);
    desk.event(1);
    desk.wait(1);
    let since =
        [desk.event(1), desk.event(2), desk.record(Kind::Screenshot, None), desk.event(1), desk.event(3)];
    desk.configure(&[("old", &Kind::ALL), ("new", &[Kind::TimeEntry])]);
    assert_eq!(desk.counts(NEW).issued, 0, "not by itself");
    assert_eq!(backfill_all(&desk, NEW), 4);
    assert_eq!(backfill_all(&desk, NEW), 0, "once");
    assert_eq!(desk.send_all(NEW, 9, &delivered()), [since[0], since[1], since[4]]);
    assert_eq!(desk.send_all(NEW, 9, &delivered()), [since[3]]);
}

#[test]
fn a_backfill_goes_before_what_is_ready_and_never_behind_what_was_seen() {
    let mut desk = old_desk();
    let (older, other) = (desk.event(1), desk.event(2));
    desk.configure(&[("old", &Kind::ALL), ("new", &Kind::ALL)]);
    let (younger, seen) = (desk.event(1), desk.event(2));
    let pass = desk.pass(NEW);
    let wanted = queue::Wanted { avoid: Some(younger), ..crate::desk::wanted(1) };
    let batch = queue::claim(&desk.connection, &pass, &wanted, desk.now).unwrap().unwrap();
    assert_eq!(serials(&batch), [seen]);
    assert_eq!(backfill_all(&desk, NEW), 1);
    assert_eq!(desk.listed(younger, NEW).behind, Some(older));
    assert!(queue::show(&desk.connection, other, NEW).unwrap().is_none());
}

#[test]
fn an_item_that_nobody_took_is_kept_for_a_backfill() {
    let mut desk = Desk::with(&[]);
    let lone = desk.event(1);
    desk.configure(&[("late", &Kind::ALL)]);
    assert_eq!(backfill_all(&desk, OLD), 1);
    assert_eq!(desk.send_all(OLD, 9, &delivered()), [lone]);
}

#[test]
fn all_events_of_a_moved_entry_have_one_entry_key() {
    let mut desk = old_desk();
    desk.event(1);
    renamed(&desk);
    desk.event(1);
    queue::transfer(&desk.connection, OLD, NEW, desk.now).unwrap();
    let key = EntryKey::new(entry(1), &KeySeed::new("old"));
    for of in ["moved", "issued here", "issued later"] {
        if of == "issued later" {
            desk.event(1);
        }
        let batch = desk.send(NEW, 1).unwrap();
        assert_eq!(batch.items[0].entry_key, Some(key), "{of}");
        desk.settle(&batch.lease, &[(batch.items[0].serial, delivered())]);
    }
}

#[test]
fn an_entry_that_the_new_target_has_seen_keeps_the_key_it_was_seen_under() {
    let mut desk = Desk::with(&[("old", &Kind::ALL), ("new", &Kind::ALL)]);
    let older = desk.event(1);
    desk.send_all(NEW, 1, &delivered());
    desk.configure(&[("old", &Kind::ALL)]);
    desk.send_all(OLD, 1, &failed(Cause::Damaged, 0, true, desk.now));
    let younger = desk.event(1);
    let moved = queue::transfer(&desk.connection, OLD, NEW, desk.now).unwrap();
    assert_eq!((moved.moved, moved.stayed), (1, vec![older]));
    renamed(&desk);
    let item = desk.claim(NEW, 1).unwrap().items.remove(0);
    assert_eq!(item.serial, younger);
    assert_eq!(item.entry_key, Some(EntryKey::new(entry(1), &KeySeed::new("new"))));
}

/// A picture in hand at the new target, and an older event of its entry that is moved in front of it.
fn overtaken() -> (Desk, Serial, Batch) {
    let mut desk = old_desk();
    desk.event(1);
    renamed(&desk);
    let shot = desk.record(Kind::Screenshot, Some(entry(1)));
    let batch = desk.claim(NEW, 1).unwrap();
    assert_eq!(serials(&batch), [shot]);
    queue::transfer(&desk.connection, OLD, NEW, desk.now).unwrap();
    assert_eq!(desk.state(shot, NEW), DeliveryState::Leased, "what is in hand goes on");
    (desk, shot, batch)
}

#[test]
fn what_was_overtaken_in_hand_waits_when_it_is_given_back() {
    let (desk, shot, batch) = overtaken();
    desk.settle(&batch.lease, &[(shot, queue::Outcome::Released)]);
    assert_eq!(desk.state(shot, NEW), DeliveryState::Waiting);
    desk.send_all(NEW, 1, &delivered());
    assert_eq!(desk.state(shot, NEW), DeliveryState::Ready);
}

#[test]
fn what_was_overtaken_in_hand_waits_when_its_lease_has_lapsed() {
    let (mut desk, shot, _) = overtaken();
    desk.wait(300);
    let batch = desk.claim(NEW, 9).unwrap();
    assert_eq!(batch.items.len(), 1);
    assert_eq!(desk.state(shot, NEW), DeliveryState::Waiting);
}
