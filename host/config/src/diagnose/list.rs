//! All that is told about one configuration, in the order in which a person meets it: file by file, top to bottom.

use std::{fmt, path::Path};

use serde_json::{Value, json};

use super::{Diagnostic, Finding, Severity, Style};
use crate::text::{Origin, Sources};

/// What is wrong or doubtful in one configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq, thiserror::Error)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
    /// How many more there are than are kept.
    more: usize,
}

/// Nobody reads more than this at a time, and a file of rubbish has a mistake in every line.
const KEPT: usize = 100;

impl Diagnostics {
    pub(crate) fn new(mut findings: Vec<Finding>, sources: &Sources) -> Self {
        findings.sort_by_key(Finding::place);
        let more = findings.len().saturating_sub(KEPT);
        findings.truncate(KEPT);
        let mut list: Vec<Diagnostic> =
            findings.into_iter().map(|finding| finding.resolve(sources)).collect();
        list.dedup();
        Self { list, more }
    }

    /// These and then the others.
    pub fn and(mut self, others: Self) -> Self {
        self.more += others.more;
        self.list.extend(others.list);
        self
    }

    /// Whether there is nothing to say.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// One after the other.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.list.iter()
    }

    /// The file that the first of them is in.
    pub fn file(&self) -> Option<&Path> {
        self.iter().find_map(|diagnostic| match &diagnostic.at.as_ref()?.origin {
            Origin::File { path, .. } => Some(path.as_path()),
            _ => None,
        })
    }

    /// How many errors are among them.
    pub fn errors(&self) -> usize {
        self.list.iter().filter(|diagnostic| diagnostic.severity == Severity::Error).count() + self.more
    }

    /// All as JSON: `{"version":1,"diagnostics":[…],"more":0}`.
    pub fn to_json(&self) -> Value {
        let list: Vec<Value> = self.iter().map(Diagnostic::to_json).collect();
        json!({"version": 1, "diagnostics": list, "more": self.more})
    }

    /// All for a terminal or a pipe.
    pub fn render(&self, style: &Style) -> String {
        let mut parts: Vec<String> = self.iter().map(|diagnostic| diagnostic.render(style)).collect();
        if self.more > 0 {
            parts.push(format!("and {} more\n", self.more));
        }
        parts.join("\n")
    }
}

impl From<Diagnostic> for Diagnostics {
    fn from(diagnostic: Diagnostic) -> Self {
        Self { list: vec![diagnostic], more: 0 }
    }
}

impl<'a> IntoIterator for &'a Diagnostics {
    type Item = &'a Diagnostic;
    type IntoIter = std::slice::Iter<'a, Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.render(&Style::default()).trim_end())
    }
}
