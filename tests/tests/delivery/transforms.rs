//! Transforms: they run once, before anything is sent, and from the first attempt on what they made is what is sent.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use stint_domain::delivery::{Idempotency, PlainState};
use stint_engine::wiring::{Bound, Network, Said, Unnetworked};
use stint_plugin_runtime::services::Broker;
use stint_store::queue::listing::Query;

use crate::{
    backend::{Fault, Seen},
    parts,
    world::World,
};

/// Counts the calls of whatever it is handed to.
#[derive(Default)]
struct Calls(AtomicUsize);

impl Network for Calls {
    fn for_call(&self) -> (Arc<dyn Broker>, Arc<dyn Said>) {
        self.0.fetch_add(1, Ordering::Relaxed);
        Unnetworked.for_call()
    }
}

fn through(world: &World, transforms: Vec<Bound>, chain: &str) {
    world.change_line("work", |line| {
        line.transforms = Ok(transforms);
        chain.clone_into(&mut line.chain);
    });
}

fn notes(world: &World) -> Vec<String> {
    world.backend().requests().into_iter().map(|seen| seen.note).collect()
}

fn is_unsent(world: &World) -> bool {
    world.backend().requests().is_empty()
}

#[tokio::test(start_paused = true)]
async fn they_run_once_and_every_attempt_sends_the_same_bytes() {
    let mut world = World::of(Idempotency::NativeKey).await;
    let calls = Arc::new(Calls::default());
    let counted = |bound: Bound| Bound { network: Arc::clone(&calls) as _, ..bound };
    let first = counted(parts::redacting("secret", "plain").await);
    let second = counted(parts::redacting("plain", "text").await);
    through(&world, vec![first, second], "chain");
    world.backend().rule(|seen: &Seen| match seen.nth {
        0 => Some(Fault::Offline),
        1 => Some(Fault::LostBefore),
        2 => Some(Fault::Status(503, None)),
        3 => Some(Fault::LostAfter),
        _ => None,
    });
    world.record(1, &["a secret"]).await;
    world.until_drained().await;
    let bodies: Vec<Vec<u8>> = world.backend().requests().into_iter().map(|seen| seen.body).collect();
    assert_eq!(bodies.len(), 5);
    assert!(bodies.iter().all(|body| *body == bodies[0]), "{bodies:?}");
    assert_eq!(notes(&world)[0], "a text", "in the order of the configuration");
    assert_eq!(calls.0.load(Ordering::Relaxed), 2, "each ran once");
    world.balances();
}

#[tokio::test(start_paused = true)]
async fn a_changed_chain_counts_until_the_first_attempt_and_not_after() {
    let mut world = World::of(Idempotency::NativeKey).await;
    through(&world, vec![parts::redacting("secret", "one").await], "one");
    world.pause("work", true).await;
    world.record(1, &["secret"]).await;
    world.pass(Duration::from_mins(5)).await;
    assert!(is_unsent(&world));
    through(&world, vec![parts::redacting("secret", "two").await], "two");
    world.backend().rule(|_| Some(Fault::Status(503, None)));
    world.pause("work", false).await;
    world.until("it was tried", |world| !is_unsent(world)).await;
    through(&world, vec![parts::redacting("secret", "three").await], "three");
    world.until("it was tried again", |world| world.backend().requests().len() > 2).await;
    // Nor does it go out as it was recorded when there are no transforms any more.
    through(&world, Vec::new(), "");
    world.backend().works();
    world.until_drained().await;
    let notes = notes(&world);
    assert!(notes.len() > 3 && notes.iter().all(|note| note == "two"), "{notes:?}");
    world.balances();
}

#[tokio::test(start_paused = true)]
async fn what_was_refused_can_be_prepared_anew_and_what_may_have_arrived_cannot() {
    let mut world = World::of(Idempotency::NativeKey).await;
    world.record(100, &["first"]).await;
    world.until("the kind has passed once", |world| world.counts().sent == 1).await;
    through(&world, vec![parts::redacting("secret", "bad").await], "one");
    world.backend().rule(|seen| {
        (seen.note == "bad")
            .then_some(Fault::Status(422, None))
            .or((seen.note == "gone").then_some(Fault::StatusAfter(409)))
    });
    world.record(1, &["secret"]).await;
    world.until("it failed", |world| world.counts().failed == 1).await;
    let key = world.backend().requests().last().unwrap().key.clone();
    through(&world, vec![parts::redacting("secret", "good").await], "two");
    assert_eq!(world.reprepare().await, 0);
    world.until_drained().await;
    let last = world.backend().requests().last().unwrap().clone();
    assert_eq!((last.note.as_str(), last.key), ("good", key), "the key never changes");

    // One whose answer was lost once is frozen for good.
    let mut lost = false;
    world.backend().rule(move |seen| match (seen.note.as_str(), std::mem::replace(&mut lost, true)) {
        ("good", false) => Some(Fault::LostBefore),
        ("good", true) => Some(Fault::Status(422, None)),
        _ => None,
    });
    world.record(2, &["secret"]).await;
    world.until("it failed", |world| world.counts().failed == 1).await;
    assert_eq!(world.reprepare().await, 1, "refused");
    assert_eq!(world.counts().failed, 1);
    world.balances();
}

#[tokio::test(start_paused = true)]
async fn what_a_transform_drops_is_never_sent_and_says_why() {
    let mut world = World::of(Idempotency::NativeKey).await;
    through(&world, vec![parts::dropping("^private", "marked as private").await], "chain");
    world.record(1, &["start", "private lunch", "stop"]).await;
    world.until_drained().await;
    assert_eq!(notes(&world), ["start", "stop"]);
    let counts = world.counts();
    assert_eq!((counts.sent, counts.dropped), (2, 1));
    let dropped = Query { state: Some(PlainState::Dropped), limit: 10, ..Query::default() };
    let listed = world.listed(&dropped);
    assert!(listed[0].error.as_ref().is_some_and(|why| why.contains("marked as private")), "{listed:?}");
    world.balances();
}

#[tokio::test(start_paused = true)]
async fn a_picture_that_a_transform_changed_is_sent_as_it_made_it_each_time() {
    let mut world = World::of(Idempotency::NativeKey).await;
    through(&world, vec![parts::hostile("blur").await], "chain");
    let colours: Vec<u8> = (0..64 * 48 * 4_u32).map(|index| u8::try_from(index % 251).unwrap()).collect();
    let picture = stint_pixels::Picture::from_rgba(64, 48, colours).unwrap();
    let original = stint_pixels::encode(&picture, stint_pixels::Format::Png).unwrap();
    world.backend().rule(|seen| (seen.nth < 3).then_some(Fault::Status(503, None)));
    world.record_picture(original.clone()).await;
    world.until_drained().await;
    let files: Vec<String> = world.backend().requests().into_iter().map(|seen| seen.file).collect();
    assert_eq!(files.len(), 4);
    assert!(files.iter().all(|file| *file == files[0] && file.len() == 64), "{files:?}");
    assert_ne!(files[0], stint_store::BlobHash::of(&original).to_string(), "it is another picture");
    world.balances();
}

#[tokio::test(start_paused = true)]
async fn a_transform_that_is_not_ready_holds_the_target_until_it_is() {
    use stint_engine::wiring::Unready;
    use stint_store::target::HoldReason;
    let mut world = World::of(Idempotency::NativeKey).await;
    world.record(1, &["one"]).await;
    world.until_drained().await;
    for unready in [Unready::Misconfigured("a bad pattern".into()), Unready::Missing("no such file".into())] {
        let reason = match &unready {
            Unready::Misconfigured(_) => HoldReason::Misconfigured,
            Unready::Missing(_) => HoldReason::Missing,
        };
        world.change_line("work", |line| line.transforms = Err(unready));
        world.until("it is held", |world| world.status("work").hold.is_some()).await;
        assert_eq!(world.status("work").hold.unwrap().reason, reason);
        let before = world.backend().requests().len();
        world.record(2, &["two"]).await;
        world.pass(Duration::from_hours(5)).await;
        assert_eq!(world.backend().requests().len(), before, "nothing is sent around it");
        // The target itself is made of the same as before.
        through(&world, Vec::new(), "");
        world.until_drained().await;
    }
    assert_eq!(world.counts().sent, 3);
    world.balances();
}
