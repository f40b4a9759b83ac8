//! `GET /metrics`: the host's figures for Prometheus.

use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use stint_engine::{Desk, ledger};

use super::problem::Problem;

pub(super) async fn show(State(desk): State<Desk>) -> Result<Response, Problem> {
    if !desk.current().loaded.config.control.metrics {
        let detail = "failed to show the figures: `metrics = false` stands in [control]";
        return Err(Problem::not_found(&detail));
    }
    let text = ledger::metrics(&desk)?;
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response())
}
