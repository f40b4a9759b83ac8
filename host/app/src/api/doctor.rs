//! `GET /api/v1/doctor`

use axum::{Json, extract::State};
use stint_engine::{Desk, doctor::Examined};

use super::body::Answer;

pub(super) async fn examine(State(desk): State<Desk>) -> Answer<Examined> {
    Ok(Json(desk.examine().await?))
}
