//! Between the contract's types and the host's own. The contract is frozen and the domain isn't, so this is the one
//! place that knows both.

use stint_domain::entry::{Basis, Entry, Snapshot};
use stint_domain::failure::{Cause, Failure};
use stint_domain::item as host;
use stint_domain::key::{EntryKey, ItemKey};
use stint_domain::time::{Millis, Span};
use stint_domain::timer::Event;

use crate::attachment::SharedAttachment;
use crate::bindings::stint::plugin::types as wit;
use crate::call_error::CallError;
use crate::item::{Item, Payload, Screenshot};

/// What an item is given on its way to one target, beside what it is.
#[derive(Clone)]
pub struct Route {
    /// The item's key at this target.
    pub key: ItemKey,
    /// The key of its entry there, if it belongs to one.
    pub entry_key: Option<EntryKey>,
    /// What the backend called the entry before.
    pub entry_remote_id: Option<String>,
    /// Counts from 1.
    pub attempt: u32,
    /// Words from the configuration.
    pub labels: Vec<(String, String)>,
    /// The bytes of its file, if it has one.
    pub file: Option<SharedAttachment>,
}

/// A screenshot can't be handed to a plugin without its picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("hand the item to a plugin: its file is missing")]
pub struct FileMissing;

impl Item {
    /// The item of the queue, as the plugin of one target gets it.
    pub fn routed(item: host::Item, route: Route) -> Result<Self, FileMissing> {
        let priority = item.priority().number();
        // The contract's screenshot has no place for what was done to the picture, and every item has labels.
        let treated = treatments(&item.payload).map(|value| wit::Label { key: TREATED.to_owned(), value });
        let labels = route.labels.into_iter().map(|(key, value)| wit::Label { key, value });
        Ok(Self {
            id: item.id.to_string(),
            key: route.key.to_string(),
            entry_key: route.entry_key.map(|key| key.to_string()),
            entry_remote_id: route.entry_remote_id,
            occurred_at: item.occurred_at.0,
            attempt: route.attempt,
            priority,
            labels: labels.chain(treated).collect(),
            payload: payload(item.payload, route.file)?,
        })
    }
}

/// The label that says what was done to a picture, for example `window-hidden,scaled`.
const TREATED: &str = "treated";

fn treatments(payload: &host::Payload) -> Option<String> {
    let host::Payload::Screenshot { treated, .. } = payload else { return None };
    let words: Vec<&str> = treated.iter().map(|treatment| treatment.word()).collect();
    (!words.is_empty()).then(|| words.join(","))
}

fn payload(payload: host::Payload, file: Option<SharedAttachment>) -> Result<Payload, FileMissing> {
    Ok(match payload {
        host::Payload::TimeEntry { event, entry, import } => {
            let mut entry = wit::Entry::from(*entry);
            if let Some(import) = import {
                // What the old program said goes along: a plugin for its backend may need all of it.
                entry.extra = serde_json::json!({ "import": import }).to_string();
            }
            Payload::TimeEntry(wit::TimeEntry { event: event.into(), entry })
        }
        // A screenshot has no place for more than the contract names.
        host::Payload::Screenshot {
            entry_id,
            monitor,
            taken_at,
            width,
            height,
            file: _,
            treated: _,
            import: _,
        } => Payload::Screenshot(Screenshot {
            entry_id: entry_id.map(|id| id.to_string()),
            monitor,
            taken_at: taken_at.0,
            width,
            height,
            file: file.ok_or(FileMissing)?,
        }),
        host::Payload::Activity { entry_id, window, samples } => Payload::Activity(wit::Activity {
            entry_id: entry_id.map(|id| id.to_string()),
            window: window.into(),
            samples: samples.into_iter().map(wit::Sample::from).collect(),
        }),
        host::Payload::Custom { name, data } => {
            Payload::Custom(wit::Custom { kind: name, data: data.to_string() })
        }
    })
}

impl From<Event> for wit::Event {
    fn from(event: Event) -> Self {
        match event {
            Event::Started => Self::Started,
            Event::Paused => Self::Paused,
            Event::Resumed => Self::Resumed,
            Event::Stopped => Self::Stopped,
            Event::Edited => Self::Edited,
            Event::Deleted => Self::Deleted,
        }
    }
}

impl From<Snapshot> for wit::Entry {
    fn from(Snapshot { entry, worked }: Snapshot) -> Self {
        let Entry { id, details, started_at, ended_at, segments, gaps, zone, origin } = entry;
        let segment = |segment: stint_domain::entry::Segment| wit::Segment {
            span: segment.span.into(),
            worked_ms: segment.worked.0,
            claimed: segment.basis == Basis::Claimed,
        };
        let gap = |gap: stint_domain::gap::Gap| wit::Gap {
            span: gap.span.into(),
            kind: gap.kind.word().to_owned(),
            kept: gap.kept,
        };
        Self {
            id: id.to_string(),
            project: details.project,
            task: details.task,
            note: details.note,
            tags: details.tags,
            billable: details.billable,
            started_at: started_at.0,
            ended_at: ended_at.map(|at| at.0),
            worked_ms: worked.0,
            segments: segments.into_iter().map(segment).collect(),
            gaps: gaps.into_iter().map(gap).collect(),
            timezone: zone,
            origin: wit::Origin {
                person: origin.person,
                machine: origin.machine,
                installation: origin.installation,
            },
            extra: "{}".to_owned(),
        }
    }
}

impl From<Span> for wit::Interval {
    fn from(span: Span) -> Self {
        Self { start: span.start.0, end: span.end.0 }
    }
}

impl From<host::ActivitySample> for wit::Sample {
    fn from(sample: host::ActivitySample) -> Self {
        Self { at: sample.at.0, idle_ms: sample.idle.0, app: sample.app, title: sample.title }
    }
}

impl From<wit::Failure> for Failure {
    /// A word of the plugin's own goes into the message, since the host's causes are a closed set. One of them the
    /// contract has no case for, and it is known by its word.
    fn from(failure: wit::Failure) -> Self {
        let (cause, word) = match failure.cause {
            wit::Cause::Offline => (Cause::Offline, None),
            wit::Cause::Timeout => (Cause::Timeout, None),
            wit::Cause::Unauthorized => (Cause::Unauthorized, None),
            wit::Cause::Forbidden => (Cause::Forbidden, None),
            wit::Cause::NotFound => (Cause::NotFound, None),
            wit::Cause::Invalid => (Cause::Invalid, None),
            wit::Cause::Conflict => (Cause::Conflict, None),
            wit::Cause::TooLarge => (Cause::TooLarge, None),
            wit::Cause::RateLimited => (Cause::RateLimited, None),
            wit::Cause::Quota => (Cause::Quota, None),
            wit::Cause::Server => (Cause::Server, None),
            wit::Cause::Misconfigured => (Cause::Misconfigured, None),
            wit::Cause::PluginBug => (Cause::PluginBug, None),
            wit::Cause::Other(word) if word == Cause::Tls.word() => (Cause::Tls, None),
            wit::Cause::Other(word) => (Cause::Other, Some(word)),
        };
        let message = match word {
            Some(word) if !word.is_empty() => format!("{word}: {}", failure.message),
            _ => failure.message,
        };
        Self {
            cause,
            message,
            retry_after: failure.retry_after_ms.map(Millis),
            http_status: failure.http_status,
        }
    }
}

impl From<Failure> for wit::Failure {
    /// A cause that the contract has no case for travels as its word.
    fn from(failure: Failure) -> Self {
        let cause = match failure.cause {
            Cause::Offline | Cause::Dns | Cause::Connect => wit::Cause::Offline,
            Cause::Timeout => wit::Cause::Timeout,
            Cause::Unauthorized => wit::Cause::Unauthorized,
            Cause::Forbidden => wit::Cause::Forbidden,
            Cause::NotFound => wit::Cause::NotFound,
            Cause::Invalid => wit::Cause::Invalid,
            Cause::Conflict => wit::Cause::Conflict,
            Cause::TooLarge => wit::Cause::TooLarge,
            Cause::RateLimited => wit::Cause::RateLimited,
            Cause::Quota => wit::Cause::Quota,
            Cause::Server => wit::Cause::Server,
            Cause::Misconfigured => wit::Cause::Misconfigured,
            Cause::PluginBug => wit::Cause::PluginBug,
            other @ (Cause::Tls | Cause::Trap | Cause::NoAnswer | Cause::Damaged | Cause::Other) => {
                wit::Cause::Other(other.word().to_owned())
            }
        };
        Self {
            cause,
            message: failure.message,
            retry_after_ms: failure.retry_after.map(|wait| wait.0),
            http_status: failure.http_status,
        }
    }
}

impl CallError {
    /// What a call that ended without an answer means for the items in it; nothing if the host is to blame, since
    /// that counts against nobody.
    pub fn failure(&self) -> Option<Failure> {
        let cause = match self {
            Self::Panicked { .. } | Self::Trapped { .. } | Self::OutOfMemory { .. } | Self::StackOverflow => {
                Cause::Trap
            }
            Self::OutOfCpu { .. }
            | Self::OutOfTime { .. }
            | Self::OverBound { .. }
            | Self::WrongAnswer { .. } => Cause::NoAnswer,
            Self::NotThisKind { .. } => Cause::Misconfigured,
            Self::Host { .. } => return None,
        };
        Some(Failure { cause, message: self.to_string(), retry_after: None, http_status: None })
    }
}

#[cfg(test)]
#[path = "domain_tests.rs"]
mod tests;
