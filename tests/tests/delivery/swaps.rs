//! A plugin that is replaced, again and again, while it delivers; and kills at any moment of a long drain.

use std::time::Duration;

use stint_domain::{delivery::Idempotency, time::Millis};

use crate::{
    backend::Fault,
    parts,
    world::{Target, World},
};

#[tokio::test(start_paused = true)]
async fn a_thousand_swaps_under_load_lose_and_double_nothing() {
    let target = Target::new("work", Idempotency::NativeKey);
    let mut versions = Vec::new();
    for patch in 1..=8 {
        versions.push(parts::posting(&target, patch).await);
    }
    let mut world = World::with(&[target], "").await;
    world.backend().rule(|seen| (seen.nth % 11 == 5).then_some(Fault::Slow(40)));
    world.record_entries(0..2_000).await;
    for swap in 0..1_000_u64 {
        let plugin = versions[usize::try_from(swap % 8).unwrap()].clone();
        world.change_line("work", |line| {
            let bound = line.uploader.as_mut().unwrap();
            bound.plugin = plugin;
            line.fingerprint = format!("version {swap}");
        });
        world.pass(Duration::from_millis(1 + swap % 7)).await;
    }
    world.until_drained().await;
    assert_eq!((world.counts().sent, world.counts().failed), (2_000, 0));
    assert_eq!(world.backend().requests().len(), 2_000, "each was sent once");
    world.balances();
}

#[tokio::test(start_paused = true)]
async fn a_new_version_serves_although_there_is_much_to_send() {
    let mut world = World::of(Idempotency::NativeKey).await;
    world.backend().rule(|_| Some(Fault::Slow(100)));
    world.record_entries(0..5_000).await;
    world.until("it is at it", |world| world.counts().sent > 20).await;
    let dead = parts::hostile("panic").await;
    world.change_line("work", |line| {
        line.uploader = Ok(dead);
        line.fingerprint = "another".to_owned();
    });
    // What was begun goes on with the old one, and nothing more.
    let at = world.clock.elapsed();
    world
        .until_within(Duration::from_secs(5), "the new one is asked", |world| world.calls("hostile") > 0)
        .await;
    let late = world.backend().requests().iter().filter(|seen| seen.at > at + Millis(1)).count();
    assert!(late <= 4, "{late} requests of the old one");
    assert!(world.counts().balances());
}

#[tokio::test(start_paused = true)]
async fn a_target_that_is_paused_in_the_middle_stops_at_once() {
    let mut world = World::of(Idempotency::NativeKey).await;
    world.backend().rule(|_| Some(Fault::Slow(100)));
    world.record_entries(0..1_000).await;
    world.until("it is at it", |world| world.counts().sent > 200).await;
    world.pause("work", true).await;
    let at = world.clock.elapsed();
    world.pass(Duration::from_mins(30)).await;
    let late = world.backend().requests().iter().filter(|seen| seen.at > at + Millis(1)).count();
    assert!(late <= 4, "{late} requests after the pause");
    assert_eq!(world.counts().leased, 0, "nothing is kept in hand");
    world.pause("work", false).await;
    world.until_drained().await;
    assert_eq!((world.counts().sent, world.backend().requests().len()), (1_000, 1_000));
    world.balances();
}

#[tokio::test(start_paused = true)]
async fn kills_at_random_points_of_a_long_drain_lose_and_double_nothing() {
    let mut world =
        World::with(&[Target { max_in_flight: 16, ..Target::new("work", Idempotency::NativeKey) }], "").await;
    world.backend().rule(|seen| match seen.nth % 97 {
        13 => Some(Fault::Slow(30)),
        29 => Some(Fault::LostAfter),
        61 => Some(Fault::StatusAfter(500)),
        _ => None,
    });
    world.record_entries(0..4_000).await;
    for moment in 0..25_u64 {
        world.pass(Duration::from_millis(5 + moment * 37 % 101)).await;
        world.kill_and_start().await;
        world.desk.bell().hurry("work");
        assert!(world.counts().balances());
    }
    world.until_drained().await;
    assert_eq!((world.counts().sent, world.counts().failed), (4_000, 0));
    assert_eq!(world.backend().effects(), 4_000);
    world.balances();
}
