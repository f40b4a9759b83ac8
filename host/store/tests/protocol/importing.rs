//! What another program had in its queue: it comes in once, in the state that it had, and the queue's rules hold.

use stint_domain::{
    delivery::{DeliveryState, Idempotency},
    failure::Cause,
    id::ItemId,
    item::Kind,
};
use stint_store::{
    Error, TargetId,
    queue::{self, Imported, NewImport, Room, Was, Which},
};

use crate::desk::{Desk, delivered, entry};

const WORK: TargetId = TargetId(1);

fn row(desk: &mut Desk, kind: Kind, of: u8, was: Was) -> NewImport {
    NewImport { item: desk.new_item(kind, Some(entry(of))), was }
}

fn failed() -> Was {
    Was::Failed { attempts: 5, cause: Cause::NotFound, message: Some("HTTP 404: Not Found".into()) }
}

fn import(desk: &Desk, rows: &[NewImport]) -> Vec<Imported> {
    queue::import(&desk.connection, rows, None, desk.now, Room::default()).unwrap()
}

fn states(desk: &Desk, rows: &[NewImport], target: TargetId) -> Vec<DeliveryState> {
    let serial = |id: ItemId| queue::serial_of(&desk.connection, id).unwrap().unwrap();
    rows.iter().map(|row| desk.state(serial(row.item.id), target)).collect()
}

#[test]
fn each_row_comes_in_as_it_was_and_a_failed_event_holds_up_those_behind() {
    use DeliveryState::{Failed, Ready, Sent, Waiting};
    let mut desk = Desk::new();
    let rows = [
        row(&mut desk, Kind::TimeEntry, 1, Was::Sent),
        row(&mut desk, Kind::TimeEntry, 1, failed()),
        row(&mut desk, Kind::TimeEntry, 1, Was::Pending),
        row(&mut desk, Kind::Screenshot, 1, Was::Pending),
        row(&mut desk, Kind::TimeEntry, 2, Was::Pending),
        row(&mut desk, Kind::TimeEntry, 2, Was::Pending),
        row(&mut desk, Kind::Screenshot, 2, failed()),
    ];
    assert_eq!(import(&desk, &rows), [Imported::New; 7]);
    assert_eq!(states(&desk, &rows, WORK), [Sent, Failed, Waiting, Waiting, Ready, Waiting, Failed]);
    let counts = desk.counts(WORK);
    assert_eq!((counts.sent, counts.failed, counts.waiting, counts.ready), (1, 2, 3, 1));
    assert!(counts.balances());
    let serial = queue::serial_of(&desk.connection, rows[1].item.id).unwrap().unwrap();
    let listed = desk.listed(serial, WORK);
    assert_eq!((listed.attempts, listed.cause), (5, Some(Cause::NotFound)));
    assert_eq!(listed.error.as_deref(), Some("HTTP 404: Not Found"));
    // A person tries what had failed again, and everything goes out in order.
    queue::retry(&desk.connection, &Which::Failed { target: None }, false, desk.now).unwrap();
    let mut sent = Vec::new();
    loop {
        let batch = desk.send_all(WORK, 10, &delivered());
        if batch.is_empty() {
            break;
        }
        sent.extend(batch);
    }
    assert_eq!(sent.len(), 6);
    let of_one: Vec<_> = sent.iter().filter(|sent| (serial.0..serial.0 + 2).contains(&sent.0)).collect();
    assert!(of_one.is_sorted(), "{sent:?}");
    assert_eq!(states(&desk, &rows, WORK), [Sent; 7]);
    assert!(desk.counts(WORK).balances());
}

#[test]
fn a_row_comes_in_once_whatever_it_is_offered_with() {
    let mut desk = Desk::new();
    let first = row(&mut desk, Kind::TimeEntry, 1, Was::Pending);
    assert_eq!(import(&desk, &[first.clone(), first.clone()]), [Imported::New, Imported::Known]);
    let mut other_body = first.clone();
    other_body.item.payload = b"{}".to_vec();
    other_body.was = failed();
    assert_eq!(
        import(&desk, &[other_body]),
        [Imported::Known],
        "a later version may make more of the same row"
    );
    assert_eq!(states(&desk, &[first], WORK), [DeliveryState::Ready]);
    assert_eq!(desk.counts(WORK).issued, 1);
    // An id that something else has is a mistake of whoever offers it.
    let taken = desk.new_item(Kind::TimeEntry, Some(entry(2)));
    desk.record_items(std::slice::from_ref(&taken));
    let mut stranger = NewImport { item: taken.clone(), was: Was::Pending };
    assert_eq!(import(&desk, std::slice::from_ref(&stranger)), [Imported::Known]);
    stranger.item.payload = b"{}".to_vec();
    let refused = queue::import(&desk.connection, &[stranger], None, desk.now, Room::default());
    assert!(matches!(refused, Err(Error::KeyReused { .. })), "{refused:?}");
}

#[test]
fn it_goes_to_all_targets_that_take_it_or_to_the_one_that_is_named() {
    let mut desk = Desk::with(&[("work", &[Kind::TimeEntry]), ("home", &Kind::ALL), ("gone", &Kind::ALL)]);
    desk.configure(&[("work", &[Kind::TimeEntry]), ("home", &Kind::ALL)]);
    desk.serve(TargetId(2), Idempotency::AtMostOnce);
    let rows = [
        row(&mut desk, Kind::TimeEntry, 1, Was::Pending),
        row(&mut desk, Kind::Screenshot, 1, Was::Pending),
        row(&mut desk, Kind::TimeEntry, 2, Was::Pending),
        row(&mut desk, Kind::Screenshot, 2, Was::Pending),
    ];
    let at = |rows: &[NewImport], target| {
        queue::import(&desk.connection, rows, target, desk.now, Room::default()).unwrap()
    };
    assert_eq!(at(&rows[..2], None), [Imported::New; 2]);
    assert_eq!(at(&rows[2..], Some(WORK)), [Imported::New, Imported::Unwanted]);
    assert_eq!(at(&rows[2..], Some(TargetId(3))), [Imported::Known, Imported::Unwanted], "it is retired");
    let issued = |target| desk.counts(TargetId(target)).issued;
    assert_eq!((issued(1), issued(2), issued(3)), (2, 2, 0));
    let kinds = |target| queue::wanted_kinds(&desk.connection, target).unwrap();
    assert_eq!(kinds(Some(WORK)), [Kind::TimeEntry]);
    assert_eq!((kinds(None).len(), kinds(Some(TargetId(3))).len()), (4, 0));
    // What nobody took may come in later.
    assert_eq!(at(&rows[2..], Some(TargetId(2))), [Imported::Known, Imported::New]);
}

#[test]
fn nothing_is_given_up_to_make_room_and_time_comes_in_all_the_same() {
    use Imported::{New, NoRoom};
    let mut desk = Desk::new();
    let before = desk.record(Kind::Screenshot, None);
    let rows = [
        row(&mut desk, Kind::Screenshot, 1, Was::Pending),
        row(&mut desk, Kind::Screenshot, 1, Was::Pending),
        row(&mut desk, Kind::Screenshot, 1, failed()),
        row(&mut desk, Kind::Screenshot, 1, Was::Sent),
        row(&mut desk, Kind::TimeEntry, 1, Was::Pending),
    ];
    let room = Room { backlog_max: 2 };
    let done = queue::import(&desk.connection, &rows, None, desk.now, room).unwrap();
    assert_eq!(done, [New, NoRoom, New, New, New]);
    assert_eq!(desk.state(before, WORK), DeliveryState::Ready);
    let counts = desk.counts(WORK);
    assert_eq!((counts.dropped, counts.overflowed, counts.issued), (0, 0, 5));
    assert_eq!(import(&desk, &rows)[1], New, "with room again it comes in");
    assert!(desk.counts(WORK).balances());
}
