//! How a plugin's backend is to be treated, as its manifest says; with the greatest care where it says nothing.

use stint_domain::delivery::{Idempotency, Ordering};

use crate::wiring::Bound;

/// How the backend tells a repeated request.
pub(super) fn class(bound: &Bound) -> Idempotency {
    let traits = bound.plugin.manifest().target.as_ref();
    traits.map_or(Idempotency::AtMostOnce, |traits| traits.idempotency)
}

/// In which order it is told of an entry.
pub(super) fn ordering(bound: &Bound) -> Ordering {
    let traits = bound.plugin.manifest().target.as_ref();
    traits.map_or(Ordering::PerEntry, |traits| traits.ordering)
}
