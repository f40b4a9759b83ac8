//! Every cell of the verb table, by what it does, what it says and what the targets are told.

use stint_domain::{
    time::Millis,
    timer::{
        Command, Event, Refusal, State, Verb,
        table::{Meaning, Step, TABLE, meaning},
    },
};

use crate::{
    machine::clock,
    world::{World, mins, project, secs},
};

const VERBS: [Verb; 6] = [Verb::Start, Verb::Pause, Verb::Resume, Verb::Stop, Verb::Continue, Verb::Cancel];

/// A world in each state, five minutes into its entry where it has one, and an earlier entry behind it.
fn world_in(state: State) -> World {
    let mut world = World::new();
    world.start("earlier");
    world.watch(mins(1));
    world.verb(Verb::Stop);
    if state != State::Idle {
        world.start("current");
        world.watch(mins(5));
    }
    if state == State::Paused {
        world.verb(Verb::Pause);
        world.watch(mins(2));
    }
    world
}

#[test]
fn each_cell_answers_as_the_table_says() {
    use State::{Idle, Paused, Running};
    let expected = [
        (Verb::Start, Idle, "started", Running, vec![Event::Started]),
        (Verb::Start, Running, "stopped, started", Running, vec![Event::Stopped, Event::Started]),
        (Verb::Start, Paused, "stopped, started", Running, vec![Event::Stopped, Event::Started]),
        (Verb::Pause, Idle, "nothing is running", Idle, vec![]),
        (Verb::Pause, Running, "paused", Paused, vec![Event::Paused]),
        (Verb::Pause, Paused, "already paused", Paused, vec![]),
        (Verb::Resume, Idle, "nothing is paused", Idle, vec![]),
        (Verb::Resume, Running, "already running", Running, vec![]),
        (Verb::Resume, Paused, "resumed", Running, vec![Event::Resumed]),
        (Verb::Stop, Idle, "already stopped", Idle, vec![]),
        (Verb::Stop, Running, "stopped", Idle, vec![Event::Stopped]),
        (Verb::Stop, Paused, "stopped", Idle, vec![Event::Stopped]),
        (Verb::Continue, Idle, "started", Running, vec![Event::Started]),
        (Verb::Continue, Running, "already running", Running, vec![]),
        (Verb::Continue, Paused, "stopped, started", Running, vec![Event::Stopped, Event::Started]),
        (Verb::Cancel, Idle, "nothing to cancel", Idle, vec![]),
        (Verb::Cancel, Running, "discarded", Idle, vec![Event::Deleted]),
        (Verb::Cancel, Paused, "discarded", Idle, vec![Event::Deleted]),
    ];
    assert_eq!(expected.len(), TABLE.len() * 3, "a cell is missing here");
    for (verb, from, message, to, events) in expected {
        let mut world = world_in(from);
        let told_before = world.told().len();
        let answer = world.verb(verb);
        let cell = format!("{} while {from}", verb.word());
        assert_eq!(answer.message, message, "{cell}");
        assert_eq!((answer.state, world.state()), (to, to), "{cell}");
        assert_eq!(answer.changed, !events.is_empty(), "{cell}");
        assert_eq!(world.told()[told_before..], events, "{cell}");
    }
}

#[test]
fn a_verb_that_means_nothing_changes_nothing() {
    for state in [State::Idle, State::Running, State::Paused] {
        for verb in VERBS {
            let Meaning::Nothing(why) = meaning(verb, state) else { continue };
            let mut world = world_in(state);
            let before = world.clone();
            let answer = world.verb(verb);
            assert_eq!(answer.message, why);
            assert_eq!(answer.entry_id, before.timer.entry().map(|entry| entry.id));
            assert_eq!(world.timer, before.timer);
            assert_eq!(world.finished, before.finished);
            assert_eq!(world.journal, before.journal);
            assert_eq!(world.reversal, before.reversal, "the last real change can be taken back still");
        }
    }
}

#[test]
fn the_seeds_hundred_pauses_make_one_item() {
    let mut world = World::running();
    world.watch(mins(1));
    for _ in 0..6 {
        world.verb(Verb::Pause);
    }
    for _ in 0..100 {
        world.watch(secs(30));
        world.verb(Verb::Pause);
    }
    assert_eq!(world.told(), [Event::Started, Event::Paused]);
}

#[test]
fn a_new_entry_has_what_was_said_and_what_surrounds_it() {
    let mut world = World::new();
    let mut details = project("stint");
    details.task = Some("review".into());
    details.tags = vec!["deep".into(), "late".into()];
    details.billable = true;
    let command = Command { details: details.clone(), ..Command::now(Verb::Start) };
    let answer = world.command(&command).unwrap();
    let entry = world.current();
    assert_eq!(answer.entry_id, Some(entry.id));
    assert_eq!(entry.details, details);
    assert_eq!((entry.started_at, entry.ended_at), (clock(9, 0), None));
    assert_eq!(entry.zone, "Europe/Vienna");
    assert_eq!(entry.origin.person, "ada");
    assert!(entry.segments.is_empty() && entry.gaps.is_empty());
}

#[test]
fn each_verb_is_about_the_entry_that_it_leaves_or_opens() {
    let mut world = World::new();
    let first = world.start("one").entry_id.unwrap();
    for verb in [Verb::Pause, Verb::Resume] {
        world.watch(mins(1));
        assert_eq!(world.verb(verb).entry_id, Some(first));
    }
    let second = world.start("two").entry_id.unwrap();
    assert_ne!(first, second);
    assert_eq!(world.verb(Verb::Stop).entry_id, Some(second));
    let third = world.start("three").entry_id;
    assert_eq!(world.verb(Verb::Cancel).entry_id, third);
}

#[test]
fn pauses_do_not_count() {
    let mut world = World::running();
    world.watch(mins(10));
    world.verb(Verb::Pause);
    world.watch(mins(20));
    assert_eq!(world.worked(), mins(10));
    world.verb(Verb::Resume);
    world.watch(mins(5));
    world.verb(Verb::Stop);
    let entry = world.only_finished();
    assert_eq!(entry.worked(), mins(15));
    assert_eq!((entry.started_at, entry.ended_at), (clock(9, 0), Some(clock(9, 35))));
}

#[test]
fn an_entry_stopped_while_paused_ended_with_its_work() {
    let mut world = World::running();
    world.watch(mins(10));
    world.verb(Verb::Pause);
    world.watch(mins(20));
    world.verb(Verb::Stop);
    assert_eq!(world.only_finished().ended_at, Some(clock(9, 10)));
}

#[test]
fn an_entry_stopped_at_once_has_no_work_and_no_segment() {
    let mut world = World::running();
    world.verb(Verb::Stop);
    let entry = world.only_finished();
    assert_eq!((entry.worked(), entry.segments.len()), (Millis::ZERO, 0));
    assert_eq!(entry.ended_at, Some(clock(9, 0)));
}

#[test]
fn starting_another_entry_ends_the_first_where_the_second_begins() {
    let mut world = World::new();
    world.start("one");
    world.watch(mins(10));
    world.start("two");
    world.watch(mins(10));
    let first = world.only_finished();
    assert_eq!(first.details, project("one"));
    assert_eq!((first.ended_at, world.current().started_at), (Some(clock(9, 10)), clock(9, 10)));
    assert_eq!((first.worked(), world.worked()), (mins(10), mins(10)));
}

#[test]
fn continue_takes_the_details_of_the_entry_before() {
    for pause_first in [false, true] {
        let mut world = World::new();
        world.start("one");
        world.watch(mins(1));
        world.verb(if pause_first { Verb::Pause } else { Verb::Stop });
        world.verb(Verb::Continue);
        let entry = world.current();
        assert_eq!(entry.details, project("one"));
        assert_ne!(entry.id, world.only_finished().id, "it is an entry of its own");
    }
}

#[test]
fn there_must_be_something_to_continue() {
    let mut world = World::new();
    let refusal = world.command(&Command::now(Verb::Continue)).unwrap_err();
    assert_eq!(refusal, Refusal::NothingToContinue);
    assert_eq!(refusal.nearest(), None);
    assert_eq!(
        refusal.to_string(),
        "failed to continue: there is no earlier entry; `stint start` begins one"
    );
    assert!(world.journal.is_empty());
}

#[test]
fn a_cancelled_entry_is_gone_for_the_targets_too() {
    let mut world = World::running();
    world.watch(mins(10));
    world.verb(Verb::Cancel);
    assert!(world.finished.is_empty());
    assert_eq!(world.told(), [Event::Started, Event::Deleted]);
}

#[test]
fn a_verb_looks_at_the_clocks_first() {
    let mut world = World::running();
    world.watch(mins(10));
    world.machine.sleep(mins(30));
    world.verb(Verb::Pause);
    assert_eq!(world.worked(), mins(10));
    assert_eq!(world.current().gaps.len(), 1);
}

#[test]
fn a_verb_after_a_reboot_finds_the_entry_paused() {
    let mut world = World::running();
    world.watch(mins(10));
    world.machine.reboot(mins(5));
    let answer = world.verb(Verb::Pause);
    assert_eq!((answer.changed, answer.message.as_str()), (false, "already paused"));
    assert_eq!(world.told(), [Event::Started, Event::Paused], "the reboot paused it, and that was told");
}

#[test]
fn a_refused_command_leaves_the_reboot_for_the_next_look() {
    let mut world = World::running();
    world.watch(mins(10));
    world.machine.reboot(mins(5));
    world.verb_at(Verb::Stop, clock(8, 0)).unwrap_err();
    assert_eq!(world.told(), [Event::Started]);
    world.take_over(true);
    assert_eq!(world.told(), [Event::Started, Event::Paused]);
}

#[test]
fn all_ids_of_one_decision_differ() {
    let mut world = World::running();
    world.pass(mins(2));
    world.machine.sleep(mins(2));
    world.take_over(true);
    let gaps = world.current().gaps;
    assert_eq!(gaps.len(), 2);
    assert_ne!(gaps[0].id, gaps[1].id);
}

#[test]
fn the_words_of_the_table_are_the_words_people_type() {
    let words = VERBS.map(Verb::word);
    assert_eq!(words, ["start", "pause", "resume", "stop", "continue", "cancel"]);
    let states = [State::Idle, State::Running, State::Paused].map(|state| state.to_string());
    assert_eq!(states, ["idle", "running", "paused"]);
    let events =
        [Event::Started, Event::Paused, Event::Resumed, Event::Stopped, Event::Edited, Event::Deleted];
    let words = events.map(Event::word);
    assert_eq!(words, ["started", "paused", "resumed", "stopped", "edited", "deleted"]);
}

#[test]
fn each_step_makes_one_event() {
    let steps = [Step::Open, Step::OpenLikeLast, Step::Pause, Step::Resume, Step::Finish, Step::Discard];
    for step in steps {
        assert_eq!(step.to_string().matches('→').count(), 1, "{step}");
    }
}
