//! A transform that takes private text out of what is sent. Drop rules come first, so that no item is judged by
//! text that a replacement has already changed.

mod fields;
mod json;
mod pattern;

use serde::Deserialize;
use stint_plugin_sdk::{Item, Problem, Transform, Verdict, register};

use crate::fields::{Fields, walk};
use crate::pattern::Pattern;

/// The transform, as its settings make it.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Redact {
    drop: Vec<DropRule>,
    replace: Vec<ReplaceRule>,
}

/// An item that fits is not sent.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct DropRule {
    reason: String,
    #[serde(default)]
    kinds: Vec<String>,
    #[serde(default)]
    fields: Fields,
    /// Without one, every item of the kinds fits.
    pattern: Option<Pattern>,
}

/// What matches is replaced.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ReplaceRule {
    pattern: Pattern,
    #[serde(default)]
    with: String,
    #[serde(default)]
    kinds: Vec<String>,
    #[serde(default)]
    fields: Fields,
}

impl Transform for Redact {
    fn check(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        if self.drop.is_empty() && self.replace.is_empty() {
            problems.push(
                Problem::new("", "there is no rule, so everything would be sent as it is")
                    .hint("add a [[….settings.replace]] or a [[….settings.drop]]"),
            );
        }
        for (index, rule) in self.drop.iter().enumerate() {
            if rule.pattern.is_none() && rule.kinds.is_empty() {
                problems.push(
                    Problem::new(format!("/drop/{index}"), "this rule drops every item")
                        .hint("add a pattern, kinds or both; to stop a target, set enabled = false there"),
                );
            }
        }
        problems
    }

    fn apply(&self, mut item: Item) -> Verdict {
        if let Some(rule) = self.drop.iter().find(|rule| rule.fits(&mut item)) {
            return Verdict::drop(&rule.reason);
        }
        for rule in &self.replace {
            if of_kind(&rule.kinds, &item) {
                walk(&mut item, &rule.fields, &mut |text| rule.pattern.replace(text, &rule.with));
            }
        }
        Verdict::Keep(item)
    }
}

impl DropRule {
    fn fits(&self, item: &mut Item) -> bool {
        if !of_kind(&self.kinds, item) {
            return false;
        }
        let Some(pattern) = &self.pattern else { return true };
        let mut found = false;
        walk(item, &self.fields, &mut |text| {
            found = found || pattern.matches(text);
            None
        });
        found
    }
}

fn of_kind(kinds: &[String], item: &Item) -> bool {
    kinds.is_empty() || kinds.iter().any(|kind| kind == item.payload.kind())
}

register!(transform: Redact);

#[cfg(test)]
mod tests;
