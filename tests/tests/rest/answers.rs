//! What the backend's faults become: nothing that went wrong counts as delivered, and only what the item is to blame
//! for is rejected.

use serde_json::json;
use stint_plugin_runtime::contract::{Cause, Event, Failure, Outcome};
use stint_tests::backend::{Fault, PAST, Rule, TEN_YEARS};

use crate::stage::{Stage, event};

/// What became of a start that met a fault: retry, reject or unknown, and why.
fn read(outcome: Outcome) -> (&'static str, Failure) {
    match outcome {
        Outcome::Retry(failure) => ("retry", failure),
        Outcome::Reject(failure) => ("reject", failure),
        Outcome::Unknown(failure) => ("unknown", failure),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn each_fault_has_its_outcome() {
    let stage = Stage::new().await;
    let elsewhere = Fault::Redirect { to: "http://169.254.169.254/".into(), status: 307 };
    let body = json!({ "error": "project is closed" });
    for (fault, outcome, cause) in [
        (Fault::status(500), "retry", Cause::Server),
        (Fault::status(503), "retry", Cause::Server),
        (Fault::status(504), "unknown", Cause::Server),
        (Fault::status(422), "reject", Cause::Invalid),
        (Fault::status(401), "retry", Cause::Unauthorized),
        (Fault::Html, "unknown", Cause::Server),
        (Fault::WrongJson, "unknown", Cause::Server),
        (Fault::ErrorBody { body }, "unknown", Cause::Server),
        (elsewhere, "retry", Cause::Misconfigured),
        (Fault::RedirectLoop, "retry", Cause::Misconfigured),
        (Fault::Cut, "unknown", Cause::Server),
        // The host's limit of an answer's size.
        (Fault::HugeBody { bytes: 9 << 20 }, "unknown", Cause::TooLarge),
    ] {
        stage.backend.fail(Rule::new(fault.clone()).once());
        let (said, failure) = read(stage.upload(event(Event::Started, "k1", None)).await);
        assert_eq!(said, outcome, "{fault:?}: {failure:?}");
        assert!(
            std::mem::discriminant(&failure.cause) == std::mem::discriminant(&cause),
            "{fault:?}: {failure:?}"
        );
    }
    assert_eq!(stage.backend.effects(), [].into());
    assert_eq!(stage.delivered(event(Event::Started, "k1", None)).await.as_deref(), Some("entry-1"));
}

#[tokio::test]
async fn the_time_to_wait_is_handed_on() {
    let stage = Stage::new().await;
    for (value, ms) in
        [("120", 120_000), (TEN_YEARS, 315_360_000_000), (PAST, 0), ("Mon, 02 Mar 2026 12:01:00 GMT", 60_000)]
    {
        stage.backend.fail(Rule::new(Fault::retry_after(429, value)).once());
        let (_, failure) = read(stage.upload(event(Event::Started, "k1", None)).await);
        assert_eq!(failure.retry_after_ms, Some(ms), "{value}");
    }
}

#[tokio::test]
async fn an_expired_token_is_renewed_and_where_it_cannot_be_blames_no_item() {
    let stage = Stage::new().await;
    stage.backend.expire_tokens();
    let (said, failure) = read(stage.upload(event(Event::Started, "k1", None)).await);
    assert_eq!((said, failure.http_status), ("retry", Some(401)));
    assert!(matches!(failure.cause, Cause::Unauthorized));
    let stage = stage.renewing();
    stage.backend.expire_tokens();
    stage.delivered(event(Event::Started, "k1", None)).await;
    assert_eq!(
        (stage.backend.counts().unauthorized, stage.backend.effects()),
        (2, [("k1".to_owned(), 1)].into())
    );
}
