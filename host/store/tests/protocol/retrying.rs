//! Frozen bytes, and a person's word.

use stint_domain::{
    delivery::{DeliveryState, Idempotency, NotAllowed},
    failure::Cause,
};
use stint_store::{
    Error, Serial, TargetId,
    queue::{self, Outcome, Prepared, Which},
};

use crate::desk::{Desk, delivered, failed, serials};

const WORK: TargetId = TargetId(1);

fn made(chain: u8) -> Prepared {
    Prepared { chain: [chain; 32], payload: vec![chain], file: None }
}

fn items(serials: &[Serial]) -> Which {
    Which::Items { serials: serials.to_vec(), target: None }
}

#[test]
fn a_changed_chain_prepares_again_until_the_first_attempt_and_never_after() {
    let mut desk = Desk::new();
    let serial = desk.event(1);
    let first = desk.claim(WORK, 1).unwrap();
    queue::prepare(&desk.connection, &first.lease, serial, Some(&made(1))).unwrap();
    queue::prepare(&desk.connection, &first.lease, serial, Some(&made(2))).unwrap();
    desk.settle(&first.lease, &[(serial, Outcome::Released)]);

    let second = desk.claim(WORK, 1).unwrap();
    assert_eq!(second.items[0].prepared, Some(made(2)), "kept from one claim to the next");
    queue::prepare(&desk.connection, &second.lease, serial, None).unwrap();
    queue::prepare(&desk.connection, &second.lease, serial, Some(&made(3))).unwrap();
    queue::begin(&desk.connection, &second.lease, &[serial], desk.now).unwrap();
    let frozen = queue::prepare(&desk.connection, &second.lease, serial, Some(&made(4)));
    assert!(matches!(frozen, Err(Error::NotAllowed { source: NotAllowed::Frozen, .. })), "{frozen:?}");
    desk.settle(&second.lease, &[(serial, failed(Cause::Timeout, 0, true, desk.now))]);

    queue::resend_unknown(&desk.connection, WORK, Idempotency::NativeKey, desk.now).unwrap();
    let third = desk.send(WORK, 1).unwrap();
    assert_eq!(third.items[0].prepared, Some(made(3)), "the same bytes");
    assert_eq!(third.items[0].key, first.items[0].key, "under the same key");
    assert_eq!(third.items[0].attempted_at, Some(desk.now));
}

#[test]
fn a_pass_that_lost_its_lease_can_prepare_and_begin_nothing() {
    let mut desk = Desk::new();
    let serial = desk.event(1);
    let lost = desk.claim(WORK, 1).unwrap();
    desk.wait(300);
    desk.claim(WORK, 1).unwrap();
    let prepared = queue::prepare(&desk.connection, &lost.lease, serial, Some(&made(1)));
    let begun = queue::begin(&desk.connection, &lost.lease, &[serial], desk.now);
    assert!(matches!(prepared, Err(Error::Fenced { .. })) && matches!(begun, Err(Error::Fenced { .. })));
}

#[test]
fn a_retry_begins_the_count_anew_and_keeps_the_key() {
    let mut desk = Desk::new();
    let serial = desk.event(1);
    let key = desk.listed(serial, WORK).key;
    desk.send_all(WORK, 1, &failed(Cause::Other, 4, true, desk.now));
    let before = desk.listed(serial, WORK);
    assert_eq!((before.state, before.attempts, before.cause), (DeliveryState::Failed, 1, Some(Cause::Other)));
    assert_eq!(before.error.as_deref(), Some("HTTP 418: no (other)"));
    let done = queue::retry(&desk.connection, &Which::Failed { target: None }, false, desk.now).unwrap();
    assert_eq!((done.changed, done.refused.len()), (1, 0));
    let after = desk.listed(serial, WORK);
    assert_eq!((after.state, after.attempts, after.key), (DeliveryState::Ready, 0, key));
    assert_eq!(
        queue::retry(&desk.connection, &Which::Failed { target: None }, false, desk.now).unwrap().changed,
        0
    );
}

#[test]
fn a_retry_of_what_may_have_arrived_asks_first_where_the_backend_can_be_asked() {
    for (class, state) in [
        (Idempotency::LookupBeforeCreate, DeliveryState::Unknown),
        (Idempotency::AtMostOnce, DeliveryState::Ready),
    ] {
        let mut desk = Desk::new();
        desk.serve(WORK, class);
        let serial = desk.event(1);
        desk.send_all(WORK, 1, &failed(Cause::Timeout, 0, true, desk.now));
        assert_eq!(queue::retry(&desk.connection, &items(&[serial]), false, desk.now).unwrap().changed, 1);
        assert_eq!(desk.state(serial, WORK), state);
    }
}

#[test]
fn transforms_run_again_only_where_every_attempt_was_refused() {
    let mut desk = Desk::new();
    let (refused, unsure, done) = (desk.event(1), desk.event(2), desk.event(3));
    let batch = desk.claim(WORK, 9).unwrap();
    for serial in [refused, unsure] {
        queue::prepare(&desk.connection, &batch.lease, serial, Some(&made(1))).unwrap();
    }
    queue::begin(&desk.connection, &batch.lease, &serials(&batch), desk.now).unwrap();
    let outcomes = [
        (refused, failed(Cause::Damaged, 0, true, desk.now)),
        (unsure, failed(Cause::Timeout, 0, true, desk.now)),
        (done, delivered()),
    ];
    desk.settle(&batch.lease, &outcomes);
    let answer = queue::retry(&desk.connection, &items(&[refused, unsure, done]), true, desk.now).unwrap();
    assert_eq!(answer.changed, 1);
    let state = DeliveryState::Sent;
    assert_eq!(
        answer.refused,
        [(unsure, WORK, NotAllowed::Frozen), (done, WORK, NotAllowed::Done { state })]
    );
    let again = desk.claim(WORK, 9).unwrap();
    assert_eq!((again.items[0].serial, &again.items[0].prepared), (refused, &None));
    assert_eq!(again.items[0].attempted_at, None);
    queue::prepare(&desk.connection, &again.lease, refused, Some(&made(2))).unwrap();
}

#[test]
fn what_is_named_twice_is_meant_once() {
    let mut desk = Desk::new();
    let serial = desk.event(1);
    desk.send_all(WORK, 1, &failed(Cause::Other, 1, true, desk.now));
    let twice = items(&[serial, serial]);
    let retried = queue::retry(&desk.connection, &twice, false, desk.now).unwrap();
    assert_eq!(retried, queue::Done { changed: 1, refused: Vec::new() });
    let dropped = queue::drop_deliveries(&desk.connection, &twice, "by hand", desk.now).unwrap();
    assert_eq!(dropped, queue::Done { changed: 1, refused: Vec::new() });
}

#[test]
fn what_is_in_hand_is_neither_retried_nor_dropped() {
    let mut desk = Desk::new();
    let serial = desk.event(1);
    desk.send(WORK, 1).unwrap();
    let refused = [(serial, WORK, NotAllowed::InHand)];
    let which = items(&[serial]);
    assert_eq!(queue::retry(&desk.connection, &which, false, desk.now).unwrap().refused, refused);
    assert_eq!(queue::retry(&desk.connection, &which, true, desk.now).unwrap().refused, refused);
    assert_eq!(queue::drop_deliveries(&desk.connection, &which, "x", desk.now).unwrap().refused, refused);
}

#[test]
fn a_drop_gives_up_at_the_targets_that_were_meant() {
    let mut desk =
        Desk::with(&[("work", &stint_domain::item::Kind::ALL), ("home", &stint_domain::item::Kind::ALL)]);
    let serial = desk.event(1);
    let which = Which::Items { serials: vec![serial, Serial(99)], target: Some(WORK) };
    assert_eq!(
        queue::drop_deliveries(&desk.connection, &which, "wrong project", desk.now).unwrap().changed,
        1
    );
    let dropped = desk.listed(serial, WORK);
    assert_eq!((dropped.state, dropped.error.as_deref()), (DeliveryState::Dropped, Some("wrong project")));
    assert_eq!(desk.state(serial, TargetId(2)), DeliveryState::Ready);
}
