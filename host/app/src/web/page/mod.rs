//! The page at `/`: what was recorded today, what was sent and what wasn't, and the buttons to do something about it.
//!
//! Invariants: the page shows nothing that the API doesn't answer, and a button does nothing that a request of the API
//! doesn't do. Whatever people or backends wrote is escaped by the template, and cut to a size that keeps the page
//! small. It works without a script: each button is a form.

mod act;
mod attention;
mod button;
mod failed;
mod inside;
mod plugins;
mod policy;
mod sheet;
mod shots;
mod show;
mod targets;
mod timer;
mod today;
mod words;

use axum::{Router, routing};
use stint_engine::Desk;

use super::Door;
use crate::time::Zone;
use inside::Inside;

/// What the page is made with.
#[derive(Clone, Debug)]
pub(super) struct Page {
    desk: Desk,
    door: Door,
    inside: Inside,
    zone: Zone,
}

/// The page and its forms.
pub(super) fn router(desk: Desk, door: Door, api: Router) -> Router {
    let zone = Zone::named(&desk.place().zone);
    let page = Page { desk, door, inside: Inside::new(api), zone };
    Router::new()
        .route("/", routing::get(show::show))
        .route("/do/{what}", routing::post(act::act))
        .with_state(page)
}
