//! The host's surface for browsers and programs on the same machine: the local API over loopback, and the page.
//!
//! Invariant: nothing but `/healthz`, `/readyz` and the door itself answers without a key, whatever is asked. A key is
//! the token of the data directory, or the cookie that a one-time link became.

mod cookie;
mod door;
mod enter;
mod guard;
mod heads;
mod health;
mod keyring;
mod link;
mod listen;
mod opened;
mod origin;
mod page;
mod token;

use axum::{Router, middleware, routing};
use stint_engine::Desk;

pub(crate) use door::Door;
pub(crate) use health::{Healthy, Ready, healthy, ready};
pub(crate) use link::{LinkCall, LinkView, make as make_link};
pub(crate) use listen::{bind, serve};
pub(crate) use opened::open_in_browser;
pub(crate) use token::TokenError;

/// Everything that loopback offers: the API, and what browsers need beside it.
pub(crate) fn router(desk: Desk, door: &Door, api: Router) -> Router {
    Router::new()
        .route("/enter", routing::get(enter::enter))
        .with_state(door.clone())
        .merge(page::router(desk, door.clone(), api.clone()))
        .merge(api)
        .layer(middleware::from_fn_with_state(door.clone(), guard::guard))
        .layer(middleware::from_fn(heads::add))
}
