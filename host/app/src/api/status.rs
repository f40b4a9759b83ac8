//! `GET /api/v1/status`

use axum::{Json, extract::State};
use stint_engine::{Desk, status::Status};

use super::body::Answer;

pub(super) async fn show(State(desk): State<Desk>) -> Answer<Status> {
    Ok(Json(desk.status()?))
}
