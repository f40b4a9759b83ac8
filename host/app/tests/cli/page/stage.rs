//! A host with a page to look at.

use serde_json::Value;

use super::browser::Browser;
pub(super) use crate::host::until;
use crate::{host::Host, support::Workshop};

/// A running host, and where it runs.
pub(super) struct Stage {
    _host: Host,
    pub(super) workshop: Workshop,
}

impl Stage {
    /// Starts a host on what is there.
    pub(super) fn of(workshop: Workshop) -> Self {
        let stage = Self { _host: Host::start(&workshop), workshop };
        until("the page", || stage.workshop.say(&["dashboard"]).code == 0);
        stage
    }

    /// A link that lets one browser in.
    pub(super) fn link(&self) -> String {
        self.workshop.json(&["dashboard"])["url"].as_str().unwrap().to_owned()
    }

    /// A browser that is in.
    pub(super) fn browser(&self) -> Option<Browser> {
        let browser = Browser::start(&self.workshop.path("profile"))?;
        browser.open(&self.link());
        shows(&browser, "#timer", "Timer");
        Some(browser)
    }

    pub(super) fn status(&self) -> Value {
        self.workshop.json(&["status"])
    }
}

/// Waits until an element shows a text.
#[track_caller]
pub(super) fn shows(browser: &Browser, css: &str, text: &str) {
    until(&format!("{text} in {css}, which shows {}", browser.text(css)), || {
        browser.text(css).contains(text)
    });
}
