//! Settlements.

use stint_domain::{
    delivery::DeliveryState,
    failure::Cause,
    item::Kind,
    pace::{Breaker, Floor},
    time::Millis,
};
use stint_store::{
    TargetId,
    plugin_state::{self, Write},
    queue::{self, Outcome, Plugin, Settled, Settlement},
    target::{self, Hold, HoldReason, Pace},
};

use crate::desk::{Desk, START, delivered, failed, serials};

const WORK: TargetId = TargetId(1);

#[test]
fn a_refusal_needs_the_newest_lease_and_a_success_does_not() {
    let mut desk = Desk::new();
    let serial = desk.event(1);
    let stale = desk.send(WORK, 1).unwrap();
    desk.wait(300);
    assert!(desk.claim(WORK, 1).is_none(), "it is unknown now");
    let refused = desk.settle(&stale.lease, &[(serial, failed(Cause::Damaged, 0, true, desk.now))]);
    assert_eq!((refused.delivered, refused.stale), (0, vec![serial]));
    assert_eq!(desk.state(serial, WORK), DeliveryState::Unknown);
    assert_eq!(desk.settle(&stale.lease, &[(serial, delivered())]).delivered, 1);
    assert_eq!(desk.state(serial, WORK), DeliveryState::Sent);
}

#[test]
fn a_success_counts_once_whoever_brings_it() {
    let mut desk = Desk::new();
    let serial = desk.event(1);
    let stale = desk.claim(WORK, 1).unwrap();
    desk.wait(300);
    let newest = desk.send(WORK, 1).unwrap();
    assert_eq!(desk.settle(&stale.lease, &[(serial, delivered())]).delivered, 1);
    let report = desk.settle(&newest.lease, &[(serial, delivered())]);
    assert_eq!((report.delivered, report.stale), (0, vec![serial]));
    let report = desk.settle(&newest.lease, &[(serial, failed(Cause::Other, 0, true, desk.now))]);
    assert_eq!(report.stale, [serial], "what is done stays as it is");
    assert_eq!((desk.counts(WORK).sent, desk.counts(WORK).issued), (1, 1));
}

#[test]
fn a_batch_is_settled_item_by_item() {
    let mut desk = Desk::new();
    let all: Vec<_> = (0..6).map(|of| desk.event(of)).collect();
    let batch = desk.send(WORK, 6).unwrap();
    let outcomes = [
        delivered(),
        Outcome::Outdated,
        failed(Cause::Other, 0, true, desk.now + Millis(1)),
        failed(Cause::Unauthorized, 0, true, desk.now),
        failed(Cause::Timeout, 0, true, desk.now),
        Outcome::Withheld { reason: "private".into() },
    ];
    let settled: Vec<_> = all.iter().copied().zip(outcomes).collect();
    desk.settle(&batch.lease, &settled);
    let states: Vec<_> = all.iter().map(|serial| desk.state(*serial, WORK)).collect();
    assert_eq!(
        states.iter().map(|state| state.word()).collect::<Vec<_>>(),
        ["sent", "superseded", "delayed", "ready", "unknown", "dropped"]
    );
    let attempts: Vec<_> = all.iter().map(|serial| desk.listed(*serial, WORK).attempts).collect();
    assert_eq!(attempts, [0, 0, 1, 0, 0, 0], "an expired token charges nobody");
    let counts = desk.counts(WORK);
    assert!(counts.balances());
    assert_eq!((counts.sent, counts.superseded, counts.delayed, counts.dropped), (1, 1, 1, 1));
}

#[test]
fn the_fifth_charged_attempt_fails_with_its_history() {
    let mut desk = Desk::new();
    let serial = desk.event(1);
    for attempts in 0..5 {
        assert_eq!(desk.send_all(WORK, 1, &failed(Cause::Other, attempts, true, desk.now)), [serial]);
        desk.wait(1);
    }
    assert_eq!(desk.state(serial, WORK), DeliveryState::Failed);
    let history = queue::attempts(&desk.connection, serial, WORK).unwrap();
    assert_eq!(history.iter().map(|attempt| attempt.attempts).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
    assert_eq!(history[4].led_to, DeliveryState::Failed);
    assert_eq!(history[0].led_to, DeliveryState::Delayed);
    assert_eq!((history[4].cause, history[4].http_status), (Some(Cause::Other), Some(418)));
    assert_eq!((history[4].plugin.name.as_str(), history[4].plugin.version.as_str()), ("rest", "1.0.0"));
    assert_eq!(history[4].at, START + Millis::from_secs(4));
}

#[test]
fn state_writes_files_pace_and_hold_come_with_the_outcomes_or_not_at_all() {
    let mut desk = Desk::new();
    let serial = desk.event(1);
    let batch = desk.send(WORK, 1).unwrap();
    let boot = stint_domain::id::BootId::from_bytes([3; 16]);
    let floor = Floor { boot, until: Millis(9_000), wait: Millis(60_000) };
    let pace =
        Pace { breaker: Breaker { streak: 1, open_until: Some(START) }, floor: Some(floor), batch: 50 };
    let hold = Hold { reason: HoldReason::Misconfigured, message: "404".into(), since: START };
    let writes = [Write { key: "cursor".into(), value: Some(b"17".to_vec()) }];
    let settled = Settled { serial, outcome: delivered(), excerpt: Some("201 Created".into()) };
    let plugin = Plugin { name: "rest".into(), ..Plugin::default() };
    let settlement = Settlement {
        lease: batch.lease,
        now: START,
        items: &[settled],
        plugin: &plugin,
        writes: &writes,
        files: &[("day.csv".into(), 120)],
        pace: Some(pace),
        hold: Some(&hold),
    };
    let transaction = desk.connection.transaction().unwrap();
    queue::settle(&transaction, &settlement).unwrap();
    transaction.rollback().unwrap();
    assert_eq!(desk.state(serial, WORK), DeliveryState::Leased);
    assert_eq!(plugin_state::get(&desk.connection, WORK, "rest", "cursor").unwrap(), None);
    assert_eq!(target::status(&desk.connection, WORK).unwrap().hold, None);

    queue::settle(&desk.connection, &settlement).unwrap();
    assert_eq!(plugin_state::get(&desk.connection, WORK, "rest", "cursor").unwrap().unwrap(), b"17");
    assert_eq!(plugin_state::file_length(&desk.connection, WORK, "day.csv").unwrap(), Some(120));
    assert_eq!(target::load_pace(&desk.connection, WORK, START).unwrap(), pace);
    assert_eq!(target::status(&desk.connection, WORK).unwrap().hold, Some(hold));
    let history = queue::attempts(&desk.connection, serial, WORK).unwrap();
    assert_eq!(history[0].excerpt.as_deref(), Some("201 Created"));
}

#[test]
fn counts_that_do_not_balance_are_refused_by_the_database() {
    let desk = Desk::new();
    let cooked = desk.connection.execute("UPDATE target SET sent = sent + 1", []);
    assert!(cooked.unwrap_err().to_string().contains("CHECK constraint failed"));
    let negative = desk.connection.execute("UPDATE target SET ready = -1, sent = 1", []);
    assert!(negative.is_err());
}

#[test]
fn a_success_proves_its_kind_until_the_target_changes() {
    let mut desk = Desk::new();
    desk.event(1);
    let proven = |desk: &Desk, kind| target::is_proven(&desk.connection, WORK, kind).unwrap();
    desk.send_all(WORK, 1, &failed(Cause::Invalid, 0, false, desk.now));
    assert!(!proven(&desk, Kind::TimeEntry));
    desk.send_all(WORK, 1, &delivered());
    assert!(proven(&desk, Kind::TimeEntry) && !proven(&desk, Kind::Screenshot));
    target::forget_proof(&desk.connection, WORK).unwrap();
    assert!(!proven(&desk, Kind::TimeEntry));
}

#[test]
fn a_shutdown_gives_everything_back_uncharged() {
    let mut desk = Desk::new();
    let all = [desk.event(1), desk.event(2)];
    let batch = desk.send(WORK, 9).unwrap();
    let released: Vec<_> = serials(&batch).into_iter().map(|serial| (serial, Outcome::Released)).collect();
    desk.settle(&batch.lease, &released);
    for serial in all {
        let listed = desk.listed(serial, WORK);
        assert_eq!((listed.state, listed.attempts), (DeliveryState::Ready, 0));
        assert!(queue::attempts(&desk.connection, serial, WORK).unwrap().is_empty());
    }
}

#[test]
fn what_a_plugin_remembers_is_its_own_and_is_read_in_order() {
    let desk = Desk::with(&[("work", &Kind::ALL), ("home", &Kind::ALL)]);
    let put = |target, plugin: &str, key: &str, value: Option<&[u8]>| {
        let write = Write { key: key.into(), value: value.map(<[u8]>::to_vec) };
        plugin_state::write(&desk.connection, target, plugin, &write).unwrap();
    };
    for key in ["b/2", "b/1", "a", "b/3", "c"] {
        put(WORK, "rest", key, Some(b"0123456789"));
    }
    put(TargetId(2), "rest", "b/1", Some(b"other"));
    put(WORK, "other", "b/1", Some(b"other"));
    put(WORK, "rest", "b/2", Some(b"x"));
    put(WORK, "rest", "b/3", None);
    let keys = |prefix, after, limit| {
        plugin_state::keys(&desk.connection, WORK, "rest", prefix, after, limit).unwrap()
    };
    assert_eq!(keys("b/", None, 9), ["b/1", "b/2"]);
    assert_eq!(keys("b/", Some("b/1"), 9), ["b/2"]);
    assert_eq!(keys("", None, 3), ["a", "b/1", "b/2"]);
    assert_eq!(plugin_state::get(&desk.connection, WORK, "rest", "b/2").unwrap().unwrap(), b"x");
    assert_eq!(plugin_state::size(&desk.connection, WORK, "rest").unwrap(), 4 * 10 + 1 - 10 + 8);
    assert_eq!(plugin_state::file_length(&desk.connection, WORK, "no such file").unwrap(), None);
}
