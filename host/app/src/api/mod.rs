//! The local API: every verb of the command line is one request. A host serves it on a socket; a verb that finds no
//! host answers the same requests itself, so there is one way to do each thing.

mod alerts;
mod auth;
mod body;
mod doctor;
mod entries;
mod events;
mod gaps;
mod import;
mod metrics;
mod openapi;
mod plugins;
mod problem;
mod queue;
mod queue_change;
mod report;
mod screenshots;
mod serve;
mod socket;
mod status;
mod sync;
mod targets;
mod timer;
mod trace;

use axum::{Router, extract::FromRef, http::Uri, middleware, routing};
use stint_engine::Desk;

use crate::web::{self, Door};

pub(crate) use alerts::alerts_in;
pub(crate) use auth::{CredentialChanged, CredentialList, CredentialNoted, CredentialView};
pub(crate) use body::{Answer, Body};
pub(crate) use entries::{AddEntry, EditEntry, EntryList, EntryView, SegmentView};
pub(crate) use gaps::{GapList, GapView, SetGap};
pub(crate) use import::{ImportAnswer, ImportCall};
pub(crate) use problem::{NO_ROOM, Problem};
pub(crate) use queue::{AttemptView, DeliveryList, DeliveryView, HistoryView, ItemView};
pub(crate) use queue_change::{BackfillCall, DropCall, MoveCall, QueueChange, RetryCall};
pub(crate) use report::{GroupView, ReportView, TallyView};
pub(crate) use screenshots::{
    GlanceList, Nothing, PauseCall, PauseView, ScreenshotList, ScreenshotView, WithdrawnView,
};
pub(crate) use serve::serve;
pub(crate) use socket::{Address, SocketError};
pub(crate) use sync::{SyncCall, SyncView};
pub(crate) use targets::{TargetAnswer, TargetList};
pub(crate) use timer::{Answered, Undo, VerbCall};

/// What requests work with.
#[derive(Clone, Debug)]
pub(crate) struct Api {
    desk: Desk,
    door: Option<Door>,
}

impl Api {
    /// The way in over loopback; nothing where no host runs.
    pub(crate) fn door(&self) -> Option<&Door> {
        self.door.as_ref()
    }
}

impl FromRef<Api> for Desk {
    fn from_ref(api: &Api) -> Self {
        api.desk.clone()
    }
}

/// All resources, for a verb that answers itself.
pub(crate) fn router(desk: Desk) -> Router {
    resources(Api { desk, door: None })
}

/// All resources, for a host with a door to loopback.
pub(crate) fn hosted(desk: Desk, door: Door) -> Router {
    resources(Api { desk, door: Some(door) })
}

fn resources(api: Api) -> Router {
    Router::new()
        .route("/api/v1/status", routing::get(status::show))
        .route("/api/v1/timer/undo", routing::post(timer::undo))
        .route("/api/v1/timer/{verb}", routing::post(timer::verb))
        .route("/api/v1/entries", routing::get(entries::list).post(entries::add))
        .route(
            "/api/v1/entries/{id}",
            routing::get(entries::show).patch(entries::edit).delete(entries::delete),
        )
        .route("/api/v1/gaps", routing::get(gaps::list))
        .route("/api/v1/gaps/{id}", routing::patch(gaps::set))
        .route("/api/v1/report", routing::get(report::show))
        .route("/api/v1/doctor", routing::get(doctor::examine))
        .route("/api/v1/plugins", routing::get(plugins::list))
        .route("/api/v1/auth", routing::get(auth::list))
        .route("/api/v1/auth/changed", routing::post(auth::changed))
        .route("/api/v1/queue", routing::get(queue::list))
        .route("/api/v1/queue/retry", routing::post(queue_change::retry))
        .route("/api/v1/queue/drop", routing::post(queue_change::drop))
        .route("/api/v1/queue/move", routing::post(queue_change::transfer))
        .route("/api/v1/queue/backfill", routing::post(queue_change::backfill))
        .route("/api/v1/queue/{id}", routing::get(queue::show))
        .route("/api/v1/sync", routing::post(sync::sync))
        .route("/api/v1/screenshots", routing::get(screenshots::list).post(screenshots::take))
        .route("/api/v1/screenshots/pause", routing::post(screenshots::pause))
        .route("/api/v1/screenshots/{id}", routing::get(screenshots::show).delete(screenshots::delete))
        .route("/api/v1/screenshots/{id}/file", routing::get(screenshots::file))
        .route("/api/v1/screenshots/{id}/thumbnail", routing::get(screenshots::thumbnail))
        .route("/api/v1/targets", routing::get(targets::list))
        .route("/api/v1/targets/{name}/{word}", routing::post(targets::word))
        .route("/api/v1/events", routing::get(events::listen))
        .route("/api/v1/dashboard/link", routing::post(web::make_link))
        .route("/api/v1/openapi.json", routing::get(openapi::show))
        .route("/metrics", routing::get(metrics::show))
        .route("/healthz", routing::get(web::healthy))
        .route("/readyz", routing::get(web::ready))
        .route("/api/v1/import", routing::post(import::import).layer(import::body_limit()))
        .fallback(nothing_here)
        .method_not_allowed_fallback(not_like_this)
        .layer(middleware::from_fn_with_state(api.desk.clone(), alerts::count))
        .layer(middleware::from_fn(trace::trace))
        .with_state(api)
}

#[cfg(test)]
#[path = "bodies_tests.rs"]
mod bodies_tests;

async fn nothing_here(uri: Uri) -> Problem {
    Problem::not_found(&format!("failed to find {}: there is no such resource", uri.path()))
}

async fn not_like_this(uri: Uri) -> Problem {
    Problem::wrong_method(&format!("failed to use {}: it doesn't take this method", uri.path()))
}
