//! A host with a page to look at.

use std::{
    fs::File,
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
};

use serde_json::Value;

use super::browser::Browser;
use crate::support::Workshop;

/// A running host. It is killed when it goes out of scope.
pub(super) struct Stage {
    host: Child,
    pub(super) workshop: Workshop,
}

impl Stage {
    /// Starts a host on what is there.
    pub(super) fn of(workshop: Workshop) -> Self {
        let mut command = workshop.command(&["run"]);
        let log = File::create(workshop.path("host.log")).unwrap();
        command.env("STINT_CONTROL__LISTEN", ":0").stdout(Stdio::piped()).stderr(log);
        let mut host = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(host.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let stage = Self { host, workshop };
        assert!(line.starts_with("stint runs"), "{line}");
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

impl Drop for Stage {
    fn drop(&mut self) {
        let _ = self.host.kill();
        let _ = self.host.wait();
    }
}

/// Waits until an element shows a text.
#[track_caller]
pub(super) fn shows(browser: &Browser, css: &str, text: &str) {
    until(&format!("{text} in {css}, which shows {}", browser.text(css)), || {
        browser.text(css).contains(text)
    });
}

/// Waits until something holds. It looks again and again, because another process tells nobody; a minute is more than
/// any machine takes.
#[track_caller]
pub(super) fn until(what: &str, holds: impl Fn() -> bool) {
    let came = (0..1_200).any(|_| {
        holds() || {
            Command::new("sleep").arg("0.05").status().unwrap();
            false
        }
    });
    assert!(came, "it never came: {what}");
}
