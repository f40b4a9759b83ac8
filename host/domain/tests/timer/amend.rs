//! Entries added, edited and deleted by hand.

use stint_domain::{
    entry::Basis,
    id::EntryId,
    time::{Millis, UnixMs},
    timer::{Edit, Event, Refusal, State, Verb},
};

use crate::{
    machine::clock,
    world::{World, end, lines, mins, project, span, start, time},
};

fn new_start(start: UnixMs) -> Edit {
    Edit { start: Some(start), ..Edit::default() }
}

fn new_end(end: UnixMs) -> Edit {
    Edit { end: Some(end), ..Edit::default() }
}

/// Noon, and one finished entry from nine to ten.
fn with_an_hour() -> (World, EntryId) {
    let mut world = World::running();
    world.watch(mins(60));
    let id = world.verb(Verb::Stop).entry_id.unwrap();
    world.watch(mins(120));
    (world, id)
}

#[test]
fn an_added_entry_is_claimed_and_told() {
    let mut world = World::new();
    let answer = world.add(clock(7, 0), clock(8, 30)).unwrap();
    assert_eq!((answer.changed, answer.state, answer.message.as_str()), (true, State::Idle, "added"));
    let entry = world.only_finished();
    assert_eq!(answer.entry_id, Some(entry.id));
    assert_eq!(lines(entry), [(span((7, 0), (8, 30)), mins(90))]);
    assert_eq!(entry.segments[0].basis, Basis::Claimed);
    assert_eq!((entry.started_at, entry.ended_at), (clock(7, 0), Some(clock(8, 30))));
    assert_eq!(world.told(), [Event::Edited]);
}

#[test]
fn an_added_entry_leaves_the_current_one_alone() {
    let mut world = World::running();
    world.watch(mins(10));
    let before = world.current();
    assert_eq!(world.add(clock(8, 0), clock(9, 0)).unwrap().state, State::Running);
    assert_eq!(world.current(), before);
}

#[test]
fn what_is_added_must_be_over_and_have_a_length() {
    let mut world = World::new();
    let refusal = world.add(clock(8, 0), clock(9, 1)).unwrap_err();
    assert_eq!(refusal, Refusal::InFuture { nearest: end(clock(9, 0)) });
    let refusal = world.add(clock(8, 0), clock(8, 0)).unwrap_err();
    assert_eq!(refusal, Refusal::EndBeforeStart { nearest: end(clock(8, 1)) });
    assert_eq!(refusal.to_string(), "failed to use an end that is not after its start");
    world.add(clock(8, 0), clock(8, 1)).unwrap();
    let refusal = world.add(clock(8, 59) + Millis(30_000), clock(8, 0)).unwrap_err();
    assert_eq!(refusal.nearest(), end(clock(9, 0)), "no valid time is still to come");
}

#[test]
fn what_is_added_may_touch_another_entry_and_not_overlap_it() {
    let (mut world, entry) = with_an_hour();
    for (from, until, nearest) in [
        (clock(8, 0), clock(9, 30), end(clock(9, 0))), // room before it: the end moves
        (clock(8, 0), clock(11, 0), end(clock(9, 0))), // all around it: the end moves
        (clock(9, 30), clock(11, 0), start(clock(10, 0))), // none before it: the start moves
        (clock(9, 0), clock(11, 0), start(clock(10, 0))),
        (clock(9, 10), clock(9, 20), None), // within it: no end and no start is valid
    ] {
        let refusal = world.add(from, until).unwrap_err();
        assert_eq!(refusal, Refusal::Overlaps { entry, nearest });
    }
    world.add(clock(8, 0), clock(9, 0)).unwrap();
    world.add(clock(10, 0), clock(11, 0)).unwrap();
}

#[test]
fn what_is_added_must_not_overlap_the_running_entry() {
    let mut world = World::running();
    let entry = world.current().id;
    world.watch(mins(30));
    let refusal = world.add(clock(8, 0), clock(9, 20)).unwrap_err();
    assert_eq!(refusal, Refusal::Overlaps { entry, nearest: end(clock(9, 0)) });
}

#[test]
fn the_refusal_names_the_entry_that_its_time_comes_from() {
    let mut world = World::without_host();
    world.pass(mins(180));
    let early = world.add(clock(9, 0), clock(10, 0)).unwrap().entry_id.unwrap();
    let late = world.add(clock(10, 30), clock(11, 0)).unwrap().entry_id.unwrap();
    let refusal = world.add(clock(8, 0), clock(12, 0)).unwrap_err();
    assert_eq!(refusal, Refusal::Overlaps { entry: early, nearest: end(clock(9, 0)) });
    let refusal = world.verb_at(Verb::Start, clock(8, 0)).unwrap_err();
    assert_eq!(refusal, Refusal::Overlaps { entry: late, nearest: time(clock(11, 0)) });
}

#[test]
fn details_change_one_by_one() {
    let (mut world, id) = with_an_hour();
    let everything = Edit {
        project: Some(Some("stint".into())),
        task: Some(Some("review".into())),
        note: Some(Some("long".into())),
        tags: Some(vec!["a".into()]),
        billable: Some(true),
        ..Edit::default()
    };
    let answer = world.edit(id, &everything).unwrap();
    assert_eq!((answer.changed, answer.message.as_str(), answer.entry_id), (true, "edited", Some(id)));
    let details = world.entry(id).details.clone();
    assert_eq!(details.project.as_deref(), Some("stint"));
    assert_eq!((details.task.as_deref(), details.note.as_deref()), (Some("review"), Some("long")));
    assert_eq!((details.tags.as_slice(), details.billable), (["a".to_owned()].as_slice(), true));

    world.edit(id, &Edit { task: Some(None), ..Edit::default() }).unwrap();
    let mut expected = details;
    expected.task = None;
    assert_eq!(world.entry(id).details, expected, "what is not said stays");
    assert_eq!(world.told()[2..], [Event::Edited, Event::Edited]);
}

#[test]
fn an_edit_that_changes_nothing_is_no_event() {
    let (mut world, id) = with_an_hour();
    let before = world.clone();
    for edit in [
        Edit::default(),
        Edit { project: Some(None), ..Edit::default() },
        new_start(clock(9, 0)),
        new_end(clock(10, 0)),
    ] {
        let answer = world.edit(id, &edit).unwrap();
        assert_eq!((answer.changed, answer.message.as_str()), (false, "nothing to change"));
        assert_eq!(answer.entry_id, Some(id));
    }
    assert_eq!(
        (world.finished, world.journal, world.reversal),
        (before.finished, before.journal, before.reversal)
    );
}

#[test]
fn the_running_entry_is_edited_as_it_runs() {
    let mut world = World::running();
    world.watch(mins(10));
    let id = world.current().id;
    world.edit(id, &Edit { project: Some(Some("stint".into())), ..Edit::default() }).unwrap();
    world.watch(mins(10));
    assert_eq!((world.state(), world.worked()), (State::Running, mins(20)));
    assert_eq!(world.current().details, project("stint"));
    assert_eq!(lines(&world.current()).len(), 1, "its stretch was not cut");
    assert_eq!(world.told(), [Event::Started, Event::Edited]);
}

#[test]
fn an_edit_that_moves_no_time_leaves_the_running_stretch_whole() {
    let mut world = World::running();
    world.watch(mins(10));
    let before = world.timer.clone();
    world.edit(world.current().id, &new_start(clock(9, 0))).unwrap();
    assert_eq!(world.timer, before);
}

#[test]
fn another_start_claims_or_cuts() {
    for (start, worked) in [(clock(8, 30), mins(90)), (clock(9, 20), mins(40))] {
        let (mut world, id) = with_an_hour();
        world.edit(id, &new_start(start)).unwrap();
        let entry = world.entry(id);
        assert_eq!((entry.started_at, entry.ended_at, entry.worked()), (start, Some(clock(10, 0)), worked));
    }
}

#[test]
fn another_end_claims_or_cuts() {
    for (end, worked) in [(clock(10, 30), mins(90)), (clock(9, 20), mins(20))] {
        let (mut world, id) = with_an_hour();
        world.edit(id, &new_end(end)).unwrap();
        let entry = world.entry(id);
        assert_eq!((entry.started_at, entry.ended_at, entry.worked()), (clock(9, 0), Some(end), worked));
    }
}

#[test]
fn an_entry_can_be_moved_whole() {
    for (start, end) in [((7, 0), (8, 0)), ((10, 30), (11, 0)), ((9, 30), (10, 30)), ((8, 0), (11, 0))] {
        let (mut world, id) = with_an_hour();
        let to = span(start, end);
        world.edit(id, &Edit { start: Some(to.start), end: Some(to.end), ..Edit::default() }).unwrap();
        let entry = world.entry(id);
        assert_eq!((entry.started_at, entry.ended_at), (to.start, Some(to.end)));
        assert_eq!(entry.worked(), to.length());
        assert!(entry.segments.iter().all(|segment| segment.worked > Millis::ZERO));
    }
}

#[test]
fn the_running_entry_can_start_elsewhere_and_runs_on() {
    for (start, worked) in [(clock(8, 30), mins(65)), (clock(9, 20), mins(15))] {
        let mut world = World::running();
        world.watch(mins(30));
        world.edit(world.current().id, &new_start(start)).unwrap();
        world.watch(mins(5));
        assert_eq!(
            (world.state(), world.worked(), world.current().started_at),
            (State::Running, worked, start)
        );
    }
}

#[test]
fn a_current_entry_has_no_end_to_edit() {
    let mut world = World::running();
    world.watch(mins(30));
    let entry = world.current().id;
    let refusal = world.edit(entry, &new_end(clock(9, 20))).unwrap_err();
    assert_eq!(refusal, Refusal::StillCurrent { entry });
    assert_eq!(refusal.nearest(), None);
    assert_eq!(
        refusal.to_string(),
        format!("failed to set an end: entry {entry} is still current; `stint stop --at TIME` ends it")
    );
}

#[test]
fn every_refused_edit_of_one_time_names_one_that_is_accepted() {
    let (mut world, id) = with_an_hour();
    world.add(clock(8, 0), clock(8, 30)).unwrap();
    world.add(clock(7, 0), clock(7, 30)).unwrap();
    let behind = world.add(clock(10, 30), clock(11, 0)).unwrap().entry_id.unwrap();
    world.add(clock(11, 20), clock(11, 40)).unwrap();
    for (from, nearest) in
        [(clock(7, 15), clock(8, 30)), (clock(10, 0), clock(9, 59)), (clock(13, 0), clock(9, 59))]
    {
        let refusal = world.clone().edit(id, &new_start(from)).unwrap_err();
        assert_eq!(refusal.nearest(), start(nearest), "{refusal}");
        world.clone().edit(id, &new_start(nearest)).unwrap();
    }
    for (until, nearest) in
        [(clock(11, 30), clock(10, 30)), (clock(9, 0), clock(9, 1)), (clock(15, 0), clock(10, 30))]
    {
        let refusal = world.clone().edit(id, &new_end(until)).unwrap_err();
        assert_eq!(refusal.nearest(), end(nearest), "{refusal}");
        world.clone().edit(id, &new_end(nearest)).unwrap();
    }
    let refusal = world.edit(id, &new_end(clock(11, 30))).unwrap_err();
    assert_eq!(refusal, Refusal::Overlaps { entry: behind, nearest: end(clock(10, 30)) });
}

#[test]
fn the_nearest_time_lies_within_an_entry_shorter_than_a_minute() {
    let mut world = World::running();
    world.watch(Millis(20_000));
    let id = world.verb(Verb::Stop).entry_id.unwrap();
    world.watch(mins(60));
    let shortest = clock(9, 0) + Millis(20_000);
    for (edit, nearest) in
        [(new_start(clock(9, 30)), start(clock(9, 0))), (new_end(clock(8, 0)), end(shortest))]
    {
        assert_eq!(world.edit(id, &edit).unwrap_err(), Refusal::EndBeforeStart { nearest });
    }
    assert!(!world.edit(id, &new_start(clock(9, 0))).unwrap().changed, "valid, as it is that already");
}

#[test]
fn a_deleted_entry_is_gone_and_told() {
    let (mut world, id) = with_an_hour();
    let answer = world.delete(id).unwrap();
    assert_eq!((answer.message.as_str(), answer.entry_id), ("deleted", Some(id)));
    assert!(world.finished.is_empty());
    assert_eq!(world.told().last(), Some(&Event::Deleted));
}

#[test]
fn deleting_the_current_entry_cancels_it() {
    let mut world = World::running();
    world.watch(mins(10));
    let answer = world.delete(world.current().id).unwrap();
    assert_eq!((answer.state, answer.message.as_str()), (State::Idle, "discarded"));
    assert_eq!(world.told(), [Event::Started, Event::Deleted]);
    world.undo();
    assert_eq!((world.state(), world.worked()), (State::Running, mins(10)));
}

#[test]
fn an_amendment_looks_at_the_clocks_first() {
    let mut world = World::running();
    world.watch(mins(10));
    world.machine.reboot(mins(50));
    world.add(clock(9, 30), clock(9, 40)).unwrap();
    assert_eq!(world.told(), [Event::Started, Event::Paused, Event::Edited]);
    assert_eq!(world.current().gaps.len(), 1);
}
