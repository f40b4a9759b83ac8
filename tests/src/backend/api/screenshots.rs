//! Screenshots, sent as a data address inside JSON.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::entries::Sought;
use super::{carry_out, fingerprint, hex, refusal, respond};
use crate::backend::desk::Desk;
use crate::backend::ledger::{Screenshot, Step};

/// What comes with a screenshot.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Sent {
    image_data: String,
    time_entry_id: String,
}

/// `POST /screenshots` with `{imageData: "data:image/jpeg;base64,…", timeEntryId}`
pub(super) async fn store(
    State(desk): State<Arc<Desk>>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let sent: Sent = match serde_json::from_slice(&body) {
        Ok(sent) => sent,
        Err(error) => return respond(refusal(422, &format!("this is no screenshot: {error}"))),
    };
    let Some((mime, bytes)) = picture(&sent.image_data) else {
        return respond(refusal(422, "imageData is no address like data:image/jpeg;base64,…"));
    };
    let (size, sha256) = (bytes.len() as u64, hex(&Sha256::digest(&bytes)));
    carry_out(&desk, &headers, fingerprint(&uri, &body), |ledger, key| {
        let Some(entry) = ledger.entries.get_mut(&sent.time_entry_id) else {
            return refusal(404, "there is no such entry");
        };
        let key = key.map(str::to_owned);
        let step =
            Step { operation: "screenshot".into(), key: key.clone(), body: json!({ "sha256": sha256 }) };
        entry.order.push(step);
        let id = ledger.new_id("screenshot");
        let answer = json!({ "id": id });
        let time_entry_id = sent.time_entry_id;
        ledger.screenshots.push(Screenshot { id, time_entry_id, mime, size, sha256, key });
        (201, answer)
    })
}

/// `GET /screenshots?key=…`: what came with an idempotency key, as a list of one or none.
pub(super) async fn find(State(desk): State<Arc<Desk>>, Query(sought): Query<Sought>) -> Response {
    respond(desk.read(|books| {
        let screenshots = books.ledger.screenshots.iter();
        let found = screenshots.filter(|one| one.key.as_deref() == Some(&sought.key));
        (200, found.map(|one| json!({ "id": one.id, "sha256": one.sha256 })).collect::<Value>())
    }))
}

/// The media type and the bytes of a picture's data address.
fn picture(address: &str) -> Option<(String, Vec<u8>)> {
    let (mime, data) = address.strip_prefix("data:")?.split_once(";base64,")?;
    let bytes = STANDARD.decode(data).ok()?;
    (mime.starts_with("image/") && !bytes.is_empty()).then(|| (mime.to_owned(), bytes))
}
