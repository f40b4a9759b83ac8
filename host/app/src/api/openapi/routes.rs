//! Every resource of the API with its methods: what it takes, and with which statuses it answers. A test compares this
//! table with the router.

use schemars::{JsonSchema, Schema, SchemaGenerator};

use crate::{
    api::{
        AddEntry, BackfillCall, CredentialChanged, DropCall, EditEntry, ImportCall, MoveCall, RetryCall,
        SetGap, SyncCall, Undo, VerbCall,
    },
    web::LinkCall,
};

/// A method of a resource.
pub(super) struct Operation {
    pub(super) method: &'static str,
    pub(super) path: &'static str,
    pub(super) summary: &'static str,
    /// What may stand behind the question mark, with its kind.
    pub(super) query: &'static [(&'static str, Kind)],
    pub(super) body: Option<fn(&mut SchemaGenerator) -> Schema>,
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

const fn get(path: &'static str, summary: &'static str) -> Operation {
    Operation { method: "get", path, summary, query: &[], body: None, statuses: READ, media: JSON }
}

fn write<T: JsonSchema>(method: &'static str, path: &'static str, summary: &'static str) -> Operation {
    let statuses = if path.contains('{') { WRITE_ONE } else { WRITE };
    Operation {
        method,
        path,
        summary,
        query: &[],
        body: Some(SchemaGenerator::subschema_for::<T>),
        statuses,
        media: JSON,
    }
}

fn post<T: JsonSchema>(path: &'static str, summary: &'static str) -> Operation {
    write::<T>("post", path, summary)
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
        get("/api/v1/status", "Everything at a glance"),
        post::<Undo>("/api/v1/timer/undo", "Take back the last change"),
        post::<VerbCall>("/api/v1/timer/{verb}", "Start, pause, resume, stop, continue or cancel"),
        Operation { query: SPAN, ..get("/api/v1/entries", "Entries, the earliest first") },
        post::<AddEntry>("/api/v1/entries", "Add a finished entry"),
        Operation { statuses: READ_ONE, ..get("/api/v1/entries/{id}", "One entry") },
        write::<EditEntry>("patch", "/api/v1/entries/{id}", "Change an entry"),
        write::<Undo>("delete", "/api/v1/entries/{id}", "Delete an entry"),
        Operation { query: SPAN, ..get("/api/v1/gaps", "Gaps, the latest first") },
        write::<SetGap>("patch", "/api/v1/gaps/{id}", "Say whether a gap was work"),
        Operation { query: report, ..get("/api/v1/report", "How much was worked") },
        get("/api/v1/doctor", "What is wrong, and what to do about it"),
        get("/api/v1/plugins", "The plugins"),
        Operation {
            query: &[("name", Kind::Text)],
            statuses: &[200, 404, 409, 422],
            ..get("/api/v1/auth", "The credentials, without what is secret")
        },
        post::<CredentialChanged>("/api/v1/auth/changed", "Tell that a credential was put in or taken away"),
        Operation {
            query: queue,
            statuses: READ_ONE,
            ..get("/api/v1/queue", "Deliveries, the newest first")
        },
        post::<RetryCall>("/api/v1/queue/retry", "Try again what failed"),
        post::<DropCall>("/api/v1/queue/drop", "Give deliveries up"),
        post::<MoveCall>("/api/v1/queue/move", "Move a target's deliveries to another one"),
        post::<BackfillCall>("/api/v1/queue/backfill", "Deliver what was recorded before"),
        Operation { statuses: READ_ONE, ..get("/api/v1/queue/{id}", "One item with what happened to it") },
        post::<SyncCall>("/api/v1/sync", "Deliver now"),
        get("/api/v1/targets", "The targets"),
        post::<Undo>("/api/v1/targets/{name}/{word}", "Pause or resume a target"),
        Operation {
            query: &[("after", Kind::Number)],
            media: "text/event-stream",
            ..get("/api/v1/events", "What happens, as it happens")
        },
        post::<ImportCall>("/api/v1/import", "Rows of the old program's queue"),
        post::<LinkCall>("/api/v1/dashboard/link", "A link that lets one browser in, once"),
        get("/api/v1/openapi.json", "This document"),
        Operation { statuses: &[200, 404], media: "text/plain", ..get("/metrics", "Figures for Prometheus") },
        get("/healthz", "Whether the host answers"),
        get("/readyz", "Whether the host can do its work"),
    ]
}
