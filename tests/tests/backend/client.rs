//! A plain client: no retries, no redirects, nothing clever.

use std::sync::Once;

use reqwest::{Client, Method, RequestBuilder, Response};
use serde_json::{Value, json};
use stint_tests::backend::Backend;

/// A client that is logged in.
pub(crate) struct Person {
    client: Client,
    root: String,
    pub(crate) token: String,
}

impl Person {
    pub(crate) fn new(backend: &Backend) -> Self {
        Self { client: client(), root: backend.url(""), token: backend.log_in().access }
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.root)).bearer_auth(&self.token)
    }

    pub(crate) fn post(&self, path: &str, key: &str, body: &Value) -> RequestBuilder {
        self.request(Method::POST, path).header("idempotency-key", key).body(body.to_string())
    }

    pub(crate) fn put(&self, path: &str, key: &str) -> RequestBuilder {
        self.request(Method::PUT, path).header("idempotency-key", key)
    }

    /// Starts an entry; a start with its key again is the same start.
    pub(crate) fn start(&self, key: &str) -> RequestBuilder {
        self.post("/time-entries/start", key, &json!({ "project": "Website" }))
    }

    /// Starts an entry and answers with its id.
    pub(crate) async fn started(&self, key: &str) -> String {
        let answer = json_of(self.start(key).send().await.unwrap()).await;
        answer["id"].as_str().unwrap().to_owned()
    }

    /// The status of an answer to a start.
    pub(crate) async fn start_status(&self, key: &str) -> u16 {
        self.start(key).send().await.unwrap().status().as_u16()
    }
}

pub(crate) fn client() -> Client {
    static PROVIDER: Once = Once::new();
    // The project's client is built without a provider of its own.
    PROVIDER.call_once(|| rustls::crypto::ring::default_provider().install_default().unwrap());
    Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build().unwrap()
}

pub(crate) async fn json_of(response: Response) -> Value {
    serde_json::from_slice(&response.bytes().await.unwrap()).unwrap()
}
