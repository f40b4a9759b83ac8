//! The smallest store around the timer: it applies decisions as the real one does, and refuses a journal with a
//! hole. What a test needs of the world is here, so that a test says only what it is about.

use std::collections::BTreeMap;

use stint_domain::{
    entry::{Details, Entry, Origin, Segment},
    gap::{Gap, GapKind},
    id::EntryId,
    time::{Millis, Span, UnixMs},
    timer::{
        self, Answer, Border, Command, Context, Decision, Edit, EntryChange, Event, Happening, Nearest, Note,
        Record, Refusal, Reversal, Rules, State, Taken, Timer, Verb,
    },
};

use crate::machine::{Machine, clock};

pub(crate) fn secs(secs: u64) -> Millis {
    Millis::from_secs(secs)
}

pub(crate) fn mins(mins: u64) -> Millis {
    Millis::from_mins(mins)
}

/// A stretch between two times of the day, as (hour, minute).
pub(crate) fn span(from: (u64, u64), to: (u64, u64)) -> Span {
    Span::new(clock(from.0, from.1), clock(to.0, to.1))
}

/// What a refusal names in place of the one time that was stated.
#[expect(clippy::unnecessary_wraps, reason = "as a refusal has it")]
pub(crate) fn time(at: UnixMs) -> Option<Nearest> {
    Some(Nearest { at, border: Border::Time })
}

/// The same for the start of a stretch.
#[expect(clippy::unnecessary_wraps, reason = "as a refusal has it")]
pub(crate) fn start(at: UnixMs) -> Option<Nearest> {
    Some(Nearest { at, border: Border::Start })
}

/// The same for its end.
#[expect(clippy::unnecessary_wraps, reason = "as a refusal has it")]
pub(crate) fn end(at: UnixMs) -> Option<Nearest> {
    Some(Nearest { at, border: Border::End })
}

/// Details that name a project alone.
pub(crate) fn project(name: &str) -> Details {
    Details { project: Some(name.to_owned()), ..Details::default() }
}

/// A machine, its timer, and what a store keeps for it.
#[derive(Clone, Debug)]
pub(crate) struct World {
    pub(crate) machine: Machine,
    pub(crate) rules: Rules,
    pub(crate) timer: Timer,
    /// Every entry that is not current.
    pub(crate) finished: BTreeMap<EntryId, Entry>,
    pub(crate) journal: Vec<Record>,
    pub(crate) reversal: Option<Reversal>,
    /// Whether a host watches.
    pub(crate) attended: bool,
    last: Option<Details>,
    calls: u32,
    origin: Origin,
}

impl World {
    /// Nine o'clock, a host that watches, an idle timer.
    pub(crate) fn new() -> Self {
        Self {
            machine: Machine::at_nine(),
            rules: Rules::default(),
            timer: Timer::Idle,
            finished: BTreeMap::new(),
            journal: Vec::new(),
            reversal: None,
            attended: true,
            last: None,
            calls: 0,
            origin: Origin { person: "ada".into(), machine: "desk".into(), installation: "one".into() },
        }
    }

    /// The same with nobody watching.
    pub(crate) fn without_host() -> Self {
        Self { attended: false, ..Self::new() }
    }

    /// The same with an entry that runs since nine.
    pub(crate) fn running() -> Self {
        let mut world = Self::new();
        world.verb(Verb::Start);
        world
    }

    /// Asks the timer, with everything that surrounds it.
    pub(crate) fn ask<T>(&mut self, question: impl FnOnce(&Timer, &Context<'_>) -> T) -> T {
        self.calls += 1;
        let mut entropy = [0xff; 10];
        entropy[..4].copy_from_slice(&self.calls.to_be_bytes());
        let taken: Vec<Taken> = self
            .finished
            .values()
            .flat_map(|entry| {
                entry.segments.iter().map(|segment| Taken { entry: entry.id, span: segment.span })
            })
            .collect();
        let context = Context {
            now: self.machine.sample(),
            attended: self.attended,
            next_seq: 1 + self.journal.len() as u64,
            entropy,
            rules: self.rules,
            zone: "Europe/Vienna",
            origin: &self.origin,
            last: self.last.as_ref(),
            taken: &taken,
        };
        question(&self.timer, &context)
    }

    /// Makes a decision durable.
    pub(crate) fn apply(&mut self, decision: Decision) {
        for record in &decision.records {
            assert_eq!(record.seq, 1 + self.journal.len() as u64, "the journal has a hole");
            self.journal.push(record.clone());
        }
        for change in decision.entries {
            match change {
                EntryChange::Saved(entry) => drop(self.finished.insert(entry.id, *entry)),
                EntryChange::Removed(id) => drop(self.finished.remove(&id)),
            }
        }
        self.timer = decision.timer;
        if let Some(current) = self.timer.entry() {
            self.last = Some(current.details.clone());
            self.finished.remove(&current.id);
        }
        if decision.reversal.is_some() {
            self.reversal = decision.reversal;
        }
    }

    fn done(&mut self, answer: Result<(Decision, Answer), Refusal>) -> Result<Answer, Refusal> {
        let (decision, answer) = answer?;
        self.apply(decision);
        Ok(answer)
    }

    pub(crate) fn command(&mut self, command: &Command) -> Result<Answer, Refusal> {
        let answer = self.ask(|timer, context| timer::command(timer, command, context));
        self.done(answer)
    }

    /// Gives a verb that is expected to be accepted.
    pub(crate) fn verb(&mut self, verb: Verb) -> Answer {
        self.command(&Command::now(verb)).unwrap()
    }

    /// Gives a verb with a stated time.
    pub(crate) fn verb_at(&mut self, verb: Verb, at: UnixMs) -> Result<Answer, Refusal> {
        self.command(&Command { at: Some(at), ..Command::now(verb) })
    }

    /// Starts an entry for a project.
    pub(crate) fn start(&mut self, name: &str) -> Answer {
        self.command(&Command { details: project(name), ..Command::now(Verb::Start) }).unwrap()
    }

    pub(crate) fn add(&mut self, start: UnixMs, end: UnixMs) -> Result<Answer, Refusal> {
        let answer = self.ask(|timer, context| timer::add(timer, &project("added"), start, end, context));
        self.done(answer)
    }

    /// Edits the entry with this id, current or not.
    pub(crate) fn edit(&mut self, id: EntryId, edit: &Edit) -> Result<Answer, Refusal> {
        let entry = self.entry(id).clone();
        let answer = self.ask(|timer, context| timer::edit(timer, &entry, edit, context));
        self.done(answer)
    }

    pub(crate) fn delete(&mut self, id: EntryId) -> Result<Answer, Refusal> {
        let entry = self.entry(id).clone();
        let answer = self.ask(|timer, context| timer::delete(timer, &entry, context));
        self.done(answer)
    }

    /// Keeps or drops a gap of the entry with this id.
    pub(crate) fn set_gap(&mut self, id: EntryId, gap: &Gap, kept: bool) -> Result<Answer, Refusal> {
        let entry = self.entry(id).clone();
        let answer = self.ask(|timer, context| timer::set_gap(timer, &entry, gap.id, kept, context));
        self.done(answer)
    }

    pub(crate) fn undo(&mut self) -> Answer {
        let reversal = self.reversal.clone().expect("a change to take back");
        let answer = self.ask(|timer, context| timer::undo(timer, &reversal, context));
        self.done(answer).unwrap()
    }

    /// Time goes by, awake, with no look at the clocks.
    pub(crate) fn pass(&mut self, length: Millis) {
        self.machine.advance(length);
    }

    pub(crate) fn tick(&mut self) {
        let decision = self.ask(timer::tick);
        self.apply(decision);
    }

    /// Time goes by awake while the host looks at the clocks as often as it should.
    pub(crate) fn watch(&mut self, length: Millis) {
        let mut left = length;
        while left > Millis::ZERO {
            let step = left.min(self.rules.tick);
            self.machine.advance(step);
            self.tick();
            left = left.since(step);
        }
    }

    /// A process takes over, as a host or for one verb.
    pub(crate) fn take_over(&mut self, attended: bool) {
        self.attended = attended;
        let decision = self.ask(timer::take_over);
        self.apply(decision);
    }

    pub(crate) fn let_go(&mut self) {
        self.attended = false;
        let decision = self.ask(timer::let_go);
        self.apply(decision);
    }

    pub(crate) fn idle_ended(&mut self, idle: Millis) {
        let decision = self.ask(|timer, context| timer::idle_ended(timer, idle, context));
        self.apply(decision);
    }

    /// The current entry as of now.
    pub(crate) fn current(&self) -> Entry {
        self.timer.snapshot(&self.machine.sample()).expect("a current entry")
    }

    /// What the current entry counts as of now.
    pub(crate) fn worked(&self) -> Millis {
        self.timer.worked(&self.machine.sample())
    }

    pub(crate) fn state(&self) -> State {
        self.timer.state()
    }

    /// The entry with this id, current or not.
    pub(crate) fn entry(&self, id: EntryId) -> &Entry {
        self.timer.entry().filter(|current| current.id == id).unwrap_or_else(|| &self.finished[&id])
    }

    /// The one entry that is not current.
    pub(crate) fn only_finished(&self) -> &Entry {
        assert_eq!(self.finished.len(), 1, "{:?}", self.finished);
        self.finished.values().next().unwrap()
    }

    /// What the targets were told, in order.
    pub(crate) fn told(&self) -> Vec<Event> {
        let told = self.journal.iter().filter_map(|record| match &record.what {
            Happening::Told(event, _) => Some(*event),
            Happening::Noted(..) => None,
        });
        told.collect()
    }

    /// What was noted for people, in order.
    pub(crate) fn noted(&self) -> Vec<Note> {
        let noted = self.journal.iter().filter_map(|record| match &record.what {
            Happening::Told(..) => None,
            Happening::Noted(note, _) => Some(note.clone()),
        });
        noted.collect()
    }
}

/// Where the segments lie, and what they count.
pub(crate) fn lines(entry: &Entry) -> Vec<(Span, Millis)> {
    entry.segments.iter().map(|Segment { span, worked, .. }| (*span, *worked)).collect()
}

/// What kind the gaps are of, where they lie, and whether they count.
pub(crate) fn gaps(entry: &Entry) -> Vec<(GapKind, Span, bool)> {
    entry.gaps.iter().map(|gap| (gap.kind, gap.span, gap.kept)).collect()
}
