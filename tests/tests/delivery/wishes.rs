//! A person's wish to have everything sent now: it is always answered, whenever it is made.

use std::time::Duration;

use stint_domain::delivery::Idempotency;
use stint_engine::wiring::Line;

use crate::{backend::Fault, world::World};

async fn granted(world: &World, wish: u64) {
    world
        .until_within(Duration::from_mins(1), "the wish is answered", |world| {
            world.desk.passes().watch().borrow().get("work").is_some_and(|passed| passed.wish >= wish)
        })
        .await;
}

fn said(world: &World) -> String {
    world.desk.passes().watch().borrow()["work"].result.clone()
}

#[tokio::test(start_paused = true)]
async fn one_that_is_made_while_a_pass_runs_comes_to_what_the_pass_comes_to() {
    let mut world = World::of(Idempotency::NativeKey).await;
    world.backend().rule(|_| Some(Fault::Slow(2_000)));
    world.record(1, &["start"]).await;
    world.until("it is under way", |world| world.counts().leased == 1).await;
    let wish = world.desk.bell().hurry("work");
    granted(&world, wish).await;
    assert_eq!(said(&world), "1 item delivered");
}

#[tokio::test(start_paused = true)]
async fn one_that_is_made_while_a_loop_is_down_is_heard_when_it_is_up() {
    let mut world = World::of(Idempotency::NativeKey).await;
    world.stop().await;
    world.record(1, &["start"]).await;
    let wish = world.desk.bell().hurry("work");
    world.start();
    granted(&world, wish).await;
    assert_eq!(world.counts().sent, 1, "at once, without the rest after the start");
    let wish = world.desk.bell().hurry("work");
    granted(&world, wish).await;
}

#[tokio::test(start_paused = true)]
async fn one_whose_pass_is_broken_off_by_a_new_line_is_answered_by_the_next_pass() {
    let mut world = World::of(Idempotency::NativeKey).await;
    world.backend().rule(|_| Some(Fault::Slow(500)));
    world.record_entries(0..40).await;
    let wish = world.desk.bell().hurry("work");
    world.until("it is under way", |world| world.counts().sent > 3).await;
    world.change_line("work", |line: &mut Line| line.fingerprint = "another".to_owned());
    granted(&world, wish).await;
    assert_eq!(world.counts().sent, 40, "it is answered when everything is sent");
    world.balances();
}
