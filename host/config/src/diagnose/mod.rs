//! What is told about a configuration: findings while it is read, diagnostics when it was, and how they look.

mod caret;
mod code;
mod diagnostic;
mod finding;
mod list;
mod render;
mod safe;
mod suggest;
mod wrap;

pub use code::{Code, Severity};
pub use diagnostic::{Diagnostic, Excerpt, Note, Position, Spot};
pub(crate) use finding::Finding;
pub use list::Diagnostics;
pub use render::Style;
pub(crate) use safe::hidden;
pub use safe::safe;
pub(crate) use suggest::{alternatives, nearest};
