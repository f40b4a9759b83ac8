//! Taking changes back, and back again: each verb and amendment, and what happens to the time since.

use stint_domain::{
    entry::Basis,
    gap::GapKind,
    time::Millis,
    timer::{Command, Edit, Event, Note, OnIdle, Refusal, State, Verb},
};

use crate::{
    machine::clock,
    world::{World, gaps, lines, mins, project, secs, span},
};

/// What was told since `before` records.
fn told_since(world: &World, before: usize) -> Vec<Event> {
    world.told()[before..].to_vec()
}

#[test]
fn a_stop_taken_back_runs_on_as_if_it_had_not_been_given() {
    let mut world = World::running();
    world.watch(mins(10));
    world.verb(Verb::Stop);
    world.watch(mins(5));
    let answer = world.undo();
    assert_eq!((answer.state, answer.message.as_str()), (State::Running, "took back `stop`"));
    assert_eq!(answer.entry_id, world.timer.entry().map(|entry| entry.id));
    world.watch(mins(10));
    assert_eq!(world.worked(), mins(25));
    assert!(world.finished.is_empty());
    let bases: Vec<_> = world.current().segments.iter().map(|segment| segment.basis).collect();
    assert_eq!(bases, [Basis::Measured, Basis::Unattended, Basis::Measured], "nobody watched it meanwhile");
    assert_eq!(world.told(), [Event::Started, Event::Stopped, Event::Resumed]);
    assert_eq!(world.noted(), [], "that no tick came meanwhile is no stall");
}

#[test]
fn taken_back_twice_it_is_done_again() {
    let mut world = World::running();
    world.watch(mins(10));
    world.verb(Verb::Stop);
    let stopped = world.only_finished().clone();
    world.watch(mins(5));
    world.undo();
    world.watch(mins(5));
    let answer = world.undo();
    assert_eq!((answer.state, answer.message.as_str()), (State::Idle, "took back `undo stop`"));
    assert_eq!(answer.entry_id, Some(stopped.id));
    assert_eq!(world.only_finished(), &stopped);
    assert_eq!(world.told(), [Event::Started, Event::Stopped, Event::Resumed, Event::Stopped]);
    assert_eq!(world.undo().message, "took back `stop`");
    assert_eq!(world.worked(), mins(20));
}

#[test]
fn a_start_taken_back_leaves_nothing_and_can_be_given_again() {
    let mut world = World::running();
    let id = world.current().id;
    world.watch(mins(10));
    let answer = world.undo();
    assert_eq!(
        (answer.state, answer.entry_id, answer.message.as_str()),
        (State::Idle, Some(id), "took back `start`")
    );
    assert!(world.finished.is_empty());
    world.watch(mins(5));
    world.undo();
    assert_eq!((world.current().id, world.worked()), (id, mins(15)));
    assert_eq!(world.told(), [Event::Started, Event::Deleted, Event::Started]);
}

#[test]
fn a_start_over_a_running_entry_taken_back_gives_the_first_all_the_time() {
    let mut world = World::new();
    let first = world.start("one").entry_id.unwrap();
    world.watch(mins(10));
    let second = world.start("two").entry_id.unwrap();
    let finished = world.only_finished().clone();
    world.watch(mins(10));
    world.undo();
    assert_eq!((world.current().id, world.worked()), (first, mins(20)));
    assert!(world.finished.is_empty());
    assert_eq!(told_since(&world, 3), [Event::Deleted, Event::Resumed]);

    world.watch(mins(5));
    world.undo();
    assert_eq!((world.current().id, world.worked()), (second, mins(15)));
    assert_eq!(world.only_finished(), &finished);
    assert_eq!(told_since(&world, 5), [Event::Stopped, Event::Started]);
}

#[test]
fn a_pause_taken_back_counts_the_pause() {
    let mut world = World::running();
    world.watch(mins(10));
    world.verb(Verb::Pause);
    world.watch(mins(5));
    world.undo();
    assert_eq!((world.state(), world.worked()), (State::Running, mins(15)));
    world.undo();
    assert_eq!((world.state(), world.worked()), (State::Paused, mins(10)));
    assert_eq!(world.told(), [Event::Started, Event::Paused, Event::Resumed, Event::Paused]);
}

#[test]
fn a_resume_taken_back_drops_the_time_since() {
    let mut world = World::running();
    world.watch(mins(10));
    world.verb(Verb::Pause);
    world.verb(Verb::Resume);
    world.watch(mins(5));
    world.undo();
    assert_eq!((world.state(), world.worked()), (State::Paused, mins(10)));
    assert_eq!(told_since(&world, 3), [Event::Paused]);
}

#[test]
fn a_cancel_taken_back_brings_the_entry_back() {
    for (paused, told, worked) in
        [(false, vec![Event::Started], mins(15)), (true, vec![Event::Started, Event::Paused], mins(10))]
    {
        let mut world = World::running();
        world.watch(mins(10));
        if paused {
            world.verb(Verb::Pause);
        }
        let id = world.verb(Verb::Cancel).entry_id.unwrap();
        let before = world.told().len();
        world.watch(mins(5));
        world.undo();
        assert_eq!((world.current().id, world.worked()), (id, worked));
        assert_eq!(told_since(&world, before), told);
        world.undo();
        assert_eq!(world.state(), State::Idle);
        assert!(world.finished.is_empty());
        assert_eq!(world.told().last(), Some(&Event::Deleted));
    }
}

#[test]
fn a_continue_taken_back_puts_the_paused_entry_back() {
    let mut world = World::running();
    world.watch(mins(10));
    world.verb(Verb::Pause);
    let first = world.current();
    world.verb(Verb::Continue);
    world.watch(mins(10));
    world.undo();
    assert_eq!((world.state(), world.current()), (State::Paused, first));
    assert_eq!(told_since(&world, 4), [Event::Deleted, Event::Paused]);
}

#[test]
fn a_stop_of_a_paused_entry_taken_back_leaves_it_paused() {
    let mut world = World::running();
    world.watch(mins(10));
    world.verb(Verb::Pause);
    world.verb(Verb::Stop);
    world.watch(mins(10));
    world.undo();
    assert_eq!((world.state(), world.worked()), (State::Paused, mins(10)));
    assert_eq!(told_since(&world, 3), [Event::Paused]);
}

#[test]
fn a_stated_time_is_taken_back_with_its_verb() {
    let mut world = World::running();
    world.watch(mins(30));
    world.verb_at(Verb::Stop, clock(9, 10)).unwrap();
    world.undo();
    assert_eq!((world.worked(), lines(&world.current())[0].0), (mins(30), span((9, 0), (9, 30))));
    world.undo();
    assert_eq!(world.only_finished().worked(), mins(10));

    let mut world = World::running();
    world.watch(mins(30));
    let command = Command { at: Some(clock(9, 10)), details: project("two"), ..Command::now(Verb::Start) };
    world.command(&command).unwrap();
    world.watch(mins(10));
    world.undo();
    assert_eq!((world.worked(), world.finished.len()), (mins(40), 0));
}

#[test]
fn sleep_since_the_verb_is_a_gap() {
    let mut world = World::running();
    world.watch(mins(10));
    world.verb(Verb::Stop);
    world.watch(mins(5));
    world.machine.sleep(mins(20));
    world.watch(mins(5));
    world.undo();
    assert_eq!((world.state(), world.worked()), (State::Running, mins(20)));
    assert_eq!(gaps(&world.current()), [(GapKind::Sleep, span((9, 10), (9, 30)), false)]);
}

#[test]
fn after_a_reboot_the_entry_comes_back_paused_and_is_told_once() {
    for (verb, told) in [
        (Verb::Stop, vec![Event::Paused]),
        (Verb::Pause, vec![Event::Paused]),
        (Verb::Cancel, vec![Event::Started, Event::Paused]),
        (Verb::Start, vec![Event::Deleted, Event::Paused]),
    ] {
        let mut world = World::running();
        world.watch(mins(10));
        world.verb(verb);
        world.machine.reboot(mins(5));
        world.take_over(true);
        let before = world.told().len();
        world.undo();
        assert_eq!((world.state(), world.worked()), (State::Paused, mins(10)), "{verb:?}");
        assert_eq!(gaps(&world.current()), [(GapKind::Reboot, span((9, 10), (9, 15)), false)]);
        assert_eq!(told_since(&world, before), told, "{verb:?}");
    }
}

#[test]
fn after_a_host_restart_the_time_between_counts_unattended() {
    let mut world = World::running();
    world.watch(mins(10));
    world.verb(Verb::Stop);
    world.pass(mins(5));
    world.take_over(false);
    world.undo();
    world.pass(mins(5));
    world.take_over(true);
    assert_eq!((world.worked(), world.noted()), (mins(20), vec![]));
    let bases: Vec<_> = world.current().segments.iter().map(|segment| segment.basis).collect();
    assert_eq!(bases, [Basis::Measured, Basis::Unattended]);
}

#[test]
fn a_restored_stretch_is_watched_again() {
    let mut world = World::running();
    world.watch(mins(10));
    world.verb(Verb::Stop);
    world.undo();
    world.pass(mins(5));
    world.take_over(true);
    assert_eq!(world.state(), State::Paused, "a host watched and crashed");
    assert!(matches!(world.noted()[..], [Note::Interrupted { .. }]));
}

#[test]
fn an_added_entry_is_taken_back_and_brought_back() {
    let mut world = World::new();
    world.add(clock(7, 0), clock(8, 0)).unwrap();
    let entry = world.only_finished().clone();
    let answer = world.undo();
    assert_eq!((answer.entry_id, answer.message.as_str()), (Some(entry.id), "took back `add`"));
    assert!(world.finished.is_empty());
    assert_eq!(world.undo().message, "took back `undo add`");
    assert_eq!(world.only_finished(), &entry);
    assert_eq!(world.told(), [Event::Edited, Event::Deleted, Event::Edited]);
}

#[test]
fn a_deleted_entry_is_brought_back() {
    let mut world = World::new();
    let id = world.add(clock(7, 0), clock(8, 0)).unwrap().entry_id.unwrap();
    world.delete(id).unwrap();
    assert_eq!(world.undo().message, "took back `delete`");
    assert_eq!(world.only_finished().id, id);
    world.undo();
    assert!(world.finished.is_empty());
}

#[test]
fn an_edit_of_a_finished_entry_is_taken_back() {
    let mut world = World::new();
    let id = world.add(clock(7, 0), clock(8, 0)).unwrap().entry_id.unwrap();
    let (before, end) = (world.entry(id).clone(), Some(clock(7, 30)));
    world.edit(id, &Edit { end, ..Edit::default() }).unwrap();
    let after = world.entry(id).clone();
    assert_eq!(world.undo().message, "took back `edit`");
    assert_eq!(world.entry(id), &before);
    world.undo();
    assert_eq!(world.entry(id), &after);
}

#[test]
fn an_edit_of_the_running_entry_is_taken_back_and_the_work_since_stays() {
    let mut world = World::running();
    world.rules.on_idle = OnIdle::Drop;
    let id = world.current().id;
    world.watch(mins(30));
    let edit = Edit { start: Some(clock(9, 20)), project: Some(Some("x".into())), ..Edit::default() };
    world.edit(id, &edit).unwrap();
    assert_eq!(world.worked(), mins(10));
    world.watch(mins(20));
    world.machine.sleep(mins(10));
    world.watch(mins(20));
    world.idle_ended(mins(5));
    world.watch(mins(1));
    assert_eq!(world.worked(), mins(10 + 35 + 1));

    world.undo();
    assert_eq!((world.state(), world.worked()), (State::Running, mins(30 + 35 + 1)));
    let entry = world.current();
    assert_eq!((entry.started_at, entry.details.project.as_deref()), (clock(9, 0), None));
    let kinds: Vec<_> = entry.gaps.iter().map(|gap| gap.kind).collect();
    assert_eq!(kinds, [GapKind::Sleep, GapKind::Idle]);
    assert_eq!(world.told(), [Event::Started, Event::Edited, Event::Edited]);

    world.watch(mins(4));
    world.undo();
    assert_eq!((world.worked(), world.current().started_at), (mins(10 + 35 + 5), clock(9, 20)));
}

#[test]
fn an_edit_of_an_entry_that_a_reboot_paused_is_taken_back() {
    let mut world = World::running();
    world.watch(mins(30));
    world.edit(world.current().id, &Edit { start: Some(clock(9, 20)), ..Edit::default() }).unwrap();
    world.watch(mins(10));
    world.machine.reboot(mins(5));
    world.take_over(true);
    world.undo();
    assert_eq!((world.state(), world.worked()), (State::Paused, mins(40)));
    assert_eq!(gaps(&world.current()), [(GapKind::Reboot, span((9, 40), (9, 45)), false)]);
}

#[test]
fn gaps_kept_and_dropped_are_taken_back() {
    let mut world = World::running();
    world.watch(mins(10));
    world.machine.sleep(mins(30));
    world.watch(mins(10));
    let (id, gap) = (world.current().id, world.current().gaps[0].clone());
    world.set_gap(id, &gap, true).unwrap();
    world.watch(mins(5));
    assert_eq!(world.worked(), mins(55));
    assert_eq!(world.undo().message, "took back `gap keep`");
    assert_eq!((world.worked(), gaps(&world.current())[0].2), (mins(25), false));
    world.undo();
    assert_eq!((world.worked(), world.current().gaps.len()), (mins(55), 1));
    world.set_gap(id, &gap, false).unwrap();
    assert_eq!(world.undo().message, "took back `gap drop`");
    assert_eq!(world.worked(), mins(55));
}

#[test]
fn the_clocks_alone_leave_the_last_change_to_be_taken_back() {
    let mut world = World::running();
    world.watch(mins(10));
    world.verb(Verb::Pause);
    let reversal = world.reversal.clone();
    world.watch(mins(10));
    world.take_over(true);
    world.let_go();
    world.idle_ended(mins(1));
    world.verb(Verb::Pause);
    assert_eq!(world.reversal, reversal);
}

#[test]
fn nothing_to_undo_is_said() {
    assert_eq!(Refusal::NothingToUndo.to_string(), "failed to undo: there is no change to take back");
    assert_eq!(Refusal::NothingToUndo.nearest(), None);
}

#[test]
fn a_sleep_just_before_an_undo_belongs_to_the_timer_as_it_was() {
    let mut world = World::running();
    world.watch(mins(10));
    world.verb(Verb::Pause);
    world.verb(Verb::Resume);
    world.pass(secs(1));
    world.machine.sleep(mins(1));
    world.undo();
    assert_eq!((world.worked(), gaps(&world.current())), (mins(10), vec![]));
    world.undo();
    assert_eq!((world.worked(), world.current().gaps.len()), (mins(10) + secs(1), 1));
    world.pass(Millis(1));
    assert_eq!(world.worked(), mins(10) + Millis(1_001));
}
