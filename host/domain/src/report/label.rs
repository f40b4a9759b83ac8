//! What a person said about an entry, as the name of a group.

use std::collections::BTreeSet;

use crate::entry::Details;

/// Which of an entry's details a report groups by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Facet {
    /// Its project.
    Project,
    /// Its task.
    Task,
    /// Its tags: the only facet of which an entry may have several.
    Tag,
}

/// The name of a group. In order, entries without one come first, then names by their characters: an order that no
/// machine's language changes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Label {
    /// The project, if any.
    Project(Option<String>),
    /// The task, if any. It is one within its project: "review" in two projects is two tasks.
    Task {
        /// The project, if any.
        project: Option<String>,
        /// The task, if any.
        task: Option<String>,
    },
    /// One of the tags, or that there is none.
    Tag(Option<String>),
}

impl Facet {
    /// The labels of an entry with these details: one at least, each once.
    pub(super) fn labels(self, details: &Details) -> BTreeSet<Label> {
        match self {
            Self::Project => [Label::Project(details.project.clone())].into(),
            Self::Task => {
                [Label::Task { project: details.project.clone(), task: details.task.clone() }].into()
            }
            Self::Tag if details.tags.is_empty() => [Label::Tag(None)].into(),
            Self::Tag => details.tags.iter().cloned().map(Some).map(Label::Tag).collect(),
        }
    }
}
