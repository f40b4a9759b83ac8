//! What arrived: routes, counts, and the last requests as they came.

use std::collections::{BTreeMap, VecDeque};

use serde::{Deserialize, Serialize};

/// How many requests are remembered as they came.
const SEEN_MAX: usize = 4096;

/// What a request is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Route {
    /// `POST /auth/login`
    Login,
    /// `POST /auth/refresh`
    Refresh,
    /// `POST /time-entries/start`
    Start,
    /// `PUT /time-entries/{id}/pause`
    Pause,
    /// `PUT /time-entries/{id}/resume`
    Resume,
    /// `PUT /time-entries/{id}/stop`
    Stop,
    /// `PUT /time-entries/{key}`
    Put,
    /// `POST /screenshots`
    Screenshot,
    /// `POST /activities`
    Activity,
    /// `PUT /files/{key}`
    File,
    /// Any `GET` or `HEAD`.
    Read,
    /// What no route is for.
    Other,
}

impl Route {
    pub(super) fn of(method: &str, path: &str) -> Self {
        let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
        match (method, parts.as_slice()) {
            ("GET" | "HEAD", _) => Route::Read,
            ("POST", ["auth", "login"]) => Route::Login,
            ("POST", ["auth", "refresh"]) => Route::Refresh,
            ("POST", ["time-entries", "start"]) => Route::Start,
            ("PUT", ["time-entries", _, "pause"]) => Route::Pause,
            ("PUT", ["time-entries", _, "resume"]) => Route::Resume,
            ("PUT", ["time-entries", _, "stop"]) => Route::Stop,
            ("PUT", ["time-entries", _]) => Route::Put,
            ("POST", ["screenshots"]) => Route::Screenshot,
            ("POST", ["activities"]) => Route::Activity,
            ("PUT", ["files", _]) => Route::File,
            _ => Route::Other,
        }
    }
}

/// A request as it came.
#[derive(Clone, Debug, Serialize)]
pub struct Seen {
    /// The method.
    pub method: String,
    /// The path with its query, as it was sent.
    pub path: String,
    /// The headers, in their order.
    pub headers: Vec<(String, String)>,
    /// The answer's status; none as long as there is no answer, and when there never was one.
    pub status: Option<u16>,
    /// Its place among all requests, from 0.
    pub number: u64,
}

impl Seen {
    /// The first header of this name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// How much arrived. Requests to the switches themselves (`/_/…`) are not counted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Connections so far.
    pub connections: u64,
    /// Connections now.
    pub open_connections: u64,
    /// Requests so far.
    pub requests: u64,
    /// Requests so far that have no answer yet.
    pub in_flight: u64,
    /// The most requests that were in flight at once.
    pub in_flight_max: u64,
    /// Requests so far, by route.
    pub by_route: BTreeMap<Route, u64>,
    /// Logins that succeeded.
    pub logins: u64,
    /// Refreshes that succeeded.
    pub refreshes: u64,
    /// Refresh tokens that came a second time.
    pub refresh_reuses: u64,
    /// Requests without a good token.
    pub unauthorized: u64,
    /// Requests whose idempotency key was known, and which therefore had no effect.
    pub replays: u64,
    /// Requests that wait for [`super::Backend::release`].
    pub held: u64,
    /// Requests that met a fault.
    pub faults: u64,
}

impl Counts {
    /// Requests of a route.
    pub fn of(&self, route: Route) -> u64 {
        self.by_route.get(&route).copied().unwrap_or_default()
    }
}

/// The last requests.
#[derive(Default)]
pub(super) struct Recent(VecDeque<Seen>);

impl Recent {
    pub(super) fn push(&mut self, seen: Seen) {
        if self.0.len() == SEEN_MAX {
            self.0.pop_front();
        }
        self.0.push_back(seen);
    }

    pub(super) fn answered(&mut self, number: u64, status: u16) {
        // The newest are at the end, and an answer belongs to a new one.
        if let Some(seen) = self.0.iter_mut().rev().find(|seen| seen.number == number) {
            seen.status = Some(status);
        }
    }

    pub(super) fn all(&self) -> Vec<Seen> {
        self.0.iter().cloned().collect()
    }
}
