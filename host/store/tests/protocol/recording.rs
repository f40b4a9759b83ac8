//! Recording and fan-out.

use std::slice;

use stint_domain::{
    delivery::DeliveryState,
    id::ItemId,
    item::{Attachment, Item, Kind, Payload},
    time::UnixMs,
};
use stint_store::{
    BlobHash, Error, TargetId,
    queue::{self, NewItem, Room},
    target,
};

use crate::desk::{Desk, START, entry};

const WORK: TargetId = TargetId(1);

#[test]
fn the_same_id_with_the_same_body_is_there_once() {
    let mut desk = Desk::new();
    let item = desk.new_item(Kind::Custom, None);
    let first = desk.record_items(slice::from_ref(&item));
    let again = desk.record_items(&[item]);
    assert_eq!((first.new, again.new), (1, 0));
    assert_eq!(first.serials, again.serials);
    assert_eq!(desk.counts(WORK).issued, 1);
}

#[test]
fn the_same_id_with_another_body_is_an_error_that_names_both() {
    let mut desk = Desk::new();
    let item = desk.new_item(Kind::Custom, None);
    desk.record_items(slice::from_ref(&item));
    let other = NewItem { payload: b"something else".to_vec(), ..item };
    let error = queue::record(&desk.connection, &[other], START, Room::default()).unwrap_err();
    // The SHA-256 of each body, as `sha256sum` prints it.
    for hash in ["3d6a916e86efba9105154ea95dda8d8d", "f41f3fa625ff120ddca7ef456bf66371"] {
        assert!(error.to_string().contains(hash), "{error}");
    }
    assert!(matches!(error, Error::KeyReused { known, given, .. } if known != given));
}

#[test]
fn a_large_batch_is_recorded_as_its_items_would_be_one_by_one() {
    let targets: [(&str, &[Kind]); 3] =
        [("all", &Kind::ALL), ("time", &[Kind::TimeEntry]), ("shots", &[Kind::Screenshot])];
    let (mut together, alone) = (Desk::with(&targets), Desk::with(&targets));
    // Lanes that begin in the batch and before it, older and younger ones among them, items that come twice, and
    // pictures for which there is no room.
    let known: Vec<_> = [1, 1, 3, 4, 4].map(|of| together.new_item(Kind::TimeEntry, Some(entry(of)))).into();
    let mut items: Vec<_> = (0_u8..107)
        .map(|number| match number % 4 {
            0 => together.new_item(Kind::Screenshot, Some(entry(number % 11))),
            1 => together.new_item(Kind::Custom, None),
            _ => together.new_item(Kind::TimeEntry, Some(entry(number % 7))),
        })
        .collect();
    for (place, again) in [(3, 2), (8, 2), (30, 1), (59, 57), (104, 50)] {
        items[place] = items[again].clone();
    }
    items[21] = known[0].clone();
    items[44] = known[4].clone();
    for desk in [&together, &alone] {
        desk.record_items(&known);
    }

    let room = Room { backlog_max: 60 };
    let recorded = queue::record(&together.connection, &items, START, room).unwrap();

    let one_by_one = |item| queue::record(&alone.connection, slice::from_ref(item), START, room).unwrap();
    let each: Vec<_> = items.iter().map(one_by_one).collect();
    assert_eq!(recorded.new, each.iter().map(|one| one.new).sum::<usize>());
    assert_eq!(recorded.new, 100);
    let ids = |desk: &Desk, serials: Vec<stint_store::Serial>| -> Vec<_> {
        serials.into_iter().map(|serial| listing_id(desk, serial)).collect()
    };
    let given: Vec<_> = items.iter().map(|item| Some(item.id)).collect();
    assert_eq!(ids(&together, recorded.serials), given);
    assert_eq!(ids(&alone, each.into_iter().flat_map(|one| one.serials).collect()), given);
    assert_eq!(everything(&together), everything(&alone));
    for target in 1..=3 {
        assert_eq!(together.counts(TargetId(target)), alone.counts(TargetId(target)));
    }
    assert!(together.counts(WORK).overflowed > 0);
}

/// The id of the item with this number.
fn listing_id(desk: &Desk, serial: stint_store::Serial) -> Option<ItemId> {
    let targets = queue::targets_of(&desk.connection, serial).unwrap();
    targets.first().map(|target| desk.listed(serial, *target).id)
}

/// All deliveries, by the item's own id: numbers may have gaps where an item came twice.
fn everything(desk: &Desk) -> Vec<(ItemId, TargetId, DeliveryState)> {
    let query = queue::listing::Query { limit: 1_000, ..queue::listing::Query::default() };
    let listed = queue::list(&desk.connection, &query).unwrap().deliveries;
    listed.into_iter().map(|one| (one.id, one.target, one.state)).collect()
}

#[test]
fn a_large_batch_of_large_payloads_is_kept_byte_by_byte() {
    let mut desk = Desk::new();
    let items: Vec<_> = (0_u8..25)
        .map(|number| NewItem { payload: vec![number; 100_000], ..desk.new_item(Kind::Custom, None) })
        .collect();
    let recorded = desk.record_items(&items);
    assert_eq!(recorded.new, 25);
    for (item, serial) in items.iter().zip(recorded.serials) {
        assert!(desk.listed(serial, WORK).payload == item.payload);
    }
}

#[test]
fn in_a_large_batch_too_the_same_id_with_another_body_is_an_error() {
    let mut desk = Desk::new();
    let mut items: Vec<_> = (0..40).map(|_| desk.new_item(Kind::Custom, None)).collect();
    items[33] = NewItem { payload: b"something else".to_vec(), ..items[32].clone() };
    let error = queue::record(&desk.connection, &items, START, Room::default()).unwrap_err();
    assert!(matches!(error, Error::KeyReused { id, .. } if id == items[33].id), "{error}");
}

#[test]
fn one_delivery_goes_to_each_target_that_accepts_the_kind() {
    let mut desk = Desk::with(&[("all", &Kind::ALL), ("time", &[Kind::TimeEntry]), ("none", &[])]);
    let event = desk.event(1);
    let shot = desk.record(Kind::Screenshot, None);
    assert_eq!(desk.counts(TargetId(1)).issued, 2);
    assert_eq!(desk.counts(TargetId(2)).issued, 1);
    assert_eq!(desk.counts(TargetId(3)).issued, 0);
    assert!(queue::show(&desk.connection, event, TargetId(2)).unwrap().is_some());
    assert!(queue::show(&desk.connection, shot, TargetId(2)).unwrap().is_none());
}

#[test]
fn payloads_are_kept_byte_by_byte() {
    let mut desk = Desk::new();
    let every_plane: String = (0..=0x10_u32)
        .flat_map(|plane| [plane << 16, plane << 16 | 0x41, plane << 16 | 0xfffd, plane << 16 | 0xffff])
        .filter_map(char::from_u32)
        .collect();
    let payloads = [
        Vec::new(),
        every_plane.into_bytes(),
        br#"{"b":1 ,"a":2.50e0,"a":"A\u0000"}"#.to_vec(),
        vec![b'x'; 10_000_000],
        (0..=255).collect(),
    ];
    for payload in payloads {
        let item = NewItem { payload: payload.clone(), ..desk.new_item(Kind::Custom, None) };
        let serial = desk.record_items(&[item]).serials[0];
        let batch = desk.claim(WORK, 1).unwrap();
        assert!(batch.items[0].payload == payload, "{} bytes changed", payload.len());
        assert!(desk.listed(serial, WORK).payload == payload);
    }
}

#[test]
fn an_item_of_the_domain_brings_its_file_by_its_hash() {
    let desk = Desk::new();
    let file = Attachment { sha256: "0a".repeat(32), size: 3, mime: "image/png".into() };
    let payload = Payload::Screenshot {
        entry_id: Some(entry(4)),
        monitor: "one".into(),
        taken_at: UnixMs(1),
        width: 1,
        height: 1,
        file,
        treated: Vec::new(),
        import: None,
    };
    let item = Item { id: ItemId::from_bytes([1; 16]), occurred_at: UnixMs(1), payload };
    let new = NewItem::of(&item).unwrap();
    assert_eq!(
        (new.kind, new.entry, new.file),
        (Kind::Screenshot, Some(entry(4)), Some(BlobHash::from_bytes([0x0a; 32])))
    );
    for many in [1, 40] {
        let items = vec![new.clone(); many];
        let error = queue::record(&desk.connection, &items, START, Room::default()).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!(
                "failed to record item 01010101-0101-0101-0101-010101010101: its file {} is not in the store; it has \
                 to come first, or with it",
                "0a".repeat(32)
            )
        );
    }
    desk.connection
        .execute("INSERT INTO blob (hash, size, in_file, data) VALUES (?1, 3, 0, x'010203')", [[0x0a_u8; 32]])
        .unwrap();
    desk.record_items(slice::from_ref(&new));
    desk.connection
        .execute_batch("PRAGMA foreign_keys = OFF; DELETE FROM blob; PRAGMA foreign_keys = ON")
        .unwrap();
    let again = queue::record(&desk.connection, &[new], START, Room::default()).unwrap();
    assert_eq!(again.new, 0, "it is known, and its file may be gone by now");
}

#[test]
fn a_file_whose_hash_is_none_is_refused() {
    for bad in ["0a", "zz", &"0a".repeat(33), &"é".repeat(64)] {
        let payload = Payload::Screenshot {
            entry_id: None,
            monitor: "one".into(),
            taken_at: UnixMs(1),
            width: 1,
            height: 1,
            file: Attachment { sha256: bad.into(), size: 3, mime: "image/png".into() },
            treated: Vec::new(),
            import: None,
        };
        let item = Item { id: ItemId::from_bytes([1; 16]), occurred_at: UnixMs(1), payload };
        assert!(NewItem::of(&item).is_err(), "{bad}");
    }
}

#[test]
fn above_the_maximum_the_oldest_pictures_go_first_then_activity_and_what_is_critical_never() {
    let mut desk = Desk::new();
    let room = Room { backlog_max: 4 };
    let mut record = |kind| {
        let item = desk.new_item(kind, (kind == Kind::TimeEntry).then(|| entry(1)));
        let recorded = queue::record(&desk.connection, &[item], START, room).unwrap();
        (recorded.serials[0], recorded)
    };
    let (activity, _) = record(Kind::Activity);
    let (old_shot, _) = record(Kind::Screenshot);
    let (shot, _) = record(Kind::Screenshot);
    let (event, full) = record(Kind::TimeEntry);
    assert!(full.overflowed.is_empty());
    let gone: Vec<_> = (0..4).map(|_| record(Kind::TimeEntry).1).collect();
    assert_eq!(gone[0].overflowed, [(WORK, 1)]);
    assert!(gone[2].crowded.is_empty() && gone[2].overflowed == [(WORK, 1)]);
    assert_eq!(
        (gone[3].overflowed.len(), &gone[3].crowded[..]),
        (0, &[WORK][..]),
        "nothing is left to give up"
    );
    for given_up in [old_shot, shot, activity] {
        let listed = desk.listed(given_up, WORK);
        assert_eq!(listed.state, DeliveryState::Dropped);
        assert_eq!(listed.error.as_deref(), Some(queue::overflow::REASON));
    }
    assert_eq!(desk.state(event, WORK), DeliveryState::Ready);
    let counts = desk.counts(WORK);
    assert_eq!((counts.dropped, counts.overflowed, counts.ready + counts.waiting), (3, 3, 5));
}

#[test]
fn what_is_in_hand_or_may_have_arrived_is_not_given_up() {
    let mut desk = Desk::new();
    let shots: Vec<_> = (0..3).map(|_| desk.record(Kind::Screenshot, None)).collect();
    let batch = desk.send(WORK, 1).unwrap();
    assert_eq!(batch.items[0].serial, shots[0]);
    let item = desk.new_item(Kind::Screenshot, None);
    let recorded = queue::record(&desk.connection, &[item], START, Room { backlog_max: 3 }).unwrap();
    assert_eq!(recorded.overflowed, [(WORK, 1)]);
    assert_eq!(desk.state(shots[0], WORK), DeliveryState::Leased);
    assert_eq!(desk.state(shots[1], WORK), DeliveryState::Dropped);
}

#[test]
fn a_maximum_that_was_lowered_is_reached_in_steps() {
    let mut desk = Desk::new();
    let items: Vec<_> = (0..600).map(|_| desk.new_item(Kind::Screenshot, None)).collect();
    desk.record_items(&items);
    let mut left = Vec::new();
    for _ in 0..4 {
        let item = desk.new_item(Kind::Screenshot, None);
        queue::record(&desk.connection, &[item], START, Room { backlog_max: 10 }).unwrap();
        left.push(desk.counts(WORK).ready);
    }
    assert_eq!(left, [345, 90, 10, 10]);
}

#[test]
fn a_retired_target_is_issued_nothing_and_comes_back_as_it_was() {
    let mut desk = Desk::with(&[("work", &Kind::ALL), ("home", &Kind::ALL)]);
    desk.event(1);
    assert_eq!(desk.configure(&[("home", &Kind::ALL)]), [TargetId(2)]);
    desk.event(1);
    let retired = target::status(&desk.connection, WORK).unwrap();
    assert_eq!((retired.retired_at, retired.counts.issued), (Some(START), 1));
    assert!(target::open_pass(&desk.connection, WORK, crate::desk::OURS, START).is_err());
    assert_eq!(desk.configure(&[("work", &Kind::ALL), ("home", &Kind::ALL)]), [WORK, TargetId(2)]);
    desk.event(1);
    assert_eq!(desk.counts(WORK).issued, 2);
}
