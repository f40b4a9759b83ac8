//! The timer against the plain reckoning, in a world where everything may happen at any time: sleep, reboots,
//! clock steps, stalls, crashes, hosts that come and go, every verb with and without one, and changes of mind.
//!
//! Worked time and gaps are exact, each event is told once and in order, and what can't be done changes nothing.

use proptest::{prelude::*, strategy::Union};
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest, prop_state_machine};
use stint_domain::{
    entry::Entry,
    gap::GapKind,
    id::EntryId,
    time::Millis,
    timer::{self, Command, Event, Happening, Note, OnIdle, Rules, Timer, Verb},
};

use crate::{
    reckoning::{Account, Pending, Reckoning},
    world::{World, project},
};

const VERBS: [Verb; 6] = [Verb::Start, Verb::Pause, Verb::Resume, Verb::Stop, Verb::Continue, Verb::Cancel];

/// Something happens.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    Awake(u64),
    Asleep(u64),
    WallClock(i64),
    Reboot(u64),
    Tick,
    /// The host dies with whatever it had not made durable.
    Crash,
    StartHost,
    /// The host leaves and lets the timer run.
    Quit,
    IdleEnded(u64),
    Verb(Verb),
    /// A verb is decided, and its process dies before the decision is durable.
    Lost(Verb),
    Undo,
}

impl Step {
    /// Whether it can still happen here, once steps before it were left out.
    fn fits(&self, state: &Reckoning) -> bool {
        match self {
            Self::Tick | Self::Crash | Self::Quit | Self::IdleEnded(_) => state.host,
            Self::StartHost => !state.host,
            Self::Undo => state.before.is_some(),
            _ => true,
        }
    }
}

/// Lengths on both sides of what makes a stall (15 s) and a crash that is credited (30 s).
fn awake() -> impl Strategy<Value = u64> {
    prop_oneof![1..6_000_u64, 14_999..15_002_u64, 29_999..30_002_u64, 1..7_200_000_u64]
}

/// Lengths on both sides of what makes sleep (2 s).
fn asleep() -> impl Strategy<Value = u64> {
    prop_oneof![1..2_000_u64, 1_999..2_002_u64, 1..36_000_000_u64]
}

/// Steps on both sides of what counts as one (2 s and a little drift), and long ones.
fn wall_clock() -> impl Strategy<Value = i64> {
    prop_oneof![-2_010..2_010_i64, -36_000_000..36_000_000_i64]
}

/// What can happen here, and how likely it is.
fn steps(state: &Reckoning) -> Vec<(u32, BoxedStrategy<Step>)> {
    let verb = prop::sample::select(VERBS.to_vec());
    let mut steps = vec![
        (8, awake().prop_map(Step::Awake).boxed()),
        (3, asleep().prop_map(Step::Asleep).boxed()),
        (2, wall_clock().prop_map(Step::WallClock).boxed()),
        (1, (0..3_600_000_u64).prop_map(Step::Reboot).boxed()),
        (10, verb.clone().prop_map(Step::Verb).boxed()),
        (1, verb.prop_map(Step::Lost).boxed()),
    ];
    if state.host {
        steps.extend([
            (6, Just(Step::Tick).boxed()),
            (1, Just(Step::Crash).boxed()),
            (1, Just(Step::Quit).boxed()),
            (2, awake().prop_map(Step::IdleEnded).boxed()),
        ]);
    } else {
        steps.push((6, Just(Step::StartHost).boxed()));
    }
    if state.before.is_some() {
        steps.push((4, Just(Step::Undo).boxed()));
    }
    steps
}

impl ReferenceStateMachine for Reckoning {
    type State = Self;
    type Transition = Step;

    fn init_state() -> BoxedStrategy<Self> {
        let on_idle = prop::sample::select(vec![OnIdle::Ask, OnIdle::Keep, OnIdle::Drop]);
        (any::<bool>(), on_idle)
            .prop_map(|(keep_sleep, on_idle)| Self::new(Rules { keep_sleep, on_idle, ..Rules::default() }))
            .boxed()
    }

    fn transitions(state: &Self) -> BoxedStrategy<Step> {
        Union::new_weighted(steps(state)).boxed()
    }

    fn preconditions(state: &Self, step: &Step) -> bool {
        step.fits(state)
    }

    fn apply(mut state: Self, step: &Step) -> Self {
        match *step {
            Step::Awake(length) => state.pass(|pending| pending.awake += length),
            Step::Asleep(length) => state.pass(|pending| pending.asleep += length),
            Step::WallClock(by_ms) => state.pass(|pending| pending.stepped += by_ms),
            Step::Reboot(_) => {
                state.pass(|pending| pending.rebooted = true);
                state.host = false;
            }
            Step::Tick => state.look(false),
            Step::Crash | Step::Lost(_) => state.host = false,
            Step::StartHost => state.take_over(true),
            Step::Quit => state.quit(),
            Step::IdleEnded(idle) => state.idle_ended(idle),
            Step::Verb(verb) => state.verb(verb),
            Step::Undo => state.undo(),
        }
        state
    }
}

/// The timer in its world.
struct Real;

impl Real {
    fn command(verb: Verb, entries: usize) -> Command {
        Command { details: project(&entries.to_string()), ..Command::now(verb) }
    }

    /// A verb that means nothing decides what a bare look at the clocks decides, and no more.
    fn verb(world: &mut World, verb: Verb, state: &Reckoning) {
        let command = Self::command(verb, numbered(world).len());
        if state.changed != Some(true) {
            let (tick, nothing) = world.ask(|timer, context| {
                (timer::tick(timer, context), timer::command(timer, &command, context))
            });
            match nothing {
                Err(_) => assert_eq!(state.changed, None),
                Ok((nothing, answer)) => {
                    assert_eq!((state.changed, answer.changed), (Some(false), false));
                    assert_eq!(nothing, tick);
                }
            }
        }
        let answer = world.command(&command);
        assert_eq!(answer.ok().map(|answer| answer.changed), state.changed);
    }
}

impl StateMachineTest for Real {
    type SystemUnderTest = World;
    type Reference = Reckoning;

    fn init_test(state: &Reckoning) -> World {
        let mut world = World::new();
        world.rules = state.rules;
        world
    }

    fn apply(mut world: World, state: &Reckoning, step: Step) -> World {
        match step {
            Step::Awake(length) => world.pass(Millis(length)),
            Step::Asleep(length) => world.machine.sleep(Millis(length)),
            Step::WallClock(by_ms) => world.machine.step(by_ms),
            Step::Reboot(off) => {
                world.machine.reboot(Millis(off));
                world.attended = false;
            }
            Step::Tick => world.tick(),
            Step::Crash => world.attended = false,
            Step::StartHost => world.take_over(true),
            Step::Quit => world.let_go(),
            Step::IdleEnded(idle) => world.idle_ended(Millis(idle)),
            Step::Verb(verb) => {
                if !world.attended {
                    world.take_over(false);
                }
                Self::verb(&mut world, verb, state);
            }
            Step::Lost(verb) => {
                let command = Self::command(verb, 0);
                let _lost = world.ask(|timer, context| timer::command(timer, &command, context));
                world.attended = false;
            }
            Step::Undo => {
                if !world.attended {
                    world.take_over(false);
                }
                world.undo();
            }
        }
        world
    }

    fn check_invariants(world: &World, state: &Reckoning) {
        assert_eq!(world.state(), state.book.state());
        let numbers = numbered(world);
        if let Some(account) = &state.book.current {
            check_current(world, account, &state.book.pending);
            assert_eq!(numbers[account.number], world.current().id);
        }
        assert_eq!(world.finished.len(), state.book.finished.len());
        for account in state.book.finished.values() {
            let entry = &world.finished[&numbers[account.number]];
            assert_eq!(entry.worked(), Millis(account.worked), "{entry:?}");
            assert!(entry.ended_at.is_some_and(|end| end >= entry.started_at));
            check_entry(entry, account);
        }
        assert_eq!(told(world, &numbers), state.told);
        let noted: Vec<_> = world.noted().iter().map(word).collect();
        assert_eq!(noted, state.noted);
    }
}

/// The entries in the order in which they were started.
fn numbered(world: &World) -> Vec<EntryId> {
    let mut numbers = Vec::new();
    for record in &world.journal {
        if let Happening::Told(Event::Started, snapshot) = &record.what
            && !numbers.contains(&snapshot.entry.id)
        {
            numbers.push(snapshot.entry.id);
        }
    }
    numbers
}

fn told(world: &World, numbers: &[EntryId]) -> Vec<(Event, usize, u64)> {
    let told = world.journal.iter().filter_map(|record| match &record.what {
        Happening::Told(event, snapshot) => {
            let number = numbers.iter().position(|id| *id == snapshot.entry.id).unwrap();
            assert_eq!(snapshot.worked, snapshot.entry.worked());
            Some((*event, number, snapshot.worked.0))
        }
        Happening::Noted(..) => None,
    });
    told.collect()
}

fn word(note: &Note) -> &'static str {
    match note {
        Note::Slept { .. } => "slept",
        Note::ClockStepped { .. } => "stepped",
        Note::Stalled { .. } => "stalled",
        Note::Recovered { .. } => "recovered",
        Note::Interrupted { .. } => "interrupted",
        Note::Rebooted { .. } => "rebooted",
        Note::WentIdle { .. } => "idle",
    }
}

fn check_current(world: &World, account: &Account, pending: &Pending) {
    let (known, live) = match &world.timer {
        Timer::Running { open, .. } => (open.seen, if pending.rebooted { 0 } else { pending.awake }),
        Timer::Idle | Timer::Paused { .. } => (world.machine.sample(), 0),
    };
    assert_eq!(world.timer.worked(&known), Millis(account.worked), "{:?}", world.timer);
    assert_eq!(world.worked(), Millis(account.worked + live), "what is shown between two looks");
    check_entry(world.timer.entry().unwrap(), account);
}

fn check_entry(entry: &Entry, account: &Account) {
    let sum = |kind| {
        let gaps = entry.gaps.iter().filter(|gap| gap.kind == kind);
        gaps.map(|gap| gap.span.length()).sum::<Millis>()
    };
    assert_eq!(sum(GapKind::Sleep), Millis(account.slept));
    assert_eq!(sum(GapKind::Idle), Millis(account.idle));
    assert_eq!(sum(GapKind::Interrupted), Millis(account.interrupted));
    assert_eq!(entry.details, project(&account.project.to_string()));
    assert!(entry.gaps.is_sorted_by_key(|gap| gap.span.start));
    assert!(entry.segments.is_sorted_by_key(|segment| segment.span.start));
    for gap in &entry.gaps {
        let counted = entry.segments.iter().filter(|segment| segment.gap == Some(gap.id)).count();
        assert_eq!(counted, usize::from(gap.kept), "a kept gap counts once: {entry:?}");
    }
}

prop_state_machine! {
    #![proptest_config(ProptestConfig { cases: 3_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_timer_agrees_with_the_plain_reckoning(sequential 1..80 => Real);
}
