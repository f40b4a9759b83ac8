//! What a host serves over loopback: to whom, and to whom not.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    os::unix::process::CommandExt as _,
    process::Command,
};

use serde_json::{Value, json};

use crate::desk::{Desk, Host, ONE_TARGET, mode, until};

/// An answer as it came.
pub(crate) struct Answer {
    pub(crate) status: u16,
    heads: String,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn head(&self, name: &str) -> Option<&str> {
        let mut lines = self.heads.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

/// A host with its page, and what opens it.
pub(crate) struct Door {
    host: Option<Host>,
    pub(crate) desk: Desk,
    pub(crate) address: String,
    pub(crate) token: String,
}

/// The page of a desk's host, as a program sees it.
pub(crate) fn page(desk: &Desk) -> String {
    let token = std::fs::read_to_string(desk.data().join("control.token")).unwrap();
    let url = desk.json(&["dashboard"])["url"].as_str().unwrap().to_owned();
    let address = url.split('/').nth(2).unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    let token = token.trim();
    write!(
        stream,
        "GET / HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

/// A browser that came in.
pub(crate) struct Browser {
    pub(crate) cookie: String,
    pub(crate) csrf: String,
}

impl Door {
    pub(crate) fn new() -> Self {
        Self::at(Desk::new())
    }

    pub(crate) fn at(desk: Desk) -> Self {
        let host = desk.host();
        until("the page", || desk.stint(&["dashboard"]).code == 0);
        let token = std::fs::read_to_string(desk.data().join("control.token")).unwrap().trim().to_owned();
        let url = desk.json(&["dashboard"])["url"].as_str().unwrap().to_owned();
        let address = url.strip_prefix("http://").unwrap().split('/').next().unwrap().to_owned();
        Self { desk, host: Some(host), address, token }
    }

    /// Ends the host in order.
    pub(crate) fn end(&mut self) {
        assert_eq!(self.host.take().unwrap().end(), 0);
    }

    /// Sends a request exactly like this.
    pub(crate) fn send(&self, method: &str, path: &str, heads: &[(&str, &str)], body: &str) -> Answer {
        let mut request = format!("{method} {path} HTTP/1.1\r\nConnection: close\r\n");
        for (name, value) in heads {
            request.extend([name, ": ", value, "\r\n"]);
        }
        let length = body.len().to_string();
        request.extend(["Content-Length: ", &length, "\r\n\r\n", body]);
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (heads, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
        let status = heads.split(' ').nth(1).unwrap().parse().unwrap();
        Answer { status, heads: heads.to_owned(), body: body.to_owned() }
    }

    /// The same to the right host, with more heads.
    pub(crate) fn ask(&self, method: &str, path: &str, more: &[(&str, &str)], body: &str) -> Answer {
        let mut heads = vec![("Host", self.address.as_str())];
        heads.extend(more);
        self.send(method, path, &heads, body)
    }

    /// The path of a one-time link.
    pub(crate) fn link(&self) -> String {
        let url = self.desk.json(&["dashboard"])["url"].as_str().unwrap().to_owned();
        url.split_once(&self.address).unwrap().1.to_owned()
    }

    /// Lets a browser in.
    pub(crate) fn enter(&self) -> Browser {
        let entered = self.ask("GET", &self.link(), &[], "");
        assert_eq!(entered.status, 200, "{}", entered.body);
        let cookie = entered.head("set-cookie").unwrap().split(';').next().unwrap().to_owned();
        let page = self.ask("GET", "/", &[("Cookie", &cookie)], "");
        assert_eq!(page.status, 200, "{}", page.body);
        let csrf =
            page.body.split("name=\"csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        Browser { cookie, csrf }
    }
}

#[test]
fn a_program_needs_the_token_and_nothing_but_health_goes_without() {
    let door = Door::new();
    assert_eq!(mode(&door.desk.data().join("control.token")), 0o600);
    let bearer = format!("Bearer {}", door.token);
    let ask = |path: &str, token: Option<&str>| {
        let heads: Vec<_> = token.map(|token| ("Authorization", token)).into_iter().collect();
        door.ask("GET", path, &heads, "").status
    };
    for path in ["/api/v1/status", "/api/v1/queue", "/api/v1/events", "/metrics", "/", "/nothing", "/do/stop"]
    {
        let short = &bearer[..bearer.len() - 1];
        for token in
            [None, Some("Bearer "), Some("Bearer 0"), Some(short), Some("Basic eDp5"), Some(&door.token)]
        {
            assert_eq!(ask(path, token), 401, "{path} {token:?}");
        }
    }
    for path in ["/api/v1/status", "/metrics"] {
        assert_eq!(ask(path, Some(&bearer)), 200, "{path}");
    }
    assert_eq!(ask("/nothing", Some(&bearer)), 404);
    assert_eq!(door.ask("GET", "/healthz", &[], "").json(), json!({"status": "ok"}));
    assert_eq!(door.ask("GET", "/readyz", &[], "").json(), json!({"ready": true, "reasons": []}));
    let refused = door.ask("GET", "/api/v1/status", &[], "");
    assert_eq!(refused.head("www-authenticate"), Some("Bearer"));
    assert_eq!(refused.head("content-type"), Some("application/problem+json"));
    assert!(!door.desk.log().contains(&door.token));
}

#[test]
fn another_host_or_origin_is_refused_whatever_key_it_has() {
    let door = Door::new();
    let (bearer, browser) = (format!("Bearer {}", door.token), door.enter());
    let port = door.address.rsplit(':').next().unwrap();
    let right = door.address.as_str();
    let local = format!("localhost:{port}");
    let evil = format!("evil.test:{port}");
    let key = [("Authorization", bearer.as_str())];
    let with = |heads: &[(&str, &str)]| {
        let heads = [&key[..], heads].concat();
        door.send("POST", "/api/v1/timer/start", &heads, "{}").status
    };
    for host in [evil.as_str(), "127.0.0.1", "localhost", "127.0.0.1:1", "", "0.0.0.0"] {
        assert_eq!(with(&[("Host", host)]), 403, "{host}");
    }
    for origin in [&format!("http://{evil}"), &format!("https://{right}"), &format!("http://{local}"), "null"]
    {
        assert_eq!(with(&[("Host", right), ("Origin", origin)]), 403, "{origin}");
        let heads = [
            ("Cookie", browser.cookie.as_str()),
            ("Stint-Csrf", &browser.csrf),
            ("Host", right),
            ("Origin", origin),
        ];
        assert_eq!(door.send("POST", "/api/v1/timer/start", &heads, "{}").status, 403, "{origin}");
    }
    assert_eq!(door.desk.items(), 0);
    assert_eq!(door.send("GET", "/healthz", &[("Host", evil.as_str())], "").status, 403);
    assert_eq!(with(&[("Host", right), ("Origin", &format!("http://{right}"))]), 200);
    assert_eq!(with(&[("Host", &local), ("Origin", &format!("http://{local}"))]), 200);
}

#[test]
fn a_link_lets_one_browser_in_once() {
    let door = Door::new();
    let link = door.link();
    let first = door.ask("GET", &link, &[], "");
    let cookie = first.head("set-cookie").unwrap().to_owned();
    assert!(cookie.ends_with("; HttpOnly; SameSite=Strict"), "{cookie}");
    let again = door.ask("GET", &link, &[], "");
    assert_eq!((again.status, again.head("set-cookie")), (403, None));
    assert!(again.body.contains("stint dashboard"), "{}", again.body);
    for wrong in ["/enter", "/enter?key=", "/enter?key=00"] {
        assert_eq!(door.ask("GET", wrong, &[], "").status, 403, "{wrong}");
    }
    let closed = door.ask("GET", "/", &[], "");
    assert!(closed.status == 401 && closed.body.contains("stint dashboard"), "{}", closed.body);
}

#[test]
fn a_cookie_writes_nothing_without_its_pages_word() {
    let door = Door::new();
    let (browser, other) = (door.enter(), door.enter());
    let cookie = ("Cookie", browser.cookie.as_str());
    let start = |heads: &[(&str, &str)]| door.ask("POST", "/api/v1/timer/start", heads, "{}").status;
    assert_eq!(start(&[cookie]), 403);
    assert_eq!(start(&[cookie, ("Stint-Csrf", &other.csrf)]), 403);
    let form = |body: &str| door.ask("POST", "/do/start", &[cookie], body).status;
    for body in ["", "csrf=", &format!("csrf={}", other.csrf), "project=a"] {
        assert_eq!(form(body), 403, "{body}");
    }
    assert_eq!(door.desk.items(), 0);
    assert_eq!(start(&[cookie, ("Stint-Csrf", &browser.csrf)]), 200);
    assert_eq!(form(&format!("csrf={}&project=a", browser.csrf)), 303);
    assert_eq!(door.desk.timer()["project"], "a");
    assert_eq!(door.ask("POST", "/do/nothing", &[cookie], &format!("csrf={}", browser.csrf)).status, 404);
}

#[test]
fn what_came_of_a_form_waits_for_the_page_a_person_gets() {
    let door = Door::new();
    let browser = door.enter();
    let cookie = ("Cookie", browser.cookie.as_str());
    let told = |path: &str| {
        let page = door.ask("GET", path, &[cookie], "");
        assert_eq!(page.status, 200, "{path}");
        page.body.contains(r#"<div class="notice good">"#)
    };
    assert_eq!(door.ask("POST", "/do/start", &[cookie], &format!("csrf={}", browser.csrf)).status, 303);
    // The page of before, which the event of the start has asked anew, and another window of this session.
    assert!(!told("/?look") && !told("/?look"));
    assert!(told("/"));
    assert!(!told("/"), "once");
}

#[test]
fn every_answer_says_what_a_browser_may_do_with_it() {
    let door = Door::new();
    let browser = door.enter();
    let cookie = ("Cookie", browser.cookie.as_str());
    for (path, heads) in
        [("/", &[cookie][..]), ("/api/v1/status", &[cookie]), ("/", &[]), ("/nothing", &[]), ("/enter", &[])]
    {
        let answer = door.ask("GET", path, heads, "");
        for (name, value) in [
            ("cache-control", "no-store"),
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "same-origin"),
        ] {
            assert_eq!(answer.head(name), Some(value), "{path}");
        }
        let policy = answer.head("content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'none'; ") && !policy.contains("unsafe"), "{policy}");
        assert_eq!(answer.head("access-control-allow-origin"), None);
    }
}

#[test]
fn a_taken_port_ends_nothing_and_is_told() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let desk = Desk::new();
    let address = taken.local_addr().unwrap().to_string();
    let mut command = desk.command(&["run"]);
    let log = std::fs::File::create(desk.path("host.log")).unwrap();
    command.env("STINT_CONTROL__LISTEN", &address).stdout(std::process::Stdio::null()).stderr(log);
    let mut host = command.spawn().unwrap();
    until("the host", || desk.data().join("control.sock").exists());
    let task = || {
        let tasks = desk.json(&["status"])["host"]["tasks"].take();
        tasks.as_array().unwrap().iter().find(|task| task["name"] == "dashboard").cloned().unwrap_or_default()
    };
    until("it is told", || task()["error"].is_string());
    let error = task()["error"].as_str().unwrap().to_owned();
    assert!(error.starts_with(&format!("failed to serve the page at {address}: ")), "{error}");
    assert!(error.contains("[control] listen names another address"), "{error}");
    assert!(desk.log().contains(&error), "{}", desk.log());
    desk.stint(&["start"]).ok();
    let said = desk.stint(&["dashboard"]);
    assert_eq!(said.code, 69, "{said:?}");
    assert!(said.stderr.contains("its page isn't served"), "{said:?}");
    host.kill().unwrap();
    host.wait().unwrap();
}

#[test]
fn without_a_host_there_is_no_page_and_figures_can_be_switched_off() {
    let desk = Desk::new();
    let said = desk.stint(&["dashboard"]);
    assert_eq!(said.code, 69, "{said:?}");
    assert!(said.stderr.contains("start it with `stint run`"), "{said:?}");
    desk.configure(&format!("{ONE_TARGET}[control]\nmetrics = false\n"));
    let door = Door::at(desk);
    let bearer = format!("Bearer {}", door.token);
    let answer = door.ask("GET", "/metrics", &[("Authorization", &bearer)], "");
    assert_eq!((answer.status, answer.json()["exit"].clone()), (404, json!(65)));
}

/// The file system would keep another user out already, so here it lets them in, and the socket has to see to it.
#[test]
fn another_user_is_hung_up_on() {
    if !rustix::process::geteuid().is_root() {
        eprintln!("SKIPPED: only root can become another user, so nobody else knocked at the socket");
        return;
    }
    let desk = Desk::new();
    let _host = desk.host();
    let open = |path: &std::path::Path, mode| {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    };
    open(&desk.path(""), 0o755);
    open(&desk.data(), 0o755);
    let socket = desk.data().join("control.sock");
    open(&socket, 0o666);
    let knock = "$SIG{PIPE} = 'IGNORE'; use IO::Socket::UNIX; my $s = IO::Socket::UNIX->new(Peer => shift) or die \"no way in: $!\"; \
        print $s \"GET /api/v1/status HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n\"; \
        $s->flush; my $n = 0; while (<$s>) { $n++ } print \"heard $n\"";
    let mut command = Command::new("perl");
    command.args(["-e", knock]).arg(&socket).current_dir("/");
    let own = command.output().unwrap();
    assert_ne!(String::from_utf8_lossy(&own.stdout), "heard 0", "{own:?}");
    let other = command.uid(65_534).gid(65_534).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&other.stdout), "heard 0", "{other:?}");
    until("it is in the log", || desk.log().contains("another user was hung up on"));
}
