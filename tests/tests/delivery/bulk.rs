//! Plugins that take many items in one call, and plugins that answer for too few of them.

use std::time::Duration;

use stint_domain::{
    delivery::{Idempotency, PlainState},
    failure::Cause,
};
use stint_store::{queue::listing::Query, target::HoldReason};

use crate::{
    backend::Fault,
    parts,
    world::{Target, World},
};

async fn bulk(class: Idempotency) -> World {
    World::with(&[Target { max_batch: 100, ..Target::new("work", class) }], "").await
}

#[tokio::test(start_paused = true)]
async fn a_poison_item_among_a_hundred_is_found_and_fails_alone() {
    for class in [Idempotency::NativeKey, Idempotency::PutOverwrite, Idempotency::LookupBeforeCreate] {
        let mut world = bulk(class).await;
        world.pause("work", true).await;
        world.record_entries(0..60).await;
        world.record_poison(100).await;
        world.record_entries(60..99).await;
        world.pause("work", false).await;
        world
            .until_within(Duration::from_mins(30), "it is found", |world| {
                let counts = world.counts();
                (counts.sent, counts.failed) == (99, 1)
            })
            .await;
        let failed = Query { state: Some(PlainState::Failed), limit: 10, ..Query::default() };
        let item = &world.listed(&failed)[0];
        assert_eq!(item.cause, Some(Cause::Trap), "{class:?}");
        assert_eq!(world.status("work").hold, None, "one item suspends no plugin");
        world.balances();
    }
}

#[tokio::test(start_paused = true)]
async fn one_refusal_in_a_bulk_call_is_that_items_alone() {
    let mut world = bulk(Idempotency::NativeKey).await;
    world.record(500, &["first"]).await;
    world.until("the kind has passed once", |world| world.counts().sent == 1).await;
    world.backend().rule(|seen| (seen.note == "bad").then_some(Fault::Status(422, None)));
    world.record_entries(0..50).await;
    world.record(100, &["bad"]).await;
    world.record_entries(50..99).await;
    world.until("all are settled", |world| world.counts().sent == 100).await;
    assert_eq!(world.counts().failed, 1);
    world.balances();
}

#[tokio::test(start_paused = true)]
async fn outcomes_that_are_too_few_or_too_many_are_the_plugins_fault_and_cost_no_item() {
    for mode in ["too-few", "too-many", "far-too-many"] {
        let mut world = World::of(Idempotency::NativeKey).await;
        let honest = world.line("work").uploader.clone();
        let liar = parts::hostile(mode).await;
        world.change_line("work", |line| line.uploader = Ok(liar));
        world.record_entries(0..40).await;
        world.until("it is suspended", |world| world.status("work").hold.is_some()).await;
        assert_eq!(world.status("work").hold.unwrap().reason, HoldReason::Suspended, "{mode}");
        assert_eq!((world.counts().sent, world.counts().failed), (0, 0), "{mode}");
        world.change_line("work", |line| {
            line.uploader = honest;
            line.fingerprint = "an honest one".to_owned();
        });
        world.until_drained().await;
        assert_eq!((world.counts().sent, world.counts().failed), (40, 0), "{mode}");
        world.balances();
    }
}

#[tokio::test(start_paused = true)]
async fn a_plugin_that_lies_for_days_is_no_hot_loop() {
    let mut world = World::of(Idempotency::NativeKey).await;
    let liar = parts::hostile("too-few").await;
    world.change_line("work", |line| line.uploader = Ok(liar));
    world.record_entries(0..200).await;
    world.pass(Duration::from_hours(24)).await;
    let calls = world.calls("hostile");
    // A suspension is sixteen minutes in the end, and each is followed by one probe.
    assert!(calls < 1_000, "{calls} calls in a day");
    assert!(world.counts().balances());
}
