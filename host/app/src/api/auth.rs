//! `/api/v1/auth`: the credentials, as far as anybody may know of them. No secret comes in or goes out here: a verb puts
//! it where the configuration says, and tells the host that something is there.

use axum::{Json, extract::State};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use stint_domain::time::UnixMs;
use stint_engine::{Desk, When};
use stint_plugin_runtime::vault::{CredentialStatus, Vault};

use super::{
    body::{Answer, Asked, Body},
    problem::Problem,
};

/// One credential as people see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct CredentialView {
    pub(crate) name: String,
    /// `bearer`, `basic`, `header` or `query`.
    pub(crate) scheme: String,
    pub(crate) public_id: Option<String>,
    /// Where the secret is that a person gives.
    pub(crate) kept_in: Option<String>,
    /// Where the tokens are that a refresh brings.
    pub(crate) stored_in: Option<String>,
    /// Whether it is there; nothing where only a command could tell.
    pub(crate) present: Option<bool>,
    pub(crate) expires_at: Option<When>,
    pub(crate) refreshes: bool,
    /// Why it can't be used, with what to do.
    pub(crate) problem: Option<String>,
    pub(crate) warnings: Vec<String>,
}

/// Credentials by their names' order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct CredentialList {
    pub(crate) version: u32,
    pub(crate) credentials: Vec<CredentialView>,
}

/// Which credential was put in or taken away.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CredentialChanged {
    /// Nothing for all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<String>,
}

/// The host knows of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct CredentialNoted {
    pub(crate) version: u32,
    pub(crate) noted: bool,
}

/// What is asked for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Question {
    name: Option<String>,
}

pub(super) async fn list(
    State(desk): State<Desk>,
    Asked(question): Asked<Question>,
) -> Answer<CredentialList> {
    let vault = vault(&desk)?;
    let found = match question.name {
        Some(name) => vec![vault.status(&name).await.map_err(|error| Problem::not_found(&error))?],
        None => vault.statuses().await,
    };
    let credentials = found.into_iter().map(CredentialView::from).collect();
    Ok(Json(CredentialList { version: 1, credentials }))
}

pub(super) async fn changed(
    State(desk): State<Desk>,
    Body(change): Body<CredentialChanged>,
) -> Answer<CredentialNoted> {
    vault(&desk)?.changed(change.name.as_deref()).await;
    Ok(Json(CredentialNoted { version: 1, noted: true }))
}

pub(super) fn vault(desk: &Desk) -> Result<Vault, Problem> {
    desk.keys().vault(&desk.current().loaded.config).map_err(|error| Problem::refused(&error))
}

impl From<CredentialStatus> for CredentialView {
    fn from(status: CredentialStatus) -> Self {
        Self {
            name: status.name,
            scheme: status.scheme,
            public_id: status.public_id,
            kept_in: status.kept_in,
            stored_in: status.stored_in,
            present: status.present,
            expires_at: status.expires_at_unix_ms.map(|at| When(UnixMs(at))),
            refreshes: status.refreshes,
            problem: status.problem,
            warnings: status.warnings,
        }
    }
}
