//! Gaps kept and dropped, and what claims and cuts leave of them.

use stint_domain::{
    entry::Basis,
    gap::{Gap, GapKind},
    id::{EntryId, GapId},
    timer::{Edit, Event, OnIdle, Refusal, Verb},
};

use crate::{
    machine::clock,
    world::{World, gaps, mins, span},
};

/// An entry that a crash paused at 9:10, with a gap until ten.
fn with_a_gap() -> (World, EntryId, Gap) {
    let mut world = World::running();
    world.watch(mins(10));
    world.pass(mins(50));
    world.take_over(true);
    let entry = world.current();
    (world, entry.id, entry.gaps[0].clone())
}

#[test]
fn a_gap_counts_when_it_is_kept_and_only_then() {
    let (mut world, id, gap) = with_a_gap();
    let answer = world.set_gap(id, &gap, true).unwrap();
    assert_eq!((answer.changed, answer.message.as_str()), (true, "kept"));
    assert_eq!(world.worked(), mins(60));
    let answer = world.set_gap(id, &gap, true).unwrap();
    assert_eq!((answer.changed, answer.message.as_str()), (false, "already kept"));
    let answer = world.set_gap(id, &gap, false).unwrap();
    assert_eq!((answer.changed, answer.message.as_str()), (true, "dropped"));
    assert_eq!(world.worked(), mins(10));
    let answer = world.set_gap(id, &gap, false).unwrap();
    assert_eq!((answer.changed, answer.message.as_str()), (false, "already dropped"));
    assert_eq!(world.told()[2..], [Event::Edited, Event::Edited]);
    assert_eq!(answer.entry_id, Some(id));
}

#[test]
fn a_kept_gap_at_the_end_of_a_finished_entry_moves_its_end() {
    let (mut world, id, gap) = with_a_gap();
    world.verb(Verb::Stop);
    assert_eq!(world.entry(id).ended_at, Some(clock(9, 10)));
    world.set_gap(id, &gap, true).unwrap();
    assert_eq!(world.entry(id).ended_at, Some(clock(10, 0)));
    world.set_gap(id, &gap, false).unwrap();
    assert_eq!(world.entry(id).ended_at, Some(clock(9, 10)));
}

#[test]
fn a_kept_gap_is_a_claim_unless_it_was_measured() {
    let (mut world, id, gap) = with_a_gap();
    world.set_gap(id, &gap, true).unwrap();
    assert_eq!(world.current().segments[1].basis, Basis::Claimed);

    let mut world = World::running();
    world.rules.on_idle = OnIdle::Drop;
    world.watch(mins(30));
    world.idle_ended(mins(15));
    let gap = world.current().gaps[0].clone();
    world.set_gap(world.current().id, &gap, true).unwrap();
    assert_eq!(world.current().segments[1].basis, Basis::Measured);
    assert_eq!(world.worked(), mins(30));
}

#[test]
fn a_gap_is_not_kept_where_another_entry_has_its_time() {
    let (mut world, id, gap) = with_a_gap();
    let entry = world.add(clock(9, 30), clock(9, 40)).unwrap().entry_id.unwrap();
    let before = world.clone();
    let refusal = world.set_gap(id, &gap, true).unwrap_err();
    assert!(matches!(refusal, Refusal::Overlaps { entry: other, .. } if other == entry), "{refusal}");
    assert_eq!((world.timer, world.journal), (before.timer, before.journal));
}

#[test]
fn an_unknown_gap_is_refused() {
    let (mut world, id, gap) = with_a_gap();
    let unknown = GapId::from_bytes([9; 16]);
    let refusal = world.set_gap(id, &Gap { id: unknown, ..gap }, true).unwrap_err();
    assert_eq!(refusal, Refusal::UnknownGap { gap: unknown });
    assert_eq!(refusal.nearest(), None);
    assert_eq!(
        refusal.to_string(),
        "failed to find gap 09090909-0909-0909-0909-090909090909: `stint gap list` shows them all"
    );
}

#[test]
fn a_later_end_settles_the_gap_it_lies_on() {
    let (mut world, id, gap) = with_a_gap();
    world.verb(Verb::Stop);
    world.watch(mins(60));
    world.edit(id, &Edit { end: Some(clock(10, 30)), ..Edit::default() }).unwrap();
    assert_eq!((world.entry(id).worked(), gaps(world.entry(id))), (mins(90), vec![]));
    let refusal = world.set_gap(id, &gap, true).unwrap_err();
    assert_eq!(refusal, Refusal::UnknownGap { gap: gap.id }, "it counts already");
}

#[test]
fn a_later_start_cuts_the_gap_it_lies_on() {
    let mut world = World::running();
    world.watch(mins(10));
    world.machine.sleep(mins(30));
    world.watch(mins(10));
    world.edit(world.current().id, &Edit { start: Some(clock(9, 30)), ..Edit::default() }).unwrap();
    assert_eq!(gaps(&world.current()), [(GapKind::Sleep, span((9, 30), (9, 40)), false)]);
    assert_eq!(world.worked(), mins(10));
}
