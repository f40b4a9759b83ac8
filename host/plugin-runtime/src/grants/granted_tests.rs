//! Asked and granted, asked and not granted, not asked: for everything there is, with the words a person reads.

use super::*;
use crate::grants::HostRule;

fn manifest() -> Manifest {
    Manifest::from_toml(include_str!("../manifest/samples/full.toml"), |_| Ok("{}".to_owned())).unwrap()
}

fn everything() -> Allowed {
    Allowed {
        place: "targets.work".to_owned(),
        hosts: vec![
            HostRule::parse("https://redmine.example.com").unwrap(),
            HostRule::parse("GET https://status.redmine.example.com").unwrap(),
        ],
        credentials: ["default".to_owned()].into(),
        attachments: true,
        files: true,
    }
}

fn grants(allowed: Allowed) -> Grants {
    Grants::new(&manifest(), &serde_json::json!({"url": "https://redmine.example.com/sub"}), allowed)
}

fn request(grants: &Grants, method: &str, url: &str) -> String {
    match grants.request(method, &Url::parse(url).unwrap()) {
        Ok(()) => "sent".to_owned(),
        Err(refusal) => refusal.to_string(),
    }
}

#[test]
fn what_is_asked_and_granted_is_permitted() {
    let grants = grants(everything());
    assert_eq!(request(&grants, "POST", "https://redmine.example.com/time_entries.json"), "sent");
    assert_eq!(request(&grants, "GET", "https://status.redmine.example.com/"), "sent");
    assert_eq!(grants.credential("default"), Ok(()));
    assert_eq!((grants.attachments(), grants.state(), grants.files()), (Ok(()), Ok(()), Ok(())));
    assert_eq!(grants.missing(), []);
}

#[test]
fn what_is_granted_and_not_asked_is_refused_and_the_author_told() {
    let mut bare = manifest();
    bare.asks = Asks::default();
    let grants = Grants::new(&bare, &Value::Null, everything());
    assert_eq!(
        request(&grants, "POST", "https://redmine.example.com/x"),
        "the manifest of `redmine` doesn't ask for POST https://redmine.example.com; its author adds [[asks.hosts]] host = \
         \"https://redmine.example.com\", methods = [\"POST\"], reason = \"…\" to plugin.toml"
    );
    let texts = [
        grants.credential("default").unwrap_err().to_string(),
        grants.attachments().unwrap_err().to_string(),
        grants.state().unwrap_err().to_string(),
        grants.files().unwrap_err().to_string(),
    ];
    let says = |what: &str, line: &str| {
        format!("the manifest of `redmine` doesn't ask for {what}; its author adds {line} to plugin.toml")
    };
    assert_eq!(
        texts,
        [
            says("the credential `default`", "[[asks.credentials]] name = \"default\", reason = \"…\""),
            says("attachments", "[asks.attachments] reason = \"…\""),
            says("state", "[asks.state] reason = \"…\""),
            says("files", "[asks.files] reason = \"…\""),
        ]
    );
    assert_eq!(grants.missing(), []);
}

#[test]
fn what_is_asked_and_not_granted_is_refused_and_the_operator_told() {
    let grants = grants(Allowed { place: "targets.work".to_owned(), ..Allowed::default() });
    assert_eq!(
        request(&grants, "PUT", "https://redmine.example.com/x?key=secret"),
        "[targets.work] doesn't grant PUT https://redmine.example.com; to grant it, write there allow = [\"PUT \
         https://redmine.example.com\"]"
    );
    let texts = [
        grants.credential("default").unwrap_err().to_string(),
        grants.attachments().unwrap_err().to_string(),
        grants.files().unwrap_err().to_string(),
    ];
    let says = |what: &str, line: &str| {
        format!("[targets.work] doesn't grant {what}; to grant it, write there {line}")
    };
    assert_eq!(
        texts,
        [
            says("the credential `default`", "credentials = { default = \"…\" }"),
            says("attachments", "accepts = [\"screenshot\", …]"),
            says("files", "files = \"FOLDER\""),
        ]
    );
}

#[test]
fn a_method_or_a_host_beside_the_asked_ones_is_refused() {
    let grants = grants(everything());
    assert!(request(&grants, "DELETE", "https://redmine.example.com/x").contains("doesn't ask for DELETE"));
    assert!(request(&grants, "POST", "https://status.redmine.example.com/").contains("doesn't ask for POST"));
    assert!(request(&grants, "GET", "http://redmine.example.com/").contains("doesn't ask for GET http://"));
    assert!(request(&grants, "GET", "https://evil.test/").contains("doesn't ask for GET https://evil.test;"));
    assert!(
        grants
            .credential("other")
            .unwrap_err()
            .to_string()
            .contains("doesn't ask for the credential `other`")
    );
}

#[test]
fn a_setting_that_is_no_address_asks_for_nothing() {
    let grants = Grants::new(&manifest(), &serde_json::json!({"url": "not an address"}), everything());
    assert!(request(&grants, "GET", "https://redmine.example.com/").contains("doesn't ask for"));
}

#[test]
fn what_is_missing_is_listed_with_reason_and_line() {
    let allowed = Allowed { hosts: everything().hosts, ..Allowed::default() };
    let texts: Vec<String> = grants(allowed).missing().iter().map(ToString::to_string).collect();
    assert_eq!(
        texts,
        [
            "asks for the credential `default` (Your Redmine API key.); to grant it, write credentials = { default = \"…\" }",
            "asks for attachments (Attaches screenshots to the issue.); to grant it, write accepts = [\"screenshot\", …]",
            "asks for files (Keeps a copy of what was sent.); to grant it, write files = \"FOLDER\"",
        ]
    );
    let hosts = grants(Allowed { hosts: Vec::new(), ..everything() }).missing();
    assert_eq!(hosts.len(), 4, "three methods at one host, one at the other: {hosts:?}");
    assert_eq!(hosts[1].line, "allow = [\"POST https://redmine.example.com\"]");
}

#[test]
fn only_a_rule_of_addresses_opens_a_private_one() {
    let loopback = "127.0.0.1".parse().unwrap();
    let with = |rule: &str| Allowed { hosts: vec![HostRule::parse(rule).unwrap()], ..Allowed::default() };
    assert!(!grants(with("http://*")).names_address(loopback));
    assert!(grants(with("http://127.0.0.0/8")).names_address(loopback));
}

#[test]
fn a_rule_that_is_none_says_why() {
    let text = |rule: &str| HostRule::parse(rule).unwrap_err().to_string();
    assert_eq!(text("post https://x.test"), "`post` is no method (for example POST https://api.example.com)");
    assert!(text("POST x.test").starts_with("`x.test` has no scheme"));
}
