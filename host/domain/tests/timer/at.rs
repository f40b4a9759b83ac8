//! Verbs with a stated time: what is claimed, what is cut, and what is refused with a time that is valid.

use stint_domain::{
    entry::Basis,
    gap::GapKind,
    time::{Millis, UnixMs},
    timer::{Event, Refusal, State, Verb},
};

use crate::{
    machine::clock,
    world::{World, gaps, lines, mins, secs, span, time},
};

/// Gives the verb at the refused time's nearest, which must be accepted.
fn accepts_nearest(world: &mut World, verb: Verb, refusal: &Refusal) -> UnixMs {
    let nearest = refusal.nearest().expect("a nearest time").at;
    world.verb_at(verb, nearest).expect("the nearest time is valid");
    nearest
}

#[test]
fn start_in_the_past_claims_what_lies_between() {
    let mut world = World::new();
    world.pass(mins(30));
    world.verb_at(Verb::Start, clock(9, 10)).unwrap();
    world.watch(mins(5));
    let entry = world.current();
    assert_eq!(entry.started_at, clock(9, 10));
    assert_eq!(lines(&entry), [(span((9, 10), (9, 30)), mins(20)), (span((9, 30), (9, 35)), mins(5))]);
    let bases: Vec<_> = entry.segments.iter().map(|segment| segment.basis).collect();
    assert_eq!(bases, [Basis::Claimed, Basis::Measured]);
    assert_eq!(world.journal[0].at, clock(9, 10));
}

#[test]
fn stop_and_pause_in_the_past_cut() {
    for (verb, state) in [(Verb::Stop, State::Idle), (Verb::Pause, State::Paused)] {
        let mut world = World::running();
        world.watch(mins(30));
        let answer = world.verb_at(verb, clock(9, 20)).unwrap();
        assert_eq!(answer.state, state);
        let entry = world.entry(answer.entry_id.unwrap());
        assert_eq!(lines(entry), [(span((9, 0), (9, 20)), mins(20))]);
        assert_eq!(entry.segments[0].basis, Basis::Claimed);
        assert_eq!(entry.ended_at, (verb == Verb::Stop).then_some(clock(9, 20)));
        assert_eq!(world.journal.last().unwrap().at, clock(9, 20));
    }
}

#[test]
fn stop_in_a_pause_ends_with_the_work_before_it() {
    let mut world = World::running();
    world.watch(mins(10));
    world.verb(Verb::Pause);
    world.watch(mins(10));
    world.verb(Verb::Resume);
    world.watch(mins(10));
    world.verb_at(Verb::Stop, clock(9, 15)).unwrap();
    let entry = world.only_finished();
    assert_eq!((entry.worked(), entry.ended_at), (mins(10), Some(clock(9, 10))));
}

#[test]
fn resume_in_the_past_claims_what_lies_between() {
    let mut world = World::running();
    world.watch(mins(10));
    world.verb(Verb::Pause);
    world.watch(mins(20));
    world.verb_at(Verb::Resume, clock(9, 15)).unwrap();
    world.watch(mins(5));
    assert_eq!(world.worked(), mins(10 + 15 + 5));
    assert_eq!(world.journal.last().unwrap().at, clock(9, 15));
}

#[test]
fn start_in_the_past_cuts_the_entry_that_ran() {
    let mut world = World::new();
    world.start("one");
    world.watch(mins(30));
    world.verb_at(Verb::Start, clock(9, 20)).unwrap();
    world.watch(mins(5));
    assert_eq!(lines(world.only_finished()), [(span((9, 0), (9, 20)), mins(20))]);
    assert_eq!(world.worked(), mins(15));
    assert_eq!(world.told(), [Event::Started, Event::Stopped, Event::Started]);
}

#[test]
fn continue_in_the_past_works_like_start() {
    let mut world = World::running();
    world.watch(mins(10));
    world.verb(Verb::Stop);
    world.watch(mins(20));
    world.verb_at(Verb::Continue, clock(9, 15)).unwrap();
    assert_eq!(world.worked(), mins(15));
}

#[test]
fn cancel_takes_no_notice_of_a_time() {
    let mut world = World::running();
    world.watch(mins(10));
    world.verb_at(Verb::Cancel, clock(9, 5)).unwrap();
    assert!(world.finished.is_empty());
}

#[test]
fn a_stated_now_is_no_stated_time() {
    for verb in [Verb::Stop, Verb::Pause] {
        let (mut stated, mut plain) = (World::running(), World::running());
        for world in [&mut stated, &mut plain] {
            world.watch(mins(30));
        }
        stated.verb_at(verb, clock(9, 30)).unwrap();
        plain.verb(verb);
        assert_eq!((stated.timer, stated.journal), (plain.timer, plain.journal));
    }
}

#[test]
fn a_time_to_come_is_refused_for_every_verb() {
    let refusal = Refusal::InFuture { nearest: time(clock(9, 30)) };
    assert_eq!(
        refusal.to_string(),
        "failed to use a time that has not come yet: the latest valid time is now"
    );
    for verb in [Verb::Start, Verb::Pause, Verb::Stop, Verb::Cancel] {
        let mut world = World::running();
        world.watch(mins(30));
        let before = world.clone();
        assert_eq!(world.verb_at(verb, clock(9, 30) + Millis(1)), Err(refusal.clone()));
        assert_eq!((&world.timer, &world.journal), (&before.timer, &before.journal));
        assert_eq!(accepts_nearest(&mut world, verb, &refusal), clock(9, 30));
    }
    let mut world = World::running();
    world.verb(Verb::Pause);
    world.watch(mins(30));
    assert_eq!(world.verb_at(Verb::Resume, clock(10, 0)), Err(refusal.clone()));
    assert_eq!(world.verb_at(Verb::Continue, clock(10, 0)), Err(refusal));
}

#[test]
fn a_verb_that_means_nothing_does_not_mind_the_time() {
    let mut world = World::new();
    assert_eq!(world.verb_at(Verb::Pause, clock(12, 0)).unwrap().message, "nothing is running");
}

#[test]
fn an_entry_can_not_end_before_it_starts() {
    for verb in [Verb::Start, Verb::Pause, Verb::Stop] {
        let mut world = World::running();
        let entry = world.current().id;
        world.watch(mins(30));
        let refusal = world.verb_at(verb, clock(8, 59)).unwrap_err();
        assert_eq!(refusal, Refusal::TooEarly { entry, nearest: time(clock(9, 0)) });
        assert_eq!(
            refusal.to_string(),
            format!(
                "failed to go back that far: the time lies before the start or the last work of entry {entry}"
            )
        );
        accepts_nearest(&mut world, verb, &refusal);
        assert_eq!(world.entry(entry).worked(), Millis::ZERO);
    }
}

#[test]
fn resume_can_not_reach_into_the_work_before_the_pause() {
    let mut world = World::running();
    let entry = world.current().id;
    world.watch(mins(10));
    world.verb(Verb::Pause);
    world.watch(mins(10));
    let refusal = world.verb_at(Verb::Resume, clock(9, 9)).unwrap_err();
    assert_eq!(refusal, Refusal::TooEarly { entry, nearest: time(clock(9, 10)) });
    accepts_nearest(&mut world, Verb::Resume, &refusal);
    assert_eq!(world.worked(), mins(20));
}

#[test]
fn no_minute_of_another_entry_is_counted_again() {
    let mut world = World::running();
    let entry = world.current().id;
    world.watch(mins(10));
    world.verb(Verb::Stop);
    world.watch(mins(10));
    let refusal = world.verb_at(Verb::Start, clock(9, 5)).unwrap_err();
    assert_eq!(refusal, Refusal::Overlaps { entry, nearest: time(clock(9, 10)) });
    assert_eq!(
        refusal.to_string(),
        format!("failed to count the same time twice: entry {entry} already has it")
    );
    accepts_nearest(&mut world, Verb::Start, &refusal);
    assert_eq!(world.worked(), mins(10));
}

#[test]
fn a_nearest_time_is_valid_even_where_two_things_stand_in_the_way() {
    // The entry's work ends at 9:10; another was added to its pause, up to 9:20.
    let mut world = World::running();
    let entry = world.current().id;
    world.watch(mins(10));
    world.verb(Verb::Pause);
    world.watch(mins(30));
    world.add(clock(9, 10), clock(9, 20)).unwrap();
    for verb in [Verb::Resume, Verb::Start] {
        let mut world = world.clone();
        let (at, worked) =
            if verb == Verb::Resume { (clock(9, 5), mins(30)) } else { (clock(8, 0), mins(20)) };
        let refusal = world.verb_at(verb, at).unwrap_err();
        assert_eq!(refusal, Refusal::TooEarly { entry, nearest: time(clock(9, 20)) });
        accepts_nearest(&mut world, verb, &refusal);
        assert_eq!(world.worked(), worked);
    }
}

#[test]
fn a_claim_settles_the_gap_it_lies_on() {
    let mut world = World::running();
    world.watch(mins(10));
    world.pass(mins(50));
    world.take_over(true);
    let gap = world.current().gaps[0].clone();
    assert_eq!((gap.kind, gap.span), (GapKind::Interrupted, span((9, 10), (10, 0))));

    world.verb_at(Verb::Resume, clock(9, 40)).unwrap();
    assert_eq!(gaps(&world.current()), [(GapKind::Interrupted, span((9, 10), (9, 40)), false)]);
    assert_eq!(world.worked(), mins(10 + 20));
    world.set_gap(world.current().id, &gap, true).unwrap();
    assert_eq!(world.worked(), mins(60), "the whole hour, and no minute of it twice");
}

#[test]
fn a_claim_over_a_whole_gap_leaves_none() {
    let mut world = World::running();
    world.watch(mins(10));
    world.machine.reboot(mins(50));
    world.take_over(true);
    world.verb_at(Verb::Resume, clock(9, 10)).unwrap();
    assert_eq!((world.worked(), gaps(&world.current())), (mins(60), vec![]));
}

#[test]
fn a_clock_set_back_during_an_entry_leaves_its_work_alone() {
    let mut world = World::running();
    world.watch(mins(60));
    world.machine.step(-2 * 3_600_000);
    world.watch(mins(30));
    assert_eq!(world.machine.sample().wall, clock(8, 30));
    let refusal = world.verb_at(Verb::Stop, clock(8, 20)).unwrap_err();
    assert_eq!(refusal.nearest(), time(clock(8, 30)));
    accepts_nearest(&mut world, Verb::Stop, &refusal);
    let entry = world.only_finished();
    assert_eq!(entry.worked(), mins(90));
    assert_eq!(entry.ended_at, Some(clock(10, 0) + secs(5)), "the latest that the wall clock showed");
}

#[test]
fn a_clock_set_back_during_a_pause_leaves_now_to_resume_at() {
    let mut world = World::running();
    world.watch(mins(60));
    world.verb(Verb::Pause);
    world.machine.step(-2 * 3_600_000);
    let refusal = world.verb_at(Verb::Resume, clock(7, 30)).unwrap_err();
    assert_eq!(refusal.nearest(), time(clock(8, 0)));
    accepts_nearest(&mut world, Verb::Resume, &refusal);
    assert_eq!(world.worked(), mins(60));
}

#[test]
fn a_cut_through_a_gap_keeps_its_stated_part() {
    let mut world = World::running();
    world.rules.keep_sleep = true;
    world.watch(mins(10));
    world.machine.sleep(mins(30));
    world.watch(mins(10));
    let sleep = world.current().gaps[0].clone();
    world.verb_at(Verb::Pause, clock(9, 20)).unwrap();
    let id = world.current().id;
    assert_eq!(gaps(&world.current()), [(GapKind::Sleep, span((9, 10), (9, 20)), true)]);
    assert_eq!(world.worked(), mins(20));
    world.set_gap(id, &sleep, false).unwrap();
    assert_eq!(world.worked(), mins(10));
}

#[test]
fn a_cut_never_makes_a_stretch_longer() {
    let mut world = World::running();
    for _ in 0..12 {
        world.pass(secs(3));
        world.machine.sleep(secs(2));
        world.tick();
    }
    assert_eq!((world.worked(), lines(&world.current())[0].0.length()), (secs(36), secs(60)));
    world.verb_at(Verb::Stop, clock(9, 0) + secs(50)).unwrap();
    assert_eq!(world.only_finished().worked(), secs(36));
}

#[test]
fn extreme_times_are_refused_or_harmless() {
    for at in [UnixMs(i64::MIN), UnixMs(i64::MAX)] {
        for verb in [Verb::Start, Verb::Pause, Verb::Stop] {
            World::running().verb_at(verb, at).unwrap_err();
        }
    }
    let mut world = World::new();
    for (start, end) in [(i64::MIN, i64::MAX), (i64::MAX, i64::MIN), (i64::MIN, i64::MIN), (i64::MIN, 0)] {
        world.add(UnixMs(start), UnixMs(end)).unwrap_err();
    }
}
