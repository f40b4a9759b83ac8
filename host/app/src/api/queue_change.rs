//! `POST /api/v1/queue/…`: a person's word on what waits or failed.

use std::collections::BTreeMap;

use axum::{Json, extract::State};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use stint_domain::delivery::NotAllowed;
use stint_engine::{
    Desk, When,
    ledger::{Event, Part},
    status::TargetStatus,
};
use stint_store::{
    Connection, Error, Serial, TargetId,
    queue::{self, Done, Which, backfill::From},
    target,
};

use super::{
    body::{Answer, Body},
    problem::Problem,
    queue::serial,
    targets::unknown,
};

/// How many items or entries a step of a backfill looks at: others get their turn between two steps.
const STEP: usize = 500;

/// Which deliveries are to be tried again.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct RetryCall {
    /// Items, by number or id.
    pub(crate) items: Vec<String>,
    /// All that failed.
    pub(crate) all: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) target: Option<String>,
    /// Whether the transforms run again.
    pub(crate) reprepare: bool,
}

/// Which deliveries are to be given up.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct DropCall {
    /// Items, by number or id.
    pub(crate) items: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) target: Option<String>,
}

/// Whose deliveries go where.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MoveCall {
    pub(crate) from: String,
    pub(crate) to: String,
}

/// What a target is to be told later.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BackfillCall {
    pub(crate) target: String,
    pub(crate) since: When,
}

/// What was changed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct QueueChange {
    pub(crate) version: u32,
    /// How many deliveries were changed.
    pub(crate) changed: usize,
    /// Those that the rules leave as they are.
    pub(crate) refused: Vec<RefusedView>,
    pub(crate) message: String,
}

/// A delivery that stays as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct RefusedView {
    pub(crate) number: i64,
    pub(crate) target: String,
    pub(crate) reason: String,
}

pub(super) async fn retry(State(desk): State<Desk>, Body(call): Body<RetryCall>) -> Answer<QueueChange> {
    Problem::unless_writable(&desk)?;
    if call.all != call.items.is_empty() {
        return Err(Problem::bad_input(
            &"failed to read the request: either items are named or all are meant",
        ));
    }
    let (which, now) = (which(&desk, &call.items, call.target.as_deref())?, desk.now());
    let reprepare = call.reprepare;
    let done = desk.store().write(move |tx| queue::retry(tx, &which, reprepare, now)).await?;
    let change = changed(&desk, &done, "put back to be tried again", retry_instead)?;
    if done.changed > 0 {
        tell(&desk);
        hurry(&desk, call.target.as_deref())?;
    }
    Ok(Json(change))
}

pub(super) async fn drop(State(desk): State<Desk>, Body(call): Body<DropCall>) -> Answer<QueueChange> {
    Problem::unless_writable(&desk)?;
    if call.items.is_empty() {
        return Err(Problem::bad_input(&"failed to read the request: it names no item"));
    }
    let (which, now) = (which(&desk, &call.items, call.target.as_deref())?, desk.now());
    let reason = "given up by a person";
    let done = desk.store().write(move |tx| queue::drop_deliveries(tx, &which, reason, now)).await?;
    // What waited behind it may go ahead.
    desk.bell().recorded();
    tell(&desk);
    Ok(Json(changed(&desk, &done, "given up", |_| None)?))
}

pub(super) async fn transfer(State(desk): State<Desk>, Body(call): Body<MoveCall>) -> Answer<QueueChange> {
    Problem::unless_writable(&desk)?;
    let (from, to) = (find(&desk, &call.from)?, find(&desk, &call.to)?);
    if from == to {
        return Err(Problem::refused(&"failed to move a target's deliveries to itself"));
    }
    let now = desk.now();
    let moved = desk.store().write(move |tx| queue::transfer(tx, from, to, now)).await?;
    desk.bell().recorded();
    tell(&desk);
    let stayed = moved.stayed.iter().map(|serial| RefusedView {
        number: serial.0,
        target: call.from.clone(),
        reason: move_instead(serial.0, &call.from),
    });
    let superseded = match moved.superseded {
        0 => String::new(),
        count => format!("; {} left out, because {} has seen newer ones", items(count), call.to),
    };
    let message = format!("{} moved from {} to {}{superseded}", items(moved.moved), call.from, call.to);
    Ok(Json(QueueChange { version: 1, changed: moved.moved, refused: stayed.collect(), message }))
}

pub(super) async fn backfill(
    State(desk): State<Desk>,
    Body(call): Body<BackfillCall>,
) -> Answer<QueueChange> {
    Problem::unless_writable(&desk)?;
    let (id, since) = (find(&desk, &call.target)?, call.since.0);
    let (mut from, mut issued) = (From::default(), 0);
    loop {
        let (now, entropy) =
            (desk.now(), stint_engine::entropy().map_err(|error| Problem::internal(&error))?);
        let step =
            desk.store().write(move |tx| queue::backfill(tx, id, since, from, STEP, now, entropy)).await?;
        issued += step.issued;
        match step.next {
            Some(next) => from = next,
            None => break,
        }
    }
    desk.bell().recorded();
    tell(&desk);
    let message = format!("{} of earlier times will be delivered to {}", items(issued), call.target);
    Ok(Json(QueueChange { version: 1, changed: issued, refused: Vec::new(), message }))
}

/// Whoever shows the queue looks again.
fn tell(desk: &Desk) {
    desk.ledger().tell(desk.now(), Event::Changed { what: Part::Queue });
}

fn which(desk: &Desk, names: &[String], target: Option<&str>) -> Result<Which, Problem> {
    let target = target.map(|name| find(desk, name)).transpose()?;
    if names.is_empty() {
        return Ok(Which::Failed { target });
    }
    let serials = desk.read(|tx| names.iter().map(|name| serial(tx, name)).collect::<Result<Vec<_>, _>>())?;
    let unknown = names.iter().zip(&serials).find(|(_, serial)| serial.is_none());
    if let Some((name, _)) = unknown {
        return Err(super::queue::no_item(name));
    }
    let serials: Vec<Serial> = serials.into_iter().flatten().collect();
    for (name, serial) in names.iter().zip(&serials) {
        if desk.read(|tx| queue::targets_of(tx, *serial))?.is_empty() {
            return Err(super::queue::no_item(name));
        }
    }
    Ok(Which::Items { serials, target })
}

fn find(desk: &Desk, name: &str) -> Result<TargetId, Problem> {
    match desk.read(|tx| target::find(tx, name)) {
        Ok(id) => Ok(id),
        Err(Error::NoTarget { .. }) => {
            let status = desk.status()?;
            Err(unknown(name, &status.targets.iter().collect::<Vec<&TargetStatus>>()))
        }
        Err(error) => Err(error.into()),
    }
}

/// What a person who wants something tried again can do about one that the rules leave as it is.
fn retry_instead(why: NotAllowed) -> Option<&'static str> {
    match why {
        NotAllowed::Elsewhere { .. } => {
            Some("it waits for its turn as it is, and `stint sync` sends what is due")
        }
        NotAllowed::Frozen => Some("without `--reprepare` the same bytes are tried again"),
        NotAllowed::Done { .. } | NotAllowed::InHand | NotAllowed::AskPerson => None,
    }
}

fn move_instead(number: i64, from: &str) -> String {
    format!(
        "it is being sent, or the other target has it or something newer of its entry already; `stint queue show \
         {number}` tells, and `stint queue drop {number} --target {from} --yes` gives it up here"
    )
}

fn changed(
    desk: &Desk,
    done: &Done,
    what: &str,
    instead: impl Fn(NotAllowed) -> Option<&'static str>,
) -> Result<QueueChange, Problem> {
    let names = desk.read(names)?;
    let refused = done.refused.iter().map(|(serial, target, why)| RefusedView {
        number: serial.0,
        target: names.get(target).cloned().unwrap_or_default(),
        reason: instead(*why).map_or_else(|| why.to_string(), |instead| format!("{why}; {instead}")),
    });
    let message = format!("{} {what}", items(done.changed));
    Ok(QueueChange { version: 1, changed: done.changed, refused: refused.collect(), message })
}

fn names(connection: &Connection) -> Result<BTreeMap<TargetId, String>, Error> {
    Ok(target::statuses(connection)?.into_iter().map(|status| (status.id, status.name)).collect())
}

/// What was put back is delivered at once.
fn hurry(desk: &Desk, target: Option<&str>) -> Result<(), Problem> {
    for status in desk.status()?.targets.iter().filter(|status| target.is_none_or(|name| status.name == name))
    {
        desk.bell().hurry(&status.name);
    }
    Ok(())
}

fn items(count: usize) -> String {
    if count == 1 { "1 item".to_owned() } else { format!("{count} items") }
}
