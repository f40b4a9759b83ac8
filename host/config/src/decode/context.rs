//! What decoding shares: the texts, and what was found so far.

use std::{collections::BTreeSet, path::PathBuf};

use crate::{
    diagnose::{Code, Finding, alternatives, nearest},
    text::{Place, Sources},
    tree::{Node, dotted},
};

/// What decoding shares.
pub(crate) struct Context<'s> {
    pub(crate) sources: &'s Sources,
    /// Where `~` leads.
    pub(crate) home: Option<PathBuf>,
    pub(crate) findings: Vec<Finding>,
    unknown: Vec<Unknown>,
    tables: Vec<Known>,
}

struct Unknown {
    table: Vec<String>,
    key: String,
    is_table: bool,
    at: Place,
}

/// A table that was read, and the keys it has.
pub(crate) struct Known {
    pub(crate) table: Vec<String>,
    pub(crate) keys: Vec<&'static str>,
}

impl<'s> Context<'s> {
    pub(crate) fn new(sources: &'s Sources, home: Option<PathBuf>) -> Self {
        Self { sources, home, findings: Vec::new(), unknown: Vec::new(), tables: Vec::new() }
    }

    pub(crate) fn found(&mut self, finding: Finding) {
        self.findings.push(finding);
    }

    /// A table was read; `unknown` are its keys that nobody asked for.
    pub(crate) fn read<'n>(&mut self, known: Known, unknown: impl Iterator<Item = (&'n String, &'n Node)>) {
        self.unknown.extend(unknown.map(|(key, node)| Unknown {
            table: known.table.clone(),
            key: key.clone(),
            is_table: node.table().is_some(),
            at: node.key,
        }));
        self.tables.push(known);
    }

    /// Everything that was found. Unknown keys come last, because only now all known ones are known.
    pub(crate) fn finish(self) -> (Vec<Finding>, Vec<Known>) {
        let Self { mut findings, unknown, tables, .. } = self;
        for unknown in unknown {
            // A key that is missing because it was mistyped is one mistake, not two.
            if let Some(meant) = unknown.meant(&tables) {
                let path: Vec<&str> = unknown.table.iter().map(String::as_str).chain([meant]).collect();
                findings.retain(|finding| !finding.is_missing(&dotted(&path)));
            }
            findings.push(unknown.explain(&tables));
        }
        (findings, tables)
    }
}

impl Unknown {
    fn explain(&self, tables: &[Known]) -> Finding {
        let mut path = self.table.clone();
        path.push(self.key.clone());
        let place = dotted(&self.table);
        let message = match (self.table.as_slice(), self.is_table) {
            ([], true) => format!("there is no table [{}]", dotted(&path)),
            ([], false) => format!("`{}` stands in no table", self.key),
            _ => format!("[{place}] has no key `{}`", self.key),
        };
        Finding::error(Code::UnknownKey, message).key(&path).at(self.at).maybe_hint(self.hint(tables))
    }

    fn own<'k>(&self, tables: &'k [Known]) -> Option<&'k Known> {
        tables.iter().find(|known| known.table == self.table)
    }

    fn meant(&self, tables: &[Known]) -> Option<&'static str> {
        nearest(&self.key, self.own(tables)?.keys.iter().copied())
    }

    fn hint(&self, tables: &[Known]) -> Option<String> {
        if let Some(meant) = self.meant(tables) {
            return Some(format!("did you mean `{meant}`?"));
        }
        let own = self.own(tables)?;
        let elsewhere = tables.iter().filter(|known| known.keys.contains(&self.key.as_str()));
        let elsewhere: BTreeSet<String> = elsewhere.map(|known| dotted(&known.table)).collect();
        if elsewhere.contains("") {
            return Some(format!(
                "[{}] is a table of its own: write [{}] before its keys",
                self.key, self.key
            ));
        }
        let elsewhere: Vec<String> = elsewhere.into_iter().map(|table| format!("[{table}]")).collect();
        match elsewhere.as_slice() {
            [] => alternatives(&self.key, &own.keys),
            tables => Some(format!("`{}` belongs to {}", self.key, tables.join(" or "))),
        }
    }
}
