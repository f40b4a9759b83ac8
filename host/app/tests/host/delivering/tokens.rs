//! Tokens that expire all night: one renewal for each, and no item fails for it.

use std::{collections::BTreeSet, io::Write as _, process::Stdio};

use serde_json::Value;
use stint_tests::backend::{Backend, Config};

use super::stage::{Stage, target};
use crate::{
    desk::{Desk, until},
    loopback::page,
};

/// Gives a credential anew.
fn set(desk: &Desk, name: &str, secret: &str) -> Value {
    let mut command = desk.command(&["auth", "set", name, "--json"]);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(secret.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{output:?}");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// A desk whose token is renewed.
fn renewing(backend: &Backend) -> Stage {
    let stage = Stage::new(&(target("work", backend) + &credential(&backend.url(""))));
    std::fs::write(stage.desk.path("refresh"), backend.log_in().refresh).unwrap();
    stage
}

/// A credential that is renewed at this place.
fn credential(url: &str) -> String {
    format!(
        "[credentials.key]\nscheme = \"bearer\"\nstore = {{ file = \"token\" }}\n\
         [credentials.key.refresh]\nurl = \"{url}/auth/refresh\"\nbody = '{{\"refreshToken\":\"{{refresh}}\"}}'\n\
         refresh_token = {{ file = \"refresh\" }}\naccess = \"/accessToken\"\nrefresh = \"/refreshToken\"\n\
         expires = \"/expiresIn\"\n[sync]\ninitial_delay = \"0s\"\n"
    )
}

#[test]
fn a_night_of_expired_tokens_is_one_renewal_each_and_ends_when_somebody_logs_in() {
    let backend = Backend::with(Config {
        token_prefix: "canary-".to_owned(),
        token_uses: Some(10),
        ..Config::default()
    })
    .unwrap();
    let stage = renewing(&backend);
    stage.record(0..100);
    let host = stage.host();
    stage.until_drained("work");
    let counts = backend.counts();
    assert_eq!((stage.count("work", "sent"), stage.count("work", "failed")), (100, 0));
    // Ten requests a token: one brings the first, and each of the others takes the place of one that was used up.
    assert_eq!((counts.refreshes, counts.refresh_reuses), (10, 0), "{counts:?}");
    assert!(counts.unauthorized <= 9 * 4, "{counts:?}");

    // Now nothing can be renewed any more.
    backend.revoke_tokens();
    stage.desk.stint(&["start"]).ok();
    until("it is held", || stage.target("work")["state"] == "held");
    let held = stage.target("work");
    let why = held["held_because"].as_str().unwrap();
    assert!(why.contains("stint auth set key"), "it says what to do: {held}");
    let page = page(&stage.desk);
    assert!(page.contains("<code>stint auth set key</code>"), "so does the page: {page}");
    let before = backend.counts();
    for _ in 0..3 {
        let said = stage.desk.stint(&["sync", "--wait"]).ok();
        assert!(said.contains("needs login"), "{said}");
    }
    assert_eq!(backend.counts().requests, before.requests, "no wish goes over a hold");
    assert_eq!(stage.count("work", "failed"), 0);

    assert_eq!(set(&stage.desk, "key", &backend.log_in().refresh)["host_told"], true);
    until("it goes on by itself", || stage.count("work", "sent") == 101);
    assert_eq!(stage.target("work")["state"], "ok");
    assert!(backend.ledger().doubled().is_empty());
    host.end();
    assert!(!stage.desk.log().contains("canary-"), "no token is told");
}

#[test]
fn a_held_target_is_tried_at_a_persons_word_and_held_again() {
    let backend = Backend::start().unwrap();
    let stage = renewing(&backend);
    backend.revoke_tokens();
    stage.desk.stint(&["start"]).ok();
    let _host = stage.host();
    until("it is held", || stage.target("work")["state"] == "held");
    assert_eq!(stage.desk.stint(&["target", "resume", "work"]).ok(), "work goes on\n");
    until("it is held again", || stage.target("work")["state"] == "held");
    // What was in the file is mended by hand.
    std::fs::write(stage.desk.path("refresh"), backend.log_in().refresh).unwrap();
    stage.desk.stint(&["target", "resume", "work"]).ok();
    until("it goes on", || stage.count("work", "sent") == 1);
    assert_eq!(stage.count("work", "failed"), 0);
}

/// What the backend, which stands in for a proxy here, was told about who is there; each once.
fn logins(backend: &Backend) -> BTreeSet<Option<String>> {
    backend.seen().iter().map(|seen| seen.header("proxy-authorization").map(str::to_owned)).collect()
}

#[test]
fn a_proxy_hears_its_login_from_deliveries_and_renewals_and_waits_for_it() {
    let backend = Backend::start().unwrap();
    // A name that the configuration lets secrets go to without encryption.
    let beyond = "http://localhost";
    let proxy = format!(
        "[network]\nproxy = \"{}\"\nproxy_credential = \"door\"\n\
         [credentials.door]\nscheme = \"basic\"\nuser = \"ada\"\nvalue = {{ file = \"door\" }}\n",
        backend.url("")
    );
    let target = target("work", &backend).replace(&backend.url(""), beyond);
    let stage = Stage::new(&(target + &credential(beyond) + &proxy));
    std::fs::write(stage.desk.path("refresh"), backend.log_in().refresh).unwrap();
    stage.desk.stint(&["start"]).ok();
    let host = stage.host();
    until("it is held", || stage.target("work")["state"] == "held");
    let held = stage.target("work");
    let why = held["held_because"].as_str().unwrap();
    assert!(why.contains("the proxy's login is missing"), "{why}");
    assert!(why.contains("stint auth set door"), "it says what to do: {why}");
    assert!(backend.seen().is_empty(), "nothing went out without it");

    set(&stage.desk, "door", "canary-one");
    until("it goes on by itself", || stage.count("work", "sent") == 1);
    assert_eq!(backend.counts().refreshes, 1, "through the proxy too");
    // "ada:canary-one", and then "ada:canary-two".
    assert_eq!(logins(&backend), [Some("Basic YWRhOmNhbmFyeS1vbmU=".to_owned())].into());

    set(&stage.desk, "door", "canary-two");
    backend.expire_tokens();
    stage.desk.stint(&["pause"]).ok();
    until("the next one went", || stage.count("work", "sent") == 2);
    assert_eq!(backend.counts().refreshes, 2);
    let both = ["Basic YWRhOmNhbmFyeS1vbmU=", "Basic YWRhOmNhbmFyeS10d28="];
    assert_eq!(logins(&backend), both.map(|login| Some(login.to_owned())).into());
    host.end();
    let told = stage.desk.log();
    assert!(!told.contains("canary") && !told.contains("YWRhOm"), "no login is told: {told}");
}
