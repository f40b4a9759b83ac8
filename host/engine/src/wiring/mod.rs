//! What the configuration's targets are made of at this moment: their plugins, and what each call of them is given.
//!
//! Invariant: a line is never changed in place. A new configuration, plugin or credential makes a new one, and a call
//! that runs goes on with the line it began with.

mod allowed;
mod bound;
mod checks;
mod clock;
mod fingerprint;
mod folders;
mod keep;
mod line;
mod memory;
mod outside;
mod overview;
mod trial;
mod turns;
mod users;
mod wirer;

pub(crate) use allowed::{allowed, line_to_write};
pub use bound::{Bound, Network, Said, Unnetworked};
pub(crate) use keep::{Plugins, engine, keep_wired, rules_of};
pub use line::{Line, Lines, Unready};
pub use outside::{Outside, Shut, Ways};
pub use overview::{PluginList, PluginUse, PluginView};
pub(crate) use overview::{suspended, view};
pub use trial::Tryout;
pub(crate) use turns::Turns;
pub(crate) use users::User;
pub use wirer::Wirer;
