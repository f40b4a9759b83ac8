//! Items with pictures: what is shown of them, taking one back, and what goes where they take too much room.

use stint_domain::{failure::Cause, item::Kind, time::Millis};
use stint_store::{
    BlobHash, Serial, TargetId,
    queue::{self, NewItem},
};

use crate::desk::{Desk, delivered, failed};

const WORK: TargetId = TargetId(1);
const HOME: TargetId = TargetId(2);

fn two_targets() -> Desk {
    let desk = Desk::with(&[("work", &[Kind::Screenshot]), ("home", &[Kind::Screenshot])]);
    desk.connection.execute_batch("PRAGMA foreign_keys = ON").unwrap();
    desk
}

fn blob(number: u8) -> BlobHash {
    BlobHash::from_bytes([number; 32])
}

/// A screenshot whose file has so many bytes.
fn shot(desk: &mut Desk, number: u8, size: i64) -> Serial {
    let sql = "INSERT INTO blob (hash, size, in_file, data) VALUES (?1, ?2, 1, NULL)";
    desk.connection.execute(sql, rusqlite::params![blob(number), size]).unwrap();
    let item = NewItem { file: Some(blob(number)), ..desk.new_item(Kind::Screenshot, None) };
    desk.record_items(&[item]).serials[0]
}

fn there(desk: &Desk) -> Vec<(Serial, u64, u64)> {
    let all = queue::pictures(&desk.connection, 100).unwrap();
    all.into_iter().map(|shot| (shot.serial, shot.pending, shot.sent)).collect()
}

fn take_back(desk: &Desk, serial: Serial) -> queue::Withdrawn {
    queue::withdraw(&desk.connection, serial, "a person deleted it", desk.now).unwrap()
}

#[test]
fn the_newest_come_first_and_say_who_has_them() {
    let mut desk = two_targets();
    let (first, second) = (shot(&mut desk, 1, 10), shot(&mut desk, 2, 10));
    desk.send_all(WORK, 1, &delivered());
    assert_eq!(there(&desk), [(second, 2, 0), (first, 1, 1)]);
    assert_eq!(queue::pictures(&desk.connection, 1).unwrap().len(), 1);
    assert_eq!(queue::picture(&desk.connection, first).unwrap().unwrap().blob, blob(1));
    let other = desk.record(Kind::Custom, None);
    assert_eq!(queue::picture(&desk.connection, other).unwrap(), None, "it has no picture");
}

#[test]
fn one_that_nobody_has_is_gone_when_it_is_taken_back_with_what_was_prepared_of_it() {
    let mut desk = two_targets();
    let serial = shot(&mut desk, 1, 10);
    let batch = desk.claim(WORK, 1).unwrap();
    let made = queue::Prepared { chain: [0; 32], payload: Vec::new(), file: None };
    queue::prepare(&desk.connection, &batch.lease, serial, Some(&made)).unwrap();
    desk.settle(&batch.lease, &[(serial, queue::Outcome::Released)]);
    let done = take_back(&desk, serial);
    assert_eq!((done.kept_back, done.too_late, done.forgotten), (2, 0, true));
    assert_eq!(done.loose_files, [blob(1)]);
    assert!(there(&desk).is_empty());
    assert!(desk.claim_is_empty(WORK) && desk.claim_is_empty(HOME), "nobody ever gets it");
}

#[test]
fn one_that_somebody_has_is_gone_here_all_the_same_and_nobody_else_gets_it() {
    let mut desk = two_targets();
    let serial = shot(&mut desk, 1, 10);
    desk.send_all(WORK, 1, &delivered());
    let done = take_back(&desk, serial);
    assert_eq!((done.kept_back, done.too_late, done.in_hand), (1, 1, 0));
    assert_eq!((done.removed, done.forgotten, done.loose_files), (true, false, vec![blob(1)]));
    assert!(there(&desk).is_empty(), "it is no picture any more");
    assert!(desk.claim_is_empty(HOME));
    assert!(queue::recorded(&desk.connection, serial).unwrap().is_some(), "the history knows what was sent");
    assert_eq!(desk.counts(WORK).sent, 1);
}

#[test]
fn one_that_is_on_its_way_stays_until_it_has_arrived() {
    let mut desk = two_targets();
    let serial = shot(&mut desk, 2, 10);
    let batch = desk.send(WORK, 1).unwrap();
    let done = take_back(&desk, serial);
    assert_eq!((done.kept_back, done.too_late, done.in_hand), (1, 1, 1));
    assert_eq!((done.removed, done.forgotten, done.loose_files), (false, false, Vec::new()));
    assert_eq!(there(&desk).len(), 1);
    desk.settle(&batch.lease, &[(serial, delivered())]);
    let done = take_back(&desk, serial);
    assert_eq!((done.too_late, done.in_hand, done.removed), (1, 0, true));
    assert_eq!(done.loose_files, [blob(2)]);
}

#[test]
fn a_new_target_is_told_nothing_of_a_picture_that_was_deleted() {
    let mut desk = two_targets();
    let (gone, kept) = (shot(&mut desk, 1, 10), shot(&mut desk, 2, 10));
    desk.send_all(WORK, 2, &delivered());
    take_back(&desk, gone);
    desk.connection.execute("DELETE FROM delivery WHERE target_id = ?1", [HOME]).unwrap();
    desk.connection
        .execute("UPDATE target SET issued = 0, ready = 0, dropped = 0 WHERE id = ?1", [HOME])
        .unwrap();
    let since = stint_domain::time::UnixMs(0);
    queue::backfill(&desk.connection, HOME, since, queue::backfill::From::default(), 10, desk.now, [0; 10])
        .unwrap();
    let told: Vec<Serial> = desk.claim(HOME, 9).unwrap().items.iter().map(|item| item.serial).collect();
    assert_eq!(told, [kept]);
}

#[test]
fn a_file_that_two_screenshots_share_goes_with_the_second() {
    let mut desk = two_targets();
    let first = shot(&mut desk, 1, 10);
    let same = NewItem { file: Some(blob(1)), ..desk.new_item(Kind::Screenshot, None) };
    let second = desk.record_items(&[same]).serials[0];
    assert_eq!(take_back(&desk, first).loose_files, []);
    assert_eq!(take_back(&desk, second).loose_files, [blob(1)]);
}

#[test]
fn delivered_pictures_go_oldest_first_where_all_are_too_large_and_others_stay() {
    let mut desk = two_targets();
    let shots: Vec<Serial> = (1..=5).map(|number| shot(&mut desk, number, 100)).collect();
    let purge = |desk: &Desk, keep| queue::purge_pictures(&desk.connection, keep, 10).unwrap();
    assert_eq!(purge(&desk, 0), 0, "all of them wait");
    desk.send_all(WORK, 9, &delivered());
    assert_eq!(purge(&desk, 0), 0, "home has none yet");
    desk.send_all(HOME, 4, &delivered());
    desk.send_all(HOME, 1, &failed(Cause::Damaged, 0, true, desk.now + Millis(1)));
    assert_eq!(purge(&desk, 250), 2, "of four that were delivered, two fit");
    let left: Vec<Serial> = there(&desk).into_iter().map(|(serial, ..)| serial).collect();
    assert_eq!(left, [shots[4], shots[3], shots[2]], "what failed waits for a person");
    assert_eq!(purge(&desk, 250), 0);
    assert_eq!((purge(&desk, 0), purge(&desk, 0)), (2, 0));
    assert_eq!(desk.counts(HOME).sent, 4, "what was sent stays counted");
}
