//! Items that may have arrived: each class of backend finds out in its own way, and none has an effect twice.

use std::time::Duration;

use stint_domain::delivery::{DeliveryState, Idempotency, PlainState};
use stint_store::queue::listing::Query;

use crate::{backend::Fault, world::World};

const TELLS: [Idempotency; 3] =
    [Idempotency::NativeKey, Idempotency::PutOverwrite, Idempotency::LookupBeforeCreate];

#[tokio::test(start_paused = true)]
async fn a_response_that_was_lost_after_the_commit_has_one_effect() {
    for class in TELLS {
        let mut world = World::of(class).await;
        world.backend().rule(|seen| (!seen.asks && seen.nth % 3 == 0).then_some(Fault::LostAfter));
        world.record_entries(0..40).await;
        world.until_drained().await;
        assert_eq!((world.counts().sent, world.backend().effects()), (40, 40), "{class:?}");
        world.balances();
    }
}

#[tokio::test(start_paused = true)]
async fn a_request_that_was_lost_before_the_commit_is_sent_again() {
    for class in TELLS {
        let mut world = World::of(class).await;
        world.backend().rule(|seen| (!seen.asks && seen.nth % 3 == 0).then_some(Fault::LostBefore));
        world.record_entries(0..40).await;
        world.until_drained().await;
        assert_eq!((world.counts().sent, world.backend().effects()), (40, 40), "{class:?}");
        world.balances();
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_error_after_the_commit_has_one_effect() {
    for class in TELLS {
        let mut world = World::of(class).await;
        world.backend().rule(|seen| (!seen.asks && seen.nth % 5 == 2).then_some(Fault::StatusAfter(500)));
        world.record_entries(0..40).await;
        world.until_drained().await;
        assert_eq!((world.counts().sent, world.backend().effects()), (40, 40), "{class:?}");
        world.balances();
    }
}

#[tokio::test(start_paused = true)]
async fn where_only_a_person_can_tell_nothing_is_sent_twice() {
    let mut world = World::of(Idempotency::AtMostOnce).await;
    world.backend().rule(|seen| match seen.nth {
        0 => Some(Fault::LostAfter),
        1 => Some(Fault::LostBefore),
        _ => None,
    });
    world.record_entries(0..10).await;
    world.until("the others are sent", |world| world.counts().sent == 8).await;
    world.pass(Duration::from_hours(72)).await;
    let counts = world.counts();
    assert_eq!((counts.sent, counts.unknown, counts.failed), (8, 2, 0));
    assert_eq!(world.backend().requests().len(), 10, "each was sent once");
    let told = world.desk.passes().watch().borrow()["work"].result.clone();
    assert!(told.contains("only a person can tell"), "{told}");
    let pending = Query { state: Some(PlainState::Pending), limit: 10, ..Query::default() };
    assert!(world.listed(&pending).iter().all(|item| item.state == DeliveryState::Unknown));
    world.balances();
}

#[tokio::test(start_paused = true)]
async fn kills_at_any_moment_lose_and_double_nothing() {
    for class in TELLS {
        let mut world = World::of(class).await;
        world.backend().rule(|seen| (seen.nth % 7 == 3).then_some(Fault::Slow(200)));
        world.record_entries(0..300).await;
        // Moments that fall differently into the calls and the settlements each time.
        for moment in 0..40 {
            world.pass(Duration::from_millis(1 + moment % 13)).await;
            world.kill_and_start().await;
            world.desk.bell().hurry("work");
        }
        world.until_drained().await;
        assert_eq!((world.counts().sent, world.counts().failed), (300, 0), "{class:?}");
        assert_eq!(world.backend().effects(), 300);
        world.balances();
    }
}

#[tokio::test(start_paused = true)]
async fn a_host_that_ends_waits_for_what_runs_and_gives_back_the_rest() {
    let mut world = World::of(Idempotency::AtMostOnce).await;
    world.backend().rule(|_| Some(Fault::Slow(2_000)));
    world.record_entries(0..30).await;
    world.pass(Duration::from_millis(500)).await;
    world.stop().await;
    let counts = world.counts();
    assert_eq!((counts.leased, counts.unknown, counts.failed), (0, 0, 0), "{counts:?}");
    assert_eq!(counts.sent, 4, "those that ran");
    world.start();
    world.until_drained().await;
    assert_eq!((world.counts().sent, world.backend().requests().len()), (30, 30));
    world.balances();
}

#[tokio::test(start_paused = true)]
async fn a_call_that_does_not_end_with_its_host_is_found_out_about() {
    let mut world = World::of(Idempotency::LookupBeforeCreate).await;
    world.backend().rule(|seen| (seen.nth < 4).then_some(Fault::Slow(100_000)));
    world.record_entries(0..10).await;
    world.pass(Duration::from_millis(500)).await;
    world.stop().await;
    assert_eq!((world.counts().leased, world.counts().unknown), (0, 4));
    world.start();
    world.until_drained().await;
    assert_eq!((world.counts().sent, world.backend().effects()), (10, 10));
    world.balances();
}
