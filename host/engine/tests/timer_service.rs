//! The timer's service over a real store: what is answered is durable, and happens once.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    },
    thread,
};
use stint_clock::{Clock, ManualClock};
use stint_domain::{
    entry::{Details, Origin},
    gap::GapKind,
    id::{CommandId, EntryId, GapId},
    item::Kind,
    time::{Millis, Span, UnixMs},
    timer::{Answer, Command, Edit, Rules, State, Verb},
};
use stint_engine::timer::{Ask, OnQuit, Settings, TimerError, TimerService, Watch};
use stint_store::{Error, Mode, Options, ReadError, Store, queue::Room, target, timeline};
use tempfile::TempDir;

const MONDAY: UnixMs = UnixMs(1_736_326_800_000);
const EVER: Span = Span { start: UnixMs(i64::MIN), end: UnixMs(i64::MAX) };

fn block<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(work)
}

/// One process that has the data directory.
struct Process {
    store: Arc<Store>,
    service: TimerService,
}

impl Process {
    /// Opens the store, with one target that wants everything, and takes over.
    fn open(dir: &Path, clock: &ManualClock, watch: Watch) -> Self {
        let options = Options { mode: Mode::Inline, ..Options::new(dir, |_| {}) };
        let store = Arc::new(Store::open(options, clock.sample().wall).unwrap().store);
        let specs = [target::Spec { name: "work".into(), accepts: Kind::ALL.to_vec() }];
        store.write_blocking(move |tx| target::sync(tx, &specs, MONDAY)).unwrap();
        let origin = Origin { person: "ada".into(), machine: "desk".into(), installation: "i".into() };
        let settings =
            Settings { rules: Rules::default(), zone: "Europe/Berlin".into(), origin, room: Room::default() };
        let service = TimerService::new(Arc::clone(&store), Arc::new(clock.clone()), settings, watch);
        block(service.take_over()).unwrap();
        Self { store, service }
    }

    fn ask(&self, ask: Ask) -> Result<Answer, TimerError> {
        block(self.service.ask(fresh(), ask))
    }

    fn verb(&self, verb: Verb) -> Answer {
        self.ask(Ask::Verb(Command::now(verb))).unwrap()
    }

    fn read<T>(&self, question: impl FnOnce(&stint_store::Connection) -> Result<T, Error>) -> T {
        self.store.read(|tx| question(tx).map_err(Failed::from)).unwrap()
    }

    /// What the target was told, in order.
    fn told(&self) -> Vec<String> {
        let journal = self.read(|tx| timeline::journal(tx, 0, 1_000));
        assert!(journal.iter().zip(1..).all(|(record, seq)| record.seq == seq), "the journal has a gap");
        let told: Vec<String> =
            journal.into_iter().filter(|record| record.item.is_some()).map(|record| record.what).collect();
        let counts = self.read(target::statuses)[0].counts;
        assert_eq!(counts.issued, told.len() as u64, "one item, one delivery for each thing told");
        told
    }

    fn worked(&self, clock: &ManualClock) -> Millis {
        self.read(timeline::load).timer.worked(&clock.sample())
    }
}

#[derive(Debug, thiserror::Error)]
enum Failed {
    #[error(transparent)]
    Store(#[from] Error),
    #[error(transparent)]
    Read(#[from] ReadError),
}

fn fresh() -> CommandId {
    static NEXT: AtomicU8 = AtomicU8::new(0);
    CommandId::from_bytes([NEXT.fetch_add(1, Ordering::Relaxed); 16])
}

fn set_up() -> (TempDir, ManualClock) {
    (tempfile::tempdir().unwrap(), ManualClock::new(MONDAY))
}

fn at(verb: Verb, at: UnixMs) -> Ask {
    Ask::Verb(Command { at: Some(at), ..Command::now(verb) })
}

const HOUR: Millis = Millis::from_mins(60);

#[test]
fn a_day_of_verbs_makes_one_item_each() {
    let (dir, clock) = set_up();
    let process = Process::open(dir.path(), &clock, Watch::Host);
    for verb in [Verb::Start, Verb::Pause, Verb::Pause, Verb::Resume, Verb::Stop, Verb::Stop, Verb::Continue]
    {
        clock.advance(Millis::from_secs(7));
        process.verb(verb);
    }
    assert_eq!(process.told(), ["started", "paused", "resumed", "stopped", "started"]);
    let already = process.verb(Verb::Resume);
    assert_eq!(
        (already.changed, already.state, already.message.as_str()),
        (false, State::Running, "already running")
    );
}

#[test]
fn a_command_that_comes_twice_gets_its_first_answer_and_is_done_once() {
    let (dir, clock) = set_up();
    let process = Process::open(dir.path(), &clock, Watch::Host);
    process.verb(Verb::Start);
    let (pause, id) = (Ask::Verb(Command::now(Verb::Pause)), fresh());
    let first = block(process.service.ask(id, pause.clone())).unwrap();
    process.verb(Verb::Resume);
    assert_eq!(block(process.service.ask(id, pause)).unwrap(), first);
    assert_eq!(process.told(), ["started", "paused", "resumed"]);

    let (again, id) = (Ask::Verb(Command::now(Verb::Resume)), fresh());
    let nothing = block(process.service.ask(id, again.clone())).unwrap();
    assert!(!nothing.changed);
    process.verb(Verb::Pause);
    assert_eq!(block(process.service.ask(id, again)).unwrap(), nothing, "also one that changed nothing");
}

#[test]
fn an_id_that_was_given_to_another_command_is_refused_with_both() {
    let (dir, clock) = set_up();
    let process = Process::open(dir.path(), &clock, Watch::Host);
    let id = fresh();
    let start = |project: &str| {
        let details = Details { project: Some(project.into()), ..Details::default() };
        Ask::Verb(Command { details, ..Command::now(Verb::Start) })
    };
    block(process.service.ask(id, start("a"))).unwrap();
    let refused = |ask: Ask| block(process.service.ask(id, ask)).unwrap_err().to_string();
    assert_eq!(
        refused(Ask::Verb(Command::now(Verb::Stop))),
        format!(
            "failed to carry out `stop`: the command id {id} was given to `start` before; a new command needs an id \
             of its own"
        )
    );
    assert!(refused(start("b")).contains("was given to another `start` before"));
    assert_eq!(process.told(), ["started"]);
    assert!(block(process.service.ask(id, start("a"))).unwrap().changed, "the same again is no other");
}

#[test]
fn more_than_can_be_said_is_refused() {
    let (dir, clock) = set_up();
    let process = Process::open(dir.path(), &clock, Watch::Host);
    let details = || Details { tags: vec!["x".into(); 101], ..Details::default() };
    let tags = Some(details().tags);
    let asks = [
        Ask::Verb(Command { details: details(), ..Command::now(Verb::Start) }),
        Ask::Add { details: details(), start: MONDAY - HOUR, end: MONDAY },
        Ask::Edit { entry: EntryId::from_bytes([1; 16]), edit: Edit { tags, ..Edit::default() } },
    ];
    for ask in asks {
        let refused = process.ask(ask).unwrap_err();
        assert!(matches!(refused, TimerError::TooMuch(_)), "{refused}");
    }
    assert!(process.told().is_empty());
}

#[test]
fn five_pauses_at_once_are_one() {
    let (dir, clock) = set_up();
    let process = Process::open(dir.path(), &clock, Watch::Host);
    process.verb(Verb::Start);
    let answers: Vec<Answer> = thread::scope(|scope| {
        let asked: Vec<_> = (0..5).map(|_| scope.spawn(|| process.verb(Verb::Pause))).collect();
        asked.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(answers.iter().filter(|answer| answer.changed).count(), 1);
    assert!(answers.iter().all(|answer| answer.state == State::Paused));
    assert_eq!(process.told(), ["started", "paused"]);
}

#[test]
fn a_refused_command_changes_nothing_and_its_id_may_be_used_again() {
    let (dir, clock) = set_up();
    let process = Process::open(dir.path(), &clock, Watch::Host);
    clock.advance(HOUR);
    let (later, id) = (at(Verb::Start, MONDAY + HOUR + HOUR), fresh());
    let refusal = block(process.service.ask(id, later)).unwrap_err();
    assert_eq!(
        refusal.to_string(),
        "failed to use a time that has not come yet: the latest valid time is now"
    );
    assert!(process.told().is_empty());
    assert!(block(process.service.ask(id, at(Verb::Start, MONDAY))).unwrap().changed);
    assert_eq!(process.worked(&clock), HOUR);
}

#[test]
fn time_that_another_entry_has_is_not_counted_twice() {
    let (dir, clock) = set_up();
    let process = Process::open(dir.path(), &clock, Watch::Host);
    process.verb(Verb::Start);
    clock.advance(HOUR);
    process.verb(Verb::Stop);
    clock.advance(HOUR);
    let refused = process.ask(at(Verb::Start, MONDAY + Millis::from_mins(30))).unwrap_err();
    let TimerError::Refused(refusal) = refused else { unreachable!("{refused}") };
    assert_eq!(refusal.nearest().map(|nearest| nearest.at), Some(MONDAY + HOUR));
    let add = |start, end| Ask::Add { details: Details::default(), start, end };
    assert!(process.ask(add(MONDAY - HOUR, MONDAY + Millis(1))).is_err());
    assert!(process.ask(add(MONDAY - HOUR, MONDAY)).unwrap().changed);
    let added = process.read(|tx| timeline::entries_between(tx, EVER)).remove(0);
    let edit = Edit { end: Some(MONDAY + Millis(1)), ..Edit::default() };
    assert!(process.ask(Ask::Edit { entry: added.id, edit }).is_err());
    assert_eq!(process.told(), ["started", "stopped", "edited"]);
}

#[test]
fn a_killed_host_loses_no_more_than_a_heartbeat() {
    let (dir, clock) = set_up();
    let process = Process::open(dir.path(), &clock, Watch::Host);
    process.verb(Verb::Start);
    for _ in 0..60 {
        clock.advance(Millis::from_secs(5));
        block(process.service.tick()).unwrap();
    }
    clock.advance(Millis::from_secs(4));
    drop(process);
    clock.advance(HOUR);
    let next = Process::open(dir.path(), &clock, Watch::Host);
    assert_eq!(next.worked(&clock), Millis::from_mins(5));
    assert_eq!(next.told(), ["started", "paused"]);
    let gaps = next.read(|tx| timeline::gaps_between(tx, EVER));
    assert_eq!(gaps.len(), 1);
    assert_eq!((gaps[0].gap.kind, gaps[0].gap.kept), (GapKind::Interrupted, false));

    let kept = next.ask(Ask::SetGap { gap: gaps[0].gap.id, kept: true }).unwrap();
    assert!(kept.changed);
    assert_eq!(next.worked(&clock), HOUR + Millis::from_mins(5) + Millis::from_secs(4));
}

#[test]
fn a_heartbeat_writes_no_record() {
    let (dir, clock) = set_up();
    let process = Process::open(dir.path(), &clock, Watch::Host);
    block(process.service.tick()).unwrap();
    process.verb(Verb::Start);
    let version = process.read(timeline::load).version;
    clock.advance(Millis::from_secs(5));
    block(process.service.tick()).unwrap();
    assert_eq!(process.read(timeline::load).version, version);
    clock.sleep(HOUR);
    block(process.service.tick()).unwrap();
    assert!(process.read(timeline::load).version > version, "a sleep is a decision");
    assert_eq!(process.worked(&clock), Millis::from_secs(5));
}

#[test]
fn commands_without_a_host_count_the_whole_day() {
    let (dir, clock) = set_up();
    Process::open(dir.path(), &clock, Watch::Command).verb(Verb::Start);
    clock.advance(HOUR);
    let process = Process::open(dir.path(), &clock, Watch::Command);
    process.verb(Verb::Stop);
    let entries = process.read(|tx| timeline::entries_between(tx, EVER));
    assert_eq!(entries[0].worked(), HOUR);
    assert_eq!(process.told(), ["started", "stopped"]);
}

#[test]
fn a_host_that_leaves_does_what_it_was_told_to_do_with_the_timer() {
    for (on_quit, state, told) in [
        (OnQuit::Keep, State::Running, vec!["started"]),
        (OnQuit::Pause, State::Paused, vec!["started", "paused"]),
        (OnQuit::Stop, State::Idle, vec!["started", "stopped"]),
    ] {
        let (dir, clock) = set_up();
        let process = Process::open(dir.path(), &clock, Watch::Host);
        process.verb(Verb::Start);
        clock.advance(HOUR);
        block(process.service.quit(on_quit, fresh())).unwrap();
        assert_eq!(process.read(timeline::load).timer.state(), state);
        assert_eq!(process.told(), told);
        drop(process);
        clock.advance(HOUR);
        let next = Process::open(dir.path(), &clock, Watch::Host);
        let worked = next.read(|tx| timeline::entries_between(tx, EVER))[0].clone();
        let counted = if on_quit == OnQuit::Keep { next.worked(&clock) } else { worked.worked() };
        assert_eq!(counted, if on_quit == OnQuit::Keep { HOUR + HOUR } else { HOUR }, "{on_quit:?}");
    }
}

#[test]
fn an_idle_stretch_is_shown_and_may_be_dropped() {
    let (dir, clock) = set_up();
    let process = Process::open(dir.path(), &clock, Watch::Host);
    process.verb(Verb::Start);
    clock.advance(HOUR);
    block(process.service.idle_ended(Millis::from_mins(20))).unwrap();
    assert_eq!(process.worked(&clock), HOUR);
    let gaps = process.read(|tx| timeline::gaps_between(tx, EVER));
    process.ask(Ask::SetGap { gap: gaps[0].gap.id, kept: false }).unwrap();
    assert_eq!(process.worked(&clock), Millis::from_mins(40));
}

#[test]
fn what_was_done_is_taken_back_and_done_again() {
    let (dir, clock) = set_up();
    let process = Process::open(dir.path(), &clock, Watch::Host);
    assert_eq!(
        process.ask(Ask::Undo).unwrap_err().to_string(),
        "failed to undo: there is no change to take back"
    );
    let started = process.verb(Verb::Start).entry_id.unwrap();
    clock.advance(HOUR);
    process.verb(Verb::Stop);
    assert_eq!(process.ask(Ask::Undo).unwrap().message, "took back `stop`");
    assert_eq!(process.read(timeline::load).timer.entry().unwrap().id, started);
    process.ask(Ask::Undo).unwrap();
    assert_eq!(process.read(timeline::load).timer.state(), State::Idle);
    assert_eq!(process.told(), ["started", "stopped", "resumed", "stopped"]);

    process.ask(Ask::Delete { entry: started }).unwrap();
    assert!(process.read(|tx| timeline::entries_between(tx, EVER)).is_empty());
    process.ask(Ask::Undo).unwrap();
    assert_eq!(process.read(|tx| timeline::entries_between(tx, EVER))[0].worked(), HOUR);
}

#[test]
fn what_is_not_there_is_named() {
    let (dir, clock) = set_up();
    let process = Process::open(dir.path(), &clock, Watch::Host);
    let (entry, gap) = (EntryId::from_bytes([9; 16]), GapId::from_bytes([8; 16]));
    let no_entry = process.ask(Ask::Delete { entry }).unwrap_err().to_string();
    assert_eq!(
        no_entry,
        "failed to find entry 09090909-0909-0909-0909-090909090909: `stint log` shows what is there"
    );
    let no_gap = process.ask(Ask::SetGap { gap, kept: true }).unwrap_err().to_string();
    assert_eq!(
        no_gap,
        "failed to find gap 08080808-0808-0808-0808-080808080808: `stint gap list` shows what is there"
    );
}
