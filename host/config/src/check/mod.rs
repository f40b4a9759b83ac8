//! What no single value shows: references that lead nowhere, values that don't go together, and what works but
//! is probably not meant. A plugin that isn't in the folder is none of it: it may come later.

mod grants;
mod references;
mod settings;
mod timing;
mod trust;

use crate::{diagnose::Finding, model::Config, text::Place, tree::Table};

/// Everything that was found in a configuration whose values are each right.
pub(crate) fn check(config: &Config, tree: &Table) -> Vec<Finding> {
    let mut check = Check { config, tree, findings: Vec::new() };
    references::check(&mut check);
    timing::check(&mut check);
    grants::check(&mut check);
    trust::check(&mut check);
    settings::check(&mut check);
    check.findings
}

/// The configuration, where its values are, and what was found.
struct Check<'c> {
    config: &'c Config,
    tree: &'c Table,
    findings: Vec<Finding>,
}

impl Check<'_> {
    /// Reports something about a value, or about the nearest table around it that is written.
    fn found(&mut self, path: &[&str], finding: Finding) {
        let finding = finding.key(path);
        let finding = match self.place(path) {
            Some(place) => finding.at(place),
            None => finding,
        };
        self.findings.push(finding);
    }

    /// Reports something about a key rather than its value.
    fn found_at_key(&mut self, path: &[&str], finding: Finding) {
        let place = path.split_first().and_then(|(first, rest)| self.tree.get(*first)?.below(rest));
        let finding = finding.key(path);
        self.findings.push(match place {
            Some(node) => finding.at(node.key),
            None => finding,
        });
    }

    /// The place of a value; where it isn't written, of the nearest table around it that is.
    fn place(&self, path: &[&str]) -> Option<Place> {
        let (first, rest) = path.split_first()?;
        let mut node = self.tree.get(*first)?;
        for depth in 0..rest.len() {
            match node.below(&rest[depth..=depth]) {
                Some(inner) => node = inner,
                None => return Some(node.key),
            }
        }
        Some(if node.table().is_some() { node.key } else { node.at })
    }
}
