//! `/api/v1/screenshots`: what was taken, taking one now, pausing, and taking one back.

use axum::{
    Json,
    extract::{Path, State},
    http::header,
    response::{IntoResponse, Response},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use stint_domain::{
    id::{EntryId, ItemId},
    item::{Payload, Treatment},
    time::Millis,
};
use stint_engine::{
    Desk, When,
    shots::{Glance, Seen, ShotError},
};
use stint_store::queue::{self, Pictured, Withdrawn};

use super::{
    body::{Answer, Asked, Body},
    problem::Problem,
};

const LIMIT: usize = 50;
const LIMIT_MAX: usize = 1_000;
const THUMBNAIL: u32 = 320;
/// Nobody pauses for longer: whoever wants that switches them off.
const PAUSE_MAX: Millis = Millis::from_mins(7 * 24 * 60);

/// How many are asked for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Question {
    limit: Option<usize>,
}

/// How large a small picture is to be.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Size {
    width: Option<u32>,
}

/// Nothing more has to be said.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Nothing {}

/// For how long screenshots are to be paused; 0 ends a pause.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PauseCall {
    #[schemars(range(max = 604_800_000_u64))]
    pub(crate) for_ms: u64,
}

/// A screenshot as people see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct ScreenshotView {
    pub(crate) id: ItemId,
    /// Its number on this machine: easier to type than its id.
    pub(crate) number: i64,
    pub(crate) entry_id: Option<EntryId>,
    pub(crate) monitor: String,
    pub(crate) taken_at: When,
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) size: u64,
    pub(crate) mime: String,
    /// What was done to it before it was kept.
    pub(crate) treated: Vec<Treatment>,
    /// At how many targets it still waits.
    pub(crate) pending: u64,
    /// To how many it was sent.
    pub(crate) sent: u64,
}

/// Screenshots, the newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct ScreenshotList {
    pub(crate) version: u32,
    pub(crate) screenshots: Vec<ScreenshotView>,
}

/// What came of looking at one screen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct GlanceView {
    pub(crate) monitor: String,
    /// `kept`, `unchanged`, `excluded`, `failed`, or `paused` where that began meanwhile.
    pub(crate) seen: String,
    pub(crate) id: Option<ItemId>,
    pub(crate) number: Option<i64>,
    pub(crate) error: Option<String>,
}

/// What came of looking at all of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct GlanceList {
    pub(crate) version: u32,
    pub(crate) screens: Vec<GlanceView>,
    /// What somebody should look at all the same.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) warnings: Vec<String>,
}

/// Until when screenshots are paused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct PauseView {
    pub(crate) version: u32,
    pub(crate) message: String,
    pub(crate) paused_until: Option<When>,
}

/// What became of a screenshot that was taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct WithdrawnView {
    pub(crate) version: u32,
    pub(crate) message: String,
    /// How many targets won't get it.
    pub(crate) withdrawn: usize,
    /// How many have it, or may have it.
    pub(crate) too_late: usize,
    /// Whether its picture is gone from this machine.
    pub(crate) deleted: bool,
}

pub(super) async fn list(
    State(desk): State<Desk>,
    Asked(question): Asked<Question>,
) -> Answer<ScreenshotList> {
    let limit = question.limit.unwrap_or(LIMIT).min(LIMIT_MAX);
    let found = desk.read(|tx| queue::pictures(tx, limit))?;
    let screenshots = found.iter().filter_map(ScreenshotView::of).collect();
    Ok(Json(ScreenshotList { version: 1, screenshots }))
}

pub(super) async fn take(State(desk): State<Desk>, Body(Nothing {}): Body<Nothing>) -> Answer<GlanceList> {
    Problem::unless_writable(&desk)?;
    let screens = desk.take_screenshots().await?.into_iter().map(GlanceView::from).collect();
    Ok(Json(GlanceList { version: 1, screens, warnings: desk.screenshot_warnings() }))
}

pub(super) async fn pause(State(desk): State<Desk>, Body(call): Body<PauseCall>) -> Answer<PauseView> {
    Problem::unless_writable(&desk)?;
    if call.for_ms > PAUSE_MAX.0 {
        return Err(Problem::bad_input(&"failed to pause screenshots for more than seven days")
            .hint("to switch them off, write enabled = false under [capture]"));
    }
    let until = (call.for_ms > 0).then(|| desk.now() + Millis(call.for_ms));
    desk.pause_screenshots(until).await?;
    let message = if until.is_some() { "screenshots are paused" } else { "screenshots are no longer paused" };
    Ok(Json(PauseView { version: 1, message: message.to_owned(), paused_until: until.map(When) }))
}

pub(super) async fn delete(State(desk): State<Desk>, Path(name): Path<String>) -> Answer<WithdrawnView> {
    Problem::unless_writable(&desk)?;
    let done = desk.withdraw_screenshot(&name).await?;
    Ok(Json(WithdrawnView {
        version: 1,
        message: what_became_of(&done),
        withdrawn: done.kept_back,
        too_late: done.too_late,
        deleted: done.removed,
    }))
}

fn what_became_of(done: &Withdrawn) -> String {
    let (withdrawn, late) = (targets(done.kept_back), targets(done.too_late));
    if done.in_hand > 0 {
        return format!(
            "withdrawn from {withdrawn}; not deleted yet, {} gets it at this moment: say it again when that is over",
            targets(done.in_hand)
        );
    }
    if done.too_late > 0 {
        return format!(
            "deleted here, and withdrawn from {withdrawn}; too late for {late}, which has it or may have it: delete \
             it there"
        );
    }
    "deleted; no target has it".to_owned()
}

pub(super) async fn show(State(desk): State<Desk>, Path(name): Path<String>) -> Answer<ScreenshotView> {
    let found = ScreenshotView::of(&desk.screenshot(&name)?);
    found.map(Json).ok_or_else(|| ShotError::Unknown { name }.into())
}

pub(super) async fn file(State(desk): State<Desk>, Path(name): Path<String>) -> Result<Response, Problem> {
    let shot = desk.screenshot(&name)?;
    let mime = ScreenshotView::of(&shot).map(|view| view.mime).unwrap_or_default();
    let bytes = aside(move || desk.screenshot_file(&shot)).await?;
    Ok(picture(known_type(&mime), bytes))
}

pub(super) async fn thumbnail(
    State(desk): State<Desk>,
    Path(name): Path<String>,
    Asked(size): Asked<Size>,
) -> Result<Response, Problem> {
    let shot = desk.screenshot(&name)?;
    let width = size.width.unwrap_or(THUMBNAIL);
    let bytes = aside(move || desk.thumbnail(&shot, width)).await?;
    Ok(picture("image/jpeg", bytes))
}

fn targets(count: usize) -> String {
    if count == 1 { "1 target".to_owned() } else { format!("{count} targets") }
}

/// Reading and decoding take their time, so they have a thread of their own.
async fn aside<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, ShotError> + Send + 'static,
) -> Result<T, Problem> {
    Ok(tokio::task::spawn_blocking(work).await.map_err(|_| ShotError::Stopping)??)
}

/// What was imported may claim any type: only pictures are called pictures.
fn known_type(claimed: &str) -> &'static str {
    let known = ["image/gif", "image/jpeg", "image/png", "image/webp"];
    known.into_iter().find(|known| *known == claimed).unwrap_or("application/octet-stream")
}

/// Nobody is to keep it: what is deleted here would live on there.
fn picture(mime: &'static str, bytes: Vec<u8>) -> Response {
    let heads = [
        (header::CONTENT_TYPE, mime),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (heads, bytes).into_response()
}

impl ScreenshotView {
    /// Nothing for an item that is no screenshot.
    fn of(found: &Pictured) -> Option<Self> {
        let payload = serde_json::from_slice(&found.payload).ok()?;
        let Payload::Screenshot { entry_id, monitor, taken_at, width, height, file, treated, import: _ } =
            payload
        else {
            return None;
        };
        Some(Self {
            id: found.id,
            number: found.serial.0,
            entry_id,
            monitor,
            taken_at: When(taken_at),
            width,
            height,
            size: file.size,
            mime: file.mime,
            treated,
            pending: found.pending,
            sent: found.sent,
        })
    }
}

impl From<Glance> for GlanceView {
    fn from(glance: Glance) -> Self {
        let (seen, kept, error) = match glance.seen {
            Seen::Kept { serial, id } => ("kept", Some((serial, id)), None),
            Seen::Unchanged => ("unchanged", None, None),
            Seen::Excluded => ("excluded", None, None),
            Seen::Paused => ("paused", None, None),
            Seen::Failed { trouble } => ("failed", None, Some(trouble.error)),
        };
        Self {
            monitor: glance.monitor,
            seen: seen.to_owned(),
            id: kept.map(|(_, id)| id),
            number: kept.map(|(serial, _)| serial.0),
            error,
        }
    }
}

impl From<ShotError> for Problem {
    fn from(error: ShotError) -> Self {
        match error {
            ShotError::Off => {
                Self::refused(&error).hint("write enabled = true under [capture] in the configuration")
            }
            ShotError::Paused => Self::refused(&error).hint("`stint capture resume` ends the pause"),
            ShotError::Unknown { .. } => Self::not_found(&error),
            ShotError::Store(error) => error.into(),
            ShotError::Write(error) => error.into(),
            ShotError::Source(_) | ShotError::Blob(_) | ShotError::Stopping => Self::try_again(&error),
            ShotError::Chance { .. } => Self::internal(&error),
        }
    }
}

impl GlanceView {
    /// What is said of it in a line.
    pub(crate) fn sentence(&self) -> String {
        let monitor = &self.monitor;
        match (self.seen.as_str(), self.number, &self.error) {
            ("kept", Some(number), _) => format!("{monitor}: kept as #{number}"),
            ("paused", ..) => format!("{monitor}: not kept, screenshots were paused meanwhile"),
            ("excluded", ..) => format!("{monitor}: not taken, a window is on it that must not be seen"),
            (_, _, Some(error)) => format!("{monitor}: {error}"),
            (seen, ..) => format!("{monitor}: {seen}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_deleted_says_who_has_it_all_the_same() {
        let done = |kept_back, too_late, in_hand| {
            let removed = in_hand == 0;
            what_became_of(&Withdrawn { kept_back, too_late, in_hand, removed, ..Withdrawn::default() })
        };
        assert_eq!(done(2, 0, 0), "deleted; no target has it");
        assert_eq!(
            done(0, 1, 0),
            "deleted here, and withdrawn from 0 targets; too late for 1 target, which has it or may have it: delete it there"
        );
        assert_eq!(
            done(1, 2, 1),
            "withdrawn from 1 target; not deleted yet, 1 target gets it at this moment: say it again when that is over"
        );
    }

    #[test]
    fn only_a_picture_is_called_one() {
        assert_eq!(known_type("image/png"), "image/png");
        for strange in ["text/html", "image/svg+xml", "image/png\r\nX: y", ""] {
            assert_eq!(known_type(strange), "application/octet-stream");
        }
    }
}
