//! Every resource of the API with its methods: what it takes, and with which statuses it answers. A test compares this
//! table with the router.

use schemars::{JsonSchema, Schema, SchemaGenerator};

use serde_json::{Map, Value};
use stint_engine::{doctor::Examined, status::Status, wiring::PluginList};

use crate::{
    api::{
        AddEntry, Answered, BackfillCall, CredentialChanged, CredentialList, CredentialNoted, DeliveryList,
        DropCall, EditEntry, EntryList, EntryView, GapList, GlanceList, ImportAnswer, ImportCall, ItemView,
        MoveCall, Nothing, PauseCall, PauseView, QueueChange, ReportView, RetryCall, ScreenshotList,
        ScreenshotView, SetGap, SyncCall, SyncView, TargetAnswer, TargetList, Undo, VerbCall, WithdrawnView,
    },
    web::{Healthy, LinkCall, LinkView, Ready},
};

/// Puts a type among the schemas.
pub(super) type Described = fn(&mut SchemaGenerator) -> Schema;

/// A method of a resource.
pub(super) struct Operation {
    pub(super) method: &'static str,
    pub(super) path: &'static str,
    pub(super) summary: &'static str,
    /// What may stand behind the question mark, with its kind.
    pub(super) query: &'static [(&'static str, Kind)],
    pub(super) body: Option<Described>,
    /// What it answers when it is done; nothing where that is no JSON.
    pub(super) answer: Option<Described>,
    /// What it answers with beside what every resource may.
    pub(super) statuses: &'static [u16],
    pub(super) media: &'static str,
}

/// What kind of word it is.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    Text,
    Number,
    Instant,
    OneOf(&'static [&'static str]),
}

const JSON: &str = "application/json";
const SPAN: &[(&str, Kind)] = &[("from", Kind::Instant), ("to", Kind::Instant)];
const READ: &[u16] = &[200, 422];
const READ_ONE: &[u16] = &[200, 400, 404, 422];
const WRITE: &[u16] = &[200, 404, 409, 413, 422];
const WRITE_ONE: &[u16] = &[200, 400, 404, 409, 413, 422];

fn get<A: JsonSchema>(path: &'static str, summary: &'static str) -> Operation {
    let answer: Option<Described> = Some(SchemaGenerator::subschema_for::<A>);
    Operation { method: "get", path, summary, query: &[], body: None, answer, statuses: READ, media: JSON }
}

/// What is no JSON.
fn text(path: &'static str, media: &'static str, summary: &'static str) -> Operation {
    Operation { media, answer: None, ..get::<()>(path, summary) }
}

fn write<T: JsonSchema, A: JsonSchema>(
    method: &'static str,
    path: &'static str,
    summary: &'static str,
) -> Operation {
    let statuses = if path.contains('{') { WRITE_ONE } else { WRITE };
    Operation {
        method,
        path,
        summary,
        query: &[],
        body: Some(SchemaGenerator::subschema_for::<T>),
        answer: Some(SchemaGenerator::subschema_for::<A>),
        statuses,
        media: JSON,
    }
}

fn post<T: JsonSchema, A: JsonSchema>(path: &'static str, summary: &'static str) -> Operation {
    write::<T, A>("post", path, summary)
}

/// All of them.
pub(super) fn operations() -> Vec<Operation> {
    let queue = &[
        ("state", Kind::OneOf(&["pending", "failed", "sent", "dropped"])),
        ("target", Kind::Text),
        ("limit", Kind::Number),
        ("after", Kind::Text),
    ];
    let report = &[
        ("from", Kind::Text),
        ("to", Kind::Text),
        ("by", Kind::OneOf(&["day", "project", "task", "tag"])),
        ("zone", Kind::Text),
    ];
    vec![
        get::<Status>("/api/v1/status", "Everything at a glance"),
        post::<Undo, Answered>("/api/v1/timer/undo", "Take back the last change"),
        post::<VerbCall, Answered>("/api/v1/timer/{verb}", "Start, pause, resume, stop, continue or cancel"),
        Operation { query: SPAN, ..get::<EntryList>("/api/v1/entries", "Entries, the earliest first") },
        post::<AddEntry, Answered>("/api/v1/entries", "Add a finished entry"),
        Operation { statuses: READ_ONE, ..get::<EntryView>("/api/v1/entries/{id}", "One entry") },
        write::<EditEntry, Answered>("patch", "/api/v1/entries/{id}", "Change an entry"),
        write::<Undo, Answered>("delete", "/api/v1/entries/{id}", "Delete an entry"),
        Operation { query: SPAN, ..get::<GapList>("/api/v1/gaps", "Gaps, the latest first") },
        write::<SetGap, Answered>("patch", "/api/v1/gaps/{id}", "Say whether a gap was work"),
        Operation { query: report, ..get::<ReportView>("/api/v1/report", "How much was worked") },
        get::<Examined>("/api/v1/doctor", "What is wrong, and what to do about it"),
        get::<PluginList>("/api/v1/plugins", "The plugins"),
        Operation {
            query: &[("name", Kind::Text)],
            statuses: &[200, 404, 409, 422],
            ..get::<CredentialList>("/api/v1/auth", "The credentials, without what is secret")
        },
        post::<CredentialChanged, CredentialNoted>(
            "/api/v1/auth/changed",
            "Tell that a credential was put in or taken away",
        ),
        Operation {
            query: queue,
            statuses: READ_ONE,
            ..get::<DeliveryList>("/api/v1/queue", "Deliveries, the newest first")
        },
        post::<RetryCall, QueueChange>("/api/v1/queue/retry", "Try again what failed"),
        post::<DropCall, QueueChange>("/api/v1/queue/drop", "Give deliveries up"),
        post::<MoveCall, QueueChange>("/api/v1/queue/move", "Move a target's deliveries to another one"),
        post::<BackfillCall, QueueChange>("/api/v1/queue/backfill", "Deliver what was recorded before"),
        Operation {
            statuses: READ_ONE,
            ..get::<ItemView>("/api/v1/queue/{id}", "One item with what happened to it")
        },
        post::<SyncCall, SyncView>("/api/v1/sync", "Deliver now"),
        Operation {
            query: &[("limit", Kind::Number)],
            ..get::<ScreenshotList>("/api/v1/screenshots", "Screenshots, the newest first")
        },
        post::<Nothing, GlanceList>("/api/v1/screenshots", "Take screenshots now"),
        post::<PauseCall, PauseView>(
            "/api/v1/screenshots/pause",
            "Pause screenshots for so long; 0 ends a pause",
        ),
        Operation {
            statuses: READ_ONE,
            ..get::<ScreenshotView>("/api/v1/screenshots/{id}", "One screenshot")
        },
        write::<Nothing, WithdrawnView>(
            "delete",
            "/api/v1/screenshots/{id}",
            "Take a screenshot back: no target gets it that hasn't got it yet",
        ),
        Operation {
            statuses: READ_ONE,
            ..text("/api/v1/screenshots/{id}/file", "image/*", "A screenshot's picture")
        },
        Operation {
            query: &[("width", Kind::Number)],
            statuses: READ_ONE,
            ..text("/api/v1/screenshots/{id}/thumbnail", "image/jpeg", "A small picture of a screenshot")
        },
        get::<TargetList>("/api/v1/targets", "The targets"),
        post::<Undo, TargetAnswer>("/api/v1/targets/{name}/{word}", "Pause or resume a target"),
        Operation {
            query: &[("after", Kind::Number)],
            ..text("/api/v1/events", "text/event-stream", "What happens, as it happens")
        },
        post::<ImportCall, ImportAnswer>("/api/v1/import", "Rows of the old program's queue"),
        post::<LinkCall, LinkView>("/api/v1/dashboard/link", "A link that lets one browser in, once"),
        get::<Map<String, Value>>("/api/v1/openapi.json", "This document"),
        Operation { statuses: &[200, 404], ..text("/metrics", "text/plain", "Figures for Prometheus") },
        get::<Healthy>("/healthz", "Whether the host answers"),
        get::<Ready>("/readyz", "Whether the host can do its work"),
    ]
}
