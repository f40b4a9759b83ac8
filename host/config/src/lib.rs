//! `stint.toml`: what it may say, the layers it is put together from, and what is told when it is wrong.
//!
//! Invariants: a configuration is valid as a whole or it isn't handed out; every value knows where it was written; no
//! secret is ever part of it, only the place where one is kept.

mod change;
mod check;
mod decode;
mod diagnose;
mod edit;
mod layers;
mod load;
pub mod model;
mod places;
mod schema;
mod show;
mod text;
mod tree;
mod underline;
pub mod value;

pub use change::Changes;
pub use diagnose::{Code, Diagnostic, Diagnostics, Excerpt, Note, Position, Severity, Spot, Style, safe};
pub use edit::{Edit, EditError, Edited, current_text, edit, put};
pub use layers::{Asked, ConfigFile, Flag, FlagError, Request};
pub use load::{Loaded, load, without_any_file};
pub use model::Config;
pub use places::{Located, Places, data_dir_despite_mistakes, sure_data_dir};
pub use schema::schema;
pub use show::Setting;
pub use text::Origin;
pub use underline::Owner;
