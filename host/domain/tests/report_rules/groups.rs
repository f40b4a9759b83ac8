//! Groups: who is in which, that totals are never doubled, and the order of the lines.

use crate::support::{all, entries, entry, parts, segment, span, zones};
use jiff::{civil::Date, tz::TimeZone};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use stint_domain::{
    entry::{Basis, Details, Entry, Segment},
    report::{Facet, Group, Groups, Label, Report, Tally, WorkDay},
    time::Millis,
};

/// A report made the slow way: every part of every segment once for each of its keys, entries counted by hand.
fn by_hand<K: Ord + Clone>(
    zone: &TimeZone,
    entries: &[Entry],
    keys: impl Fn(&Entry, Date) -> BTreeSet<K>,
) -> (Tally, Vec<Group<K>>) {
    let mut lines: BTreeMap<Option<K>, (Tally, BTreeSet<usize>)> = BTreeMap::new();
    lines.entry(None).or_default();
    for (number, entry) in entries.iter().enumerate() {
        for segment in &entry.segments {
            for part in parts(&all(zone), segment) {
                let of = |basis| if segment.basis == basis { part.worked } else { Millis::ZERO };
                let work = Tally {
                    measured: of(Basis::Measured),
                    unattended: of(Basis::Unattended),
                    claimed: of(Basis::Claimed),
                    billable: if entry.details.billable { part.worked } else { Millis::ZERO },
                    entries: 0,
                };
                for key in keys(entry, part.day).into_iter().map(Some).chain([None]) {
                    let (tally, seen) = lines.entry(key).or_default();
                    *tally += work;
                    seen.insert(number);
                }
            }
        }
    }
    let mut counted = lines
        .into_iter()
        .map(|(key, (tally, seen))| (key, Tally { entries: seen.len().try_into().unwrap(), ..tally }));
    let total = counted.next().unwrap().1;
    (total, counted.map(|(key, tally)| Group { key: key.unwrap(), tally }).collect())
}

fn labels(facet: Facet, entry: &Entry) -> BTreeSet<Label> {
    let Details { project, task, tags, .. } = entry.details.clone();
    match facet {
        Facet::Project => [Label::Project(project)].into(),
        Facet::Task => [Label::Task { project, task }].into(),
        Facet::Tag if tags.is_empty() => [Label::Tag(None)].into(),
        Facet::Tag => tags.into_iter().map(|tag| Label::Tag(Some(tag))).collect(),
    }
}

fn assert_report<K: Ord + Clone + std::fmt::Debug>(
    report: &Report<K>,
    by_hand: &(Tally, Vec<Group<K>>),
    facet: Option<Facet>,
) -> Result<(), TestCaseError> {
    let sum: Millis = report.groups.lines().iter().map(|group| group.tally.worked()).sum();
    if facet == Some(Facet::Tag) {
        prop_assert!(matches!(report.groups, Groups::Overlapping(_)));
        prop_assert!(sum >= report.total.worked());
    } else {
        prop_assert!(matches!(report.groups, Groups::Apart(_)));
        prop_assert_eq!(sum, report.total.worked());
    }
    prop_assert!(report.groups.lines().is_sorted_by(|a, b| a.key < b.key));
    prop_assert_eq!(report.total, by_hand.0);
    prop_assert_eq!(report.groups.lines(), &by_hand.1[..]);
    Ok(())
}

proptest! {
    #[test]
    fn reports_are_what_adding_up_by_hand_gives(
        zone in zones(),
        entries in (0..4_000_000_000_000_i64).prop_flat_map(entries),
    ) {
        let scope = all(&zone);
        assert_report(&scope.by_day(&entries), &by_hand(&zone, &entries, |_, day| [day].into()), None)?;
        for facet in [Facet::Project, Facet::Task, Facet::Tag] {
            let expected = by_hand(&zone, &entries, |entry, _| labels(facet, entry));
            assert_report(&scope.by_label(facet, &entries), &expected, Some(facet))?;
            let expected = by_hand(&zone, &entries, |entry, day| {
                labels(facet, entry).into_iter().map(|label| (day, label)).collect()
            });
            assert_report(&scope.by_day_and_label(facet, &entries), &expected, Some(facet))?;
        }
        let turned = || entries.iter().rev();
        prop_assert_eq!(scope.by_day(turned()), scope.by_day(&entries));
        prop_assert_eq!(scope.by_label(Facet::Tag, turned()), scope.by_label(Facet::Tag, &entries));
    }

    #[test]
    fn an_entrys_days_are_those_of_its_report(
        zone in zones(),
        entries in (0..4_000_000_000_000_i64).prop_flat_map(entries),
    ) {
        for entry in &entries {
            let days = all(&zone).days(entry);
            let dated: Vec<_> = days.iter().map(|day| (day.day, day.worked)).collect();
            let report = all(&zone).by_day([entry]);
            let expected: Vec<_> =
                report.groups.lines().iter().map(|group| (group.key, group.tally.worked())).collect();
            prop_assert_eq!(dated, expected);
            for WorkDay { day, first_start, last_end, .. } in days {
                let of_day = || {
                    let parts = entry.segments.iter().flat_map(|segment| parts(&all(&zone), segment));
                    parts.filter(move |part| part.day == day)
                };
                prop_assert_eq!(of_day().map(|part| part.span.start).min(), Some(first_start));
                prop_assert_eq!(of_day().map(|part| part.span.end).max(), Some(last_end));
            }
        }
    }
}

/// An hour's work on the fourth of May.
fn an_hour() -> Segment {
    Segment::claimed(span("2026-05-04T08:00Z", "2026-05-04T09:00Z"))
}

fn details(project: &str, task: &str, tags: &[&str]) -> Details {
    let named = |name: &str| (!name.is_empty()).then(|| name.to_owned());
    Details {
        project: named(project),
        task: named(task),
        tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
        ..Details::default()
    }
}

fn hours(report: &Report<Label>) -> Vec<(Label, u64)> {
    let lines = report.groups.lines().iter();
    lines.map(|group| (group.key.clone(), group.tally.worked().0 / 3_600_000)).collect()
}

#[test]
fn an_entry_with_two_tags_is_in_both_groups_and_once_in_the_total() {
    let entries = [
        entry(1, details("", "", &["late", "deep", "late"]), vec![an_hour()]),
        entry(2, details("", "", &[]), vec![an_hour()]),
    ];
    let report = all(&TimeZone::UTC).by_label(Facet::Tag, &entries);
    assert_eq!(
        hours(&report),
        [(Label::Tag(None), 1), (Label::Tag(Some("deep".into())), 1), (Label::Tag(Some("late".into())), 1)]
    );
    assert_eq!(report.total.worked(), Millis::from_mins(120));
    assert_eq!(report.total.entries, 2);
    assert!(matches!(report.groups, Groups::Overlapping(_)));
}

#[test]
fn a_task_is_one_within_its_project() {
    let entries = [
        entry(1, details("red", "review", &[]), vec![an_hour()]),
        entry(2, details("blue", "review", &[]), vec![an_hour()]),
        entry(3, details("blue", "", &[]), vec![an_hour()]),
        entry(4, details("", "", &[]), vec![an_hour()]),
        entry(5, details("blue", "review", &[]), vec![an_hour()]),
    ];
    let task = |project, task| Label::Task { project, task };
    assert_eq!(
        hours(&all(&TimeZone::UTC).by_label(Facet::Task, &entries)),
        [
            (task(None, None), 1),
            (task(Some("blue".into()), None), 1),
            (task(Some("blue".into()), Some("review".into())), 2),
            (task(Some("red".into()), Some("review".into())), 1),
        ]
    );
    assert_eq!(
        hours(&all(&TimeZone::UTC).by_label(Facet::Project, &entries)),
        [
            (Label::Project(None), 1),
            (Label::Project(Some("blue".into())), 3),
            (Label::Project(Some("red".into())), 1)
        ]
    );
}

#[test]
fn a_group_says_how_its_work_is_known_and_what_is_billed() {
    let piece = |minutes: u64, basis| segment(an_hour().span, minutes * 60_000, basis);
    let billed = Details { billable: true, ..Details::default() };
    let entries = [
        entry(1, billed, vec![piece(50, Basis::Measured), piece(20, Basis::Claimed)]),
        entry(2, Details::default(), vec![piece(5, Basis::Unattended), piece(3, Basis::Measured)]),
        entry(3, Details::default(), vec![piece(0, Basis::Measured)]),
        entry(4, Details::default(), vec![]),
    ];
    let expected = Tally {
        measured: Millis::from_mins(53),
        unattended: Millis::from_mins(5),
        claimed: Millis::from_mins(20),
        billable: Millis::from_mins(70),
        entries: 2,
    };
    let report = all(&TimeZone::UTC).by_day(&entries);
    assert_eq!(report.total, expected);
    let day = "2026-05-04".parse().unwrap();
    assert_eq!(report.groups, Groups::Apart(vec![Group { key: day, tally: expected }]));
    assert_eq!(expected.worked(), Millis::from_mins(78));
}

#[test]
fn no_work_makes_no_lines() {
    let report = all(&TimeZone::UTC).by_day(&[]);
    assert_eq!(report, Report { total: Tally::default(), groups: Groups::Apart(vec![]) });
}
