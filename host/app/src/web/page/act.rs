//! `POST /do/…`: what a button of the page does. Each is one request of the API; what came of it is told on the page
//! that follows.

use std::collections::BTreeMap;

use axum::{
    Extension,
    body::Bytes,
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use serde_json::{Value, json};

use super::{Page, words::block};
use crate::{
    api::Problem,
    client::{Call, segment},
    web::{guard::Who, keyring::Notice},
};

/// How long a page waits for what a sync brings.
const WAIT_MS: u64 = 2_000;

type Fields = BTreeMap<String, String>;

pub(super) async fn act(
    State(page): State<Page>,
    Extension(who): Extension<Who>,
    Path(what): Path<String>,
    body: Bytes,
) -> Response {
    let fields: Fields = url::form_urlencoded::parse(&body).into_owned().collect();
    let session = match who {
        Who::Browser(session) if session.wrote(field(&fields, "csrf")) => session,
        Who::Browser(_) => {
            let detail = "failed to take the form: it is not from this session's page";
            return Problem::forbidden(&detail)
                .hint("load the page again, then press the button again")
                .into_response();
        }
        Who::Program => {
            let detail = "failed to take the form: forms are for the page, and the API is for programs";
            return Problem::forbidden(&detail).into_response();
        }
    };
    let Some(call) = request(&what, &fields) else {
        return Problem::not_found(&format!("failed to find what to do: no button is called {what:?}"))
            .into_response();
    };
    let notice = match page.inside.tell(call).await {
        Ok(answer) => Notice { text: block(&said(&answer), 1_000), hint: None, went_well: true },
        Err(problem) => Notice { text: block(&problem.detail, 1_000), hint: problem.hint, went_well: false },
    };
    page.door.leave(&session, notice);
    Redirect::to("/").into_response()
}

fn field<'f>(fields: &'f Fields, name: &str) -> &'f str {
    fields.get(name).map(String::as_str).unwrap_or_default()
}

/// The request that a button means.
fn request(what: &str, fields: &Fields) -> Option<Call> {
    let field = |name| field(fields, name);
    let target = Some(field("target")).filter(|target| !target.is_empty());
    Some(match what {
        "start" => Call::post("/api/v1/timer/start", &start(fields)),
        "pause" | "resume" | "stop" | "continue" | "cancel" => {
            Call::post(format!("/api/v1/timer/{what}"), &command(fields))
        }
        "undo" => Call::post("/api/v1/timer/undo", &command(fields)),
        "sync" => Call::post("/api/v1/sync", &json!({ "target": target, "wait_ms": WAIT_MS })),
        "target-pause" => on_target(field("target"), "pause"),
        "target-resume" => on_target(field("target"), "resume"),
        "retry" => Call::post("/api/v1/queue/retry", &json!({ "items": [field("item")], "target": target })),
        "retry-all" => Call::post("/api/v1/queue/retry", &json!({ "all": true, "target": target })),
        "drop" => Call::post("/api/v1/queue/drop", &json!({ "items": [field("item")], "target": target })),
        "shots-pause" => {
            let for_ms: u64 = field("for_ms").parse().unwrap_or_default();
            Call::post("/api/v1/screenshots/pause", &json!({ "for_ms": for_ms }))
        }
        "shot-delete" => Call::delete(format!("/api/v1/screenshots/{}", segment(field("shot"))), &json!({})),
        "gap-keep" | "gap-drop" => {
            let gap = segment(field("gap"));
            Call::patch(format!("/api/v1/gaps/{gap}"), &json!({ "kept": what == "gap-keep" }))
        }
        _ => return None,
    })
}

fn on_target(name: &str, word: &str) -> Call {
    Call::post(format!("/api/v1/targets/{}/{word}", segment(name)), &json!({}))
}

fn command(fields: &Fields) -> Value {
    match field(fields, "command_id") {
        "" => json!({}),
        id => json!({ "command_id": id }),
    }
}

/// What was typed beside the button. What was left empty isn't said.
fn start(fields: &Fields) -> Value {
    let mut call = command(fields);
    for name in ["project", "task", "note"] {
        let text = field(fields, name).trim();
        if !text.is_empty() {
            call[name] = json!(text);
        }
    }
    let tags = field(fields, "tags").split([',', ' ']).map(|tag| tag.trim().trim_start_matches('#'));
    let tags: Vec<&str> = tags.filter(|tag| !tag.is_empty()).collect();
    if !tags.is_empty() {
        call["tags"] = json!(tags);
    }
    if fields.contains_key("billable") {
        call["billable"] = json!(true);
    }
    call
}

/// What an answer says in words.
fn said(answer: &Value) -> String {
    if let Some(message) = answer["message"].as_str() {
        let refused = answer["refused"].as_array().into_iter().flatten();
        let refused = refused.map(|one| {
            format!(
                "; #{} at {}: {}",
                one["number"],
                one["target"].as_str().unwrap_or_default(),
                one["reason"].as_str().unwrap_or_default()
            )
        });
        return std::iter::once(message.to_owned()).chain(refused).collect();
    }
    let targets = answer["targets"].as_array().into_iter().flatten();
    let lines = targets.map(|target| {
        let result = target["result"].as_str().unwrap_or("still at it");
        format!("{}: {result}", target["name"].as_str().unwrap_or_default())
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(pairs: &[(&str, &str)]) -> Fields {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn what_was_typed_is_said_and_what_was_left_empty_is_not() {
        let typed = fields(&[("project", " Web "), ("task", ""), ("tags", "#a, b  c"), ("billable", "on")]);
        assert_eq!(start(&typed), json!({"project": "Web", "tags": ["a", "b", "c"], "billable": true}));
        assert_eq!(start(&fields(&[("command_id", "7")])), json!({"command_id": "7"}));
    }

    #[test]
    fn a_name_stays_one_part_of_the_path() {
        let call = request("target-pause", &fields(&[("target", "../queue/retry?x")])).unwrap();
        let uri = call.request().unwrap().uri().to_string();
        assert_eq!(uri, "/api/v1/targets/..%2Fqueue%2Fretry%3Fx/pause");
        assert!(request("status", &fields(&[])).is_none());
    }

    #[test]
    fn answers_are_told_in_words() {
        assert_eq!(said(&json!({"message": "done"})), "done");
        let refused =
            json!({"message": "0 items", "refused": [{"number": 7, "target": "work", "reason": "sent"}]});
        assert_eq!(said(&refused), "0 items; #7 at work: sent");
        let synced = json!({"targets": [{"name": "a", "result": "3 sent"}, {"name": "b", "result": null}]});
        assert_eq!(said(&synced), "a: 3 sent\nb: still at it");
    }
}
