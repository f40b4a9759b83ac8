//! What happened to the machine, and what the timer makes of it: one test a row of the table in the README.

use stint_domain::{
    entry::Basis,
    gap::GapKind,
    time::{Millis, Span},
    timer::{CREDITED_CRASH, Event, Happening, Note, OnIdle, State, Verb},
};

use crate::{
    machine::clock,
    world::{World, gaps, lines, mins, secs, span},
};

#[test]
fn sleep_is_a_gap_of_its_own_and_does_not_count() {
    let mut world = World::running();
    world.watch(mins(10));
    world.pass(secs(3));
    world.machine.sleep(mins(30));
    world.pass(secs(2));
    world.tick();
    assert_eq!(world.state(), State::Running);
    assert_eq!(world.worked(), mins(10) + secs(5));

    let entry = world.current();
    let sleep = Span::starting(clock(9, 10), mins(30));
    assert_eq!(gaps(&entry), [(GapKind::Sleep, sleep, false)]);
    let first = Span::new(clock(9, 0), sleep.start);
    let second = Span::starting(sleep.end, secs(5));
    assert_eq!(
        lines(&entry),
        [(first, mins(10)), (second, secs(5))],
        "the awake seconds before it follow it"
    );
    assert_eq!(world.noted(), [Note::Slept { gap: entry.gaps[0].id }]);
    assert_eq!(world.told(), [Event::Started], "sleep is nothing that targets are told");
}

#[test]
fn sleep_counts_where_the_rules_keep_it() {
    let mut world = World::running();
    world.rules.keep_sleep = true;
    world.watch(mins(10));
    world.machine.sleep(mins(30));
    world.tick();
    assert_eq!(world.worked(), mins(40));
    let entry = world.current();
    assert_eq!(gaps(&entry), [(GapKind::Sleep, span((9, 10), (9, 40)), true)]);
    assert_eq!(entry.segments[1].gap, Some(entry.gaps[0].id));
    assert_eq!(entry.segments[1].basis, Basis::Claimed, "nobody measured work there");
}

#[test]
fn sleep_of_two_seconds_is_noise() {
    let mut world = World::running();
    world.machine.sleep(secs(2));
    world.pass(secs(1));
    world.tick();
    assert_eq!(world.worked(), secs(1), "the monotonic clock stood still all the same");
    assert_eq!((world.noted(), gaps(&world.current())), (vec![], vec![]));
}

#[test]
fn a_paused_timer_sleeps_and_reboots_without_a_word() {
    let mut world = World::running();
    world.watch(mins(1));
    world.verb(Verb::Pause);
    let before = (world.timer.clone(), world.journal.len());
    world.machine.sleep(mins(30));
    world.tick();
    world.machine.reboot(mins(5));
    world.machine.step(-7_000_000);
    world.take_over(true);
    assert_eq!((world.timer, world.journal.len()), before);
}

#[test]
fn a_wall_clock_step_is_told_and_changes_no_duration() {
    for by_ms in [3_600_000, -3_600_000] {
        let mut world = World::running();
        world.watch(mins(10));
        world.machine.step(by_ms);
        world.pass(secs(5));
        world.tick();
        world.watch(mins(20));
        assert_eq!(world.worked(), mins(30) + secs(5));
        assert_eq!(world.noted(), [Note::ClockStepped { by_ms }]);
        let entry = world.current();
        let before_step = Span::starting(clock(9, 0), mins(10) + secs(5));
        assert!(lines(&entry).contains(&(before_step, mins(10) + secs(5))), "{entry:?}");
        assert!(entry.gaps.is_empty());
        let after_step = entry.segments.iter().find(|segment| segment.span != before_step).unwrap();
        assert_eq!(
            after_step.span,
            Span::new(world.machine.sample().wall - mins(20), world.machine.sample().wall)
        );
    }
}

#[test]
fn a_step_during_sleep_leaves_the_sleep_exact() {
    let mut world = World::running();
    world.watch(mins(10));
    world.machine.sleep(mins(30));
    world.machine.step(3_600_000);
    world.pass(secs(4));
    world.tick();
    assert_eq!(world.worked(), mins(10) + secs(4));
    let entry = world.current();
    assert_eq!(gaps(&entry), [(GapKind::Sleep, span((9, 10), (9, 40)), false)]);
    let slept = Note::Slept { gap: entry.gaps[0].id };
    assert_eq!(world.noted(), [Note::ClockStepped { by_ms: 3_600_000 }, slept]);
    assert_eq!(entry.segments[1].span, Span::starting(clock(10, 40), secs(4)));
}

#[test]
fn a_stall_counts() {
    let mut world = World::running();
    world.watch(mins(1));
    world.pass(mins(3));
    world.tick();
    assert_eq!(world.worked(), mins(4));
    assert_eq!(world.noted(), [Note::Stalled { length: mins(3) }]);
    assert_eq!(lines(&world.current()).len(), 1, "a stall cuts nothing");
}

#[test]
fn three_intervals_are_no_stall_yet() {
    let mut world = World::running();
    world.pass(secs(15));
    world.tick();
    assert_eq!(world.noted(), []);
    world.pass(secs(15) + Millis(1));
    world.tick();
    assert_eq!(world.noted(), [Note::Stalled { length: Millis(15_001) }]);
}

#[test]
fn a_short_crash_is_credited() {
    let mut world = World::running();
    world.watch(mins(10));
    world.pass(CREDITED_CRASH);
    world.take_over(true);
    world.watch(mins(1));
    assert_eq!(world.state(), State::Running);
    assert_eq!(world.worked(), mins(11) + secs(30));
    assert_eq!(world.noted(), [Note::Recovered { length: secs(30) }]);
    let segment = &world.current().segments[0];
    assert_eq!((segment.recovered, segment.basis), (true, Basis::Measured));
}

#[test]
fn a_short_crash_that_a_verb_finds_is_credited_too() {
    let mut world = World::running();
    world.watch(mins(10));
    world.pass(secs(30));
    world.take_over(false);
    world.pass(mins(60));
    world.verb(Verb::Stop);
    let entry = world.only_finished();
    assert_eq!(entry.worked(), mins(70) + secs(30));
    let bases: Vec<_> = entry.segments.iter().map(|segment| (segment.basis, segment.recovered)).collect();
    assert_eq!(bases, [(Basis::Measured, true), (Basis::Unattended, false)]);
    assert_eq!(world.noted(), [Note::Recovered { length: secs(30) }], "nobody was due to tick for that hour");
}

#[test]
fn a_longer_crash_ends_the_stretch_at_the_heartbeat() {
    let mut world = World::running();
    world.watch(mins(10));
    world.pass(CREDITED_CRASH + Millis(1));
    world.take_over(true);
    assert_eq!(world.state(), State::Paused);
    assert_eq!(world.worked(), mins(10));
    let entry = world.current();
    let missed = Span::starting(clock(9, 10), Millis(30_001));
    assert_eq!(gaps(&entry), [(GapKind::Interrupted, missed, false)]);
    assert_eq!(world.noted(), [Note::Interrupted { gap: Some(entry.gaps[0].id) }]);
    assert_eq!(world.told(), [Event::Started, Event::Paused]);
    let record = world.journal.last().unwrap();
    assert_eq!(record.at, clock(9, 10), "it was paused where it was last seen");
}

#[test]
fn a_crash_with_sleep_is_never_credited() {
    let mut world = World::running();
    world.watch(mins(10));
    world.pass(secs(4));
    world.machine.sleep(mins(8));
    world.take_over(true);
    assert_eq!((world.state(), world.worked()), (State::Paused, mins(10)));
    let missed = Span::starting(clock(9, 10), secs(4));
    let slept = Span::starting(missed.end, mins(8));
    let entry = world.current();
    assert_eq!(gaps(&entry), [(GapKind::Interrupted, missed, false), (GapKind::Sleep, slept, false)]);
    assert_eq!(world.noted(), [Note::Interrupted { gap: Some(entry.gaps[0].id) }]);
}

#[test]
fn a_crash_that_was_sleep_alone_leaves_no_empty_gap() {
    let mut world = World::running();
    world.watch(mins(10));
    world.machine.sleep(mins(8));
    world.take_over(true);
    assert_eq!(gaps(&world.current()), [(GapKind::Sleep, span((9, 10), (9, 18)), false)]);
    assert_eq!(world.noted(), [Note::Interrupted { gap: None }]);
}

#[test]
fn a_step_during_a_crash_is_told() {
    let mut world = World::running();
    world.machine.step(-90_000);
    world.pass(mins(2));
    world.take_over(true);
    let gap = world.current().gaps[0].clone();
    assert_eq!(gap.span, span((9, 0), (9, 2)), "its length comes from the boot clock");
    assert_eq!(
        world.noted(),
        [Note::ClockStepped { by_ms: -90_000 }, Note::Interrupted { gap: Some(gap.id) }]
    );
}

#[test]
fn a_reboot_ends_the_stretch_at_the_heartbeat() {
    let mut world = World::running();
    world.watch(mins(10));
    world.pass(secs(8));
    world.machine.reboot(mins(5));
    world.pass(secs(20));
    world.take_over(true);
    assert_eq!((world.state(), world.worked()), (State::Paused, mins(10)));
    let entry = world.current();
    let off = Span::starting(clock(9, 10), mins(5) + secs(28));
    assert_eq!(gaps(&entry), [(GapKind::Reboot, off, false)]);
    assert_eq!(world.noted(), [Note::Rebooted { gap: Some(entry.gaps[0].id) }]);
    assert_eq!(world.told(), [Event::Started, Event::Paused]);
    assert_eq!(world.journal.last().unwrap().at, clock(9, 10));
}

#[test]
fn a_reboot_with_a_wall_clock_set_back_leaves_no_gap() {
    let mut world = World::running();
    world.watch(mins(10));
    world.machine.reboot(Millis::ZERO);
    world.machine.step(-3_600_000);
    world.take_over(true);
    assert_eq!((world.worked(), gaps(&world.current())), (mins(10), vec![]));
    assert_eq!(world.noted(), [Note::Rebooted { gap: None }]);
}

#[test]
fn an_unattended_stretch_counts_in_full() {
    let mut world = World::without_host();
    world.take_over(false);
    world.verb(Verb::Start);
    world.pass(mins(8 * 60));
    world.take_over(false);
    world.verb(Verb::Stop);
    let entry = world.only_finished();
    assert_eq!(lines(entry), [(span((9, 0), (17, 0)), mins(8 * 60))]);
    assert_eq!(entry.segments[0].basis, Basis::Unattended);
    assert_eq!(world.noted(), [], "eight hours without a tick are no stall");
}

#[test]
fn sleep_in_an_unattended_stretch_is_a_gap() {
    let mut world = World::without_host();
    world.verb(Verb::Start);
    world.pass(mins(60));
    world.machine.sleep(mins(30));
    world.pass(mins(60));
    world.take_over(false);
    assert_eq!((world.state(), world.worked()), (State::Running, mins(120)));
    assert_eq!(gaps(&world.current()), [(GapKind::Sleep, span((9, 0), (9, 30)), false)]);
}

#[test]
fn a_reboot_in_an_unattended_stretch_leaves_all_of_it_to_reclaim() {
    let mut world = World::without_host();
    world.verb(Verb::Start);
    world.pass(mins(60));
    world.machine.reboot(mins(5));
    world.take_over(false);
    assert_eq!((world.state(), world.worked()), (State::Paused, Millis::ZERO));
    assert_eq!(gaps(&world.current()), [(GapKind::Reboot, span((9, 0), (10, 5)), false)]);
}

#[test]
fn a_host_that_takes_over_an_unattended_stretch_counts_on() {
    let mut world = World::without_host();
    world.verb(Verb::Start);
    world.pass(mins(60));
    world.take_over(true);
    world.watch(mins(10));
    let bases: Vec<_> = world.current().segments.iter().map(|segment| segment.basis).collect();
    assert_eq!(bases, [Basis::Unattended, Basis::Measured], "each part says who watched");
    assert_eq!((world.worked(), world.noted()), (mins(70), vec![]));
}

#[test]
fn a_quit_that_keeps_the_timer_leaves_it_unattended() {
    let mut world = World::running();
    world.watch(mins(10));
    world.let_go();
    world.pass(mins(60));
    world.take_over(true);
    assert_eq!((world.state(), world.worked(), world.noted()), (State::Running, mins(70), vec![]));
    let entry = world.current();
    assert_eq!(lines(&entry), [(span((9, 0), (9, 10)), mins(10)), (span((9, 10), (10, 10)), mins(60))]);
    let bases: Vec<_> = entry.segments.iter().map(|segment| segment.basis).collect();
    assert_eq!(bases, [Basis::Measured, Basis::Unattended]);
}

#[test]
fn an_idle_stretch_is_asked_about_kept_or_dropped() {
    for (on_idle, kept, worked) in
        [(OnIdle::Ask, true, mins(40)), (OnIdle::Keep, true, mins(40)), (OnIdle::Drop, false, mins(25))]
    {
        let mut world = World::running();
        world.rules.on_idle = on_idle;
        world.watch(mins(30));
        world.idle_ended(mins(15));
        world.watch(mins(10));
        let entry = world.current();
        assert_eq!(gaps(&entry), [(GapKind::Idle, span((9, 15), (9, 30)), kept)]);
        assert_eq!(world.worked(), worked, "{on_idle:?}");
        assert_eq!(world.noted(), [Note::WentIdle { gap: entry.gaps[0].id }]);
        assert!(entry.segments.iter().all(|segment| segment.basis == Basis::Measured));
        assert_eq!(world.told(), [Event::Started]);
    }
}

#[test]
fn an_idle_stretch_reaches_no_further_back_than_the_open_stretch() {
    let mut world = World::running();
    world.rules.on_idle = OnIdle::Drop;
    world.watch(mins(5));
    world.idle_ended(mins(90));
    assert_eq!(gaps(&world.current()), [(GapKind::Idle, span((9, 0), (9, 5)), false)]);
    assert_eq!((world.worked(), lines(&world.current())), (Millis::ZERO, vec![]));
    world.idle_ended(mins(90));
    assert_eq!(world.noted().len(), 1, "nothing of the stretch is left to be idle");
}

#[test]
fn nobody_is_idle_while_paused() {
    let mut world = World::running();
    world.watch(mins(5));
    world.verb(Verb::Pause);
    world.idle_ended(mins(3));
    assert_eq!((world.noted(), gaps(&world.current())), (vec![], vec![]));
}

#[test]
fn a_snapshot_shows_the_open_stretch_closed_at_the_last_sample_it_can_use() {
    let mut world = World::running();
    world.watch(mins(10));
    world.pass(secs(7));
    assert_eq!(world.worked(), mins(10) + secs(7));
    assert_eq!(lines(&world.current())[0].0.end, clock(9, 10) + secs(7));
    world.machine.reboot(mins(5));
    assert_eq!(world.worked(), mins(10), "a clock of another boot says nothing");
    assert_eq!(lines(&world.current())[0].0, span((9, 0), (9, 10)));
}

#[test]
fn every_told_record_carries_the_whole_entry() {
    let mut world = World::running();
    world.watch(mins(10));
    world.verb(Verb::Pause);
    let Happening::Told(Event::Paused, snapshot) = &world.journal.last().unwrap().what else {
        panic!("{:?}", world.journal.last())
    };
    assert_eq!(snapshot.entry, world.current());
    assert_eq!(snapshot.worked, mins(10));
}
