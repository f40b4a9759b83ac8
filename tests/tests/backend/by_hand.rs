//! The backend as a program, and its switches over HTTP.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use reqwest::Method;
use serde_json::{Value, json};
use stint_tests::backend::{Backend, Fault, Rule};

use crate::client::{client, json_of};

/// The program, which ends with the test.
struct Program(Child);

impl Program {
    fn start(arguments: &[&str]) -> (Self, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sample-backend"));
        let mut child = command.args(arguments).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        (Self(child), line.trim().to_owned())
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

async fn ask(method: Method, url: String, body: Option<Value>) -> Value {
    let request = client().request(method, url);
    let request = match body {
        Some(body) => request.header("content-type", "application/json").body(body.to_string()),
        None => request,
    };
    json_of(request.send().await.unwrap()).await
}

#[tokio::test]
async fn the_program_serves_and_is_switched_over_http() {
    let (_program, url) = Program::start(&["--listen", "127.0.0.1:0", "--open"]);
    let at = |path: &str| format!("{url}{path}");
    let rule = json!({ "fault": { "status": { "status": 503 } }, "route": "start", "times": 1 });
    let faults = ask(Method::POST, at("/_/faults"), Some(rule)).await;
    assert_eq!(faults[0]["fault"]["status"]["status"], 503);
    let start = async || {
        let request = client().post(at("/time-entries/start")).header("idempotency-key", "k1");
        request.send().await.unwrap().status().as_u16()
    };
    assert_eq!([start().await, start().await, start().await], [503, 201, 201]);
    assert_eq!(ask(Method::GET, at("/_/ledger"), None).await["effects"], json!({ "k1": 1 }));
    let counts = ask(Method::GET, at("/_/counts"), None).await;
    assert_eq!((&counts["requests"], &counts["by_route"]["start"]), (&json!(3), &json!(3)));
    assert_eq!(ask(Method::GET, at("/_/requests"), None).await[0]["status"], 503);
}

#[tokio::test]
async fn every_fault_can_be_written_as_json() {
    let backend = Backend::start().unwrap();
    let faults = [
        (json!({ "status": { "status": 429, "retry_after": "5" } }), Fault::retry_after(429, "5")),
        (json!({ "delay": { "ms": 5 } }), Fault::Delay { ms: 5 }),
        (json!("hold"), Fault::Hold),
        (json!("cut"), Fault::Cut),
        (json!("reset"), Fault::Reset),
        (json!("truncate"), Fault::Truncate),
        (json!({ "slow-body": { "bytes": 1, "every_ms": 9 } }), Fault::SlowBody { bytes: 1, every_ms: 9 }),
        (json!("wrong-json"), Fault::WrongJson),
        (json!("html"), Fault::Html),
        (json!({ "error-body": { "body": [1] } }), Fault::ErrorBody { body: json!([1]) }),
        (
            json!({ "redirect": { "to": "http://x.test/" } }),
            Fault::Redirect { to: "http://x.test/".into(), status: 307 },
        ),
        (json!("redirect-loop"), Fault::RedirectLoop),
        (json!({ "huge-body": { "bytes": 9 } }), Fault::HugeBody { bytes: 9 }),
        (json!("endless-body"), Fault::EndlessBody),
    ];
    let url = backend.url("/_/faults");
    for (json, fault) in faults {
        let expected = Rule::new(fault).for_key("k").after_commit();
        let rule = json!({ "fault": json, "key": "k", "when": "after-commit" });
        let all = ask(Method::POST, url.clone(), Some(rule)).await;
        let last: Rule = serde_json::from_value(all.as_array().unwrap().last().unwrap().clone()).unwrap();
        assert_eq!(last, expected);
    }
    assert_eq!(ask(Method::DELETE, url.clone(), None).await, json!([]));
    let misspelt = json!({ "fault": "cut", "rute": "start" }).to_string();
    let answer = client().post(url).header("content-type", "application/json").body(misspelt);
    let answer = answer.send().await.unwrap();
    assert_eq!(answer.status(), 422);
    assert!(answer.text().await.unwrap().contains("unknown field `rute`"));
}

#[tokio::test]
async fn tokens_are_ordered_about_over_http() {
    let backend = Backend::start().unwrap();
    let token = backend.log_in().access;
    let start = async |token: &str| {
        let request = client().post(backend.url("/time-entries/start")).bearer_auth(token);
        request.send().await.unwrap().status().as_u16()
    };
    assert_eq!(start(&token).await, 201);
    ask(Method::POST, backend.url("/_/tokens"), Some(json!({ "expire": true, "uses": 1 }))).await;
    assert_eq!(start(&token).await, 401);
    let next = backend.log_in().access;
    assert_eq!([start(&next).await, start(&next).await], [201, 401]);
    ask(Method::POST, backend.url("/_/release"), None).await;
}

#[test]
fn a_program_that_cannot_listen_says_why() {
    let backend = Backend::start().unwrap();
    let address = backend.address().to_string();
    let mut command = Command::new(env!("CARGO_BIN_EXE_sample-backend"));
    let ended = command.args(["--listen", &address]).output().unwrap();
    let said = String::from_utf8_lossy(&ended.stderr).into_owned();
    assert!(!ended.status.success() && said.starts_with("failed to listen on "), "{said}");
}
