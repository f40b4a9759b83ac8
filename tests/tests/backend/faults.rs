//! Faults of a request: who meets them, and whether the request had its effect.

use reqwest::Error;
use stint_tests::backend::{Backend, Fault, PAST, Route, Rule, TEN_YEARS};

use crate::client::Person;

/// Whether the connection broke before there was an answer, and how it says so.
fn broke(error: &Error) -> String {
    assert!(error.is_request() && !error.is_connect() && !error.is_timeout(), "{error:?}");
    format!("{error:?}")
}

#[tokio::test]
async fn a_status_comes_with_the_time_to_wait() {
    let backend = Backend::start().unwrap();
    let ada = Person::new(&backend);
    for wait in ["120", "Sun, 06 Nov 2094 08:49:37 GMT", TEN_YEARS, PAST] {
        backend.fail(Rule::new(Fault::retry_after(429, wait)).once());
        let answer = ada.start("k1").send().await.unwrap();
        assert_eq!(answer.status(), 429);
        assert_eq!(answer.headers()["retry-after"], wait);
    }
    let said = Fault::Status { status: 500, retry_after: None, body: Some("out of order".into()) };
    backend.fail(Rule::new(said).once());
    let answer = ada.start("k1").send().await.unwrap();
    assert_eq!((answer.status().as_u16(), answer.text().await.unwrap().as_str()), (500, "out of order"));
    assert_eq!((backend.effects(), backend.counts().faults), ([].into(), 5));
    assert_eq!(ada.start_status("k1").await, 201);
}

#[tokio::test]
async fn a_connection_cut_before_the_commit_has_no_effect_and_after_it_has_one() {
    let backend = Backend::start().unwrap();
    let ada = Person::new(&backend);
    backend.fail(Rule::new(Fault::Cut).once());
    let said = broke(&ada.start("k1").send().await.unwrap_err());
    assert!(said.contains("IncompleteMessage"), "{said}");
    assert_eq!(backend.effects(), [].into());
    assert_eq!(backend.seen()[0].status, None);
    backend.fail(Rule::new(Fault::Cut).after_commit().once());
    broke(&ada.start("k1").send().await.unwrap_err());
    assert_eq!(backend.effects(), [("k1".to_owned(), 1)].into());
    // The client that comes again is told what it missed, and nothing is done twice.
    ada.started("k1").await;
    assert_eq!(backend.effects(), [("k1".to_owned(), 1)].into());
}

#[tokio::test]
async fn a_connection_is_reset_before_or_after_the_commit() {
    let backend = Backend::start().unwrap();
    let ada = Person::new(&backend);
    for (rule, effects) in [(Rule::new(Fault::Reset), 0), (Rule::new(Fault::Reset).after_commit(), 1)] {
        backend.fail(rule.once());
        let said = broke(&ada.start("k1").send().await.unwrap_err());
        assert!(said.contains("ConnectionReset"), "{said}");
        assert_eq!(backend.effects().len(), effects);
    }
}

#[tokio::test]
async fn an_error_may_come_although_the_work_is_done() {
    let backend = Backend::start().unwrap();
    let ada = Person::new(&backend);
    backend.fail(Rule::new(Fault::status(500)).after_commit().once());
    assert_eq!(ada.start_status("k1").await, 500);
    assert_eq!(backend.effects(), [("k1".to_owned(), 1)].into());
}

#[tokio::test]
async fn a_fault_meets_its_route_or_its_key_and_is_over_when_it_says() {
    let backend = Backend::start().unwrap();
    let ada = Person::new(&backend);
    let id = ada.started("k1").await;
    backend.fail(Rule::new(Fault::status(503)).on(Route::Pause).times(2));
    backend.fail(Rule::new(Fault::status(422)).for_key("poison"));
    let pause = async || ada.put(&format!("/time-entries/{id}/pause"), "k2").send().await.unwrap().status();
    assert_eq!([ada.start_status("k3").await, ada.start_status("poison").await], [201, 422]);
    assert_eq!([pause().await, pause().await, pause().await], [503, 503, 200]);
    assert_eq!(ada.start_status("poison").await, 422);
    backend.heal();
    assert_eq!(ada.start_status("poison").await, 201);
}

#[tokio::test]
async fn a_request_is_held_until_it_is_released() {
    let backend = Backend::start().unwrap();
    let ada = Person::new(&backend);
    backend.fail(Rule::new(Fault::Hold).after_commit().times(2));
    let held = tokio::spawn(ada.start("k1").send());
    backend.until(|_, counts| counts.held == 1).await;
    // It was carried out, and its answer is not on its way: a test may look as long as it likes.
    assert_eq!((backend.effects().len(), held.is_finished()), (1, false));
    assert_eq!((backend.counts().in_flight, backend.counts().in_flight_max), (1, 1));
    backend.release();
    assert_eq!(held.await.unwrap().unwrap().status(), 201);
    // A client that goes away takes its request along.
    let held = tokio::spawn(ada.start("k2").send());
    backend.until(|_, counts| counts.held == 1).await;
    held.abort();
    backend.until(|_, counts| counts.held == 0 && counts.in_flight == 0).await;
}

#[tokio::test]
async fn a_delay_lets_the_request_go_on_and_other_faults_come_on_top() {
    let backend = Backend::start().unwrap();
    let ada = Person::new(&backend);
    // An hour is never over in a test: the request that came later is answered first.
    backend.fail(Rule::new(Fault::Delay { ms: 3_600_000 }).after_commit().once());
    let late = tokio::spawn(ada.start("k1").send());
    backend.until(|ledger, _| ledger.effects.len() == 1).await;
    assert_eq!(ada.start_status("k2").await, 201);
    assert_eq!((late.is_finished(), backend.counts().in_flight), (false, 1));
    late.abort();
    backend.until(|_, counts| counts.in_flight == 0).await;
    backend.fail(Rule::new(Fault::Delay { ms: 1 }).once());
    backend.fail(Rule::new(Fault::status(503)).once());
    assert_eq!(ada.start_status("k3").await, 503);
    assert_eq!(backend.counts().faults, 2);
}
