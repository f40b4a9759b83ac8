//! The part of JSON Schema that settings need, and no more.
//!
//! Schemas come from plugins, which are not trusted: every keyword here takes time in proportion to what it
//! looks at, depth is bounded, and there are no references out of the schema and no backtracking patterns. A
//! keyword that isn't known is refused when the plugin is built, rather than ignored when its user is misled.

mod check;
mod keywords;
mod place;
mod references;

pub(crate) use check::check_value;
pub(crate) use keywords::check_schema;
pub(crate) use place::may_have_text;

/// Schemas and values nested deeper than this are refused.
const DEPTH_MAX: usize = 32;
