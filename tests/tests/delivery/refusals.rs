//! What an item is to blame for, and what only looks like it.

use std::time::Duration;

use stint_domain::{
    delivery::{Idempotency, PlainState},
    failure::Cause,
};
use stint_store::{queue::listing::Query, target::HoldReason};

use crate::{
    backend::Fault,
    world::{Target, World},
};

fn failed() -> Query {
    Query { state: Some(PlainState::Failed), limit: 100, ..Query::default() }
}

#[tokio::test(start_paused = true)]
async fn a_wrong_url_holds_the_target_and_fails_nothing() {
    let mut world = World::of(Idempotency::NativeKey).await;
    world.backend().rule(|_| Some(Fault::Status(404, None)));
    world.record_entries(0..100).await;
    world.pass(Duration::from_hours(48)).await;
    let status = world.status("work");
    assert_eq!(status.hold.as_ref().map(|hold| hold.reason), Some(HoldReason::Misconfigured));
    assert_eq!((status.counts.failed, status.counts.sent), (0, 0));
    assert!(world.backend().requests().len() <= 4);
    world.backend().works();
    world.change_line("work", |line| line.fingerprint = "another url".to_owned());
    world.until_drained().await;
    assert_eq!(world.counts().sent, 100);
    world.balances();
}

#[tokio::test(start_paused = true)]
async fn a_refused_item_fails_alone_and_its_batch_goes_on() {
    let mut world = World::of(Idempotency::NativeKey).await;
    world.record(500, &["first"]).await;
    world.until("the kind has passed once", |world| world.counts().sent == 1).await;
    world.backend().rule(|seen| match seen.note.as_str() {
        "taken" => Some(Fault::Status(409, None)),
        "bad" => Some(Fault::Status(422, None)),
        _ => None,
    });
    world.record_entries(0..99).await;
    world.record(100, &["taken"]).await;
    world.record(101, &["bad"]).await;
    world.until("they have failed", |world| world.counts().failed == 2).await;
    let counts = world.counts();
    assert_eq!((counts.sent, counts.failed), (100, 2));
    let attempts = |note| world.backend().requests().iter().filter(|seen| seen.note == note).count();
    assert_eq!((attempts("taken"), attempts("bad")), (1, 1), "what is bad for good isn't tried again");
    let causes: Vec<_> = world.listed(&failed()).iter().map(|item| (item.cause, item.attempts)).collect();
    assert_eq!(causes, [(Some(Cause::Invalid), 1), (Some(Cause::Conflict), 1)]);
    world.balances();
}

#[tokio::test(start_paused = true)]
async fn a_server_error_is_the_items_own_only_while_others_pass() {
    let mut world = World::of(Idempotency::NativeKey).await;
    world.backend().rule(|seen| (seen.note == "bad").then_some(Fault::Status(500, None)));
    world.record(100, &["bad"]).await;
    world.record_entries(0..20).await;
    world.until("the others are sent", |world| world.counts().sent == 20).await;
    // New items come now and then, and pass: so it is the item, and it fails in the end.
    for entry in 200..260 {
        world.record_entries(entry..entry + 1).await;
        world.pass(Duration::from_mins(10)).await;
    }
    assert_eq!((world.counts().sent, world.counts().failed), (80, 1));
    let item = &world.listed(&failed())[0];
    assert_eq!((item.cause, item.attempts), (Some(Cause::Server), 5));
    world.balances();
}

#[tokio::test(start_paused = true)]
async fn a_poison_item_fails_at_its_second_crash_and_the_others_pass() {
    let mut world = World::of(Idempotency::NativeKey).await;
    world.record_entries(0..50).await;
    world.record_poison(100).await;
    world.record_entries(50..99).await;
    world.until("it has failed", |world| world.counts().failed == 1).await;
    assert_eq!((world.counts().sent, world.counts().failed), (99, 1));
    let item = &world.listed(&failed())[0];
    assert_eq!(item.cause, Some(Cause::Trap));
    assert!(item.error.as_ref().unwrap().contains("this item is poison"), "{:?}", item.error);
    world.balances();
}

#[tokio::test(start_paused = true)]
async fn three_items_that_crash_it_in_a_row_suspend_a_plugin_for_a_while() {
    let mut world =
        World::with(&[Target { max_in_flight: 1, ..Target::new("work", Idempotency::NativeKey) }], "").await;
    for entry in 0..3 {
        world.record_poison(entry).await;
    }
    world.until("it is suspended", |world| world.status("work").hold.is_some()).await;
    let hold = world.status("work").hold.unwrap();
    assert_eq!(hold.reason, HoldReason::Suspended);
    assert!(
        hold.message.starts_with("it crashed at three items in a row, the last time so: "),
        "{}",
        hold.message
    );
    world.record_entries(10..20).await;
    world.until("the others are sent", |world| world.counts().sent == 10).await;
    world.until("the three have failed", |world| world.counts().failed == 3).await;
    world.balances();
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_makes_no_sense_ends_as_a_cause_and_loses_nothing() {
    let mut world = World::of(Idempotency::NativeKey).await;
    for (number, body) in (0_u64..).zip(["<html>", "", "{\"error\":\"no\"}", "[[[[", "{\"id\":7}"]) {
        world.backend().rule(move |_| Some(Fault::Body(body)));
        world.record(number, &["x"]).await;
        world.pass(Duration::from_mins(1)).await;
        world.backend().works();
        world.until_drained().await;
    }
    assert_eq!(world.counts().failed, 0);
    assert_eq!(world.counts().sent, 5);
    world.balances();
}

#[tokio::test(start_paused = true)]
async fn only_the_newest_snapshot_of_an_entry_is_sent() {
    let target = Target { snapshots: true, ..Target::new("work", Idempotency::PutOverwrite) };
    let mut world = World::with(&[target], "").await;
    world.backend().rule(|seen| (seen.nth == 0).then_some(Fault::Offline));
    world.record(1, &["one", "two", "three", "four"]).await;
    world.until_drained().await;
    let counts = world.counts();
    assert_eq!(counts.sent + counts.superseded, 4);
    // The first was attempted, so its bytes are frozen and it goes on its own; of the others the last is enough.
    let notes: Vec<String> = world.backend().requests().into_iter().map(|seen| seen.note).collect();
    assert_eq!(notes.last().map(String::as_str), Some("four"));
    assert!(counts.superseded >= 2, "{notes:?}");
    world.balances();
    world.kept_order();
}
