//! What a failure comes to, by the evidence that is put together for it.

use stint_domain::{
    id::{BootId, ItemId},
    item::{Kind, Priority},
    key::{ItemKey, KeySeed},
};
use stint_store::Serial;

use super::*;

const NOW: UnixMs = UnixMs(1_000_000);

fn around() -> Around {
    let boot = BootId::from_bytes([1; 16]);
    Around {
        sent: true,
        alone: true,
        proven: true,
        attempts_max: 5,
        class: Idempotency::NativeKey,
        now: ClockSample { boot, boottime: Millis(5), monotonic: Millis(5), wall: NOW },
        jitter: Jitter(u64::MAX),
    }
}

fn item(attempts: u32) -> Claimed {
    let id = ItemId::from_bytes([1; 16]);
    Claimed {
        serial: Serial(1),
        id,
        kind: Kind::TimeEntry,
        entry: None,
        occurred_at: UnixMs(0),
        priority: Priority::Critical,
        attempts,
        crashes: 0,
        attempted_at: None,
        looking_up: false,
        key: ItemKey::new(id, &KeySeed::new("work")),
        entry_key: None,
        entry_remote_id: None,
        payload: Vec::new(),
        file: None,
        prepared: None,
    }
}

fn failure(cause: Cause, retry_after: Option<u64>) -> Answer {
    let retry_after = retry_after.map(Millis);
    Answer::Failed(Failure { cause, message: "no".into(), retry_after, http_status: None }, Said::Later)
}

/// The item's fate, when it is looked at again, counted from now, and what the target does.
fn follows(item: &Claimed, answer: Answer, around: &Around) -> (ItemFate, u64, Consequence) {
    let judged = judge(item, answer, around, &mut Memory::default());
    match judged.outcome {
        Outcome::Failed { ruling, due, .. } => (ruling.item, due.since(NOW).0, judged.target),
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_charged_waits_longer_each_time_and_fails_at_the_fifth() {
    for (attempts, minutes) in [(0, 1), (1, 2), (2, 4), (3, 8)] {
        let follows = follows(&item(attempts), failure(Cause::Conflict, None), &around());
        assert_eq!(follows, (ItemFate::Later, minutes * 60_000, Consequence::GoOn));
    }
    let last = follows(&item(4), failure(Cause::Conflict, None), &around());
    assert_eq!(last, (ItemFate::Fail, 0, Consequence::GoOn));
    let asked = follows(&item(0), failure(Cause::Conflict, Some(600_000)), &around());
    assert_eq!(asked.1, 600_000, "at least as long as the backend asks");
}

#[test]
fn what_the_target_is_to_blame_for_is_due_as_soon_as_the_target_is() {
    let unsent = Around { sent: false, ..around() };
    for (cause, target) in [
        (Cause::Offline, Consequence::BackOff),
        (Cause::Unauthorized, Consequence::NeedsLogin),
        (Cause::RateLimited, Consequence::Floor),
    ] {
        assert_eq!(follows(&item(4), failure(cause, None), &unsent), (ItemFate::Again, 0, target));
    }
}

#[test]
fn a_doubt_is_resolved_at_once_or_by_a_person() {
    assert_eq!(
        follows(&item(0), failure(Cause::Timeout, None), &around()),
        (ItemFate::Unknown, 0, Consequence::BackOff)
    );
    let person = Around { class: Idempotency::AtMostOnce, ..around() };
    let wait = due::LONGEST_WAIT.0;
    assert_eq!(follows(&item(0), failure(Cause::Timeout, None), &person).1, wait);
    // A crash is charged, so it isn't tried again at once either.
    assert_eq!(
        follows(&item(0), failure(Cause::Trap, None), &around()),
        (ItemFate::Unknown, 60_000, Consequence::Suspect)
    );
}

#[test]
fn a_server_error_is_charged_once_others_passed_since() {
    let mut memory = Memory::default();
    let fate = |memory: &mut Memory| {
        let answer = failure(Cause::Server, None);
        let judged = judge(&item(0), answer, &Around { sent: false, ..around() }, memory);
        let Outcome::Failed { ruling, .. } = judged.outcome else { panic!("it failed") };
        (ruling.charged, judged.target)
    };
    assert_eq!(fate(&mut memory), (false, Consequence::BackOff));
    memory.passed(Serial(2));
    assert_eq!(fate(&mut memory), (true, Consequence::GoOn));
}

#[test]
fn a_question_that_fails_leaves_no_doubt_of_its_own() {
    let asked = Claimed { looking_up: true, ..item(0) };
    let judged = judge(&asked, failure(Cause::Timeout, None), &around(), &mut Memory::default());
    let Outcome::Failed { ruling, .. } = judged.outcome else { panic!("it failed") };
    assert_eq!((ruling.item, ruling.uncertain), (ItemFate::Again, false));
}

#[test]
fn a_host_that_failed_blames_nobody() {
    let answer = || Answer::HostFailed("the disk is full".into());
    let unsent = Around { sent: false, ..around() };
    assert_eq!(follows(&item(4), answer(), &unsent), (ItemFate::Again, 0, Consequence::BackOff));
    assert_eq!(follows(&item(4), answer(), &around()).0, ItemFate::Unknown);
}

#[test]
fn a_policy_is_asked_about_what_is_charged_and_kept_in_bounds() {
    let mut memory = Memory::default();
    let mut judged = |answer| judge(&item(0), answer, &around(), &mut memory);
    assert!(!is_open_to_advice(&judged(failure(Cause::Offline, None))));
    assert!(!is_open_to_advice(&judged(Answer::Delivered(None))));
    let charged = judged(failure(Cause::Conflict, Some(5_000)));
    assert!(is_open_to_advice(&charged));
    let due = |advice| match advised(charged.clone(), advice, NOW).outcome {
        Outcome::Failed { ruling, due, .. } => (ruling.item, due.since(NOW).0),
        other => panic!("{other:?}"),
    };
    assert_eq!(due(Advice::Retry(Millis(20_000))), (ItemFate::Later, 20_000));
    assert_eq!(due(Advice::Retry(Millis(0))), (ItemFate::Later, 5_000), "the backend asked for that");
    assert_eq!(due(Advice::Retry(Millis(u64::MAX))), (ItemFate::Later, backoff::LONGEST_ASK.0));
    assert_eq!(due(Advice::GiveUp), (ItemFate::Fail, 0));
    let unasked = judged(failure(Cause::Conflict, None));
    let Outcome::Failed { due, .. } = advised(unasked, Advice::Retry(Millis(0)), NOW).outcome else {
        panic!("it failed")
    };
    assert_eq!(due.since(NOW), LEAST_RETRY, "never at once");
}

#[test]
fn what_is_no_failure_is_passed_on() {
    for (answer, outcome) in [
        (Answer::Delivered(Some("7".into())), Outcome::Delivered { remote_id: Some("7".into()) }),
        (Answer::Outdated, Outcome::Outdated),
        (Answer::Absent(None), Outcome::Absent { remote_id: None }),
        (Answer::Withheld("private".into()), Outcome::Withheld { reason: "private".into() }),
    ] {
        let judged = judge(&item(0), answer, &around(), &mut Memory::default());
        assert_eq!(judged, Judged { outcome, target: Consequence::GoOn });
    }
}
