//! Tokens that are issued, expire, are renewed, and are good once.

use serde_json::{Value, json};
use stint_tests::backend::{Backend, Config, PASSWORD, USER};

use crate::client::{Person, client, json_of};

async fn post(backend: &Backend, path: &str, body: &Value) -> reqwest::Response {
    client().post(backend.url(path)).body(body.to_string()).send().await.unwrap()
}

#[tokio::test]
async fn a_login_hands_out_a_pair() {
    let backend =
        Backend::with(Config { token_prefix: "canary-".into(), expires_in_s: 60, ..Config::default() })
            .unwrap();
    let wrong = post(&backend, "/auth/login", &json!({ "email": USER, "password": "guess" })).await;
    assert_eq!(wrong.status(), 401);
    let right = post(&backend, "/auth/login", &json!({ "email": USER, "password": PASSWORD })).await;
    assert_eq!(
        json_of(right).await,
        json!({ "accessToken": "canary-access-1", "refreshToken": "canary-refresh-1", "expiresIn": 60 })
    );
    assert_eq!(backend.counts().logins, 1);
}

#[tokio::test]
async fn nothing_happens_without_a_good_token() {
    let backend = Backend::start().unwrap();
    let mut ada = Person::new(&backend);
    ada.token = "made up".to_owned();
    assert_eq!(ada.start_status("k1").await, 401);
    let without = client().post(backend.url("/time-entries/start")).send().await.unwrap();
    assert_eq!(without.status(), 401);
    assert_eq!((backend.counts().unauthorized, backend.ledger().entries.len()), (2, 0));
}

#[tokio::test]
async fn a_token_expires_by_command_and_is_renewed_once() {
    let backend = Backend::start().unwrap();
    let mut ada = Person::new(&backend);
    let refresh = json!({ "refreshToken": "refresh-1" });
    backend.expire_tokens();
    assert_eq!(ada.start_status("k1").await, 401);
    let renewed = json_of(post(&backend, "/auth/refresh", &refresh).await).await;
    assert_eq!(
        (&renewed["accessToken"], &renewed["refreshToken"]),
        (&json!("access-2"), &json!("refresh-2"))
    );
    ada.token = "access-2".to_owned();
    assert_eq!(ada.start_status("k1").await, 201);
    assert_eq!(post(&backend, "/auth/refresh", &refresh).await.status(), 401);
    assert_eq!((backend.counts().refreshes, backend.counts().refresh_reuses), (1, 1));
    backend.revoke_tokens();
    let newest = post(&backend, "/auth/refresh", &json!({ "refreshToken": "refresh-2" })).await;
    assert_eq!(newest.status(), 401);
    assert_eq!(post(&backend, "/auth/refresh", &json!({})).await.status(), 400);
}

#[tokio::test]
async fn a_token_expires_by_use() {
    let backend = Backend::with(Config { token_uses: Some(2), ..Config::default() }).unwrap();
    let ada = Person::new(&backend);
    assert_eq!(
        [ada.start_status("a").await, ada.start_status("b").await, ada.start_status("c").await],
        [201, 201, 401]
    );
    backend.set_token_uses(None);
    let bea = Person::new(&backend);
    assert_eq!(
        [bea.start_status("c").await, bea.start_status("d").await, bea.start_status("e").await],
        [201; 3]
    );
}

#[tokio::test]
async fn a_key_for_the_api_is_good_for_ever_and_an_open_backend_wants_none() {
    let config = Config { api_key: Some("secret".into()), ..Config::default() };
    let backend = Backend::with(config).unwrap();
    let mut ada = Person::new(&backend);
    ada.token = "secret".to_owned();
    backend.revoke_tokens();
    assert_eq!(ada.start_status("k1").await, 201);
    let open = Backend::with(Config { auth: false, ..Config::default() }).unwrap();
    let answer = client().post(open.url("/time-entries/start")).send().await.unwrap();
    assert_eq!(answer.status(), 201);
    assert_eq!(open.ledger().effects_without_key, 1);
}
