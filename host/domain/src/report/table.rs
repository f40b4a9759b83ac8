//! Reports: the work of many entries by day, by what was said about them, or by both.
//!
//! Invariant: the total counts every entry's work once, whatever the groups do. It is never a sum of groups.

use jiff::civil::Date;
use std::collections::BTreeMap;

use super::{
    Scope,
    label::{Facet, Label},
    tally::Tally,
};
use crate::entry::Entry;

/// One line of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group<K> {
    /// What its work has in common.
    pub key: K,
    /// The work.
    pub tally: Tally,
}

/// The lines of a report in the order of their keys, each key once, none without work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Groups<K> {
    /// Any work is in one group alone: the groups' work sums to the total's.
    Apart(Vec<Group<K>>),
    /// Work is in as many groups as its entry has tags. Adding these groups up counts it more than once.
    Overlapping(Vec<Group<K>>),
}

impl<K> Groups<K> {
    /// The lines, where it does not matter whether they add up.
    pub fn lines(&self) -> &[Group<K>] {
        match self {
            Self::Apart(lines) | Self::Overlapping(lines) => lines,
        }
    }
}

/// The work of many entries: all of it, and in groups.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report<K> {
    /// All the work in the range, each entry's once.
    pub total: Tally,
    /// The same work in groups.
    pub groups: Groups<K>,
}

impl Scope<'_> {
    /// The work of each day. The entries are those of `Range::cover`, or more, each once.
    pub fn by_day<'e>(&self, entries: impl IntoIterator<Item = &'e Entry>) -> Report<Date> {
        let (total, lines) = self.grouped(entries, |_| [()], |day, ()| day);
        Report { total, groups: Groups::Apart(lines) }
    }

    /// The work of each project, task or tag.
    pub fn by_label<'e>(&self, facet: Facet, entries: impl IntoIterator<Item = &'e Entry>) -> Report<Label> {
        let (total, lines) = self.grouped(entries, |entry| facet.labels(&entry.details), |_, label| label);
        Report { total, groups: facet.groups(lines) }
    }

    /// The work of each day, and within a day of each project, task or tag.
    pub fn by_day_and_label<'e>(
        &self,
        facet: Facet,
        entries: impl IntoIterator<Item = &'e Entry>,
    ) -> Report<(Date, Label)> {
        let (total, lines) =
            self.grouped(entries, |entry| facet.labels(&entry.details), |day, label| (day, label));
        Report { total, groups: facet.groups(lines) }
    }

    /// The total, and the groups: an entry's work of a day goes once to each key that the day makes with one of the
    /// entry's labels.
    fn grouped<'e, K: Ord, L: Clone, Labels: IntoIterator<Item = L>>(
        &self,
        entries: impl IntoIterator<Item = &'e Entry>,
        labels: impl Fn(&Entry) -> Labels,
        key: impl Fn(Date, L) -> K,
    ) -> (Tally, Vec<Group<K>>) {
        let mut total = Tally::default();
        let mut groups: BTreeMap<K, Tally> = BTreeMap::new();
        for entry in entries {
            let days = self.tallies(entry);
            if days.is_empty() {
                continue;
            }
            let mut own: BTreeMap<K, Tally> = BTreeMap::new();
            for label in labels(entry) {
                for (day, tally) in &days {
                    *own.entry(key(*day, label.clone())).or_default() += *tally;
                }
            }
            for (key, tally) in own {
                *groups.entry(key).or_default() += tally.of_one_entry();
            }
            total += sum(days.into_values()).of_one_entry();
        }
        (total, groups.into_iter().map(|(key, tally)| Group { key, tally }).collect())
    }

    /// An entry's work of each day.
    fn tallies(&self, entry: &Entry) -> BTreeMap<Date, Tally> {
        let mut days: BTreeMap<Date, Tally> = BTreeMap::new();
        for segment in &entry.segments {
            for part in self.parts(segment) {
                *days.entry(part.day).or_default() +=
                    Tally::of(part.worked, segment.basis, entry.details.billable);
            }
        }
        days
    }
}

fn sum(tallies: impl Iterator<Item = Tally>) -> Tally {
    tallies.fold(Tally::default(), |mut sum, tally| {
        sum += tally;
        sum
    })
}

impl Facet {
    /// Lines that add up, unless an entry may be in several.
    fn groups<K>(self, lines: Vec<Group<K>>) -> Groups<K> {
        match self {
            Self::Project | Self::Task => Groups::Apart(lines),
            Self::Tag => Groups::Overlapping(lines),
        }
    }
}
