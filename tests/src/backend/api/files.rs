//! Files under the client's own key. They are measured as they come and never in memory as a whole, so that one may
//! be of any size.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use axum::response::Response;
use http_body_util::BodyExt as _;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::{hex, refusal, respond};
use crate::backend::desk::Desk;
use crate::backend::gate;
use crate::backend::ledger::StoredFile;

/// `PUT /files/{key}` with the bytes. The same bytes again are no effect.
pub(super) async fn store(
    State(desk): State<Arc<Desk>>,
    Path(own): Path<String>,
    headers: HeaderMap,
    mut body: Body,
) -> Response {
    let (mut hash, mut size) = (Sha256::new(), 0);
    while let Some(frame) = body.frame().await {
        let Ok(frame) = frame else { return respond(refusal(400, "the body ended early")) };
        if let Some(bytes) = frame.data_ref() {
            hash.update(bytes);
            size += bytes.len() as u64;
        }
    }
    let mime = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let file = StoredFile {
        mime: mime.unwrap_or_default().to_owned(),
        size,
        sha256: hex(&hash.finalize()),
        puts: 1,
    };
    let answer = json!({ "id": own, "size": size, "sha256": file.sha256 });
    desk.change(|books| {
        let ledger = &mut books.ledger;
        let before = ledger.files.get(&own);
        let puts = before.map_or(1, |before| before.puts + 1);
        if before.is_none_or(|before| before.sha256 != file.sha256) {
            *ledger.effects.entry(gate::key_of(&headers).unwrap_or(&own).to_owned()).or_default() += 1;
        }
        ledger.files.insert(own, StoredFile { puts, ..file });
    });
    respond((200, answer))
}
