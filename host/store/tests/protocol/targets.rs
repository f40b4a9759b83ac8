//! What people see of targets.

use stint_domain::{
    delivery::{DeliveryState, PlainState},
    failure::Cause,
    item::Kind,
};
use stint_store::{
    Error, TargetId,
    target::{self, LastPass},
};

use crate::desk::{Desk, START, delivered, failed};

const WORK: TargetId = TargetId(1);

#[test]
fn a_status_says_how_many_how_old_and_when_next() {
    let mut desk = Desk::new();
    let empty = target::status(&desk.connection, WORK).unwrap();
    assert_eq!((empty.oldest_pending, empty.next_due, empty.counts.issued), (None, None, 0));
    for of in 0..4 {
        desk.event(of);
        desk.wait(10);
    }
    desk.send_all(WORK, 1, &delivered());
    let due = desk.now + stint_domain::time::Millis(70);
    desk.send_all(WORK, 1, &failed(Cause::Other, 0, true, due));
    desk.send_all(WORK, 1, &failed(Cause::Damaged, 0, true, due));
    let status = target::status(&desk.connection, WORK).unwrap();
    assert_eq!(status.next_due, Some(due));
    assert_eq!(status.oldest_pending, Some(START + stint_domain::time::Millis::from_secs(10)));
    let plain = [PlainState::Pending, PlainState::Sent, PlainState::Failed, PlainState::Dropped];
    assert_eq!(plain.map(|state| status.counts.plain(state)), [2, 1, 1, 0]);
    assert_eq!(status.counts.of(DeliveryState::Delayed), 1);
}

#[test]
fn a_status_says_how_the_last_pass_ended_and_the_last_error_stays() {
    let desk = Desk::with(&[("work", &Kind::ALL), ("archive", &Kind::ALL)]);
    let pass = LastPass { at: START, result: "nothing due".into(), delivered: 0 };
    target::save_last_pass(&desk.connection, WORK, &pass, Some("HTTP 500: oops (server)")).unwrap();
    target::save_last_pass(&desk.connection, WORK, &pass, None).unwrap();
    let all = target::statuses(&desk.connection).unwrap();
    assert_eq!(all.iter().map(|status| status.name.as_str()).collect::<Vec<_>>(), ["archive", "work"]);
    assert_eq!(all[1].last_pass, Some(pass));
    assert_eq!(all[1].last_error.as_deref(), Some("HTTP 500: oops (server)"));
}

#[test]
fn a_target_that_is_not_there_is_named() {
    let desk = Desk::new();
    assert_eq!(target::find(&desk.connection, "work").unwrap(), WORK);
    let missing = target::find(&desk.connection, "wrok").unwrap_err();
    assert!(matches!(&missing, Error::NoTarget { name } if name == "wrok"), "{missing}");
    assert!(target::status(&desk.connection, TargetId(9)).is_err());
    assert!(target::load_pace(&desk.connection, TargetId(9), START).is_err());
}
