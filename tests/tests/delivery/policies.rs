//! Policies: what they say counts, within bounds, and where they say nothing the built-in rules count, visibly.

use std::time::Duration;

use stint_domain::{
    delivery::{Idempotency, PlainState},
    failure::Cause,
    time::Millis,
};
use stint_engine::{
    ledger::Event,
    wiring::{Bound, Unready},
};
use stint_store::queue::listing::Query;

use crate::{parts, world::World};

const HOUR: u64 = 3_600_000;

async fn under(policy: Bound) -> World {
    let world = World::of(Idempotency::NativeKey).await;
    world.change_line("work", |line| line.policy = Some(Ok(policy)));
    world
}

fn picture() -> Vec<u8> {
    let picture = stint_pixels::Picture::from_rgba(1, 1, vec![7; 4]).unwrap();
    stint_pixels::encode(&picture, stint_pixels::Format::Png).unwrap()
}

/// What the status says of the policy.
fn complaint(world: &World) -> Option<String> {
    world.desk.status().unwrap().targets[0].policy_error.clone()
}

#[tokio::test(start_paused = true)]
async fn outside_working_hours_time_is_delivered_and_pictures_wait() {
    // The world begins on a Thursday at 8:53 in the morning, UTC.
    let mut world = under(parts::working("12:00-13:00").await).await;
    world.record_picture(picture()).await;
    world.record(1, &["start"]).await;
    world.until_within(Duration::from_secs(5), "time is sent", |world| world.counts().sent == 1).await;
    world.until("the picture is sent", |world| world.counts().sent == 2).await;
    let at = world.backend().requests()[1].at;
    assert!(at > Millis(3 * HOUR) && at < Millis(5 * HOUR), "{at:?}");
    assert_eq!(complaint(&world), None);
    world.record_picture(picture()).await;
    world.desk.bell().hurry("work");
    world
        .until_within(Duration::from_secs(5), "a person's wish is over it", |world| world.counts().sent == 3)
        .await;
    world.balances();
}

#[tokio::test(start_paused = true)]
async fn a_policy_that_fails_is_replaced_by_the_built_in_rules_and_is_told() {
    for mode in ["panic", "recursion"] {
        let mut world = under(parts::hostile(mode).await).await;
        world.record(1, &["start", "stop"]).await;
        world.until_within(Duration::from_secs(5), "it is sent", |world| world.counts().sent == 2).await;
        let said = complaint(&world).unwrap();
        assert!(said.contains("hostile"), "{mode}: {said}");
        world.change_line("work", |line| line.policy = None);
        world.record(1, &["again"]).await;
        world.until_within(Duration::from_secs(5), "it is sent", |world| world.counts().sent == 3).await;
        assert_eq!(complaint(&world), None, "it is over");
        world.balances();
    }
}

#[tokio::test(start_paused = true)]
async fn a_policy_that_is_not_there_holds_nothing_up_and_is_told() {
    let mut world = World::of(Idempotency::NativeKey).await;
    world.change_line("work", |line| line.policy = Some(Err(Unready::Missing("no such file".into()))));
    world.record(1, &["start"]).await;
    world.until_within(Duration::from_secs(5), "it is sent", |world| world.counts().sent == 1).await;
    assert_eq!(complaint(&world).as_deref(), Some("no such file"));
}

#[tokio::test(start_paused = true)]
async fn a_policy_that_wants_no_wait_for_ever_is_asked_once_a_second() {
    use std::sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    };
    use stint_engine::wiring::{Network, Said, Unnetworked};
    struct Calls(AtomicUsize);
    impl Network for Calls {
        fn for_call(&self) -> (Arc<dyn stint_plugin_runtime::services::Broker>, Arc<dyn Said>) {
            self.0.fetch_add(1, Ordering::Relaxed);
            Unnetworked.for_call()
        }
    }
    for (mode, least, most) in [("wait-nothing", 500, 620), ("wait-for-ever", 1, 5)] {
        let calls = Arc::new(Calls(AtomicUsize::new(0)));
        let policy = Bound { network: Arc::clone(&calls) as _, ..parts::hostile(mode).await };
        let mut world = under(policy).await;
        world.record(1, &["start"]).await;
        world.pass(Duration::from_mins(10)).await;
        let asked = calls.0.load(Ordering::Relaxed);
        assert!((least..=most).contains(&asked), "{mode}: asked {asked} times in ten minutes");
        assert_eq!(world.backend().requests().len(), 0, "it is its word that counts");
        world.desk.bell().hurry("work");
        world
            .until_within(Duration::from_secs(5), "a person's is above it", |world| world.counts().sent == 1)
            .await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_policy_that_wants_nothing_sent_at_all_gets_one_item_at_a_time() {
    for mode in ["sync-nothing", "sync-all"] {
        let mut world = under(parts::hostile(mode).await).await;
        world.record_entries(0..30).await;
        world.until_within(Duration::from_hours(1), "all are sent", |world| world.counts().sent == 30).await;
        world.balances();
    }
}

/// A target that fails at each item, which is charged to it, and when it did.
async fn failing_under(policy: &'static str) -> (World, Vec<u64>) {
    let mut world = under(parts::hostile(policy).await).await;
    let failing = parts::hostile("later").await;
    world.change_line("work", |line| line.uploader = Ok(failing));
    world.record(1, &["start"]).await;
    world.until_within(Duration::from_hours(200), "it has failed", |world| world.counts().failed == 1).await;
    world.balances();
    let told = world.desk.ledger().listen(Some(0)).missed;
    let failures =
        told.iter().filter(|told| matches!(told.event, Event::Later { .. } | Event::Failed { .. }));
    let at = failures.map(|told| u64::try_from(told.at.0.0).unwrap()).collect();
    (world, at)
}

#[tokio::test(start_paused = true)]
async fn advice_after_a_failure_is_kept_within_bounds() {
    // How long the attempts of one item lie apart at least and at most.
    for (mode, least, most) in [("retry-at-once", 1_000, 70_000), ("retry-never", HOUR, 25 * HOUR)] {
        let (_, at) = failing_under(mode).await;
        assert_eq!(at.len(), 5, "{mode}: never more attempts than there are");
        for pair in at.windows(2) {
            let apart = pair[1] - pair[0];
            assert!((least..=most).contains(&apart), "{mode}: {apart}");
        }
    }
    let (world, at) = failing_under("give-up").await;
    assert_eq!(at.len(), 1);
    let failed = Query { state: Some(PlainState::Failed), limit: 10, ..Query::default() };
    assert_eq!(world.listed(&failed)[0].cause, Some(Cause::PluginBug));
}
