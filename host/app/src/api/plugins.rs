//! `GET /api/v1/plugins`

use axum::{Json, extract::State};
use stint_engine::{Desk, wiring::PluginList};

use super::body::Answer;

pub(super) async fn list(State(desk): State<Desk>) -> Answer<PluginList> {
    Ok(Json(desk.plugin_list()?))
}
