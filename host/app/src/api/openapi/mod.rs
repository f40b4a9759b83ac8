//! `GET /api/v1/openapi.json`: the API described for programs.
//!
//! It is put together from a table of the resources and from the schemas of the very types that requests are read into.
//! A generator that wants its own attributes on every handler would say the same twice; schemars describes the
//! configuration already.

mod routes;

use axum::Json;
use schemars::{SchemaGenerator, generate::SchemaSettings};
use serde_json::{Map, Value, json};

use super::problem::Problem;
use routes::{Kind, Operation, operations};

/// What every resource may answer: without a key, from a foreign page, after a fault of the host, and not now.
const ANYWHERE: [u16; 4] = [401, 403, 500, 503];

pub(super) async fn show() -> Json<Value> {
    Json(document())
}

/// The document. What may be left out of a question always stands in an answer, so the two have their schemas from two
/// generators.
pub(super) fn document() -> Value {
    let (mut asked, mut answered) = (schemas(SchemaSettings::draft2020_12()), schemas(answers()));
    let problem = answered.subschema_for::<Problem>();
    let mut paths: Map<String, Value> = Map::new();
    for operation in operations() {
        let described = describe(&operation, &mut asked, &mut answered, problem.as_value());
        let path = paths.entry(operation.path).or_insert_with(|| json!({}));
        path[operation.method] = described;
    }
    let mut schemas = asked.take_definitions(true);
    schemas.extend(answered.take_definitions(true));
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "stint",
            "version": "1",
            "description": "The local API of a stint host, on its socket and on loopback. Errors are problems (RFC 9457).",
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        },
        "security": [{ "token": [] }],
        "paths": paths,
        "components": {
            "securitySchemes": { "token": { "type": "http", "scheme": "bearer" } },
            "schemas": schemas,
        },
    })
}

fn answers() -> SchemaSettings {
    SchemaSettings::draft2020_12().for_serialize()
}

fn schemas(settings: SchemaSettings) -> SchemaGenerator {
    let settings = settings.with(|settings| {
        settings.definitions_path = "/components/schemas".into();
        settings.meta_schema = None;
    });
    settings.into_generator()
}

fn describe(
    operation: &Operation,
    asked: &mut SchemaGenerator,
    answered: &mut SchemaGenerator,
    problem: &Value,
) -> Value {
    let answer = operation.answer.map(|answer| answer(answered).to_value());
    let mut described = json!({
        "summary": operation.summary,
        "operationId": operation_id(operation),
        "parameters": parameters(operation),
        "responses": responses(operation, answer.as_ref(), problem),
    });
    if let Some(body) = operation.body {
        described["requestBody"] = json!({ "content": { "application/json": { "schema": body(asked) } } });
    }
    if matches!(operation.path, "/healthz" | "/readyz") {
        described["security"] = json!([]);
    }
    described
}

fn operation_id(operation: &Operation) -> String {
    let words =
        operation.path.trim_start_matches("/api/v1").split(|letter: char| !letter.is_ascii_alphanumeric());
    words.filter(|word| !word.is_empty()).fold(operation.method.to_owned(), |id, word| format!("{id}-{word}"))
}

fn parameters(operation: &Operation) -> Vec<Value> {
    let places = operation.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    let places = places.map(|name| {
        let schema = match name {
            "verb" => json!({ "enum": ["start", "pause", "resume", "stop", "continue", "cancel"] }),
            "word" => json!({ "enum": ["pause", "resume"] }),
            _ => json!({ "type": "string", "minLength": 1 }),
        };
        json!({ "name": name, "in": "path", "required": true, "schema": schema })
    });
    let query = operation.query.iter().map(|(name, kind)| {
        let schema = match kind {
            Kind::Text => json!({ "type": "string" }),
            Kind::Number => json!({ "type": "integer", "minimum": 0 }),
            Kind::Instant => json!({ "type": "string", "format": "date-time" }),
            Kind::OneOf(words) => json!({ "enum": words }),
        };
        json!({ "name": name, "in": "query", "required": false, "schema": schema })
    });
    places.chain(query).collect()
}

fn responses(operation: &Operation, answer: Option<&Value>, problem: &Value) -> Value {
    let statuses = operation.statuses.iter().chain(&ANYWHERE);
    let responses = statuses.map(|status| {
        let response = match status {
            200 => json!({ "description": "It is done.", "content": { operation.media: content(answer) } }),
            503 if operation.path == "/readyz" => json!({
                "description": "It can't, and why.",
                "content": { operation.media: content(answer) },
            }),
            // A path that is no text is refused before it comes to a handler.
            400 => json!({ "description": "The path is no text." }),
            _ => json!({
                "description": meaning(*status),
                "content": { "application/problem+json": { "schema": problem } },
            }),
        };
        (status.to_string(), response)
    });
    Value::Object(responses.collect())
}

fn content(answer: Option<&Value>) -> Value {
    answer.map_or_else(|| json!({}), |schema| json!({ "schema": schema }))
}

fn meaning(status: u16) -> &'static str {
    match status {
        401 => "There is no key, or a wrong one.",
        403 => "It comes from another site's page, or was meant for another host.",
        404 => "There is no such thing.",
        409 => "The rules refuse it.",
        413 => "It is too large.",
        422 => "It can't be read.",
        503 => "Not now.",
        _ => "An error of stint itself.",
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
