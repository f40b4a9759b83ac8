//! Transforms: what changes or drops an item on its way to one target.

use crate::settings::Settings;
use crate::types::{Item, Problem};

/// A payload transform. The type is its own settings, read by serde from `[transforms.NAME.settings]`.
///
/// It runs once for each item and route, before the first attempt, and its answer is stored: a retry sends the
/// same bytes. It has no network.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a transform yet",
    label = "`Transform` is not implemented for this type",
    note = "write `impl Transform for {Self} {{ fn apply(&self, item: Item) -> Verdict {{ … }} }}`"
)]
pub trait Transform: Settings {
    /// Looks at settings that serde could read, for what a type can't say. None means good.
    fn check(&self) -> Vec<Problem> {
        Vec::new()
    }

    /// Changes or drops one item.
    fn apply(&self, item: Item) -> Verdict;
}

/// What becomes of an item.
#[derive(Debug, PartialEq)]
#[expect(
    clippy::large_enum_variant,
    reason = "one verdict is made and handed on; a box would be one more step"
)]
pub enum Verdict {
    /// Go on with this item. Its `id`, `key`, `entry_key`, `attempt` and kind must be the ones it came with.
    Keep(Item),
    /// Don't deliver it to this target. The text is the reason, for a person.
    Drop(String),
}

impl Verdict {
    /// Don't deliver the item, for this reason.
    pub fn drop(reason: impl Into<String>) -> Self {
        Verdict::Drop(reason.into())
    }
}
