//! Faults of the answer: bodies that are slow, short, wrong, huge or endless, and redirects.

use reqwest::{Method, Response};
use serde_json::json;
use stint_tests::backend::{Backend, Fault, Route, Rule};

use crate::client::{Person, json_of};

/// A backend whose next answer is spoilt like this, and that answer.
async fn struck(fault: Fault) -> (Backend, Response) {
    let backend = Backend::start().unwrap();
    backend.fail(Rule::new(fault).once());
    let answer = Person::new(&backend).start("k1").send().await.unwrap();
    (backend, answer)
}

#[tokio::test]
async fn a_slow_body_trickles() {
    let (backend, mut answer) = struck(Fault::SlowBody { bytes: 3, every_ms: 1 }).await;
    let mut pieces = Vec::new();
    while let Some(piece) = answer.chunk().await.unwrap() {
        assert!(piece.len() % 3 == 0 || piece.len() < 3, "{piece:?}");
        pieces.extend(piece);
    }
    assert_eq!(pieces, json!({ "id": "entry-1", "status": "running" }).to_string().into_bytes());
    assert_eq!(backend.effects().len(), 1);
}

#[tokio::test]
async fn a_body_is_cut_in_the_middle() {
    let (backend, answer) = struck(Fault::Truncate).await;
    assert_eq!((answer.status().as_u16(), answer.content_length()), (201, Some(35)));
    let said = format!("{:?}", answer.bytes().await.unwrap_err());
    assert!(said.contains("IncompleteMessage") || said.contains("UnexpectedEof"), "{said}");
    assert_eq!(backend.effects().len(), 1);
}

#[tokio::test]
async fn success_may_be_none() {
    let (_backend, answer) = struck(Fault::WrongJson).await;
    assert_eq!(answer.status(), 200);
    assert_eq!(json_of(answer).await[1], 7);
    let (_backend, answer) = struck(Fault::Html).await;
    assert_eq!(answer.headers()["content-type"], "text/html; charset=utf-8");
    assert!(answer.text().await.unwrap().starts_with("<!doctype html>"));
    let body = json!({ "ok": false, "error": "project is closed" });
    let (backend, answer) = struck(Fault::ErrorBody { body: body.clone() }).await;
    assert_eq!((answer.status().as_u16(), json_of(answer).await), (200, body));
    assert_eq!(backend.effects(), [].into());
}

#[tokio::test]
async fn redirects_lead_elsewhere_or_round_and_round() {
    let to = "http://169.254.169.254/latest/".to_owned();
    let (_backend, answer) = struck(Fault::Redirect { to: to.clone(), status: 302 }).await;
    assert_eq!(
        (answer.status().as_u16(), answer.headers()["location"].to_str().unwrap()),
        (302, to.as_str())
    );
    let (backend, answer) = struck(Fault::RedirectLoop).await;
    assert_eq!(answer.status(), 307);
    assert_eq!(answer.headers()["location"], "/time-entries/start");
    assert_eq!(backend.effects(), [].into());
}

#[tokio::test]
async fn a_huge_body_has_every_byte_it_announces() {
    let (_backend, mut answer) = struck(Fault::HugeBody { bytes: 3_000_000 }).await;
    assert_eq!(answer.content_length(), Some(3_000_000));
    let mut bytes = 0;
    while let Some(piece) = answer.chunk().await.unwrap() {
        bytes += piece.len();
    }
    assert_eq!(bytes, 3_000_000);
}

#[tokio::test]
async fn an_endless_body_ends_with_the_client() {
    let (backend, mut answer) = struck(Fault::EndlessBody).await;
    let mut bytes = 0;
    while bytes < 4 << 20 {
        bytes += answer.chunk().await.unwrap().unwrap().len();
    }
    drop(answer);
    backend.until(|_, counts| counts.open_connections == 0).await;
}

#[tokio::test]
async fn a_spoilt_answer_may_follow_the_effect_and_reads_are_spoilt_too() {
    let backend = Backend::start().unwrap();
    let ada = Person::new(&backend);
    backend.fail(Rule::new(Fault::WrongJson).after_commit().once());
    assert_eq!(ada.start_status("k1").await, 200);
    assert_eq!(backend.effects().len(), 1);
    backend.fail(Rule::new(Fault::status(503)).on(Route::Read).once());
    let read = ada.request(Method::GET, "/time-entries?key=k1").send().await.unwrap();
    assert_eq!(read.status(), 503);
}
