//! What the target or the way to it is to blame for: no item fails for it, and everything arrives when it is over.

use std::time::Duration;

use stint_domain::{delivery::Idempotency, time::Millis};
use stint_store::target::HoldReason;

use crate::{
    backend::Fault,
    world::{Target, World},
};

const DAY: u64 = 24 * 3_600_000;

#[tokio::test(start_paused = true)]
async fn what_is_recorded_is_delivered_at_once() {
    let mut world = World::of(Idempotency::NativeKey).await;
    world.record(1, &["start"]).await;
    world.until_within(Duration::from_secs(2), "it is sent", |world| world.counts().sent == 1).await;
    world.record(1, &["pause", "resume", "stop"]).await;
    world.until_within(Duration::from_secs(2), "they are sent", |world| world.counts().sent == 4).await;
    assert_eq!(world.backend().requests().len(), 4);
    world.balances();
    world.kept_order();
}

#[tokio::test(start_paused = true)]
async fn three_days_offline_fail_nothing_and_keep_the_order_of_each_entry() {
    let mut world = World::of(Idempotency::NativeKey).await;
    world.backend().rule(|seen| (seen.at < Millis(3 * DAY)).then_some(Fault::Offline));
    for hour in 0..72 {
        world.record(hour / 4, &["start", "pause", "resume", "stop"]).await;
        world.pass(Duration::from_hours(1)).await;
    }
    assert_eq!(world.counts().failed, 0);
    let away = world.backend().requests().len();
    // A rest is eight minutes on the average.
    assert!(away < 2 * 72 * 60 / 8, "{away} requests in three days are a hot loop");
    world.until_drained().await;
    let counts = world.counts();
    assert_eq!((counts.sent, counts.failed, counts.issued), (288, 0, 288));
    world.balances();
    world.kept_order();
}

#[tokio::test(start_paused = true)]
async fn a_night_of_refused_credentials_is_one_request_and_no_failed_item() {
    let mut world = World::of(Idempotency::NativeKey).await;
    world.backend().rule(|_| Some(Fault::Unauthorized));
    world.record_entries(0..50).await;
    world.pass(Duration::from_hours(10)).await;
    let status = world.status("work");
    assert_eq!(status.hold.as_ref().map(|hold| hold.reason), Some(HoldReason::NeedsLogin));
    assert_eq!((status.counts.failed, status.counts.sent), (0, 0));
    // The calls that were under way when the first was refused.
    assert!(world.backend().requests().len() <= 4, "{}", world.backend().requests().len());
    let told = world.desk.passes().watch().borrow()["work"].result.clone();
    assert!(told.contains("then it was held: HTTP 401"), "{told}");
    world.backend().works();
    world.change_line("work", |line| line.fingerprint = "a new credential".to_owned());
    world.until_drained().await;
    assert_eq!(world.counts().sent, 50);
    world.balances();
}

#[tokio::test(start_paused = true)]
async fn no_request_comes_earlier_than_the_backend_asked() {
    let mut world = World::of(Idempotency::NativeKey).await;
    let mut asked: Vec<Millis> = Vec::new();
    world.backend().rule(move |seen| {
        // Every tenth request is told to come back in ten minutes.
        let busy = seen.nth % 10 == 9;
        if busy {
            asked.push(seen.at);
        }
        busy.then_some(Fault::Status(429, Some("600")))
    });
    world.record_entries(0..100).await;
    world.until_drained().await;
    let requests = world.backend().requests();
    for refused in requests.iter().filter(|seen| seen.nth % 10 == 9) {
        let early = requests.iter().find(|later| {
            let after = later.at.since(refused.at);
            // The answer comes a millisecond later. What is under way then can't be called back.
            later.nth > refused.nth && after > Millis(1) && after < Millis(600_000)
        });
        assert!(early.is_none(), "{early:?} after {refused:?}");
    }
    assert_eq!((world.counts().sent, world.counts().failed), (100, 0));
    world.balances();
}

#[tokio::test(start_paused = true)]
async fn a_wait_of_ten_years_is_a_day_and_one_in_the_past_is_none() {
    for (text, least, most) in [("315360000", DAY, 2 * DAY), ("Wed, 21 Oct 2015 07:28:00 GMT", 0, 3_600_000)]
    {
        let mut world = World::of(Idempotency::NativeKey).await;
        world.backend().rule(move |seen| (seen.nth == 0).then_some(Fault::Status(429, Some(text))));
        world.record(1, &["start"]).await;
        world.until_within(Duration::from_hours(48), "it is sent", |world| world.counts().sent == 1).await;
        let requests = world.backend().requests();
        assert_eq!(requests.len(), 2, "{text}");
        let wait = requests[1].at.since(requests[0].at).0;
        assert!((least..=most).contains(&wait), "{text}: {wait}");
        world.balances();
    }
}

#[tokio::test(start_paused = true)]
async fn one_dead_target_slows_no_other() {
    let targets = ["work", "home", "dead"].map(|name| Target::new(name, Idempotency::NativeKey));
    let mut world = World::with(&targets, "").await;
    world.backends["dead"].rule(|_| Some(Fault::Silent));
    world.record_entries(0..200).await;
    world
        .until_within(Duration::from_secs(30), "the others are drained", |world| {
            world.status("work").counts.sent == 200 && world.status("home").counts.sent == 200
        })
        .await;
    let dead = world.status("dead");
    assert_eq!((dead.counts.sent, dead.counts.failed), (0, 0));
    world.pass(Duration::from_hours(6)).await;
    assert_eq!(world.status("dead").counts.failed, 0);
    world.backends["dead"].works();
    world.until_drained().await;
    assert_eq!(world.status("dead").counts.sent, 200);
    world.balances();
}

#[tokio::test(start_paused = true)]
async fn a_wall_clock_that_jumps_a_day_either_way_holds_nothing_up() {
    for step in [DAY.cast_signed(), -DAY.cast_signed(), 400 * DAY.cast_signed(), -400 * DAY.cast_signed()] {
        let mut world = World::of(Idempotency::NativeKey).await;
        world.backend().rule(|seen| (seen.at < Millis(120_000)).then_some(Fault::Status(503, None)));
        world.record_entries(0..20).await;
        world.pass(Duration::from_secs(30)).await;
        world.clock.step(step);
        world.record_entries(20..40).await;
        let longest = Duration::from_hours(26);
        world.until_within(longest, "everything is sent", |world| world.counts().sent == 40).await;
        assert_eq!(world.counts().failed, 0, "{step}");
        world.balances();
    }
}

#[tokio::test(start_paused = true)]
async fn a_person_who_does_not_want_to_wait_tries_a_target_that_rests_and_never_one_with_a_floor() {
    let mut world = World::of(Idempotency::NativeKey).await;
    world.backend().rule(|seen| (seen.nth < 12).then_some(Fault::Offline));
    world.record(1, &["start"]).await;
    world.until("it rests for long", |world| world.status("work").pace.breaker.streak >= 9).await;
    let before = world.backend().requests().len();
    let wish = world.desk.bell().hurry("work");
    world
        .until_within(Duration::from_secs(2), "it was tried", |world| {
            world.desk.passes().watch().borrow().get("work").is_some_and(|passed| passed.wish >= wish)
        })
        .await;
    assert_eq!(world.backend().requests().len(), before + 1);
    world.backend().rule(|_| Some(Fault::Status(429, Some("3600"))));
    world.desk.bell().hurry("work");
    world
        .until_within(Duration::from_secs(5), "it has a floor", |world| {
            world.status("work").pace.floor.is_some()
        })
        .await;
    let before = world.backend().requests().len();
    let wish = world.desk.bell().hurry("work");
    world
        .until_within(Duration::from_secs(2), "the wish is answered", |world| {
            world.desk.passes().watch().borrow()["work"].wish >= wish
        })
        .await;
    assert_eq!(world.backend().requests().len(), before, "nothing goes under a floor");
    let told = world.desk.passes().watch().borrow()["work"].result.clone();
    assert_eq!(told, "left alone for as long as the backend asked");
}

#[tokio::test(start_paused = true)]
async fn a_slow_target_is_only_slow() {
    let mut world = World::of(Idempotency::NativeKey).await;
    world.backend().rule(|_| Some(Fault::Slow(50_000)));
    world.record_entries(0..60).await;
    world.until_drained().await;
    assert_eq!((world.counts().sent, world.counts().failed), (60, 0));
    assert_eq!(world.backend().requests().len(), 60, "nothing was sent twice");
    world.balances();
}
