//! A real browser, driven over `WebDriver`: what is clicked here is clicked as a person clicks it.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    os::unix::process::CommandExt as _,
    path::Path,
    process::{Child, Command, Stdio},
};

use rustix::process::{Pid, Signal, kill_process_group};
use serde_json::{Value, json};

use super::stage::until;

/// The key under which `WebDriver` names an element.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// A browser with one window. It ends when it goes out of scope.
pub(crate) struct Browser {
    driver: Child,
    port: String,
    session: String,
}

impl Browser {
    /// Starts one; nothing where this machine has none. `make test` installs it, so that is told loudly.
    pub(crate) fn start(profile: &Path) -> Option<Self> {
        let mut command = Command::new("chromedriver");
        command.arg("--port=0").stdout(Stdio::piped()).stderr(Stdio::null()).process_group(0);
        let started = command.spawn();
        let Ok(mut driver) = started else {
            #[expect(clippy::print_stderr, reason = "nobody may take this for a test that passed")]
            {
                eprintln!("SKIPPED: this machine has no chromedriver, so the page was clicked by nobody");
            }
            return None;
        };
        let mut lines = BufReader::new(driver.stdout.take().unwrap()).lines();
        let port = lines.find_map(|line| {
            let line = line.unwrap();
            let (_, rest) = line.split_once("started successfully on port ")?;
            Some(rest.trim_end_matches('.').to_owned())
        });
        let mut browser = Self { driver, port: port.unwrap(), session: String::new() };
        let arguments = [
            "--headless=new".to_owned(),
            // Its sandbox wants rights that root and containers don't have; it sees no page but ours.
            "--no-sandbox".to_owned(),
            "--disable-gpu".to_owned(),
            "--disable-dev-shm-usage".to_owned(),
            "--no-first-run".to_owned(),
            "--disable-background-networking".to_owned(),
            format!("--user-data-dir={}", profile.display()),
        ];
        let options = json!({ "goog:chromeOptions": { "args": arguments } });
        let session =
            browser.send("POST", "/session", &json!({ "capabilities": { "alwaysMatch": options } }));
        session["sessionId"].as_str().unwrap().clone_into(&mut browser.session);
        Some(browser)
    }

    pub(crate) fn open(&self, url: &str) {
        self.post("/url", &json!({ "url": url }));
    }

    /// The text of an element, as it is shown.
    pub(crate) fn text(&self, css: &str) -> String {
        self.run(&format!("return document.querySelector({})?.innerText ?? \"\"", json!(css)))
            .as_str()
            .unwrap()
            .to_owned()
    }

    /// Runs a script in the page.
    pub(crate) fn run(&self, script: &str) -> Value {
        self.post("/execute/sync", &json!({ "script": script, "args": [] }))
    }

    /// Clicks with the mouse in the middle of an element.
    pub(crate) fn click(&self, css: &str) {
        // The page may be renewed between the look and the click: then a person looks again.
        let clicked = (0..20).any(|_| {
            let path = format!("/session/{}/element/{}/click", self.session, self.find(css));
            let clicked = self.try_send("POST", &path, &json!({}));
            let is_stale = clicked["error"] == "stale element reference";
            assert!(is_stale || clicked["error"].is_null(), "{css}: {clicked}");
            !is_stale
        });
        assert!(clicked, "{css} is renewed all the time");
    }

    /// Clicks a form's button and waits for the page that answers. What an event renews meanwhile is still the page of
    /// before, and a click into a page that is about to go goes with it.
    #[track_caller]
    pub(crate) fn submit(&self, css: &str) {
        self.run("window.before = true");
        self.click(css);
        until(&format!("the page after {css}"), || {
            // No answer is one as well: the page is being exchanged.
            let script = json!({ "script": "return document.readyState === 'complete' && !window.before", "args": [] });
            self.try_send("POST", &format!("/session/{}/execute/sync", self.session), &script) == true
        });
    }

    /// Types into an element.
    pub(crate) fn write(&self, css: &str, text: &str) {
        let element = self.find(css);
        self.post(&format!("/element/{element}/value"), &json!({ "text": text }));
    }

    /// Presses keys wherever the focus is.
    pub(crate) fn press(&self, keys: &str) {
        let strokes = keys.chars().flat_map(|key| {
            [json!({ "type": "keyDown", "value": key }), json!({ "type": "keyUp", "value": key })]
        });
        let actions = json!({ "type": "key", "id": "keys", "actions": strokes.collect::<Vec<_>>() });
        self.post("/actions", &json!({ "actions": [actions] }));
    }

    /// Makes the window so wide and high, and the machine light or dark.
    pub(crate) fn look(&self, width: u32, height: u32, scheme: &str) {
        let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.devtools("Emulation.setDeviceMetricsOverride", &metrics);
        let scheme = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        self.devtools("Emulation.setEmulatedMedia", &scheme);
    }

    /// Switches scripts of pages off or on.
    pub(crate) fn scripts(&self, allowed: bool) {
        self.devtools("Emulation.setScriptExecutionDisabled", &json!({ "value": !allowed }));
    }

    /// A picture of the whole page, as base64.
    pub(crate) fn picture(&self) -> String {
        let picture = self.devtools("Page.captureScreenshot", &json!({ "captureBeyondViewport": true }));
        picture["data"].as_str().unwrap().to_owned()
    }

    fn devtools(&self, command: &str, params: &Value) -> Value {
        self.post("/goog/cdp/execute", &json!({ "cmd": command, "params": params }))
    }

    fn find(&self, css: &str) -> String {
        let found = self.post("/element", &json!({ "using": "css selector", "value": css }));
        found[ELEMENT].as_str().unwrap().to_owned()
    }

    fn post(&self, path: &str, body: &Value) -> Value {
        self.send("POST", &format!("/session/{}{path}", self.session), body)
    }

    #[track_caller]
    fn send(&self, method: &str, path: &str, body: &Value) -> Value {
        let value = self.try_send(method, path, body);
        assert!(value["error"].is_null(), "{path} {body}: {value}");
        value
    }

    fn try_send(&self, method: &str, path: &str, body: &Value) -> Value {
        let body = body.to_string();
        let mut stream = TcpStream::connect(format!("127.0.0.1:{}", self.port)).unwrap();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            self.port,
            body.len()
        )
        .unwrap();
        let mut answer = BufReader::new(stream);
        let mut length = 0;
        loop {
            let mut line = String::new();
            answer.read_line(&mut line).unwrap();
            if line.trim().is_empty() {
                break;
            }
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value.trim().parse().unwrap();
            }
        }
        let mut text = vec![0; length];
        answer.read_exact(&mut text).unwrap();
        let mut answer: Value = serde_json::from_slice(&text).unwrap();
        answer["value"].take()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // With its group, because the driver ends its browser only when it is told to.
        let _ = kill_process_group(Pid::from_child(&self.driver), Signal::KILL);
        let _ = self.driver.wait();
    }
}
