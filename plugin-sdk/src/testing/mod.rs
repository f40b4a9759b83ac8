//! A fake host, so that a plugin's tests are ordinary unit tests that need neither WebAssembly nor a network.
//!
//! ```
//! use serde_json::json;
//! use stint_plugin_sdk::testing::{Host, Reply, time_entry};
//! use stint_plugin_sdk::{Delivered, Event, Item, Target, Undelivered, http};
//!
//! #[derive(serde::Deserialize)]
//! struct Hello {
//!     url: String,
//! }
//!
//! impl Target for Hello {
//!     fn upload(&self, item: &Item) -> Result<Delivered, Undelivered> {
//!         http::post(&self.url).json(&item.payload).credential("default").send()?.success()?;
//!         Ok(Delivered::anonymous())
//!     }
//! }
//!
//! let host = Host::new();
//! host.set_settings(&json!({ "url": "https://tracker.example.com/entries" }));
//! host.reply(Reply::status(201));
//!
//! let outcome = host.target::<Hello>().upload(time_entry(Event::Stopped));
//!
//! assert_eq!(outcome, Ok(Delivered::anonymous()));
//! let request = host.request();
//! assert_eq!(request.method, "POST");
//! assert_eq!(request.credential.as_deref(), Some("default"));
//! assert_eq!(request.json()["time-entry"]["event"], "stopped");
//! ```
//!
//! The fake keeps the promises that plugins rest on: state is committed with a call's answer or not at all, a file
//! is cut to the expected length before it grows, a request without a queued reply fails the test, and so does a
//! queued reply without a request.

mod attachment;
mod calls;
mod folder;
mod host;
mod items;
mod memory;
mod network;
mod picture;
mod world;

pub use attachment::attachment;
pub use calls::{PolicyCalls, TargetCalls, TransformCalls};
pub use host::Host;
pub use items::{activity, custom, entry, item, screenshot, snapshot, time_entry};
pub use network::{Reply, Sent, SentBody, SentPart};
pub use picture::{Edit, picture};
pub use world::Line;

pub(crate) use attachment::Attachment;
pub(crate) use picture::Picture;
pub(crate) use world::World;
