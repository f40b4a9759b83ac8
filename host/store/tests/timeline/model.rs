//! Whatever a person and the clocks do: the store holds the timer that was decided on, the entries as the decisions
//! left them, a journal without a gap, and one item for each thing that targets are told.

use std::collections::BTreeMap;

use proptest::{collection::vec, prelude::*};
use stint_domain::{
    entry::Entry,
    id::EntryId,
    time::{Millis, Span, UnixMs},
    timer::{self, Decision, Edit, EntryChange, Happening, Timer, Verb},
};
use stint_store::timeline;

use crate::fixture::{Person, details};

#[derive(Clone, Debug)]
enum Op {
    Verb(Verb, Option<u16>),
    Tick,
    Wait(u32),
    Sleep(u32),
    Step(i32),
    Reboot,
    TakeOver,
    Idle(u16),
    Add(u16, u16),
    Edit(u8, Option<i16>, bool),
    Delete(u8),
    Gap(u8, bool),
    Undo,
}

fn ops() -> impl Strategy<Value = Op> {
    let verbs = [Verb::Start, Verb::Pause, Verb::Resume, Verb::Stop, Verb::Continue, Verb::Cancel];
    prop_oneof![
        8 => (prop::sample::select(verbs.to_vec()), prop::option::weighted(0.2, any::<u16>()))
            .prop_map(|(verb, ago)| Op::Verb(verb, ago)),
        2 => Just(Op::Tick),
        4 => (0..5_000_u32).prop_map(Op::Wait),
        1 => (0..50_000_u32).prop_map(Op::Sleep),
        1 => (-100_000..100_000_i32).prop_map(Op::Step),
        1 => Just(Op::Reboot),
        1 => Just(Op::TakeOver),
        1 => any::<u16>().prop_map(Op::Idle),
        2 => any::<(u16, u16)>().prop_map(|(ago, length)| Op::Add(ago, length)),
        2 => any::<(u8, Option<i16>, bool)>().prop_map(|(which, by, end)| Op::Edit(which, by, end)),
        1 => any::<u8>().prop_map(Op::Delete),
        1 => any::<(u8, bool)>().prop_map(|(which, kept)| Op::Gap(which, kept)),
        2 => Just(Op::Undo),
    ]
}

/// What the decisions say, kept in memory.
#[derive(Default)]
struct Expected {
    timer: Timer,
    entries: BTreeMap<EntryId, Entry>,
    records: u64,
    told: u64,
}

impl Expected {
    fn follow(&mut self, decision: &Decision) {
        self.timer = decision.timer.clone();
        if let Some(entry) = decision.timer.entry() {
            self.entries.insert(entry.id, entry.clone());
        }
        for change in &decision.entries {
            match change {
                EntryChange::Saved(entry) => self.entries.insert(entry.id, (**entry).clone()),
                EntryChange::Removed(id) => self.entries.remove(id),
            };
        }
        for record in &decision.records {
            self.records += 1;
            assert_eq!(record.seq, self.records);
            self.told += u64::from(matches!(record.what, Happening::Told(..)));
        }
    }

    /// One of the entries, and one of its gaps' places.
    fn entry(&self, which: u8) -> Option<Entry> {
        self.entries.values().nth(usize::from(which) % self.entries.len().max(1)).cloned()
    }
}

/// Does one thing, where the rules allow it.
fn perform(person: &mut Person, expected: &mut Expected, op: &Op) {
    let chosen = match op {
        Op::Edit(which, ..) | Op::Delete(which) | Op::Gap(which, _) => expected.entry(*which),
        _ => None,
    };
    let reversal = timeline::reversal(&person.connection).unwrap();
    let now = person.now.wall;
    match op {
        Op::Wait(ms) => return person.wait(u64::from(*ms) / 10),
        Op::Sleep(seconds) => return person.sleep(u64::from(*seconds)),
        Op::Step(by) => {
            person.now.wall = UnixMs(person.now.wall.0 + i64::from(*by));
            return;
        }
        Op::Reboot => {
            person.now.boot = stint_domain::id::BootId::from_bytes([person.draws.wrapping_add(7); 16]);
            (person.now.boottime, person.now.monotonic) = (Millis(10), Millis(10));
            return;
        }
        _ => {}
    }
    let decide = |timer: &Timer, context: &timer::Context<'_>| -> Option<Decision> {
        Some(match op {
            Op::Verb(verb, ago) => {
                let at = ago.map(|ago| now - Millis::from_secs(u64::from(ago)));
                let command = timer::Command { verb: *verb, at, details: details("p") };
                timer::command(timer, &command, context).ok()?.0
            }
            Op::Tick => timer::tick(timer, context),
            Op::TakeOver => timer::take_over(timer, context),
            Op::Idle(seconds) => timer::idle_ended(timer, Millis::from_secs(u64::from(*seconds)), context),
            Op::Add(ago, length) => {
                let start = now - Millis::from_secs(u64::from(*ago));
                let end = start + Millis::from_secs(u64::from(*length));
                timer::add(timer, &details("added"), start, end, context).ok()?.0
            }
            Op::Edit(_, by, end) => {
                let entry = chosen.as_ref()?;
                let moved = |at: UnixMs| by.map(|by| UnixMs(at.0 + i64::from(by) * 100));
                let edit = Edit {
                    note: Some(by.map(|by| format!("moved by {by}"))),
                    start: moved(entry.started_at).filter(|_| !end),
                    end: moved(entry.last_end()).filter(|_| *end),
                    ..Edit::default()
                };
                timer::edit(timer, entry, &edit, context).ok()?.0
            }
            Op::Delete(_) => timer::delete(timer, chosen.as_ref()?, context).ok()?.0,
            Op::Gap(_, kept) => {
                let entry = chosen.as_ref()?;
                timer::set_gap(timer, entry, entry.gaps.first()?.id, *kept, context).ok()?.0
            }
            Op::Undo => timer::undo(timer, reversal.as_ref()?, context).ok()?.0,
            _ => return None,
        })
    };
    let decided = person.try_decide(decide);
    if let Some(decision) = decided {
        expected.follow(&decision);
        if let Some(reversal) = &decision.reversal {
            assert_eq!(timeline::reversal(&person.connection).unwrap().as_ref(), Some(reversal));
        }
    }
}

fn check(person: &Person, expected: &Expected) {
    let c = &person.connection;
    let loaded = timeline::load(c).unwrap();
    assert_eq!(loaded.timer, expected.timer);
    assert_eq!(loaded.next_seq, expected.records + 1);
    let all = Span::new(UnixMs(i64::MIN), UnixMs(i64::MAX));
    let mut entries = timeline::entries_between(c, all).unwrap();
    entries.sort_by_key(|entry| entry.id);
    assert_eq!(entries, expected.entries.values().cloned().collect::<Vec<_>>());
    let journal = timeline::journal(c, 0, usize::MAX).unwrap();
    assert!(journal.iter().map(|line| line.seq).eq(1..=expected.records), "a gap in the journal");
    assert_eq!(journal.iter().filter(|line| line.item.is_some()).count() as u64, expected.told);
    assert_eq!(person.issued(), expected.told);
    let segments = expected
        .entries
        .values()
        .filter(|entry| expected.timer.entry().is_none_or(|current| current.id != entry.id));
    let spans = segments.flat_map(|entry| entry.segments.iter().map(|segment| segment.span));
    let taken = spans.filter(|span| span.end > UnixMs(i64::MIN)).count();
    assert_eq!(timeline::taken(c, all).unwrap().len(), taken);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn the_store_holds_what_was_decided(ops in vec(ops(), 1..50)) {
        let mut person = Person::new();
        let mut expected = Expected::default();
        for op in &ops {
            perform(&mut person, &mut expected, op);
            check(&person, &expected);
        }
    }
}
