//! `GET /`

use axum::{
    Extension,
    extract::{RawQuery, State},
    http::header,
    response::{Html, IntoResponse, Response},
};
use stint_engine::{When, status::Status, wiring::PluginList};

use super::{
    Page,
    attention::concerns,
    failed::FailedItem,
    plugins::PluginLine,
    policy::{POLICY, SCRIPT, STYLE},
    sheet::Sheet,
    shots::{self, ShotsView},
    targets::TargetLine,
    timer::TimerView,
    today::{Day, TodayView},
};
use crate::{
    api::{DeliveryList, EntryList, ItemView, Problem, ScreenshotList},
    client::Call,
    time::{Period, day_and_clock, read_days, when},
    web::guard::Who,
};

/// So many of what failed are shown in full.
const FAILED: usize = 5;
/// The query with which the page's script asks. It looks while a form's answer may be on its way, and the word that was
/// left is for the page that a person gets.
const LOOK: &str = "look";

pub(super) async fn show(
    State(page): State<Page>,
    Extension(who): Extension<Who>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let (csrf, notice) = match &who {
        Who::Browser(session) if query.as_deref() == Some(LOOK) => (session.csrf().to_owned(), None),
        Who::Browser(session) => (session.csrf().to_owned(), page.door.take(session)),
        // A program may look; its forms would be refused, and it has the API.
        Who::Program => (String::new(), None),
    };
    let html = page.sheet(csrf, notice).await?.render();
    let html = html.map_err(|error| Problem::internal(&format!("failed to write the page: {error}")))?;
    Ok(([(header::CONTENT_SECURITY_POLICY, POLICY.as_str())], Html(html)).into_response())
}

impl Page {
    async fn sheet(
        &self,
        csrf: String,
        notice: Option<crate::web::keyring::Notice>,
    ) -> Result<Sheet, Problem> {
        let status: Status = self.inside.ask(Call::get("/api/v1/status")).await?;
        let plugins: PluginList = self.inside.ask(Call::get("/api/v1/plugins")).await?;
        let (failed, more_failed) = self.failed().await?;
        let (now, zone) = (self.desk.now(), &self.zone);
        let (day, entries) = self.today().await?;
        let timer = TimerView::of(&status.timer, now, zone);
        let call = Call::get("/api/v1/screenshots").asking("limit", Some(shots::SHOWN));
        let pictures: ScreenshotList = self.inside.ask(call).await?;
        let marks = shots::marks(&pictures.screenshots, day, zone);
        Ok(Sheet {
            title: timer.title(),
            style: STYLE,
            script: SCRIPT,
            csrf,
            notice,
            concerns: concerns(&status, plugins.folder_error.as_deref(), &self.desk.ways_out()?),
            timer,
            today: TodayView { marks, ..TodayView::of(&entries.entries, day, now, zone) },
            shots: ShotsView::of(&pictures.screenshots, &status.capture, day, now, zone),
            targets: status.targets.iter().map(|target| TargetLine::of(target, now)).collect(),
            failed,
            more_failed,
            plugins: plugins.plugins.iter().map(|plugin| PluginLine::of(plugin, now, zone)).collect(),
            folder: plugins.folder_error,
            since: status.host.since.map(|at| when(at.0, now, zone)).unwrap_or_default(),
            pid: std::process::id(),
            version: env!("CARGO_PKG_VERSION"),
            shown_at: day_and_clock(now, zone),
        })
    }

    async fn today(&self) -> Result<(Day, EntryList), Problem> {
        let days = read_days(None, None, Period::Day, self.desk.now(), &self.zone);
        let (from, to) = days.map_err(|error| Problem::internal(&error))?.span(&self.zone);
        let call = Call::get("/api/v1/entries")
            .asking("from", Some(When(from).timestamp()))
            .asking("to", Some(When(to).timestamp()));
        Ok((Day { from, to }, self.inside.ask(call).await?))
    }

    /// The latest that failed, each with what happened to it, and whether there are more.
    async fn failed(&self) -> Result<(Vec<FailedItem>, bool), Problem> {
        let call = Call::get("/api/v1/queue").asking("state", Some("failed")).asking("limit", Some(FAILED));
        let list: DeliveryList = self.inside.ask(call).await?;
        let mut items = Vec::new();
        for delivery in &list.items {
            let call = Call::get(format!("/api/v1/queue/{}", delivery.number));
            let item: ItemView = self.inside.ask(call).await?;
            let here = item.deliveries.iter().find(|history| history.delivery.target == delivery.target);
            items.extend(here.map(|history| FailedItem::of(history, self.desk.now(), &self.zone)));
        }
        Ok((items, list.more))
    }
}
