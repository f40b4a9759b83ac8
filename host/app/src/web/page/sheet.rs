//! The page as the template has it. The template is read when the first page is made; a test makes one with everything
//! in it, and the template refuses a name that isn't there, so a mistake in it fails that test.
//!
//! The engine is minijinja, whose syntax is that of other engines too. One whose templates a macro compiles was tried:
//! its macro would give crates that the sandbox's compiler is made of other features, so that everybody would compile
//! that compiler a second time.

use std::sync::LazyLock;

use minijinja::{AutoEscape, Environment, Error, UndefinedBehavior, value::Serde};
use serde::Serialize;

use super::{
    attention::Concern, failed::FailedItem, plugins::PluginLine, shots::ShotsView, targets::TargetLine,
    timer::TimerView, today::TodayView,
};
use crate::web::keyring::Notice;

/// The page.
#[derive(Serialize)]
pub(super) struct Sheet {
    pub(super) title: String,
    pub(super) style: &'static str,
    pub(super) script: &'static str,
    /// What every form holds, so that no other site can write one.
    pub(super) csrf: String,
    pub(super) notice: Option<Notice>,
    pub(super) concerns: Vec<Concern>,
    pub(super) timer: TimerView,
    pub(super) today: TodayView,
    pub(super) shots: ShotsView,
    pub(super) targets: Vec<TargetLine>,
    pub(super) failed: Vec<FailedItem>,
    /// Whether more failed than is shown.
    pub(super) more_failed: bool,
    pub(super) plugins: Vec<PluginLine>,
    pub(super) folder: Option<String>,
    pub(super) since: String,
    pub(super) pid: u32,
    pub(super) version: &'static str,
    pub(super) shown_at: String,
}

const NAME: &str = "page.html";

static TEMPLATES: LazyLock<Result<Environment<'static>, Error>> = LazyLock::new(|| {
    let mut templates = Environment::new();
    templates.set_undefined_behavior(UndefinedBehavior::Strict);
    templates.set_auto_escape_callback(|_| AutoEscape::Html);
    templates.add_template(NAME, include_str!("../../../templates/page/page.html"))?;
    Ok(templates)
});

impl Sheet {
    /// The page's text.
    pub(super) fn render(&self) -> Result<String, String> {
        let templates = TEMPLATES.as_ref().map_err(|error| format!("{error:#}"))?;
        let page = templates.get_template(NAME).and_then(|page| page.render(Serde(self)));
        page.map_err(|error| format!("{error:#}"))
    }
}
