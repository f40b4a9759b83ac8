//! The order within an entry.

use stint_domain::{
    delivery::{DeliveryState, Idempotency, Ordering},
    failure::Cause,
    item::Kind,
};
use stint_store::{
    TargetId,
    queue::{self, Which},
    target,
};

use crate::desk::{Desk, delivered, entry, failed, serials};

const WORK: TargetId = TargetId(1);

#[test]
fn the_events_of_an_entry_go_one_after_the_other_and_entries_side_by_side() {
    let mut desk = Desk::new();
    let (first, second, other) = (desk.event(1), desk.event(1), desk.event(2));
    let batch = desk.send(WORK, 10).unwrap();
    assert_eq!(serials(&batch), [first, other]);
    assert_eq!(desk.state(second, WORK), DeliveryState::Waiting);
    assert_eq!(desk.listed(second, WORK).behind, Some(first));
    desk.settle(&batch.lease, &[(first, delivered())]);
    assert_eq!(desk.state(second, WORK), DeliveryState::Ready);
    assert_eq!(desk.send_all(WORK, 10, &delivered()), [second]);
}

#[test]
fn what_failed_or_may_have_arrived_blocks_its_lane_until_a_person_or_an_answer_frees_it() {
    for how in ["retry", "drop", "unknown"] {
        let mut desk = Desk::new();
        let (first, second) = (desk.event(1), desk.event(1));
        let cause = if how == "unknown" { Cause::Timeout } else { Cause::Damaged };
        desk.send_all(WORK, 1, &failed(cause, 0, true, desk.now));
        let state = if how == "unknown" { DeliveryState::Unknown } else { DeliveryState::Failed };
        assert_eq!(desk.state(first, WORK), state);
        assert!(desk.claim(WORK, 10).is_none(), "the second may not overtake");
        let which = Which::Items { serials: vec![first], target: None };
        match how {
            "drop" => {
                queue::drop_deliveries(&desk.connection, &which, "enough", desk.now).unwrap();
            }
            "retry" => {
                queue::retry(&desk.connection, &which, false, desk.now).unwrap();
                assert_eq!(desk.send_all(WORK, 10, &delivered()), [first]);
            }
            _ => {
                queue::resend_unknown(&desk.connection, WORK, Idempotency::NativeKey, desk.now).unwrap();
                assert_eq!(desk.send_all(WORK, 10, &delivered()), [first]);
            }
        }
        assert_eq!(desk.send_all(WORK, 10, &delivered()), [second], "{how}");
    }
}

#[test]
fn a_picture_waits_for_the_older_events_of_its_entry_and_holds_nobody() {
    let mut desk = Desk::new();
    let started = desk.event(1);
    let shot = desk.record(Kind::Screenshot, Some(entry(1)));
    let stopped = desk.event(1);
    assert_eq!(desk.state(shot, WORK), DeliveryState::Waiting);
    assert_eq!(desk.send_all(WORK, 10, &delivered()), [started]);
    let both = desk.send(WORK, 10).unwrap();
    assert_eq!(serials(&both), [stopped, shot], "the picture holds nobody, and critical comes first");
    desk.settle(&both.lease, &[(shot, failed(Cause::Damaged, 0, true, desk.now))]);
    let later = desk.event(1);
    assert_eq!(desk.listed(later, WORK).behind, Some(stopped));
}

#[test]
fn a_target_without_order_gets_everything_at_once() {
    let mut desk = Desk::new();
    target::serve(&desk.connection, WORK, Idempotency::PutOverwrite, Ordering::None).unwrap();
    let all = [desk.event(1), desk.event(1), desk.record(Kind::Screenshot, Some(entry(1)))];
    assert_eq!(serials(&desk.claim(WORK, 10).unwrap()), all);
}

#[test]
fn a_lane_is_blocked_at_its_own_target_alone() {
    let mut desk = Desk::with(&[("work", &Kind::ALL), ("home", &Kind::ALL)]);
    let (first, second) = (desk.event(1), desk.event(1));
    desk.send_all(WORK, 10, &failed(Cause::Damaged, 0, true, desk.now));
    assert_eq!(desk.send_all(TargetId(2), 10, &delivered()), [first]);
    assert_eq!(desk.send_all(TargetId(2), 10, &delivered()), [second]);
    assert_eq!(desk.state(second, WORK), DeliveryState::Waiting);
}

#[test]
fn a_newer_snapshot_takes_the_place_of_what_was_never_attempted_or_failed() {
    let mut desk = Desk::new();
    let (refused, untouched, newest) = (desk.event(1), desk.event(1), desk.event(1));
    desk.send_all(WORK, 1, &failed(Cause::Damaged, 0, true, desk.now));
    assert_eq!(queue::newest(&desk.connection, WORK, entry(1)).unwrap(), Some(newest));
    assert_eq!(queue::supersede(&desk.connection, WORK, newest, None, desk.now).unwrap(), 2);
    for serial in [refused, untouched] {
        assert_eq!(desk.state(serial, WORK), DeliveryState::Superseded);
    }
    assert_eq!(desk.send_all(WORK, 10, &delivered()), [newest]);
    assert_eq!((desk.counts(WORK).sent, desk.counts(WORK).superseded), (1, 2));
}

#[test]
fn what_was_attempted_is_not_superseded_and_still_goes_first() {
    let mut desk = Desk::new();
    let (attempted, newest) = (desk.event(1), desk.event(1));
    desk.send_all(WORK, 1, &failed(Cause::Other, 0, true, desk.now));
    assert_eq!(desk.state(attempted, WORK), DeliveryState::Delayed);
    assert_eq!(queue::supersede(&desk.connection, WORK, newest, None, desk.now).unwrap(), 0);
    assert_eq!(desk.send_all(WORK, 10, &delivered()), [attempted]);
}

#[test]
fn a_pass_supersedes_what_it_has_in_hand_and_has_not_attempted() {
    let mut desk = Desk::new();
    let (older, newest) = (desk.event(1), desk.event(1));
    let batch = desk.claim(WORK, 10).unwrap();
    assert_eq!(
        queue::supersede(&desk.connection, WORK, newest, None, desk.now).unwrap(),
        0,
        "a stranger may not"
    );
    assert_eq!(queue::supersede(&desk.connection, WORK, newest, Some(&batch.lease), desk.now).unwrap(), 1);
    assert_eq!(desk.state(older, WORK), DeliveryState::Superseded);
    assert_eq!(desk.state(newest, WORK), DeliveryState::Ready);
}
