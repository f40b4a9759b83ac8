//! What there is to do at a target, and what a change of it means for what it has shown.

use stint_domain::{
    delivery::{DeliveryState, Idempotency},
    failure::Cause,
    item::{Kind, Priority},
    time::Millis,
};
use stint_store::{
    Serial, TargetId,
    queue::Outcome,
    target::{LEASE, Outlook, census, is_proven, outlook, remake},
};

use crate::desk::{Desk, failed};

const WORK: TargetId = TargetId(1);

fn seen(desk: &Desk) -> Outlook {
    outlook(&desk.connection, WORK, desk.now).unwrap()
}

#[test]
fn the_most_important_that_may_be_sent_is_told() {
    let mut desk = Desk::new();
    assert_eq!(seen(&desk), Outlook::default());
    desk.record(Kind::Screenshot, None);
    assert_eq!(seen(&desk).ready, Some(Priority::Low));
    desk.record(Kind::Activity, None);
    assert_eq!(seen(&desk).ready, Some(Priority::Normal));
    desk.event(1);
    assert_eq!(seen(&desk).ready, Some(Priority::Critical));
}

#[test]
fn what_falls_due_counts_from_then_on() {
    let mut desk = Desk::new();
    desk.event(1);
    let batch = desk.send(WORK, 1).unwrap();
    let serial = batch.items[0].serial;
    desk.settle(
        &batch.lease,
        &[(serial, failed(Cause::Conflict, 0, true, desk.now + Millis::from_secs(60)))],
    );
    let delayed = seen(&desk);
    assert_eq!((delayed.ready, delayed.next_due), (None, Some(desk.now + Millis::from_secs(60))));
    desk.wait(60);
    assert_eq!((seen(&desk).ready, seen(&desk).next_due), (Some(Priority::Critical), None));
}

#[test]
fn a_doubt_is_no_readiness_and_a_lost_lease_is() {
    let mut desk = Desk::new();
    desk.event(1);
    let batch = desk.send(WORK, 1).unwrap();
    assert_eq!(seen(&desk), Outlook { next_due: Some(desk.now + LEASE), ..Outlook::default() });
    desk.settle(&batch.lease, &[(batch.items[0].serial, failed(Cause::Timeout, 0, true, desk.now))]);
    assert_eq!(seen(&desk), Outlook { doubt: true, ..Outlook::default() });
    desk.event(2);
    desk.claim(WORK, 1).unwrap();
    desk.wait(LEASE.0 / 1_000);
    assert_eq!(seen(&desk).ready, Some(Priority::Critical), "the lease has lapsed");
}

#[test]
fn a_census_counts_by_state_and_priority_up_to_a_bound() {
    let mut desk = Desk::new();
    for entry in 1..=4 {
        desk.event(entry);
        desk.event(entry);
    }
    desk.record(Kind::Screenshot, None);
    let counts = census(&desk.connection, WORK, 3).unwrap();
    assert_eq!(
        counts,
        [
            (DeliveryState::Ready, Priority::Critical, 3),
            (DeliveryState::Ready, Priority::Low, 1),
            (DeliveryState::Waiting, Priority::Critical, 3),
        ]
    );
}

#[test]
fn a_target_made_of_something_else_has_shown_nothing_yet() {
    let mut desk = Desk::new();
    desk.serve(WORK, Idempotency::NativeKey);
    assert!(remake(&desk.connection, WORK, "rest 1").unwrap());
    let serial: Serial = desk.event(1);
    let batch = desk.send(WORK, 1).unwrap();
    desk.settle(&batch.lease, &[(serial, Outcome::Delivered { remote_id: None })]);
    assert!(is_proven(&desk.connection, WORK, Kind::TimeEntry).unwrap());
    assert!(!remake(&desk.connection, WORK, "rest 1").unwrap(), "nothing is new");
    assert!(is_proven(&desk.connection, WORK, Kind::TimeEntry).unwrap());
    assert!(remake(&desk.connection, WORK, "rest 2").unwrap());
    assert!(!is_proven(&desk.connection, WORK, Kind::TimeEntry).unwrap());
}
