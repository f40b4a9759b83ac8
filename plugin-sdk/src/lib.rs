//! Everything a stint plugin needs, and nothing that knows WebAssembly by name.
//!
//! A plugin is a type that serde can read from the operator's settings and that implements [`Target`],
//! [`Transform`] or [`Policy`]. [`register!`] makes it the plugin of its file:
//!
//! ```
//! use serde::Deserialize;
//! use stint_plugin_sdk::{Delivered, Item, Target, Undelivered, http, register};
//!
//! #[derive(Deserialize)]
//! #[serde(deny_unknown_fields)]
//! struct Hello {
//!     url: String,
//! }
//!
//! impl Target for Hello {
//!     fn upload(&self, item: &Item) -> Result<Delivered, Undelivered> {
//!         http::post(&self.url)
//!             .header("idempotency-key", &item.key)
//!             .json(&item.payload)
//!             .credential("default")
//!             .send()?
//!             .success()?;
//!         Ok(Delivered::anonymous())
//!     }
//! }
//!
//! register!(target: Hello);
//! # fn main() {}
//! ```
//!
//! For wasm32 the modules [`http`], [`state`], [`files`] and so on call the host. Everywhere else they call the
//! fake host of [`testing`], so the same code runs as an ordinary unit test.

pub mod clock;
pub mod credentials;
pub mod date;
mod dispatch;
pub mod files;
#[cfg(any(target_arch = "wasm32", test))]
mod heap;
pub mod http;
pub mod image;
#[cfg_attr(target_arch = "wasm32", path = "imports/wasm.rs")]
#[cfg_attr(not(target_arch = "wasm32"), path = "imports/native.rs")]
mod imports;
pub mod log;
#[cfg(target_arch = "wasm32")]
mod panic;
mod policy;
pub mod random;
mod register;
mod settings;
pub mod state;
mod target;
#[cfg(not(target_arch = "wasm32"))]
pub mod testing;
mod transform;
mod types;
#[cfg(target_arch = "wasm32")]
#[doc(hidden)]
pub mod wasm;

pub use policy::{Answer, Count, Decision, Link, Policy, Power, Snapshot, Sync, Timer};
pub use settings::Settings;
pub use target::{Delivered, Finding, Outcome, Target, Undelivered};
pub use transform::{Transform, Verdict};
pub use types::{
    Activity, Attachment, Cause, Chunk, Custom, Entry, Event, Failure, Gap, Interval, Item, Label, Origin,
    Payload, Problem, Sample, Screenshot, Segment, TimeEntry, UnixMs,
};

#[doc(hidden)]
pub use register::private;
