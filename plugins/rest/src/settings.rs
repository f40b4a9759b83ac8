//! The settings as the operator writes them. What a type can't say is in `check`.

use serde_json::Value;
use stint_plugin_sdk::{Cause, Event, Item, Payload, Problem};

/// Values by name, in the order of the names. There are few, and a list is far less code than a map.
pub(crate) type Named<T> = Vec<(String, T)>;

/// The target, as its settings make it.
#[derive(Debug)]
pub struct Rest {
    /// What could not be read: with any of it, nothing is sent.
    pub(crate) mistakes: Vec<Problem>,
    /// What every path is put behind.
    pub(crate) url: String,
    /// Whether requests carry the credential `default`.
    pub(crate) credential: bool,
    /// The header that carries the item's key; empty for none.
    pub(crate) idempotency_header: String,
    /// What becomes of items that no route is for.
    pub(crate) on_missing_route: OnMissingRoute,
    /// How many redirects to follow.
    pub(crate) redirects: u8,
    /// Headers of every request.
    pub(crate) headers: Named<String>,
    /// What statuses mean, where that is not what they usually mean.
    pub(crate) statuses: Named<Verdict>,
    /// Errors that come with a good status.
    pub(crate) errors: Vec<ErrorSign>,
    pub(crate) probe: Option<Probe>,
    pub(crate) routes: Routes,
}

/// What becomes of items that no route is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OnMissingRoute {
    /// They fail, and a person sees them: nothing is lost in silence.
    Reject,
    /// They are done without a request.
    Skip,
}

/// A request that changes nothing.
#[derive(Debug)]
pub(crate) struct Probe {
    pub(crate) path: String,
}

/// A route for each kind.
#[derive(Debug, Default)]
pub(crate) struct Routes {
    pub(crate) time_entry: EventRoutes,
    pub(crate) screenshot: Option<Route>,
    pub(crate) activity: Option<Route>,
    pub(crate) custom: Named<Route>,
}

/// A route for each event of a time entry, in the order of [`EventRoutes::NAMES`].
#[derive(Debug, Default)]
pub(crate) struct EventRoutes(pub(crate) [Option<Route>; 7]);

/// The name of the route for what has none of its own.
pub(crate) const ANY: &str = "any";

/// One request.
#[derive(Debug)]
pub(crate) struct Route {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) headers: Named<String>,
    /// A body of JSON.
    pub(crate) json: Option<Value>,
    /// A form of several parts.
    pub(crate) form: Option<Vec<Part>>,
    /// A body of text.
    pub(crate) text: Option<String>,
    /// The picture itself as the body.
    pub(crate) file: bool,
    /// Where the answer names the entry: a JSON pointer, or `location`.
    pub(crate) remote_id: Option<String>,
    pub(crate) statuses: Named<Verdict>,
    pub(crate) errors: Vec<ErrorSign>,
    pub(crate) lookup: Option<Lookup>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Method {
    Post,
    Put,
    Patch,
    Delete,
    Get,
}

impl Method {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Method::Post => "POST",
            Method::Put => "PUT",
            Method::Patch => "PATCH",
            Method::Delete => "DELETE",
            Method::Get => "GET",
        }
    }
}

/// A part of a form: a text, or the picture.
#[derive(Debug)]
pub(crate) struct Part {
    pub(crate) name: String,
    pub(crate) text: Option<String>,
    pub(crate) file: bool,
}

/// What an answer means for the item.
#[derive(Debug)]
pub(crate) struct Verdict {
    pub(crate) outcome: Outcome,
    pub(crate) cause: Option<Cause>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Delivered,
    Retry,
    Reject,
    Unknown,
}

/// A place in a good answer that says that it isn't one.
#[derive(Debug)]
pub(crate) struct ErrorSign {
    /// A JSON pointer.
    pub(crate) at: String,
    /// The value that means an error; without one, anything there but null, false, 0 and empty.
    pub(crate) equals: Option<Value>,
    /// A JSON pointer to what to tell a person.
    pub(crate) message: Option<String>,
    /// What the error means; that the item is rejected, where nothing else is said.
    pub(crate) verdict: Verdict,
}

/// How to ask whether the backend has an item.
#[derive(Debug)]
pub(crate) struct Lookup {
    pub(crate) path: String,
    /// A JSON pointer to the id. Nothing there means that the backend doesn't have it.
    pub(crate) found: String,
}

impl Routes {
    /// The route of an item, and its place in the settings.
    pub(crate) fn of(&self, item: &Item) -> Option<(String, &Route)> {
        match &item.payload {
            Payload::TimeEntry(time_entry) => self.time_entry.of(&time_entry.event),
            Payload::Screenshot(_) => Some(("/routes/screenshot".to_owned(), self.screenshot.as_ref()?)),
            Payload::Activity(_) => Some(("/routes/activity".to_owned(), self.activity.as_ref()?)),
            Payload::Custom(custom) => {
                let by_kind = |wanted: &str| self.custom.iter().find(|(kind, _)| kind == wanted);
                let (name, route) = by_kind(&custom.kind).or_else(|| by_kind(ANY))?;
                Some((format!("/routes/custom/{}", crate::pointer::escaped(name)), route))
            }
        }
    }
}

impl EventRoutes {
    /// The names of the events; the last one is for those without a route of their own.
    pub(crate) const NAMES: [&str; 7] = ["started", "paused", "resumed", "stopped", "edited", "deleted", ANY];

    /// Every route that there is, with its name.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&'static str, &Route)> {
        Self::NAMES.into_iter().zip(&self.0).filter_map(|(name, route)| Some((name, route.as_ref()?)))
    }

    /// An event that this version doesn't know is an edit, as the contract advises.
    fn of(&self, event: &Event) -> Option<(String, &Route)> {
        let wanted = if let Event::Other(_) = event { "edited" } else { event.as_str() };
        let route = |wanted: &str| self.all().find(|(name, _)| *name == wanted);
        let (name, route) = route(wanted).or_else(|| route(ANY))?;
        Some((format!("/routes/time-entry/{name}"), route))
    }
}
