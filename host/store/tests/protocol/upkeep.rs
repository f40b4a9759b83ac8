//! Purges and sweeps.

use stint_domain::{
    delivery::PlainState::{Dropped, Failed, Pending, Sent},
    failure::Cause,
    item::Kind,
    time::Millis,
};
use stint_store::{
    BlobHash, TargetId,
    queue::{self, NewItem, Room, listing, upkeep},
};

use crate::desk::{Desk, delivered, failed};

const WORK: TargetId = TargetId(1);
const WEEK: Millis = Millis::from_mins(7 * 24 * 60);

fn rows(desk: &Desk, table: &str) -> i64 {
    desk.connection.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap()
}

fn blob(number: u8) -> BlobHash {
    BlobHash::from_bytes([number; 32])
}

fn put_blob(desk: &Desk, hash: BlobHash, in_file: bool) {
    let data = (!in_file).then_some([1_u8]);
    let sql = "INSERT INTO blob (hash, size, in_file, data) VALUES (?1, 1, ?2, ?3)";
    desk.connection.execute(sql, rusqlite::params![hash, in_file, data]).unwrap();
}

#[test]
fn what_was_sent_goes_after_seven_days_and_stays_counted() {
    let mut desk = Desk::new();
    desk.event(1);
    let refused = desk.event(2);
    desk.send_all(WORK, 1, &delivered());
    desk.send_all(WORK, 1, &failed(Cause::Damaged, 0, true, desk.now));
    desk.wait(7 * 24 * 3600 - 1);
    assert_eq!(upkeep::purge(&desk.connection, WEEK, 10, desk.now).unwrap(), upkeep::Purged::default());
    desk.wait(1);
    let purged = upkeep::purge(&desk.connection, WEEK, 10, desk.now).unwrap();
    assert_eq!((purged.deliveries, purged.items), (1, 1));
    let counts = desk.counts(WORK);
    assert_eq!((counts.issued, counts.sent, counts.failed), (2, 1, 1));
    assert_eq!(desk.listed(refused, WORK).cause, Some(Cause::Damaged), "what failed waits for a person");
    assert_eq!(rows(&desk, "history"), 1);
}

#[test]
fn an_item_stays_until_its_last_target_has_it() {
    let mut desk = Desk::with(&[("work", &Kind::ALL), ("home", &Kind::ALL)]);
    desk.event(1);
    desk.send_all(WORK, 1, &delivered());
    desk.wait(8 * 24 * 3600);
    let purged = upkeep::purge(&desk.connection, WEEK, 10, desk.now).unwrap();
    assert_eq!((purged.deliveries, purged.items), (1, 0));
    desk.send_all(TargetId(2), 1, &delivered());
    let purged = upkeep::purge(&desk.connection, Millis::ZERO, 10, desk.now).unwrap();
    assert_eq!((purged.deliveries, purged.items), (1, 1));
}

#[test]
fn a_purge_goes_in_steps_and_takes_what_nobody_was_to_have() {
    let mut desk = Desk::with(&[]);
    for _ in 0..5 {
        desk.record(Kind::Custom, None);
    }
    desk.wait(8 * 24 * 3600);
    let step = |desk: &Desk| upkeep::purge(&desk.connection, WEEK, 2, desk.now).unwrap().items;
    assert_eq!([step(&desk), step(&desk), step(&desk), step(&desk)], [2, 2, 1, 0]);
}

#[test]
fn the_history_is_kept_to_its_size() {
    let mut desk = Desk::new();
    for _ in 0..6 {
        desk.event(1);
        desk.send_all(WORK, 1, &delivered());
    }
    assert_eq!(upkeep::trim_history(&desk.connection, 4, 1).unwrap(), 1);
    assert_eq!(upkeep::trim_history(&desk.connection, 4, 9).unwrap(), 1);
    assert_eq!(upkeep::trim_history(&desk.connection, 4, 9).unwrap(), 0);
    assert_eq!(rows(&desk, "history"), 4);
}

#[test]
fn content_goes_with_the_last_that_refers_to_it() {
    let mut desk = Desk::new();
    for (number, in_file) in [(1, false), (2, true), (3, false), (4, true)] {
        put_blob(&desk, blob(number), in_file);
    }
    let shot = NewItem { file: Some(blob(1)), ..desk.new_item(Kind::Screenshot, None) };
    let serial = queue::record(&desk.connection, &[shot], desk.now, Room::default()).unwrap().serials[0];
    let batch = desk.claim(WORK, 1).unwrap();
    let made = queue::Prepared { chain: [0; 32], payload: Vec::new(), file: Some(blob(2)) };
    queue::prepare(&desk.connection, &batch.lease, serial, Some(&made)).unwrap();

    let first = upkeep::sweep_blobs(&desk.connection, None, 3).unwrap();
    assert_eq!((first.inline, first.files, first.next), (1, vec![], Some(blob(3))));
    let second = upkeep::sweep_blobs(&desk.connection, first.next, 3).unwrap();
    assert_eq!((second.inline, second.files, second.next), (0, vec![blob(4)], None));

    desk.settle(&batch.lease, &[(serial, delivered())]);
    assert_eq!(
        upkeep::sweep_blobs(&desk.connection, None, 9).unwrap().files,
        [blob(2)],
        "made for a sending"
    );
    upkeep::purge(&desk.connection, Millis::ZERO, 9, desk.now).unwrap();
    assert_eq!(upkeep::sweep_blobs(&desk.connection, None, 9).unwrap().inline, 1);
    assert_eq!(rows(&desk, "blob"), 0);
}

#[test]
fn what_a_target_knows_of_an_entry_goes_when_the_entry_and_its_items_are_gone() {
    let mut desk = Desk::new();
    for entry in 1..=3 {
        desk.event(entry);
    }
    desk.send_all(WORK, 3, &delivered());
    let all = |desk: &Desk, limit| {
        let (mut gone, mut from, mut steps) = (0, None, 0);
        loop {
            let step = upkeep::forget_entries(&desk.connection, from, limit).unwrap();
            (gone, steps) = (gone + step.gone, steps + 1);
            match step.next {
                Some(next) => from = Some(next),
                None => return (gone, steps),
            }
        }
    };
    assert_eq!(all(&desk, 9), (0, 1));
    upkeep::purge(&desk.connection, Millis::ZERO, 9, desk.now).unwrap();
    assert_eq!(all(&desk, 2), (3, 2), "in small steps");
    assert_eq!(all(&desk, 2), (0, 1));
}

#[test]
fn first_answers_are_forgotten_in_small_steps() {
    let desk = Desk::new();
    for (id, at) in
        [(1_u8, desk.now - WEEK), (2, desk.now), (3, desk.now + WEEK + Millis(1)), (4, desk.now - WEEK)]
    {
        let command = "INSERT INTO command (id, at_ms, answer) VALUES (?1, ?2, '{}')";
        desk.connection.execute(command, (&[id; 16], at.0)).unwrap();
    }
    let forget = || upkeep::forget_answers(&desk.connection, WEEK, desk.now, 2).unwrap();
    assert_eq!([forget(), forget(), forget()], [2, 1, 0]);
    assert_eq!(rows(&desk, "command"), 1);
}

#[test]
fn numbers_are_not_given_out_twice() {
    let mut desk = Desk::new();
    let first = desk.event(1);
    desk.send_all(WORK, 1, &delivered());
    upkeep::purge(&desk.connection, Millis::ZERO, 9, desk.now).unwrap();
    assert!(desk.event(1) > first);
}

#[test]
fn free_pages_go_back_to_the_file_system_in_steps() {
    let folder = tempfile::tempdir().unwrap();
    let connection = rusqlite::Connection::open(folder.path().join("q.db")).unwrap();
    connection.execute_batch("PRAGMA auto_vacuum = INCREMENTAL").unwrap();
    connection
        .execute_batch("CREATE TABLE t (x); INSERT INTO t VALUES (zeroblob(1000000)); DELETE FROM t")
        .unwrap();
    let left = upkeep::vacuum_step(&connection, 10).unwrap();
    assert!(left > 100, "{left} pages");
    assert_eq!(upkeep::vacuum_step(&connection, 10).unwrap(), left - 10);
}

#[test]
fn lists_show_the_newest_first_page_by_page() {
    let mut desk = Desk::with(&[("work", &Kind::ALL), ("home", &Kind::ALL)]);
    let events: Vec<_> = (0..5).map(|of| desk.event(of)).collect();
    desk.send_all(WORK, 2, &delivered());
    desk.send_all(WORK, 1, &failed(Cause::Damaged, 0, true, desk.now));
    let list = |state, target, limit| {
        let mut query = listing::Query { state, target, after: None, limit };
        let mut all = Vec::new();
        loop {
            let page = queue::list(&desk.connection, &query).unwrap();
            assert!(page.deliveries.len() <= limit);
            all.extend(page.deliveries.iter().map(|listed| (listed.serial, listed.target)));
            let Some(next) = page.next else { return all };
            query.after = Some(next);
        }
    };
    for limit in [1, 2, 3, 100] {
        let home = TargetId(2);
        assert_eq!(list(Some(Sent), None, limit), [(events[1], WORK), (events[0], WORK)]);
        assert_eq!(list(Some(Failed), None, limit), [(events[2], WORK)]);
        assert_eq!(list(Some(Dropped), None, limit), []);
        assert_eq!(list(Some(Pending), Some(WORK), limit), [(events[4], WORK), (events[3], WORK)]);
        let pending: Vec<_> = list(Some(Pending), None, limit);
        assert_eq!(pending.len(), 7);
        assert_eq!(pending[..3], [(events[4], home), (events[4], WORK), (events[3], home)]);
        assert_eq!(list(None, None, limit).len(), 10);
        assert_eq!(
            list(None, Some(home), limit),
            events.iter().rev().map(|s| (*s, home)).collect::<Vec<_>>()
        );
    }
}
