//! The way out to the network: the one place that sends what a plugin asks for.
//!
//! Invariants: what is connected to is an address that was checked, and never another one; a redirect is checked like a
//! first request, and takes no credential to another origin; a secret is attached here and is in nothing that leaves
//! here but the request itself; whoever is told that nothing was sent can rely on it.

mod address;
mod answer;
mod attach;
mod body;
mod broker;
mod client;
mod excerpt;
mod failure;
mod forms;
mod hop;
mod progress;
mod proxy;
mod redirect;
mod resolve;
mod token;
mod traces;

pub use address::is_public;
pub use attach::Scheme;
pub use broker::{EgressBroker, NoTokens};
pub use client::{Client, ClientError, WayOut};
pub use excerpt::{Excerpts, Exchange, LastExchange};
pub(crate) use failure::chain;
pub use proxy::{ProxyAt, ProxyWay};
pub use resolve::{Lookup, SystemLookup};
pub use token::{Token, TokenError, Tokens};
