//! What a doctor finds: each trouble is made on a real process, and what is said to mend it mends it.

use std::{fs, io::Read as _, net::TcpListener, os::unix::fs::PermissionsExt as _, path::Path, sync::Arc};

use serde_json::{Value, json};
use stint_tests::{
    backend::{Backend, Config, Fault, Route, Rule},
    guests,
};

use crate::desk::{Desk, mode, until};

/// A target that posts to an address, with a credential in a file.
fn posting(url: &str) -> String {
    format!(
        "[targets.work]\nplugin = \"rest\"\naccepts = [\"time-entry\"]\nallow = [\"{url}\"]\n\
         credentials = {{ default = \"work\" }}\n[targets.work.settings]\nurl = \"{url}\"\non_missing_route = \"skip\"\n\
         probe = {{ path = \"/time-entries?key=none\" }}\n\
         [targets.work.settings.routes.time-entry.started]\nmethod = \"POST\"\npath = \"/time-entries/start\"\n\
         remote_id = \"/id\"\njson = {{ project = \"{{entry.project?}}\" }}\n\
         [credentials.work]\nscheme = \"bearer\"\nvalue = {{ file = \"key\" }}\n"
    )
}

fn plugins(desk: &Desk, names: &[&str]) {
    fs::create_dir_all(desk.path("plugins")).unwrap();
    for name in names {
        fs::write(desk.path("plugins").join(format!("{name}.wasm")), guests::first_party(name).unwrap())
            .unwrap();
    }
}

fn key(desk: &Desk, text: &str) {
    fs::write(desk.path("key"), text).unwrap();
    fs::set_permissions(desk.path("key"), fs::Permissions::from_mode(0o600)).unwrap();
}

/// What is found, and the code it ends with.
#[track_caller]
fn doctor(desk: &Desk, more: &[&str]) -> (Value, i32) {
    let said = desk.stint(&[&["doctor", "--json"], more].concat());
    let report: Value = serde_json::from_str(&said.stdout).unwrap();
    assert_eq!(report["exit"], said.code, "{said:?}");
    (report, said.code)
}

/// The findings of an area at a level, in short: what was found, and what to paste.
fn found(report: &Value, level: &str, area: &str) -> Vec<String> {
    let findings = report["findings"].as_array().unwrap().iter();
    let fitting = findings.filter(|finding| finding["level"] == level && finding["area"] == area);
    fitting
        .map(|finding| {
            let lines = finding["write"]["lines"].as_array().map(|lines| {
                let lines: Vec<&str> = lines.iter().map(|line| line.as_str().unwrap()).collect();
                format!(" [{}] {}", finding["write"]["table"].as_str().unwrap(), lines.join(" "))
            });
            let run = finding["run"].as_str().map(|run| format!(" $ {run}"));
            let what = finding["what"].as_str().unwrap();
            format!("{what}{}{}", run.unwrap_or_default(), lines.unwrap_or_default())
        })
        .collect()
}

#[track_caller]
fn has(found: &[String], part: &str) {
    assert!(found.iter().any(|one| one.contains(part)), "no {part:?} in {found:#?}");
}

#[test]
fn a_sound_desk_is_well_with_and_without_a_host() {
    let (desk, backend) =
        (Desk::new(), Backend::with(Config { api_key: Some("good".into()), ..Config::default() }).unwrap());
    desk.configure(&posting(backend.url("").trim_end_matches('/')));
    plugins(&desk, &["rest"]);
    key(&desk, "good\n");
    let (report, code) = doctor(&desk, &[]);
    assert_eq!(code, 0, "{report:#}");
    assert_eq!(
        found(&report, "warning", "host"),
        ["no host is running: nothing is delivered $ stint service install"]
    );
    has(&found(&report, "ok", "targets"), " answers");
    has(&found(&report, "ok", "targets"), "also with its credentials");
    let host = desk.host();
    until("the plugin serves", || doctor(&desk, &[]).0["warnings"] == 0);
    let (report, code) = doctor(&desk, &[]);
    assert_eq!(
        (code, &report["host_running"], &report["errors"]),
        (0, &json!(true), &json!(0)),
        "{report:#}"
    );
    has(&found(&report, "ok", "targets"), "also with its credentials");
    assert_eq!(host.end(), 0);
    let text = desk.stint(&["doctor"]).stdout;
    assert!(text.starts_with("0 errors, 1 warning\n\nwarning: host: no host is running"), "{text}");
    for field in ["level", "area", "subject", "what", "why", "run", "write", "fixed"] {
        assert!(report["findings"][0].as_object().unwrap().contains_key(field), "{field}: {report:#}");
    }
}

#[test]
fn what_a_backend_says_is_told_with_what_mends_it() {
    let (desk, backend) =
        (Desk::new(), Backend::with(Config { api_key: Some("good".into()), ..Config::default() }).unwrap());
    desk.configure(&posting(backend.url("").trim_end_matches('/')));
    plugins(&desk, &["rest"]);
    let (report, code) = doctor(&desk, &[]);
    assert_eq!(code, 69);
    has(&found(&report, "error", "credentials"), "it is not there; for [targets.work]");
    has(&found(&report, "error", "credentials"), "$ stint auth set work");
    key(&desk, "bad");
    let (report, code) = doctor(&desk, &[]);
    assert_eq!(code, 69, "{report:#}");
    has(&found(&report, "error", "targets"), "the backend refuses its credential $ stint auth set work");
    assert!(!report.to_string().contains("Bearer"), "{report:#}");
    fs::set_permissions(desk.path("key"), fs::Permissions::from_mode(0o644)).unwrap();
    let command = format!("$ chmod 600 {}", desk.path("key").display());
    has(&found(&doctor(&desk, &[]).0, "warning", "credentials"), &command);
}

#[test]
fn hosts_that_cant_be_reached_are_told_apart() {
    let desk = Desk::new();
    plugins(&desk, &["rest"]);
    key(&desk, "good");
    // A port that was free a moment ago, and that nobody listens at.
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    desk.configure(&posting(&format!("http://{closed}")));
    let (report, code) = doctor(&desk, &[]);
    let expected = format!("nothing answers at {closed} $ curl -sv -o /dev/null http://{closed}/");
    assert_eq!((code, found(&report, "error", "targets")), (69, vec![expected]));
    desk.configure(&posting("https://nobody.invalid"));
    let (report, _) = doctor(&desk, &[]);
    let said = found(&report, "error", "targets");
    assert!(said[0].contains("nobody.invalid"), "{said:?}");
    desk.configure(&format!("[network]\nproxy = \"http://{closed}\"\n{}", posting("http://api.example.com")));
    let (report, code) = doctor(&desk, &[]);
    let said = found(&report, "error", "targets");
    assert_eq!(code, 78, "only another line mends it");
    has(&said, "can't be reached through the proxy [network] proxy = \"off\"");
}

#[test]
fn a_server_that_never_answers_is_given_up() {
    let desk = Desk::new();
    plugins(&desk, &["rest"]);
    key(&desk, "good");
    // Connections are taken by the kernel, and nobody ever says anything.
    let mute = TcpListener::bind("127.0.0.1:0").unwrap();
    desk.configure(&posting(&format!("http://{}", mute.local_addr().unwrap())));
    let (report, code) = doctor(&desk, &[]);
    assert_eq!(code, 69);
    has(&found(&report, "error", "targets"), "takes the question and doesn't answer");
}

#[test]
fn a_certificate_of_a_stranger_is_told() {
    let desk = Desk::new();
    plugins(&desk, &["rest"]);
    key(&desk, "good");
    let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    let secret = rustls::pki_types::PrivateKeyDer::Pkcs8(made.signing_key.serialize_der().into());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config =
        rustls::ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config =
        config.with_no_client_auth().with_single_cert(vec![made.cert.der().clone()], secret).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let config = Arc::new(config);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let session = rustls::ServerConnection::new(Arc::clone(&config)).unwrap();
            let mut stream = rustls::StreamOwned::new(session, stream);
            // The client hangs up as soon as it sees the certificate.
            let _either_way = stream.read(&mut [0; 16]);
        }
    });
    desk.configure(&posting(&format!("https://{address}")));
    let (report, code) = doctor(&desk, &[]);
    assert_eq!(code, 78, "{report:#}");
    has(&found(&report, "error", "targets"), "is not trusted");
    has(&found(&report, "error", "targets"), "[network] ca_file = ");
    fs::write(desk.path("ca.pem"), made.cert.pem()).unwrap();
    let with_ca = format!("[network]\nca_file = \"ca.pem\"\n{}", posting(&format!("https://{address}")));
    desk.configure(&with_ca);
    let said = found(&doctor(&desk, &[]).0, "error", "targets");
    assert!(said.iter().all(|one| !one.contains("is not trusted")), "{said:?}");
}

#[test]
fn mistakes_in_the_configuration_are_all_there_and_end_with_78() {
    let desk = Desk::new();
    desk.configure("[timer]\nhartbeat = \"1s\"\n[sync]\ninterval = 3\n");
    let (report, code) = doctor(&desk, &[]);
    let said = found(&report, "error", "configuration");
    assert_eq!((code, said.len()), (78, 2), "{said:?}");
    has(&said, "stint.toml:2:1: ");
    has(&said, "hartbeat = \"1s\" $ stint config edit");
    let host = {
        desk.configure("");
        desk.host()
    };
    desk.configure("[timer\n");
    until("it is refused", || desk.json(&["status"])["host"]["config"]["valid"] == false);
    let (report, code) = doctor(&desk, &[]);
    assert_eq!(code, 78);
    has(&found(&report, "error", "configuration"), "the host goes by an earlier configuration");
    assert_eq!(host.end(), 0);
}

#[test]
fn plugins_that_are_missing_or_refused_or_want_more_are_told() {
    let desk = Desk::new();
    let (report, code) = doctor(&desk, &[]);
    assert_eq!(code, 69);
    let folder = desk.path("plugins").display().to_string();
    has(
        &found(&report, "error", "plugins"),
        &format!("it is missing; used by [targets.work] $ cp nothing.wasm {folder}/"),
    );
    let missing = format!("the folder {folder} is not there $ mkdir -p {folder}");
    has(&found(&report, "warning", "plugins"), &missing);
    let (report, _) = doctor(&desk, &["--fix"]);
    assert_eq!((&report["fixed"], mode(Path::new(&folder))), (&json!(1), 0o700));
    fs::write(desk.path("plugins/nothing.wasm"), "no component").unwrap();
    let (report, _) = doctor(&desk, &[]);
    let said = found(&report, "error", "plugins");
    assert!(said[0].contains(&format!("$ stint plugin inspect {folder}/nothing.wasm")), "{said:?}");
    fs::remove_file(desk.path("plugins/nothing.wasm")).unwrap();

    plugins(&desk, &["archive"]);
    desk.configure("[targets.work]\nplugin = \"archive\"\n");
    let (report, code) = doctor(&desk, &[]);
    has(
        &found(&report, "warning", "plugins"),
        "it asks for more than [targets.work] grants [targets.work] files = ",
    );
    assert!(code == 0 || code == 69 || code == 78, "{report:#}");
    let pin = "0".repeat(64);
    desk.configure(&format!("[targets.work]\nplugin = \"archive\"\nfiles = \"out\"\n[plugins]\npin = {{ archive = \"sha256:{pin}\" }}\n"));
    let (report, code) = doctor(&desk, &[]);
    let said = found(&report, "error", "plugins");
    assert_eq!(code, 78, "{report:#}");
    assert!(said[0].contains("[plugins] pin.archive = \"sha256:"), "{said:?}");
}

#[test]
fn the_data_directory_is_looked_at_and_closed() {
    let desk = Desk::new();
    desk.stint(&["start"]).ok();
    let open = |path: &Path| fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    open(&desk.data());
    open(&desk.data().join("stint.db"));
    fs::create_dir_all(desk.data().join("quarantine")).unwrap();
    fs::write(desk.data().join("quarantine/000001-x.db"), "").unwrap();
    let (report, _) = doctor(&desk, &["--fix"]);
    let said = found(&report, "warning", "data");
    has(&said, &format!("can be read or changed by other users $ chmod -R go= {}", desk.data().display()));
    has(&said, "a damaged database was put aside as ");
    assert_eq!((mode(&desk.data()), mode(&desk.data().join("stint.db"))), (0o700, 0o600));
    assert_eq!(mode(&desk.data().join("quarantine")), 0o700);
    let (report, _) = doctor(&desk, &[]);
    assert!(found(&report, "warning", "data").iter().all(|one| !one.contains("other users")), "{report:#}");
}

#[test]
fn a_socket_that_a_killed_host_left_is_removed() {
    let desk = Desk::new();
    desk.host().kill();
    let socket = desk.data().join("control.sock");
    assert!(socket.exists());
    let (report, _) = doctor(&desk, &[]);
    let stale = format!("a host that was killed left its socket $ rm {}", socket.display());
    assert_eq!(found(&report, "warning", "data"), [stale]);
    doctor(&desk, &["--fix"]);
    assert!(!socket.exists());
    let host = desk.host();
    let (report, _) = doctor(&desk, &["--fix"]);
    assert!(socket.exists() && found(&report, "warning", "data").is_empty(), "{report:#}");
    assert_eq!(host.end(), 0);
}

#[test]
fn targets_that_are_held_paused_or_gone_get_their_command() {
    let desk = Desk::new();
    let host = desk.host();
    desk.stint(&["start", "--project", "a"]).ok();
    until("it is held", || desk.json(&["status"])["targets"][0]["state"] == "missing");
    let (report, _) = doctor(&desk, &[]);
    has(&found(&report, "error", "targets"), "it is held; 1 items wait $ cp nothing.wasm ");
    desk.stint(&["target", "pause", "work"]).ok();
    let (report, _) = doctor(&desk, &[]);
    has(&found(&report, "warning", "targets"), "somebody paused it; 1 items wait $ stint target resume work");
    desk.stint(&["target", "resume", "work"]).ok();
    desk.configure("[targets.new]\nplugin = \"nothing\"\n");
    until("it is gone", || desk.json(&["status"])["targets"].to_string().contains("\"new\""));
    let (report, _) = doctor(&desk, &[]);
    has(
        &found(&report, "warning", "targets"),
        "1 of its items were not delivered $ stint queue move work new",
    );
    assert_eq!(host.end(), 0);
    desk.configure("");
    let (report, _) = doctor(&desk, &[]);
    has(&found(&report, "warning", "targets"), "xargs stint queue drop --target work --yes");
    has(&found(&report, "warning", "targets"), "there are none: what is recorded stays on this machine");
}

#[test]
fn failures_and_the_last_success_are_told() {
    let (desk, backend) =
        (Desk::new(), Backend::with(Config { api_key: Some("good".into()), ..Config::default() }).unwrap());
    let quick = "[sync]\ninitial_delay = \"0s\"\ninterval = \"1s\"\n";
    desk.configure(&format!("{quick}{}", posting(backend.url("").trim_end_matches('/'))));
    plugins(&desk, &["rest"]);
    key(&desk, "good");
    let host = desk.host();
    desk.stint(&["start", "--project", "a"]).ok();
    let count = |state: &str| desk.json(&["status"])["queue"][state].as_u64().unwrap();
    until("it is delivered", || count("sent") == 1);
    backend.fail(Rule::new(Fault::status(422)).on(Route::Start));
    desk.stint(&["stop"]).ok();
    desk.stint(&["start", "--project", "b"]).ok();
    until("one failed", || count("failed") == 1);
    let (report, code) = doctor(&desk, &[]);
    assert_eq!(code, 0, "{report:#}");
    let failed = "1 items failed for good $ stint queue retry --all --target work";
    assert_eq!(found(&report, "warning", "targets"), [failed]);
    has(&found(&report, "ok", "targets"), "its last success was less than a minute ago");
    assert_eq!(host.end(), 0);
}

#[test]
fn a_stuck_owner_is_a_finding_and_no_hang() {
    let desk = Desk::new();
    let host = desk.host();
    // One that still runs would make its socket anew.
    host.halt();
    fs::remove_file(desk.data().join("control.sock")).unwrap();
    let (report, code) = doctor(&desk, &[]);
    host.signal(rustix::process::Signal::CONT);
    assert_eq!(code, 69);
    has(
        &found(&report, "error", "host"),
        "nothing more can be looked at: failed to reach the host: process ",
    );
}

#[test]
fn twenty_columns_and_a_closed_pipe_are_enough() {
    let desk = Desk::new();
    let said = crate::desk::Said::of(desk.command(&["doctor"]).env("COLUMNS", "20"));
    assert!(said.stdout.lines().all(|line| line.chars().count() <= 20), "{}", said.stdout);
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let status =
        desk.command(&["doctor"]).stdout(writer).stderr(std::process::Stdio::null()).status().unwrap();
    assert_eq!(status.code(), Some(69), "the verdict stays what it is");
}
