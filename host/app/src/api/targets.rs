//! `/api/v1/targets`: where items go, and a person's word on whether they go there now.

use axum::{
    Json,
    extract::{Path, State},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use stint_engine::{
    Desk,
    ledger::{Event, Part},
    status::TargetStatus,
};
use stint_store::{Error, target};

use super::{body::Answer, problem::Problem};

/// All targets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct TargetList {
    pub(crate) version: u32,
    pub(crate) targets: Vec<TargetStatus>,
}

/// What came of a word on a target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct TargetAnswer {
    pub(crate) version: u32,
    pub(crate) changed: bool,
    pub(crate) message: String,
    pub(crate) target: TargetStatus,
}

pub(super) async fn list(State(desk): State<Desk>) -> Answer<TargetList> {
    Ok(Json(TargetList { version: 1, targets: desk.status()?.targets }))
}

pub(super) async fn word(
    State(desk): State<Desk>,
    Path((name, word)): Path<(String, String)>,
) -> Answer<TargetAnswer> {
    let pauses = match word.as_str() {
        "pause" => true,
        "resume" => false,
        _ => {
            return Err(Problem::not_found(&format!(
                "failed to find {word:?} of a target: pause and resume are"
            )));
        }
    };
    Problem::unless_writable(&desk)?;
    let status = desk.status()?;
    let all: Vec<&TargetStatus> = status.targets.iter().collect();
    if !all.iter().any(|target| target.name == name) {
        return Err(unknown(&name, &all));
    }
    let changed = {
        let name = name.clone();
        desk.store().write(move |tx| say(tx, &name, pauses)).await?
    };
    if !pauses {
        look_at_credentials_again(&desk, &name).await;
    }
    if changed {
        desk.ledger().tell(desk.now(), Event::Changed { what: Part::Targets });
    }
    // A loop that waits looks again at once; one that is paused stops claiming by itself.
    desk.bell().another_chance();
    let message = match (pauses, changed) {
        (true, true) => format!("{name} is paused; what is recorded for it waits"),
        (true, false) => format!("{name} is paused already"),
        (false, true) => format!("{name} goes on"),
        (false, false) => format!("nothing holds {name} up"),
    };
    let target = desk.status()?.targets.into_iter().find(|target| target.name == name);
    let target = target.ok_or_else(|| Problem::internal(&format!("failed to find {name} again")))?;
    Ok(Json(TargetAnswer { version: 1, changed, message, target }))
}

/// Pauses a target, or lets it go on, past whatever the host held it for: a person says that it can work now.
fn say(connection: &stint_store::Connection, name: &str, pauses: bool) -> Result<bool, Error> {
    let id = target::find(connection, name)?;
    let before = target::status(connection, id)?;
    target::pause(connection, id, pauses)?;
    if !pauses {
        target::release(connection, id)?;
    }
    Ok(before.paused != pauses || (!pauses && before.hold.is_some()))
}

/// A person may have mended what a target logs in with: nothing that is remembered of it stands in the way.
async fn look_at_credentials_again(desk: &Desk, name: &str) {
    let current = desk.current();
    let targets = &current.loaded.config.targets;
    let Some((_, target)) = targets.iter().find(|(known, _)| known.as_str() == name) else { return };
    // A vault that can't be had is told wherever a credential is used.
    let Ok(vault) = super::auth::vault(desk) else { return };
    for credential in target.credentials.values() {
        vault.changed(Some(credential.as_str())).await;
    }
}

/// A name that is no target's, with those that are.
pub(super) fn unknown(name: &str, all: &[&TargetStatus]) -> Problem {
    let problem = Problem::not_found(&format!("failed to find the target {name:?}"));
    let names: Vec<&str> = all.iter().map(|target| target.name.as_str()).collect();
    problem.hint(match names.as_slice() {
        [] => "the configuration names no target; `stint config edit` is where".to_owned(),
        names => format!("there is {}; `stint target list` shows how they are", names.join(", ")),
    })
}
