//! Requests to the network, made by the host. It connects only to what the manifest asks for and the configuration
//! grants, and attaches credentials itself: a plugin never holds a secret.
//!
//! `http::post(url).json(&body).credential("default").send()?.success()?` is the whole of it for most backends:
//! both `?` turn what went wrong into an [`crate::Undelivered`] that says whether the item may be sent again.

mod error;
mod request;
mod response;
mod status;

pub use error::Error;
pub use request::{Body, Part, Request, delete, get, head, patch, post, put, request};
pub use response::Response;
pub use status::{retry_after_ms, undelivered};
