//! Claims, leases and passes.

use stint_domain::{
    delivery::{DeliveryState, Idempotency},
    failure::Cause,
    item::{Kind, Priority},
    key::{EntryKey, ItemKey, KeySeed},
    time::Millis,
};
use stint_store::{
    Epoch, Error, TargetId,
    queue::{self, Wanted},
    target::{self, Hold, HoldReason},
};

use crate::desk::{Desk, OURS, delivered, entry, failed, serials, wanted};

const WORK: TargetId = TargetId(1);

#[test]
fn the_most_important_goes_first_then_the_oldest() {
    let mut desk = Desk::new();
    let shot = desk.record(Kind::Screenshot, None);
    let activity = desk.record(Kind::Activity, None);
    let (one, two) = (desk.event(1), desk.event(2));
    let batch = desk.claim(WORK, 3).unwrap();
    assert_eq!(serials(&batch), [one, two, activity]);
    assert_eq!(serials(&desk.claim(WORK, 3).unwrap()), [shot]);
    assert!(desk.claim(WORK, 3).is_none());
}

#[test]
fn a_policy_takes_only_the_kinds_and_priorities_it_wants() {
    let mut desk = Desk::new();
    let shot = desk.record(Kind::Screenshot, None);
    let activity = desk.record(Kind::Activity, None);
    let custom = desk.record(Kind::Custom, None);
    let pass = desk.pass(WORK);
    let take = |wanted: Wanted| {
        let batch = queue::claim(&desk.connection, &pass, &wanted, desk.now).unwrap();
        batch.map(|batch| serials(&batch)).unwrap_or_default()
    };
    assert_eq!(take(Wanted { priority_max: Priority::Critical, ..wanted(9) }), []);
    assert_eq!(take(Wanted { kinds: Some(vec![]), ..wanted(9) }), []);
    assert_eq!(take(Wanted { kinds: Some(vec![Kind::Custom]), ..wanted(9) }), [custom]);
    assert_eq!(take(Wanted { priority_max: Priority::Normal, ..wanted(9) }), [activity]);
    assert_eq!(take(wanted(9)), [shot]);
}

#[test]
fn a_probe_takes_another_item_than_the_one_that_failed_unless_it_is_all_there_is() {
    let mut desk = Desk::new();
    let (one, two) = (desk.event(1), desk.event(2));
    let pass = desk.pass(WORK);
    let probe = Wanted { avoid: Some(one), ..wanted(1) };
    let first = queue::claim(&desk.connection, &pass, &probe, desk.now).unwrap().unwrap();
    let second = queue::claim(&desk.connection, &pass, &probe, desk.now).unwrap().unwrap();
    assert_eq!((serials(&first), serials(&second)), (vec![two], vec![one]));
}

#[test]
fn a_claim_brings_keys_that_never_change_and_the_name_the_target_gave_the_entry() {
    let mut desk = Desk::new();
    desk.event(1);
    let seed = KeySeed::new("work");
    let batch = desk.send(WORK, 1).unwrap();
    let item = &batch.items[0];
    assert_eq!(item.key, ItemKey::new(item.id, &seed));
    assert_eq!(item.entry_key, Some(EntryKey::new(entry(1), &seed)));
    assert_eq!(item.entry_remote_id, None);
    let named = queue::Outcome::Delivered { remote_id: Some("TE-17".into()) };
    desk.settle(&batch.lease, &[(item.serial, named)]);
    desk.event(1);
    let next = desk.send(WORK, 1).unwrap();
    assert_eq!(next.items[0].entry_remote_id.as_deref(), Some("TE-17"));
    desk.settle(&next.lease, &[(next.items[0].serial, delivered())]);
    assert_eq!(stint_store::remote_id(&desk.connection, entry(1), WORK).unwrap().as_deref(), Some("TE-17"));
}

#[test]
fn nothing_is_claimed_while_the_target_is_held_or_paused() {
    let mut desk = Desk::new();
    desk.event(1);
    let hold = Hold { reason: HoldReason::NeedsLogin, message: "401".into(), since: desk.now };
    target::hold(&desk.connection, WORK, &hold).unwrap();
    assert_eq!(target::status(&desk.connection, WORK).unwrap().hold, Some(hold));
    assert!(desk.claim(WORK, 1).is_none());
    target::release(&desk.connection, WORK).unwrap();
    target::pause(&desk.connection, WORK, true).unwrap();
    assert!(desk.claim(WORK, 1).is_none());
    target::pause(&desk.connection, WORK, false).unwrap();
    assert!(desk.claim(WORK, 1).is_some());
}

#[test]
fn a_lease_lapses_after_300_seconds_and_what_was_not_attempted_is_ready_again() {
    let mut desk = Desk::new();
    let (sent, unsent) = (desk.event(1), desk.event(2));
    desk.send(WORK, 1).unwrap();
    desk.claim(WORK, 1).unwrap();
    desk.wait(299);
    assert!(desk.claim(WORK, 9).is_none());
    desk.wait(1);
    assert_eq!(serials(&desk.claim(WORK, 9).unwrap()), [unsent]);
    assert_eq!(desk.state(sent, WORK), DeliveryState::Unknown, "it may have arrived");
    assert_eq!(desk.listed(sent, WORK).attempts, 0, "nothing is charged");
}

#[test]
fn after_a_restart_foreign_leases_are_taken_back_at_once() {
    let mut desk = Desk::new();
    let (sent, unsent) = (desk.event(1), desk.event(2));
    let pass = desk.pass(WORK);
    let batch = queue::claim(&desk.connection, &pass, &wanted(2), desk.now).unwrap().unwrap();
    queue::begin(&desk.connection, &batch.lease, &[sent], desk.now).unwrap();
    assert_eq!(queue::reclaim_foreign(&desk.connection, OURS, desk.now).unwrap(), 0, "ours are not foreign");
    let next = Epoch(OURS.0 + 1);
    assert_eq!(queue::reclaim_foreign(&desk.connection, next, desk.now).unwrap(), 2);
    assert_eq!(desk.state(sent, WORK), DeliveryState::Unknown);
    assert_eq!(desk.state(unsent, WORK), DeliveryState::Ready);
    assert!(target::open_pass(&desk.connection, WORK, next, desk.now).unwrap().is_some());
}

#[test]
fn one_pass_at_a_time_and_a_stuck_one_is_taken_over_with_what_it_had_in_hand() {
    let mut desk = Desk::new();
    let serial = desk.event(1);
    let stuck = desk.pass(WORK);
    queue::claim(&desk.connection, &stuck, &wanted(1), desk.now).unwrap().unwrap();
    desk.wait(299);
    assert_eq!(target::open_pass(&desk.connection, WORK, OURS, desk.now).unwrap(), None);
    desk.wait(1);
    let next = desk.pass(WORK);
    assert!(next.token > stuck.token);
    assert_eq!(desk.state(serial, WORK), DeliveryState::Ready);
    let late = queue::claim(&desk.connection, &stuck, &wanted(1), desk.now);
    assert!(matches!(late, Err(Error::Fenced { target: WORK })), "{late:?}");
    target::close_pass(&desk.connection, &stuck).unwrap();
    assert!(queue::claim(&desk.connection, &next, &wanted(1), desk.now).unwrap().is_some());
}

#[test]
fn a_pass_that_claims_renews_its_lease() {
    let desk = &mut Desk::new();
    let pass = desk.pass(WORK);
    for _ in 0..3 {
        desk.wait(200);
        assert!(queue::claim(&desk.connection, &pass, &wanted(1), desk.now).unwrap().is_none());
    }
    assert_eq!(target::open_pass(&desk.connection, WORK, OURS, desk.now).unwrap(), None);
}

#[test]
fn a_delayed_item_is_claimed_when_its_time_has_come() {
    let mut desk = Desk::new();
    let serial = desk.event(1);
    let due = desk.now + Millis::from_secs(60);
    desk.send_all(WORK, 1, &failed(Cause::Other, 0, true, due));
    assert_eq!(target::status(&desk.connection, WORK).unwrap().next_due, Some(due));
    desk.wait(59);
    assert!(desk.claim(WORK, 1).is_none());
    desk.wait(1);
    assert_eq!(serials(&desk.claim(WORK, 1).unwrap()), [serial]);
}

#[test]
fn an_unknown_outcome_is_resolved_under_the_class_that_serves_now() {
    let mut desk = Desk::new();
    let serial = desk.event(1);
    desk.send_all(WORK, 1, &failed(Cause::Timeout, 0, true, desk.now));
    let resend = |class| queue::resend_unknown(&desk.connection, WORK, class, desk.now).unwrap();
    assert_eq!(resend(Idempotency::AtMostOnce), 0, "a person decides");
    assert_eq!(resend(Idempotency::LookupBeforeCreate), 0, "it is asked first");
    assert!(desk.claim(WORK, 1).is_none());
    let pass = desk.pass(WORK);
    let asked = queue::claim_lookups(&desk.connection, &pass, 9, desk.now).unwrap().unwrap();
    assert!(asked.items[0].looking_up && asked.items[0].attempted_at.is_some());
    desk.settle(&asked.lease, &[(serial, queue::Outcome::Released)]);
    assert_eq!(desk.state(serial, WORK), DeliveryState::Unknown, "nobody was asked, so it is unknown still");
    assert_eq!(resend(Idempotency::NativeKey), 1);
    assert_eq!(desk.state(serial, WORK), DeliveryState::Ready);
}

#[test]
fn a_target_that_does_not_have_the_item_is_sent_it_under_the_name_it_gave() {
    let mut desk = Desk::new();
    let serial = desk.event(1);
    desk.send_all(WORK, 1, &failed(Cause::Timeout, 0, true, desk.now));
    let pass = desk.pass(WORK);
    let asked = queue::claim_lookups(&desk.connection, &pass, 9, desk.now).unwrap().unwrap();
    desk.settle(&asked.lease, &[(serial, queue::Outcome::Absent { remote_id: Some("TE-3".into()) })]);
    let again = queue::claim(&desk.connection, &pass, &wanted(9), desk.now).unwrap().unwrap();
    assert_eq!(again.items[0].entry_remote_id.as_deref(), Some("TE-3"));
    assert_eq!(again.items[0].key, asked.items[0].key);
}

#[test]
fn a_person_who_says_sync_waits_for_no_due_time() {
    let mut desk = Desk::new();
    let (delayed, unsure) = (desk.event(1), desk.event(2));
    let batch = desk.send(WORK, 2).unwrap();
    let later = desk.now + Millis::from_mins(9);
    desk.settle(
        &batch.lease,
        &[(delayed, failed(Cause::Other, 0, true, later)), (unsure, failed(Cause::Timeout, 0, true, later))],
    );
    assert!(desk.claim(WORK, 9).is_none());
    assert_eq!(queue::hasten(&desk.connection, WORK, desk.now).unwrap(), 2);
    assert_eq!(queue::hasten(&desk.connection, WORK, desk.now).unwrap(), 0);
    assert_eq!(queue::resend_unknown(&desk.connection, WORK, Idempotency::NativeKey, desk.now).unwrap(), 1);
    assert_eq!(serials(&desk.claim(WORK, 9).unwrap()), [delayed, unsure]);
}
