//! How far back a claim may reach, how long it may be, and what is named where it may not.

use stint_domain::{
    gap::GapKind,
    id::{EntryId, GapId},
    time::{Millis, UnixMs},
    timer::{
        Edit, Refusal, Verb,
        claim::{LONGEST_CLAIM, OLDEST},
    },
};

use crate::{
    machine::clock,
    world::{World, end, mins, start, time},
};

const DAY: Millis = Millis::from_mins(24 * 60);

#[test]
fn a_start_of_long_ago_is_refused_with_the_longest_claim_there_is() {
    for (at, refusal) in [
        (UnixMs(i64::MIN), Refusal::TooLongAgo { nearest: time(clock(9, 0) - LONGEST_CLAIM) }),
        (UnixMs(0), Refusal::TooLongAgo { nearest: time(clock(9, 0) - LONGEST_CLAIM) }),
        (OLDEST, Refusal::TooLong { nearest: time(clock(9, 0) - LONGEST_CLAIM) }),
    ] {
        let mut world = World::new();
        assert_eq!(world.verb_at(Verb::Start, at).unwrap_err(), refusal);
        assert!(world.told().is_empty());
        world.verb_at(Verb::Start, refusal.nearest().unwrap().at).unwrap();
        assert_eq!(world.worked(), LONGEST_CLAIM);
    }
}

#[test]
fn behind_what_is_too_long_something_may_stand_in_the_way() {
    let mut world = World::new();
    world.add(clock(8, 0) - LONGEST_CLAIM, clock(8, 0)).unwrap();
    let refusal = world.verb_at(Verb::Start, UnixMs(0)).unwrap_err();
    assert_eq!(refusal, Refusal::TooLongAgo { nearest: time(clock(8, 0)) });
}

#[test]
fn an_entry_of_long_ago_is_not_added() {
    let mut world = World::new();
    let hour = mins(60);
    let refusal = world.add(OLDEST - hour, OLDEST + hour).unwrap_err();
    assert_eq!(refusal, Refusal::TooLongAgo { nearest: start(OLDEST) });
    assert_eq!(
        refusal.to_string(),
        "failed to use a time that lies that far back: nothing is claimed from before 2000-01-01"
    );
    let refusal = world.add(UnixMs(0), UnixMs(1)).unwrap_err();
    assert_eq!(refusal, Refusal::TooLongAgo { nearest: None }, "no other start is valid for this end");
    world.add(OLDEST, OLDEST + hour).unwrap();
}

#[test]
fn an_entry_of_months_is_not_added() {
    let mut world = World::new();
    let refusal = world.add(clock(9, 0) - LONGEST_CLAIM - Millis(1), clock(9, 0)).unwrap_err();
    assert_eq!(refusal, Refusal::TooLong { nearest: start(clock(9, 0) - LONGEST_CLAIM) });
    assert_eq!(
        refusal.to_string(),
        "failed to claim more than 31 days at once: add the parts that were work one by one"
    );
    world.add(clock(9, 0) - LONGEST_CLAIM, clock(9, 0)).unwrap();
}

#[test]
fn an_edit_claims_no_more_than_a_month_at_either_border() {
    let mut world = World::new();
    let from = clock(0, 0) - LONGEST_CLAIM - DAY - DAY;
    let id: EntryId = world.add(from, from + DAY).unwrap().entry_id.unwrap();
    let edit = |start, end| Edit { start, end, ..Edit::default() };
    let refusal = world.edit(id, &edit(Some(UnixMs(0)), None)).unwrap_err();
    assert_eq!(refusal, Refusal::TooLongAgo { nearest: start(from - LONGEST_CLAIM) });
    let refusal = world.edit(id, &edit(None, Some(clock(9, 0)))).unwrap_err();
    assert_eq!(refusal, Refusal::TooLong { nearest: end(from + DAY + LONGEST_CLAIM) });
    world.edit(id, &edit(Some(from - LONGEST_CLAIM), Some(from + DAY + LONGEST_CLAIM))).unwrap();
}

#[test]
fn a_gap_of_months_is_kept_by_nobody() {
    let mut world = World::running();
    world.watch(mins(10));
    world.machine.reboot(LONGEST_CLAIM + DAY);
    world.take_over(true);
    let entry = world.current();
    let gap = entry.gaps.iter().find(|gap| gap.kind == GapKind::Reboot).unwrap();
    assert_eq!(world.set_gap(entry.id, gap, true).unwrap_err(), Refusal::TooLong { nearest: None });
    let unknown = stint_domain::gap::Gap { id: GapId::from_bytes([9; 16]), ..gap.clone() };
    assert!(world.set_gap(entry.id, &unknown, true).is_err());
}

#[test]
fn a_machine_whose_clock_is_lost_claims_what_it_tracked() {
    let mut world = World::new();
    world.machine.step(-clock(8, 0).0);
    world.verb_at(Verb::Start, UnixMs(0)).unwrap();
    assert_eq!(world.worked(), mins(60));
}
