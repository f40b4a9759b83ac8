//! A planted secret, through everything that can go wrong on its way: it is nowhere but where it was put and at the
//! backend it was meant for.

use std::{fmt::Write as _, fs, io::Write as _, os::unix::net::UnixStream, path::Path, process::Stdio};

use stint_tests::{
    backend::{Backend, Config, Fault, Route, Rule},
    guests,
};

use crate::desk::{Desk, until};

/// What every token begins with.
const CANARY: &str = "canary4b7e";

/// A target with a backend of its own, which fails in its own way.
struct Trouble {
    name: &'static str,
    backend: Backend,
    fault: Option<Fault>,
    /// What the target's delivery says in the end.
    says: &'static str,
}

/// Every way to fail, most with the token in the answer: the one that the first refresh brought.
fn troubles() -> Vec<Trouble> {
    let echo = format!("you sent Bearer {CANARY}-access-2, and {CANARY}-refresh-1 before");
    let status = |status| Fault::Status { status, retry_after: None, body: Some(echo.clone()) };
    let faults = [
        ("fine", None, "delivered"),
        ("refused", Some(status(422)), "you sent Bearer *****"),
        ("broken", Some(status(500)), "500"),
        ("locked", Some(status(401)), "stint auth set locked"),
        (
            "led-on",
            Some(Fault::Redirect { to: format!("http://127.0.0.2:1/{CANARY}-access-2"), status: 307 }),
            "307",
        ),
        ("page", Some(Fault::Html), "a page for people"),
        ("cut", Some(Fault::Cut), "connection closed before message"),
        ("short", Some(Fault::Truncate), "end of file before message"),
        ("odd", Some(Fault::ErrorBody { body: echo.clone().into() }), "no id at /id"),
        ("huge", Some(Fault::HugeBody { bytes: 1 << 31 }), "more than 8388608 bytes"),
    ];
    let made = faults.into_iter().map(|(name, fault, says)| {
        let config = Config { token_prefix: format!("{CANARY}-"), ..Config::default() };
        Trouble { name, backend: Backend::with(config).unwrap(), fault, says }
    });
    made.collect()
}

fn configuration(troubles: &[Trouble]) -> String {
    let mut text = "[sync]\ninitial_delay = \"0s\"\ninterval = \"1s\"\n".to_owned();
    for Trouble { name, backend, .. } in troubles {
        write!(
            text,
            "[targets.{name}]\nplugin = \"rest\"\naccepts = [\"time-entry\"]\nallow = [\"{url}\"]\n\
             credentials = {{ default = \"{name}\" }}\n\
             [targets.{name}.settings]\nurl = \"{url}\"\non_missing_route = \"skip\"\n\
             [targets.{name}.settings.routes.time-entry.started]\nmethod = \"POST\"\npath = \"/time-entries/start\"\n\
             remote_id = \"/id\"\njson = {{ project = \"{{entry.project?}}\" }}\n\
             [credentials.{name}]\nscheme = \"bearer\"\nstore = {{ file = \"keys/{name}-tokens\" }}\n\
             [credentials.{name}.refresh]\nurl = \"{url}/auth/refresh\"\nbody = '{{\"refreshToken\":\"{{refresh}}\"}}'\n\
             refresh_token = {{ file = \"keys/{name}\" }}\naccess = \"/accessToken\"\nrefresh = \"/refreshToken\"\n\
             expires = \"/expiresIn\"\n",
            url = backend.url("").trim_end_matches('/'),
        )
        .unwrap();
    }
    text
}

/// Everything that is in a folder, file by file.
pub(crate) fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut found = Vec::new();
    for path in entries {
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.is_file() {
            found.push((path.display().to_string(), fs::read(&path).unwrap()));
        }
    }
    found
}

fn holds_the_canary(bytes: &[u8]) -> bool {
    bytes.windows(CANARY.len()).any(|part| part == CANARY.as_bytes())
}

/// What the socket answers, with its head.
fn asked(desk: &Desk, path: &str) -> Vec<u8> {
    let mut stream = UnixStream::connect(desk.data().join("control.sock")).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    std::io::Read::read_to_end(&mut stream, &mut answer).unwrap();
    answer
}

fn put_in(desk: &Desk, name: &str, secret: &str) {
    let mut command = desk.command(&["auth", "set", name]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(secret.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success() && !holds_the_canary(&output.stdout), "{output:?}");
}

#[test]
fn a_planted_secret_is_found_nowhere() {
    let (desk, troubles) = (Desk::new(), troubles());
    fs::create_dir(desk.path("plugins")).unwrap();
    fs::write(desk.path("plugins/rest.wasm"), guests::first_party("rest").unwrap()).unwrap();
    desk.configure(&configuration(&troubles));
    for Trouble { name, backend, fault, .. } in &troubles {
        put_in(&desk, name, &backend.log_in().refresh);
        if let Some(fault) = fault {
            backend.fail(Rule::new(fault.clone()).on(Route::Start));
        }
    }
    let mut command = desk.command(&["run", "--verbose"]);
    let log = fs::File::create(desk.path("host.log")).unwrap();
    let mut host = command.stdout(Stdio::null()).stderr(log).spawn().unwrap();
    until("the host", || desk.data().join("control.sock").exists());
    desk.stint(&["start", "--project", "P"]).ok();
    until("every backend was asked and every delivery says so", || {
        let list = desk.json(&["queue", "list"]);
        let items = list["items"].as_array().unwrap();
        let settled = |item: &serde_json::Value| {
            item["attempts"] != 0 || item["error"].is_string() || item["state"] == "sent"
        };
        items.len() == troubles.len() && items.iter().all(settled)
    });
    let shown = [
        desk.stint(&["queue", "list", "--json"]).ok(),
        desk.stint(&["status", "--json"]).ok(),
        desk.stint(&["auth", "status"]).ok(),
        desk.stint(&["queue", "show", "1"]).ok(),
        desk.stint(&["queue", "show", "1", "--json"]).ok(),
    ];
    let answers: Vec<Vec<u8>> =
        ["/api/v1/queue", "/api/v1/queue/1", "/api/v1/status", "/api/v1/auth", "/api/v1/plugins"]
            .into_iter()
            .map(|path| asked(&desk, path))
            .collect();
    for Trouble { name, says, backend, .. } in &troubles {
        let found = shown.iter().any(|text| text.contains(says));
        assert!(found, "{name} doesn't say {says}:\n{}\n{}", shown.concat(), desk.log());
        let seen = backend.seen();
        assert!(
            seen.iter().any(|seen| format!("{seen:?}").contains(CANARY)),
            "{name} got the token: {seen:?}"
        );
    }
    // Also what isn't yet in the database proper.
    let kept = files(&desk.data());
    assert!(
        kept.iter().any(|(name, _)| name.ends_with("-wal")),
        "{:?}",
        kept.iter().map(|(name, _)| name).collect::<Vec<_>>()
    );
    for (name, bytes) in &kept {
        assert!(!holds_the_canary(bytes), "{name}");
    }
    for text in shown.iter().map(String::as_bytes).chain(answers.iter().map(Vec::as_slice)) {
        assert!(!holds_the_canary(text), "{}", String::from_utf8_lossy(text));
    }
    host.kill().unwrap();
    host.wait().unwrap();
    assert!(!desk.log().contains(CANARY), "{}", desk.log());
    let keys = files(&desk.path("keys"));
    assert!(keys.iter().all(|(_, bytes)| holds_the_canary(bytes)), "this is where it was put");
}
