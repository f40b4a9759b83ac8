//! Floods of requests, hosts in disguise, credentials of others: what never reaches the broker.

use std::sync::Arc;

use stint_plugin_runtime::Surroundings;
use stint_plugin_runtime::contract::Outcome;
use stint_plugin_runtime::grants::Allowed;
use stint_plugin_runtime::services::{HttpError, HttpResponse, ScriptedBroker};

use crate::services::Willing;
use crate::stage::{Stage, around, everything, screenshot, with_broker, with_grants, with_limits};

fn answer(bytes: usize) -> HttpResponse {
    HttpResponse { status: 200, headers: Vec::new(), body: vec![0; bytes] }
}

fn patient(count: usize) -> Arc<ScriptedBroker> {
    Arc::new(ScriptedBroker::new((0..count).map(|_| Ok(answer(0)))))
}

#[tokio::test]
async fn a_flood_of_requests_ends_at_their_number() {
    let stage = Stage::new().await;
    let broker = patient(10_000);
    let answered = stage
        .upload(with_broker(around("http-flood", 0), Arc::<ScriptedBroker>::clone(&broker)))
        .await
        .unwrap();
    assert_eq!(
        answered.report.log[0].message,
        "200 requests, then exhausted: this call has sent its 200 requests"
    );
    assert_eq!(
        (broker.seen().len(), answered.report.requests, answered.report.may_have_arrived),
        (200, 200, 200)
    );
}

#[tokio::test]
async fn what_never_left_is_not_counted_as_heard() {
    let stage = Stage::new().await;
    for (error, heard) in [
        (HttpError::Offline("no route".into()), 0),
        (HttpError::Tls("expired".into()), 0),
        (HttpError::Unauthorized("no".into()), 0),
        (HttpError::Timeout("slow".into()), 1),
        (HttpError::Protocol("cut".into()), 1),
        (HttpError::TooLarge("9 GiB".into()), 1),
    ] {
        let broker = Arc::new(ScriptedBroker::new([Err(error)]));
        let answered = stage.upload(with_broker(around("http", 0), broker)).await.unwrap();
        assert_eq!((answered.report.requests, answered.report.may_have_arrived), (1, heard));
    }
}

#[tokio::test]
async fn bytes_are_bounded_out_and_in() {
    let stage = Stage::new().await;
    let around = || with_limits(around("http-huge", 20), |limits| limits.memory_bytes = 64 << 20);
    let said = stage.says(with_broker(around(), patient(20))).await;
    // Eleven bodies of 6 MiB and eleven addresses.
    assert_eq!(said, ["exhausted: one call may send 67108864 bytes, and this would make 69206247"]);
    let broker = Arc::new(ScriptedBroker::new((0..20).map(|_| Ok(answer(7 << 20)))));
    let small = with_limits(around(), |limits| {
        limits.http_bytes = 16 << 20;
        limits.response_bytes = 6 << 20;
    });
    let said = stage.says(with_broker(small, broker)).await;
    assert!(said[0].starts_with("exhausted: one call may send 16777216 bytes"), "{said:?}");
    let broker = Arc::new(ScriptedBroker::new([Ok(answer(7 << 20))]));
    let small = with_limits(crate::stage::around("http", 0), |limits| limits.response_bytes = 6 << 20);
    let said = stage.says(with_broker(small, broker)).await;
    assert!(said[0].contains("the answer has 7340032 bytes, and 6291456 are the most"), "{said:?}");
}

#[tokio::test]
async fn what_a_form_says_about_its_parts_is_bounded_and_ends_no_line() {
    let stage = Stage::new().await;
    let around = with_limits(around("http-parts", 100), |limits| limits.http_bytes = 10 << 20);
    let broker = patient(100);
    let said = stage.says(with_broker(around, Arc::<ScriptedBroker>::clone(&broker))).await;
    assert_eq!(
        said,
        [
            "refused: 2000 parts are too many; 1000 are the most",
            "refused: the part `a  X-Forged: 1` is malformed",
            "9 forms"
        ]
    );
    assert_eq!(broker.seen().len(), 9);
}

#[tokio::test]
async fn signatures_are_bounded_by_their_number() {
    let stage = Stage::new().await;
    let around = Surroundings { credentials: Arc::new(Willing), ..around("sign-flood", 10_000) };
    assert_eq!(stage.says(around).await, ["this call has had its 1000 signatures"]);
}

#[tokio::test]
async fn no_disguise_reaches_another_host() {
    let stage = Stage::new().await;
    let broker = patient(20);
    let with = |mode| with_broker(around(mode, 0), Arc::<ScriptedBroker>::clone(&broker));
    let mut said = stage.says(with("http-elsewhere")).await;
    said.extend(stage.says(with("http-in-disguise")).await);
    let asks = |what: &str| {
        format!(
            "refused: the manifest of `hostile` doesn't ask for GET {what}; its author adds [[asks.hosts]] host = \
             \"{what}\", methods = [\"GET\"], reason = \"…\" to plugin.toml"
        )
    };
    assert_eq!(
        said,
        [
            asks("https://elsewhere.test"),
            "refused: the address has a user or a password in it; name a credential instead".to_owned(),
            asks("https://backend.test.elsewhere.test"),
            asks("https://backend.test:8443"),
            asks("http://backend.test"),
            asks("https://127.0.0.1"),
            asks("file://…"),
            "refused: the address has a user or a password in it; name a credential instead".to_owned(),
            "refused: the address can't be read: relative URL without a base".to_owned(),
        ]
    );
    assert_eq!(broker.seen(), []);
}

#[tokio::test]
async fn what_is_not_granted_is_refused_with_the_line_to_add() {
    let stage = Stage::new().await;
    let broker = patient(1);
    let allowed = Allowed { hosts: Vec::new(), ..everything() };
    let around = with_grants(with_broker(around("http", 0), Arc::<ScriptedBroker>::clone(&broker)), allowed);
    assert_eq!(
        stage.says(around).await,
        [
            "refused: [targets.test] doesn't grant GET https://backend.test; to grant it, write there allow = [\"GET \
          https://backend.test\"]"
        ]
    );
    assert_eq!(broker.seen(), []);
}

#[tokio::test]
async fn the_credential_of_another_is_neither_used_nor_described() {
    let stage = Stage::new().await;
    let broker = patient(1);
    let said = stage.says(with_broker(around("credential", 0), Arc::<ScriptedBroker>::clone(&broker))).await;
    let refusal = "the manifest of `hostile` doesn't ask for the credential `other`; its author adds [[asks.credentials]] \
                   name = \"other\", reason = \"…\" to plugin.toml";
    assert_eq!(said[0], format!("refused: {refusal}"));
    assert_eq!(said[1], "false");
    assert!(
        said[2].starts_with("Err(") && said[2].contains("doesn't ask for the credential `other`"),
        "{said:?}"
    );
    assert_eq!(broker.seen(), []);
}

#[tokio::test]
async fn a_transform_has_no_network_even_if_its_file_has() {
    let stage = Stage::new().await;
    let broker = patient(1);
    let around = with_broker(around("http", 0), Arc::<ScriptedBroker>::clone(&broker));
    let answered = stage.plugin.apply(around, crate::stage::item()).await.unwrap();
    assert_eq!(answered.report.log[0].message, "refused: a transform has no `http`");
    assert_eq!(broker.seen(), []);
}

#[tokio::test]
async fn attachments_are_read_only_where_they_are_granted() {
    let stage = Stage::new().await;
    let read = |around| stage.plugin.upload(around, vec![screenshot(40, 30)]);
    let answer = read(around("read", 0)).await.unwrap().answer;
    let Outcome::Delivered(Some(id)) = &answer[0] else { panic!("{answer:?}") };
    let (length, size) = id.split_once(" of ").unwrap();
    assert_eq!(length, size);
    let allowed = Allowed { attachments: false, ..everything() };
    let answer = read(with_grants(around("read", 0), allowed)).await.unwrap().answer;
    let Outcome::Reject(failure) = &answer[0] else { panic!("{answer:?}") };
    assert_eq!(
        failure.message,
        "[targets.test] doesn't grant attachments; to grant it, write there accepts = [\"screenshot\", …]"
    );
}
