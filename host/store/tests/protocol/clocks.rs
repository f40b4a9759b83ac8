//! A wall clock that is moved by a century: nothing is stuck, and nothing is tried a million times.

use stint_domain::{
    delivery::{DeliveryState, Idempotency},
    failure::Cause,
    pace::{Breaker, Gate, due},
    time::{Millis, UnixMs},
};
use stint_store::{
    TargetId,
    queue::{self, upkeep},
    target::{self, LEASE, Pace},
};

use crate::desk::{Desk, START, delivered, failed, serials, wanted};

const WORK: TargetId = TargetId(1);
const YEAR_1970: UnixMs = UnixMs(0);
const YEAR_2100: UnixMs = UnixMs(4_102_444_800_000);

#[test]
fn a_due_time_of_2100_is_brought_within_the_longest_wait_and_then_comes() {
    let mut desk = Desk::new();
    let serial = desk.event(1);
    desk.now = YEAR_2100;
    desk.send_all(WORK, 1, &failed(Cause::Other, 0, true, YEAR_2100 + Millis::from_mins(1)));
    desk.now = START;
    assert!(desk.claim(WORK, 1).is_none());
    assert_eq!(desk.listed(serial, WORK).due, Some(START + due::LONGEST_WAIT), "brought into this century");
    desk.now = START + Millis::from_mins(10);
    assert!(desk.claim(WORK, 1).is_none());
    assert_eq!(desk.listed(serial, WORK).due, Some(START + due::LONGEST_WAIT), "and not moved on again");
    desk.now = START + due::LONGEST_WAIT;
    assert_eq!(serials(&desk.claim(WORK, 1).unwrap()), [serial]);
}

#[test]
fn an_unknown_outcome_of_2100_is_looked_at_within_the_longest_wait() {
    let mut desk = Desk::new();
    let serial = desk.event(1);
    desk.now = YEAR_2100;
    desk.send_all(WORK, 1, &failed(Cause::Timeout, 0, true, YEAR_2100));
    desk.now = YEAR_1970;
    assert!(desk.claim(WORK, 1).is_none());
    desk.now = YEAR_1970 + due::LONGEST_WAIT;
    assert_eq!(queue::resend_unknown(&desk.connection, WORK, Idempotency::NativeKey, desk.now).unwrap(), 1);
    assert_eq!(serials(&desk.claim(WORK, 1).unwrap()), [serial]);
}

#[test]
fn a_lease_and_a_pass_of_2100_lapse_one_lease_after_they_are_seen_again() {
    let mut desk = Desk::new();
    let serial = desk.event(1);
    desk.now = YEAR_2100;
    let pass = desk.pass(WORK);
    queue::claim(&desk.connection, &pass, &wanted(1), desk.now).unwrap().unwrap();
    desk.now = START;
    assert_eq!(target::open_pass(&desk.connection, WORK, pass.owner, desk.now).unwrap(), None);
    desk.now = START + LEASE;
    assert!(target::open_pass(&desk.connection, WORK, pass.owner, desk.now).unwrap().is_some());
    assert_eq!(desk.state(serial, WORK), DeliveryState::Ready);
}

#[test]
fn a_lease_of_2100_lapses_even_while_its_pass_goes_on() {
    let mut desk = Desk::new();
    let serial = desk.event(1);
    desk.now = YEAR_2100;
    let pass = desk.pass(WORK);
    queue::claim(&desk.connection, &pass, &wanted(1), desk.now).unwrap().unwrap();
    desk.now = START;
    assert!(queue::claim(&desk.connection, &pass, &wanted(1), desk.now).unwrap().is_none());
    desk.now = START + LEASE;
    let again = queue::claim(&desk.connection, &pass, &wanted(1), desk.now).unwrap().unwrap();
    assert_eq!(serials(&again), [serial]);
}

#[test]
fn a_clock_that_jumps_to_2100_makes_a_lease_lapse_and_its_success_counts_still() {
    let mut desk = Desk::new();
    let serial = desk.event(1);
    let batch = desk.send(WORK, 1).unwrap();
    desk.now = YEAR_2100;
    assert!(desk.claim(WORK, 1).is_none());
    assert_eq!(desk.state(serial, WORK), DeliveryState::Unknown);
    assert_eq!(desk.settle(&batch.lease, &[(serial, delivered())]).delivered, 1);
}

#[test]
fn a_breaker_of_2100_opens_within_the_longest_wait() {
    let desk = Desk::new();
    let breaker = Breaker { streak: 3, open_until: Some(YEAR_2100) };
    let pace = Pace { breaker, floor: None, batch: 50 };
    target::save_pace(&desk.connection, WORK, &pace).unwrap();
    let loaded = target::load_pace(&desk.connection, WORK, START).unwrap();
    assert_eq!(loaded.breaker.gate(START), Gate::Shut(START + due::LONGEST_WAIT));
    let later = START + due::LONGEST_WAIT;
    assert_eq!(target::load_pace(&desk.connection, WORK, later).unwrap().breaker.gate(later), Gate::Probe);
}

#[test]
fn what_was_sent_in_2100_is_purged_in_this_century() {
    let mut desk = Desk::new();
    desk.event(1);
    desk.now = YEAR_2100;
    desk.send_all(WORK, 1, &delivered());
    let a_week = Millis::from_mins(7 * 24 * 60);
    assert_eq!(upkeep::purge(&desk.connection, a_week, 10, START).unwrap().deliveries, 0);
    let purged = upkeep::purge(&desk.connection, a_week, 10, START + a_week).unwrap();
    assert_eq!((purged.deliveries, purged.items), (1, 1));
}

#[test]
fn everything_works_in_1970() {
    let mut desk = Desk::new();
    desk.now = YEAR_1970;
    let serial = desk.event(1);
    assert_eq!(desk.send_all(WORK, 1, &failed(Cause::Other, 0, true, YEAR_1970 + Millis(1))), [serial]);
    desk.now = UnixMs(-1_000_000);
    assert!(desk.claim(WORK, 1).is_none());
    desk.now = UnixMs(1);
    assert_eq!(desk.send_all(WORK, 1, &delivered()), [serial]);
}

/// A clock may show anything before it is set, and a damaged one anything at all.
#[test]
fn at_the_ends_of_time_nothing_is_lost_and_nothing_is_stuck() {
    for now in [i64::MIN, i64::MIN + 1, -1, 0, i64::MAX - 1, i64::MAX].map(UnixMs) {
        let mut desk = Desk::new();
        desk.now = now;
        let first = desk.event(1);
        let second = desk.event(1);
        let due = now + Millis(1);
        assert_eq!(desk.send_all(WORK, 10, &failed(Cause::Other, 0, true, due)), [first], "{now:?}");
        assert_eq!(desk.state(first, WORK), DeliveryState::Delayed);
        // The clock is set right, and both go out one after the other.
        desk.now = START;
        if desk.claim_is_empty(WORK) {
            desk.now = START + due::LONGEST_WAIT;
        }
        assert_eq!(desk.send_all(WORK, 10, &delivered()), [first], "{now:?}");
        assert_eq!(desk.send_all(WORK, 10, &delivered()), [second], "{now:?}");
        let week = Millis::from_mins(7 * 24 * 60);
        assert_eq!(upkeep::purge(&desk.connection, week, 10, desk.now).unwrap().items, 0);
        assert_eq!(upkeep::purge(&desk.connection, week, 10, desk.now + week).unwrap().items, 2);
    }
}
