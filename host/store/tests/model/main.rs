//! The queue's model test: whatever happens, in whatever order, the queue in SQLite answers as the one in memory
//! does, holds the same deliveries in the same states, and accounts for every one that was ever issued. That
//! includes leases of passes and processes that are gone, clocks that are moved by a century, and restarts.

#![expect(clippy::unwrap_used, reason = "what fails here fails its test")]

mod memory;
mod ops;

use std::collections::BTreeMap;

use memory::{Memory, Target};
use ops::{Op, World, ops};
use proptest::{prelude::*, test_runner::Config};
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest, prop_state_machine};
use rusqlite::Connection;
use stint_domain::{
    delivery::{Idempotency, Ordering},
    item::Kind,
    time::UnixMs,
};
use stint_store::{
    Counts, TargetId,
    queue::{InlineQueue, Queue, listing::Listed},
    schema, target,
};

const NAMES: [&str; 3] = ["work", "home", "archive"];

fn targets() -> Vec<Target> {
    let accepts = [Kind::ALL.to_vec(), vec![Kind::TimeEntry, Kind::Screenshot], vec![Kind::TimeEntry]];
    let orderings = [Ordering::PerEntry, Ordering::PerEntry, Ordering::None];
    let classes = [Idempotency::NativeKey, Idempotency::LookupBeforeCreate, Idempotency::AtMostOnce];
    (1..)
        .zip(0..3)
        .map(|(id, place): (i64, usize)| Target {
            id: TargetId(id),
            name: NAMES[place],
            accepts: accepts[place].clone(),
            ordering: orderings[place],
            class: classes[place],
            held: false,
            token: 0,
            pass: None,
            gone: Counts::default(),
            overflowed: 0,
            entries: BTreeMap::new(),
        })
        .collect()
}

/// The oracle with what surrounds it, and its last answer.
#[derive(Clone, Debug)]
struct Model {
    world: World,
    queue: Memory,
    answer: String,
}

impl ReferenceStateMachine for Model {
    type State = Self;
    type Transition = Op;

    fn init_state() -> BoxedStrategy<Self> {
        Just(Self { world: World::new(), queue: Memory::new(targets()), answer: String::new() }).boxed()
    }

    fn transitions(_: &Self) -> BoxedStrategy<Op> {
        ops().boxed()
    }

    fn apply(mut state: Self, op: &Op) -> Self {
        state.answer = state.world.perform(op, &mut state.queue);
        state
    }
}

/// The queue in a file.
struct Real {
    world: World,
    connection: Option<Connection>,
    folder: tempfile::TempDir,
}

impl Real {
    fn open(&mut self) -> &mut Connection {
        let path = self.folder.path().join("queue.db");
        self.connection.get_or_insert_with(|| {
            let connection = Connection::open(path).unwrap();
            connection
                .execute_batch(
                    "PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA foreign_keys = ON",
                )
                .unwrap();
            connection
        })
    }
}

struct Test;

impl StateMachineTest for Test {
    type SystemUnderTest = Real;
    type Reference = Model;

    fn init_test(_: &Model) -> Real {
        let folder = tempfile::tempdir().unwrap();
        let mut real = Real { world: World::new(), connection: None, folder };
        let connection = real.open();
        connection.execute_batch(schema::SCHEMA).unwrap();
        let specs = targets()
            .into_iter()
            .map(|known| target::Spec { name: known.name.to_owned(), accepts: known.accepts })
            .collect::<Vec<_>>();
        let ids = target::sync(connection, &specs, UnixMs(0)).unwrap();
        for (id, known) in ids.into_iter().zip(targets()) {
            assert_eq!(id, known.id);
            target::serve(connection, id, known.class, known.ordering).unwrap();
        }
        real
    }

    fn apply(mut real: Real, model: &Model, op: Op) -> Real {
        if matches!(op, Op::Restart) {
            real.connection = None;
        }
        let mut world = real.world.clone();
        let answer = world.perform(&op, &mut InlineQueue(real.open()));
        real.world = world;
        assert_eq!(answer, model.answer, "the answer to {op:?}");
        let mut memory = model.queue.clone();
        let mut queue = InlineQueue(real.open());
        let (ours, theirs) = (queue.everything().unwrap(), memory.everything().unwrap());
        assert_same(&ours, &theirs, &op);
        for id in (1..=3).map(TargetId) {
            let counts = queue.counts(id).unwrap();
            assert_eq!(counts, memory.counts(id).unwrap(), "the counts of {id} after {op:?}");
            assert!(counts.balances());
        }
        real
    }
}

fn assert_same(ours: &[Listed], theirs: &[Listed], op: &Op) {
    for (our, their) in ours.iter().zip(theirs) {
        assert_eq!(our, their, "a delivery after {op:?}");
    }
    assert_eq!(ours.len(), theirs.len(), "how many deliveries after {op:?}");
}

prop_state_machine! {
    #![proptest_config(Config { cases: 300, failure_persistence: None, ..Config::default() })]
    #[test]
    fn the_queue_in_sqlite_is_the_queue_in_memory(sequential 1..80 => Test);
}
