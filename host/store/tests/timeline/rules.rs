//! The rules of the timeline, one by one.

use stint_domain::{
    gap::GapKind,
    id::{CommandId, EntryId},
    item::{Kind, Payload},
    time::{Millis, Span, UnixMs},
    timer::{self, Edit, Event, Note, State, Timer, Verb},
};
use stint_store::{Error, Serial, TargetId, queue, timeline};

use crate::fixture::{Person, WALL, details};

const ALL_TIME: Span = Span { start: UnixMs(i64::MIN), end: UnixMs(i64::MAX) };

#[test]
fn every_operation_is_one_item_with_the_whole_entry() {
    let mut person = Person::new();
    let mut events = Vec::new();
    for (serial, verb) in (1..).map(Serial).zip([Verb::Start, Verb::Pause, Verb::Resume, Verb::Stop]) {
        person.verb(verb);
        person.wait(10);
        assert_eq!(person.issued(), events.len() as u64 + 1);
        let listed = queue::show(&person.connection, serial, TargetId(1)).unwrap().unwrap();
        assert_eq!(listed.kind, Kind::TimeEntry);
        let Payload::TimeEntry { event, entry, .. } = serde_json::from_slice(&listed.payload).unwrap() else {
            unreachable!("a time entry")
        };
        assert_eq!(
            (entry.entry.details.project.as_deref(), entry.entry.id),
            (Some("p"), listed.entry.unwrap())
        );
        events.push((event, entry.worked));
    }
    let (some, none) = (Millis::from_secs(10), Millis::ZERO);
    let expected = [
        (Event::Started, none),
        (Event::Paused, some),
        (Event::Resumed, some),
        (Event::Stopped, some + some),
    ];
    assert_eq!(events, expected);
    let journal = timeline::journal(&person.connection, 1, 99).unwrap();
    assert_eq!(journal.iter().map(|line| line.seq).collect::<Vec<_>>(), [1, 2, 3, 4]);
    assert!(journal.iter().all(|line| line.item.is_some() && line.note.is_none()));
}

#[test]
fn start_while_running_is_two_items_in_one_decision() {
    let mut person = Person::new();
    person.verb(Verb::Start);
    person.wait(1);
    let (_, answer, recorded) = person
        .decide(|timer, context| timer::command(timer, &timer::Command::now(Verb::Start), context).unwrap());
    assert_eq!((answer.changed, recorded.new), (true, 2));
    assert_ne!(recorded.serials[0], recorded.serials[1]);
}

#[test]
fn a_command_that_comes_again_gets_the_first_answer_and_makes_nothing() {
    let mut person = Person::new();
    let id = CommandId::from_bytes([1; 16]);
    let first = person.command(id, Verb::Start).unwrap();
    person.verb(Verb::Stop);
    person.wait(5);
    let before = (person.issued(), timeline::load(&person.connection).unwrap());
    assert_eq!(person.command(id, Verb::Start).unwrap(), first);
    assert_eq!((person.issued(), timeline::load(&person.connection).unwrap()), before);
}

#[test]
fn the_first_answer_of_a_command_that_changed_nothing_is_kept_as_well() {
    let mut person = Person::new();
    let id = CommandId::from_bytes([1; 16]);
    let first = person.command(id, Verb::Pause).unwrap();
    assert!(!first.changed);
    person.verb(Verb::Start);
    assert_eq!(person.command(id, Verb::Pause).unwrap(), first, "it is not carried out late");
    assert_eq!(timeline::load(&person.connection).unwrap().timer.state(), State::Running);
}

#[test]
fn a_decision_on_a_timer_that_changed_since_is_refused_whole() {
    let mut person = Person::new();
    let loaded = timeline::load(&person.connection).unwrap();
    let (decision, ..) = person
        .decide(|timer, context| timer::command(timer, &timer::Command::now(Verb::Start), context).unwrap());
    let sink = person.sink();
    let late = timeline::apply(&person.connection, loaded.version, &decision, None, sink).unwrap_err();
    assert!(matches!(late, Error::Outrun { expected: 0, actual: 1 }), "{late}");
    let hole = timeline::apply(&person.connection, 1, &decision, None, sink).unwrap_err();
    assert!(matches!(hole, Error::Gap { given: 1, next: 2 }), "{hole}");
    assert_eq!(person.issued(), 1);
}

#[test]
fn a_heartbeat_writes_one_row_and_only_on_the_version_it_knows() {
    let mut person = Person::new();
    person.verb(Verb::Start);
    person.wait(10);
    let loaded = timeline::load(&person.connection).unwrap();
    let Timer::Running { mut open, .. } = loaded.timer else { unreachable!("it runs") };
    open.seen = person.now;
    let before = person.connection.total_changes();
    timeline::heartbeat(&person.connection, loaded.version, &open).unwrap();
    assert_eq!(person.connection.total_changes() - before, 1);
    let Timer::Running { open: seen, .. } = timeline::load(&person.connection).unwrap().timer else {
        unreachable!("it runs")
    };
    assert_eq!(seen, open);
    person.verb(Verb::Pause);
    assert!(timeline::heartbeat(&person.connection, loaded.version, &open).is_err());
}

#[test]
fn a_look_at_the_clocks_is_a_heartbeat_unless_it_found_something() {
    let mut person = Person::new();
    person.verb(Verb::Start);
    let tick = |person: &mut Person| {
        let loaded = timeline::load(&person.connection).unwrap();
        let sink = person.sink();
        let origin = crate::fixture::origin();
        let context = timer::Context {
            now: person.now,
            attended: true,
            next_seq: loaded.next_seq,
            entropy: [9; 10],
            rules: timer::Rules::default(),
            zone: "UTC",
            origin: &origin,
            last: None,
            taken: &[],
        };
        let decision = timer::tick(&loaded.timer, &context);
        timeline::keep(&person.connection, &loaded, &decision, sink).unwrap();
        timeline::load(&person.connection).unwrap()
    };
    person.wait(5);
    let seen = tick(&mut person);
    assert_eq!((seen.version, seen.next_seq), (1, 2), "no decision, no record");
    person.sleep(3_600);
    let slept = tick(&mut person);
    assert_eq!((slept.version, slept.next_seq), (2, 3));
    let journal = timeline::journal(&person.connection, 2, 9).unwrap();
    assert!(matches!(journal[0].note, Some(Note::Slept { .. })), "{journal:?}");
    assert_eq!((journal[0].what.as_str(), journal[0].item), ("noted", None));
    assert_eq!(person.issued(), 1, "no target is told");
}

#[test]
fn gaps_are_listed_and_found_by_their_id() {
    let mut person = Person::new();
    person.verb(Verb::Start);
    person.wait(60);
    person.sleep(3_600);
    person.verb(Verb::Stop);
    let gaps = timeline::gaps_between(&person.connection, ALL_TIME).unwrap();
    assert_eq!((gaps.len(), gaps[0].gap.kind, gaps[0].gap.kept), (1, GapKind::Sleep, false));
    assert_eq!(timeline::entry_of_gap(&person.connection, gaps[0].gap.id).unwrap(), Some(gaps[0].entry));
    let entry = timeline::entry(&person.connection, gaps[0].entry).unwrap().unwrap();
    let (_, answer, _) =
        person.decide(|timer, context| timer::set_gap(timer, &entry, gaps[0].gap.id, true, context).unwrap());
    assert!(answer.changed);
    assert!(timeline::gaps_between(&person.connection, ALL_TIME).unwrap()[0].gap.kept);
    let nowhere = Span::new(UnixMs(0), UnixMs(1));
    assert!(timeline::gaps_between(&person.connection, nowhere).unwrap().is_empty());
}

#[test]
fn entries_are_listed_by_time_the_current_one_among_them() {
    let mut person = Person::new();
    for _ in 0..3 {
        person.verb(Verb::Start);
        person.wait(100);
        person.verb(Verb::Stop);
        person.wait(100);
    }
    person.verb(Verb::Start);
    let between = |from: u64, to: u64| {
        let span = Span::new(WALL + Millis::from_secs(from), WALL + Millis::from_secs(to));
        timeline::entries_between(&person.connection, span).unwrap().len()
    };
    assert_eq!(
        [between(0, 1_000), between(0, 200), between(100, 200), between(250, 450), between(650, 700)],
        [4, 1, 0, 2, 1]
    );
    let taken = timeline::taken(&person.connection, Span::new(WALL, WALL + Millis::from_secs(250))).unwrap();
    assert_eq!(taken.len(), 2, "what is current is not taken, what lies outside is no obstacle");
}

#[test]
fn the_last_details_are_those_of_the_entry_that_was_current_last() {
    let mut person = Person::new();
    assert_eq!(timeline::last_details(&person.connection).unwrap(), None);
    let start = |person: &mut Person, project: &str| {
        let command = timer::Command { details: details(project), ..timer::Command::now(Verb::Start) };
        person.decide(|timer, context| timer::command(timer, &command, context).unwrap()).1.entry_id.unwrap()
    };
    start(&mut person, "one");
    person.wait(10);
    let two = start(&mut person, "two");
    person.wait(10);
    person.verb(Verb::Stop);
    let project =
        |person: &Person| timeline::last_details(&person.connection).unwrap().unwrap().project.unwrap();
    assert_eq!(project(&person), "two");
    let entry = timeline::entry(&person.connection, two).unwrap().unwrap();
    let edit = Edit { project: Some(Some("three".into())), ..Edit::default() };
    person.decide(|timer, context| timer::edit(timer, &entry, &edit, context).unwrap());
    assert_eq!(project(&person), "three", "as they are now");
    person.decide(|timer, context| timer::delete(timer, &entry, context).unwrap());
    assert_eq!(project(&person), "one", "and when it is gone, those of the one before");
}

#[test]
fn the_way_back_is_kept_and_leads_back() {
    let mut person = Person::new();
    assert_eq!(timeline::reversal(&person.connection).unwrap(), None);
    person.verb(Verb::Start);
    person.wait(10);
    person.verb(Verb::Cancel);
    let gone = timeline::load(&person.connection).unwrap();
    assert_eq!(gone.timer, Timer::Idle);
    let reversal = timeline::reversal(&person.connection).unwrap().unwrap();
    person.decide(|timer, context| timer::undo(timer, &reversal, context).unwrap());
    assert_eq!(timeline::load(&person.connection).unwrap().timer.state(), State::Running);
}

#[test]
fn an_entry_whose_items_are_purged_is_told_to_a_new_target_as_one_snapshot() {
    let mut person = Person::new();
    for _ in 0..2 {
        person.verb(Verb::Start);
        person.wait(60);
        person.verb(Verb::Stop);
        person.wait(1);
    }
    // All of it was sent long ago, and purged.
    let c = &person.connection;
    c.execute_batch(
        "DELETE FROM delivery; DELETE FROM item; UPDATE target SET ready = 0, waiting = 0, sent = issued",
    )
    .unwrap();
    let spec = |name: &str| stint_store::target::Spec { name: name.into(), accepts: vec![Kind::TimeEntry] };
    let ids = stint_store::target::sync(c, &[spec("work"), spec("new")], person.now.wall).unwrap();
    let from = queue::backfill::From::Entry(EntryId::from_bytes([0; 16]));
    let backfill = || queue::backfill(c, ids[1], WALL, from, 10, person.now.wall, [7; 10]).unwrap();
    assert_eq!(backfill(), queue::backfill::Progress { issued: 2, next: None });
    assert_eq!(backfill(), queue::backfill::Progress { issued: 0, next: None }, "once");
    let page = queue::list(c, &queue::listing::Query { limit: 9, ..Default::default() }).unwrap();
    let Payload::TimeEntry { event, entry, .. } =
        serde_json::from_slice(&page.deliveries[0].payload).unwrap()
    else {
        unreachable!("a time entry")
    };
    assert_eq!((event, entry.worked), (Event::Edited, Millis::from_secs(60)));
    assert_eq!(page.deliveries.len(), 2);
    assert!(page.deliveries.iter().all(|listed| listed.target == ids[1]), "the others have had it");
}
