//! The settings, from the operator's table to the types of `settings`.

use serde_json::Value;
use stint_plugin_sdk::{Cause, Problem, Settings};

use crate::settings::{
    ErrorSign, EventRoutes, Lookup, Method, Named, OnMissingRoute, Outcome, Part, Probe, Rest, Route, Routes,
    Verdict,
};
use crate::table::{Mistakes, Table, wrong_type};

const METHODS: [(&str, Method); 5] = [
    ("POST", Method::Post),
    ("PUT", Method::Put),
    ("PATCH", Method::Patch),
    ("DELETE", Method::Delete),
    ("GET", Method::Get),
];
const OUTCOMES: [(&str, Outcome); 4] = [
    ("delivered", Outcome::Delivered),
    ("retry", Outcome::Retry),
    ("reject", Outcome::Reject),
    ("unknown", Outcome::Unknown),
];
/// The place of the cause in the list is enough to find it again: causes can't be copied.
const CAUSES: [(&str, Cause); 10] = [
    ("unauthorized", Cause::Unauthorized),
    ("forbidden", Cause::Forbidden),
    ("not-found", Cause::NotFound),
    ("invalid", Cause::Invalid),
    ("conflict", Cause::Conflict),
    ("too-large", Cause::TooLarge),
    ("rate-limited", Cause::RateLimited),
    ("quota", Cause::Quota),
    ("server", Cause::Server),
    ("misconfigured", Cause::Misconfigured),
];

impl Settings for Rest {
    /// Mistakes don't end it, so that `check` can tell them all.
    fn from_json(json: &str) -> Result<Self, Problem> {
        let value: Value = serde_json::from_str(json)
            .map_err(|error| Problem::new("", format!("this is no JSON: {error}")))?;
        let mut mistakes = Mistakes::new();
        let rest = rest(&value, &mut mistakes);
        Ok(Rest { mistakes, ..rest })
    }
}

fn rest(value: &Value, mistakes: &mut Mistakes) -> Rest {
    let known = [
        "url",
        "credential",
        "idempotency_header",
        "on_missing_route",
        "redirects",
        "headers",
        "statuses",
        "errors",
        "probe",
        "routes",
    ];
    let table = Table::of(value, String::new(), &known, mistakes);
    let words = [("reject", OnMissingRoute::Reject), ("skip", OnMissingRoute::Skip)];
    Rest {
        mistakes: Mistakes::new(),
        url: table.required_text("url", mistakes),
        credential: table.flag("credential", true, mistakes),
        idempotency_header: table
            .text("idempotency_header", mistakes)
            .unwrap_or_else(|| "Idempotency-Key".to_owned()),
        on_missing_route: table.word("on_missing_route", &words, mistakes).unwrap_or(OnMissingRoute::Reject),
        redirects: redirects(&table, mistakes),
        headers: table.texts("headers", mistakes),
        statuses: statuses(&table, mistakes),
        errors: errors(&table, mistakes),
        probe: table.get("probe").map(|value| {
            let probe = Table::of(value, table.place_of("probe"), &["path"], mistakes);
            Probe { path: probe.required_text("path", mistakes) }
        }),
        routes: routes(&table, mistakes),
    }
}

fn redirects(table: &Table<'_>, mistakes: &mut Mistakes) -> u8 {
    let Some(value) = table.get("redirects") else { return 0 };
    value.as_u64().and_then(|number| u8::try_from(number).ok()).unwrap_or_else(|| {
        mistakes.push(wrong_type(&table.place_of("redirects"), value, "a number from 0 to 5"));
        0
    })
}

fn routes(table: &Table<'_>, mistakes: &mut Mistakes) -> Routes {
    let mut routes = Routes::default();
    let Some(value) = table.get("routes") else { return routes };
    let table = Table::of(
        value,
        table.place_of("routes"),
        &["time-entry", "screenshot", "activity", "custom"],
        mistakes,
    );
    if let Some(value) = table.get("time-entry") {
        let events = EventRoutes::NAMES;
        let table = Table::of(value, table.place_of("time-entry"), &events, mistakes);
        routes.time_entry = EventRoutes(events.map(|event| one_route(&table, event, mistakes)));
    }
    routes.screenshot = one_route(&table, "screenshot", mistakes);
    routes.activity = one_route(&table, "activity", mistakes);
    if let Some(value) = table.get("custom") {
        let table = Table::of(value, table.place_of("custom"), &[], mistakes);
        routes.custom =
            table.all().map(|(kind, value, place)| (kind.clone(), route(value, place, mistakes))).collect();
    }
    routes
}

fn one_route(table: &Table<'_>, name: &str, mistakes: &mut Mistakes) -> Option<Route> {
    table.get(name).map(|value| route(value, table.place_of(name), mistakes))
}

fn route(value: &Value, place: String, mistakes: &mut Mistakes) -> Route {
    let known = [
        "method",
        "path",
        "headers",
        "json",
        "form",
        "text",
        "file",
        "remote_id",
        "statuses",
        "errors",
        "lookup",
    ];
    let table = Table::of(value, place, &known, mistakes);
    table.require("method", mistakes);
    let form = table.get("form").map(|_| {
        let parts = table.list("form", mistakes).into_iter();
        parts.map(|(value, place)| part(value, place, mistakes)).collect()
    });
    Route {
        method: table.word("method", &METHODS, mistakes).unwrap_or(Method::Post),
        path: table.required_text("path", mistakes),
        headers: table.texts("headers", mistakes),
        json: table.get("json").cloned(),
        form,
        text: table.text("text", mistakes),
        file: table.flag("file", false, mistakes),
        remote_id: table.text("remote_id", mistakes),
        statuses: statuses(&table, mistakes),
        errors: errors(&table, mistakes),
        lookup: table.get("lookup").map(|value| {
            let lookup = Table::of(value, table.place_of("lookup"), &["path", "found"], mistakes);
            Lookup {
                path: lookup.required_text("path", mistakes),
                found: lookup.required_text("found", mistakes),
            }
        }),
    }
}

fn part(value: &Value, place: String, mistakes: &mut Mistakes) -> Part {
    let table = Table::of(value, place, &["name", "text", "file"], mistakes);
    Part {
        name: table.required_text("name", mistakes),
        text: table.text("text", mistakes),
        file: table.flag("file", false, mistakes),
    }
}

fn statuses(table: &Table<'_>, mistakes: &mut Mistakes) -> Named<Verdict> {
    let Some(value) = table.get("statuses") else { return Vec::new() };
    let table = Table::of(value, table.place_of("statuses"), &[], mistakes);
    let verdicts = table.all().map(|(status, value, place)| {
        let table = Table::of(value, place, &["outcome", "cause"], mistakes);
        table.require("outcome", mistakes);
        (status.clone(), verdict(&table, mistakes))
    });
    verdicts.collect()
}

fn verdict(table: &Table<'_>, mistakes: &mut Mistakes) -> Verdict {
    let indices: [(&str, usize); CAUSES.len()] = std::array::from_fn(|index| (CAUSES[index].0, index));
    Verdict {
        outcome: table.word("outcome", &OUTCOMES, mistakes).unwrap_or(Outcome::Reject),
        cause: table.word("cause", &indices, mistakes).map(|index| CAUSES[index].1.clone()),
    }
}

fn errors(table: &Table<'_>, mistakes: &mut Mistakes) -> Vec<ErrorSign> {
    let signs = table.list("errors", mistakes).into_iter().map(|(value, place)| {
        let table = Table::of(value, place, &["at", "equals", "message", "outcome", "cause"], mistakes);
        ErrorSign {
            at: table.required_text("at", mistakes),
            equals: table.get("equals").cloned(),
            message: table.text("message", mistakes),
            verdict: verdict(&table, mistakes),
        }
    });
    signs.collect()
}
