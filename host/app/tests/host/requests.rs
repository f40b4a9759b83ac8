//! Requests that no verb of ours makes: what speaks to the socket may be anything.

use std::{
    io::{Read as _, Write as _},
    os::unix::net::UnixStream,
};

use serde_json::{Value, json};

use crate::desk::Desk;

/// Sends a request as it is, and gives the status and the answer.
fn request(desk: &Desk, method: &str, path: &str, body: &str) -> (u16, Value) {
    let mut socket = UnixStream::connect(desk.data().join("control.sock")).unwrap();
    let length = body.len();
    write!(
        socket,
        "{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}"
    )
    .unwrap();
    let mut answer = String::new();
    socket.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.split(' ').nth(1).unwrap().parse().unwrap(), serde_json::from_str(body).unwrap())
}

#[test]
fn a_body_is_an_object_or_nothing() {
    let desk = Desk::new();
    let _host = desk.host();
    for body in ["[]", " [null]", "null", "\"start\"", "7"] {
        for path in ["/api/v1/timer/start", "/api/v1/timer/undo", "/api/v1/entries", "/api/v1/import"] {
            let (status, problem) = request(&desk, "POST", path, body);
            assert_eq!((status, &problem["exit"]), (422, &json!(65)), "{path} {body}: {problem}");
            assert!(problem["detail"].as_str().unwrap().contains("it is no JSON object"), "{problem}");
        }
    }
    assert_eq!(request(&desk, "POST", "/api/v1/timer/start", "").0, 200);
    assert_eq!(request(&desk, "POST", "/api/v1/timer/pause", " {}").0, 200);
}

#[test]
fn what_is_said_has_bounds() {
    let desk = Desk::new();
    let _host = desk.host();
    for call in [json!({"tags": vec!["x"; 101]}), json!({"project": "x".repeat(65_537)})] {
        let (status, problem) = request(&desk, "POST", "/api/v1/timer/start", &call.to_string());
        assert_eq!((status, &problem["exit"]), (422, &json!(65)), "{problem}");
    }
    assert_eq!(desk.items(), 0);
}

#[test]
fn an_id_belongs_to_one_command() {
    let desk = Desk::new();
    let _host = desk.host();
    let id = "0195570b-0000-7000-8000-00000000000e";
    let call = json!({"command_id": id, "project": "a"}).to_string();
    let first = request(&desk, "POST", "/api/v1/timer/start", &call);
    assert_eq!(first.0, 200);
    assert_eq!(request(&desk, "POST", "/api/v1/timer/start", &call), first);
    for path in ["/api/v1/timer/stop", "/api/v1/timer/start"] {
        let (status, problem) = request(&desk, "POST", path, &json!({"command_id": id}).to_string());
        assert_eq!((status, &problem["exit"]), (409, &json!(65)), "{problem}");
        assert!(problem["detail"].as_str().unwrap().contains("`start`"), "{problem}");
    }
    assert_eq!(desk.items(), 1);
}
