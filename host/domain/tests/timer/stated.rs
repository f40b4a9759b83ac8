//! What people state about their time, against sheets of minutes: no minute is counted twice, whoever claims, edits,
//! keeps, deletes and takes back whatever; what is refused names a time that is accepted; and what targets were told
//! last is what is stored.

use std::collections::BTreeSet;

use proptest::{prelude::*, strategy::Union};
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest, prop_state_machine};
use stint_domain::{
    entry::{Entry, Segment},
    gap::{Gap, GapKind},
    id::EntryId,
    time::UnixMs,
    timer::{Answer, Border, Command, Edit, Event, Happening, Nearest, OnIdle, Refusal, State, Verb},
};

use crate::{
    machine::clock,
    office::Office,
    sheets::{Minute, Sheet, SheetGap},
    world::{World, mins},
};

const VERBS: [Verb; 6] = [Verb::Start, Verb::Pause, Verb::Resume, Verb::Stop, Verb::Continue, Verb::Cancel];

/// Something that people state, or that happens meanwhile. Entries and gaps are picked by any number.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    Work(Minute),
    Sleep(Minute),
    Crash(Minute),
    Reboot(Minute),
    IdleEnded(Minute),
    Verb(Verb, Option<Minute>),
    Add(Minute, Minute),
    Edit(usize, Option<Minute>, Option<Minute>),
    Delete(usize),
    SetGap(usize, bool),
    Undo,
}

/// The entry that any number picks.
fn pick_sheet(office: &Office, any: usize) -> usize {
    let numbers: Vec<_> = office.binder.sheets.keys().copied().collect();
    numbers[any % numbers.len()]
}

fn all_gaps(office: &Office) -> Vec<(usize, usize)> {
    let sheets = office.binder.sheets.iter();
    sheets.flat_map(|(number, sheet)| (0..sheet.gaps.len()).map(|place| (*number, place))).collect()
}

/// The times where anything begins or ends, and those beside them: where rules have their borders.
fn times(office: &Office) -> BoxedStrategy<Minute> {
    let mut times = BTreeSet::from([office.now]);
    for sheet in office.binder.sheets.values() {
        times.extend([sheet.started, sheet.last_end()]);
        times.extend(sheet.gaps.iter().flat_map(|gap| [gap.from, gap.to]));
        let ends = sheet.counted.iter().filter(|minute| !sheet.counted.contains(&(*minute + 1)));
        times.extend(ends.map(|minute| minute + 1));
        let starts = sheet.counted.iter().filter(|minute| !sheet.counted.contains(&(*minute - 1)));
        times.extend(starts);
    }
    let beside = times.iter().flat_map(|time| [time - 1, *time, time + 1]).collect::<Vec<_>>();
    prop_oneof![4 => prop::sample::select(beside), 1 => 300..office.now + 10].boxed()
}

impl Step {
    /// Whether it can still happen here, once steps before it were left out.
    fn fits(&self, office: &Office) -> bool {
        match self {
            Self::Edit(..) | Self::Delete(_) => !office.binder.sheets.is_empty(),
            Self::SetGap(..) => !all_gaps(office).is_empty(),
            Self::Undo => office.can_undo(),
            _ => true,
        }
    }
}

/// What can happen here, and how likely it is.
fn steps(office: &Office) -> Vec<(u32, BoxedStrategy<Step>)> {
    let (time, length, pick) = (times(office), 1..30_u64, 0..1_000_usize);
    let maybe = prop::option::weighted(0.6, time.clone());
    let verb = prop::sample::select(VERBS.to_vec());
    let mut steps = vec![
        (6, length.clone().prop_map(Step::Work).boxed()),
        (1, length.clone().prop_map(Step::Sleep).boxed()),
        (1, length.clone().prop_map(Step::Crash).boxed()),
        (1, length.clone().prop_map(Step::Reboot).boxed()),
        (1, length.prop_map(Step::IdleEnded).boxed()),
        (8, (verb, maybe.clone()).prop_map(|(verb, at)| Step::Verb(verb, at)).boxed()),
        (2, (time.clone(), time).prop_map(|(from, to)| Step::Add(from, to)).boxed()),
    ];
    if !office.binder.sheets.is_empty() {
        let edit = (pick.clone(), maybe.clone(), maybe).prop_map(|(n, from, to)| Step::Edit(n, from, to));
        steps.extend([(4, edit.boxed()), (1, pick.clone().prop_map(Step::Delete).boxed())]);
    }
    if !all_gaps(office).is_empty() {
        let set_gap = (pick, any::<bool>()).prop_map(|(n, kept)| Step::SetGap(n, kept));
        steps.push((3, set_gap.boxed()));
    }
    if office.can_undo() {
        steps.push((3, Just(Step::Undo).boxed()));
    }
    steps
}

impl ReferenceStateMachine for Office {
    type State = Self;
    type Transition = Step;

    fn init_state() -> BoxedStrategy<Self> {
        any::<bool>().prop_map(Self::new).boxed()
    }

    fn transitions(office: &Self) -> BoxedStrategy<Step> {
        Union::new_weighted(steps(office)).boxed()
    }

    fn preconditions(office: &Self, step: &Step) -> bool {
        step.fits(office)
    }

    fn apply(mut office: Self, step: &Step) -> Self {
        match *step {
            Step::Work(minutes) => office.work(minutes),
            Step::Sleep(minutes) => office.sleep(minutes),
            Step::Crash(minutes) => office.away(GapKind::Interrupted, minutes),
            Step::Reboot(minutes) => office.away(GapKind::Reboot, minutes),
            Step::IdleEnded(minutes) => office.idle_ended(minutes),
            Step::Verb(verb, at) => office.verb(verb, at),
            Step::Add(from, to) => office.add(from, to),
            Step::Edit(any, start, end) => office.edit(pick_sheet(&office, any), start, end),
            Step::Delete(any) => office.delete(pick_sheet(&office, any)),
            Step::SetGap(any, kept) => {
                let gaps = all_gaps(&office);
                let (number, place) = gaps[any % gaps.len()];
                office.set_gap(number, place, kept);
            }
            Step::Undo => office.undo(),
        }
        office
    }
}

fn at(minute: Minute) -> UnixMs {
    clock(0, minute)
}

/// The timer in its world.
#[derive(Clone, Debug)]
pub(crate) struct Desk {
    world: World,
    /// The entries by their numbers on the sheets.
    numbered: Vec<EntryId>,
}

impl Desk {
    /// The entry that any number picks, as the sheets count them.
    fn pick(&self, any: usize) -> EntryId {
        let here: Vec<_> = self.numbered.iter().filter(|id| self.has(**id)).collect();
        *here[any % here.len()]
    }

    fn has(&self, id: EntryId) -> bool {
        self.world.finished.contains_key(&id) || self.world.timer.entry().is_some_and(|entry| entry.id == id)
    }

    fn pick_gap(&self, any: usize) -> (EntryId, Gap) {
        let entries = self.numbered.iter().filter(|id| self.has(**id)).map(|id| self.world.entry(*id));
        let gaps: Vec<_> = entries.flat_map(|entry| entry.gaps.iter().map(|gap| (entry.id, gap))).collect();
        let (entry, gap) = gaps[any % gaps.len()];
        (entry, gap.clone())
    }

    /// Asks for something that is about one time, and where it is refused, asks for the nearest valid one: that must
    /// be accepted.
    fn ask(&mut self, time: Option<UnixMs>, ask: impl Fn(&mut World, UnixMs) -> Result<Answer, Refusal>) {
        let refused = time.and_then(|time| ask(&mut self.world.clone(), time).err());
        let Some(Nearest { at: nearest, .. }) = refused.and_then(|refusal| refusal.nearest()) else { return };
        ask(&mut self.world.clone(), nearest).unwrap_or_else(|refusal| {
            panic!("{time:?} was refused, then its nearest, {nearest:?}, because we {refusal}")
        });
    }

    /// The same for what is about a start and an end: the nearest time takes the place of the one that it is named for.
    fn ask_between(
        &self,
        start: Option<UnixMs>,
        end: Option<UnixMs>,
        ask: impl Fn(&mut World, Option<UnixMs>, Option<UnixMs>) -> Result<Answer, Refusal>,
    ) {
        let refused = ask(&mut self.world.clone(), start, end).err();
        let Some(nearest) = refused.and_then(|refusal| refusal.nearest()) else { return };
        let (start, end) = match nearest.border {
            Border::Start => (Some(nearest.at), end),
            Border::End => (start, Some(nearest.at)),
            Border::Time => panic!("a start and an end are two times"),
        };
        ask(&mut self.world.clone(), start, end)
            .unwrap_or_else(|refusal| panic!("{nearest:?} was named, and refused because we {refusal}"));
    }

    fn step(&mut self, step: &Step) -> Option<Result<Answer, Refusal>> {
        match *step {
            Step::Work(minutes) => {
                self.world.pass(mins(minutes));
                self.world.tick();
            }
            Step::Sleep(minutes) => {
                self.world.machine.sleep(mins(minutes));
                self.world.tick();
            }
            Step::Crash(minutes) => {
                self.world.pass(mins(minutes));
                self.world.take_over(true);
            }
            Step::Reboot(minutes) => {
                self.world.machine.reboot(mins(minutes));
                self.world.take_over(true);
            }
            Step::IdleEnded(minutes) => self.world.idle_ended(mins(minutes)),
            Step::Verb(verb, time) => {
                let time = time.map(at);
                self.ask(time, |world, time| world.verb_at(verb, time));
                return Some(self.world.command(&Command { at: time, ..Command::now(verb) }));
            }
            Step::Add(from, to) => {
                let (from, to) = (at(from), at(to));
                self.ask_between(Some(from), Some(to), |world, from, to| {
                    world.add(from.unwrap(), to.unwrap())
                });
                return Some(self.world.add(from, to));
            }
            Step::Edit(any, start, end) => {
                let (id, start, end) = (self.pick(any), start.map(at), end.map(at));
                let edit =
                    |world: &mut World, start, end| world.edit(id, &Edit { start, end, ..Edit::default() });
                self.ask_between(start, end, edit);
                return Some(edit(&mut self.world, start, end));
            }
            Step::Delete(any) => return Some(self.world.delete(self.pick(any))),
            Step::SetGap(any, kept) => {
                let (id, gap) = self.pick_gap(any);
                return Some(self.world.set_gap(id, &gap, kept));
            }
            Step::Undo => drop(self.world.undo()),
        }
        None
    }

    fn number_new_entries(&mut self) {
        for record in &self.world.journal {
            if let Happening::Told(Event::Started | Event::Edited, snapshot) = &record.what
                && !self.numbered.contains(&snapshot.entry.id)
            {
                self.numbered.push(snapshot.entry.id);
            }
        }
    }
}

impl StateMachineTest for Desk {
    type SystemUnderTest = Self;
    type Reference = Office;

    fn init_test(office: &Office) -> Self {
        let mut world = World::new();
        world.rules.on_idle = if office.drop_idle { OnIdle::Drop } else { OnIdle::Ask };
        Self { world, numbered: Vec::new() }
    }

    fn apply(mut desk: Self, office: &Office, step: Step) -> Self {
        if let Some(answer) = desk.step(&step) {
            assert_eq!(
                answer.as_ref().ok().map(|answer| answer.changed),
                office.answer,
                "{step:?}: {answer:?}"
            );
        }
        desk.number_new_entries();
        desk
    }

    fn check_invariants(desk: &Self, office: &Office) {
        let Desk { world, numbered } = desk;
        assert_eq!(world.machine.sample().wall, at(office.now));
        assert_eq!(
            world.timer.entry().map(|entry| entry.id),
            office.binder.current.map(|number| numbered[number])
        );
        assert_eq!(world.state() == State::Running, office.binder.running);
        let mut everybodys = BTreeSet::new();
        for (number, sheet) in &office.binder.sheets {
            let id = numbered[*number];
            let is_current = office.binder.current == Some(*number);
            let entry = if is_current { world.current() } else { world.finished[&id].clone() };
            check_entry(&entry, sheet, is_current);
            for minute in minutes(&entry) {
                assert!(everybodys.insert(minute), "{minute} is counted twice");
            }
            if !is_current {
                assert_eq!(last_told(world, id), Some(entry), "targets know it as it is stored");
            }
        }
        let entries = world.finished.len() + usize::from(world.timer.entry().is_some());
        assert_eq!(entries, office.binder.sheets.len());
        for gone in numbered.iter().filter(|id| !desk.has(**id)) {
            assert_eq!(last_told(world, *gone), None, "targets know that it is gone");
        }
        assert_eq!(told(desk), office.told);
    }
}

fn check_entry(entry: &Entry, sheet: &Sheet, is_current: bool) {
    let on_sheet: Vec<_> = sheet.counted.iter().copied().collect();
    assert_eq!(minutes(entry), on_sheet, "{entry:?}");
    assert_eq!(entry.started_at, at(sheet.started));
    assert_eq!(entry.ended_at, (!is_current).then_some(at(sheet.last_end())));
    let gaps = entry.gaps.iter().map(|gap| SheetGap {
        kind: gap.kind,
        from: minute(gap.span.start),
        to: minute(gap.span.end),
        kept: gap.kept,
    });
    assert_eq!(gaps.collect::<Vec<_>>(), sheet.gaps);
}

/// All minutes that an entry counts, each as often as it counts it.
fn minutes(entry: &Entry) -> Vec<Minute> {
    let minutes = entry.segments.iter().flat_map(|Segment { span, worked, .. }| {
        assert_eq!(span.length(), *worked, "{entry:?}");
        minute(span.start)..minute(span.end)
    });
    minutes.collect()
}

fn minute(time: UnixMs) -> Minute {
    let since = time.since(at(0)).0;
    assert_eq!(since % 60_000, 0);
    since / 60_000
}

/// The entry as the targets know it; nothing where they know that it is gone.
fn last_told(world: &World, id: EntryId) -> Option<Entry> {
    let last = world.journal.iter().rev().find_map(|record| match &record.what {
        Happening::Told(event, snapshot) if snapshot.entry.id == id => Some((*event, snapshot)),
        _ => None,
    });
    let (event, snapshot) = last?;
    (event != Event::Deleted).then(|| snapshot.entry.clone())
}

fn told(desk: &Desk) -> Vec<(Event, usize)> {
    let told = desk.world.journal.iter().filter_map(|record| match &record.what {
        Happening::Told(event, snapshot) => {
            Some((*event, desk.numbered.iter().position(|id| *id == snapshot.entry.id).unwrap()))
        }
        Happening::Noted(..) => None,
    });
    told.collect()
}

prop_state_machine! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_minute_is_counted_twice(sequential 1..60 => Desk);
}
