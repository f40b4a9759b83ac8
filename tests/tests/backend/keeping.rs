//! What it keeps, in what order, and how often.

use reqwest::Method;
use serde_json::json;
use stint_tests::backend::{Backend, Config, Route};

use crate::client::{Person, json_of};

/// `base64` of `pixels`.
const PIXELS: &str = "cGl4ZWxz";
const PIXELS_SHA256: &str = "6ec9c2b0eb14010746c8bce8939303b382344b296206612eb8a907a37b2b2f37";

#[tokio::test]
async fn an_entry_goes_its_way_and_the_order_is_written_down() {
    let backend = Backend::start().unwrap();
    let ada = Person::new(&backend);
    let id = ada.started("k1").await;
    for (operation, key) in [("pause", "k2"), ("resume", "k3"), ("stop", "k4")] {
        let answer = ada.put(&format!("/time-entries/{id}/{operation}"), key).send().await.unwrap();
        assert_eq!(answer.status(), 200);
    }
    let ledger = backend.ledger();
    assert_eq!(ledger.order(&id), ["start", "pause", "resume", "stop"]);
    assert_eq!(ledger.entries[&id].status, "stopped");
    assert_eq!(ledger.entries[&id].order[0].body, json!({ "project": "Website" }));
    assert_eq!(ledger.effects, ["k1", "k2", "k3", "k4"].map(|key| (key.to_owned(), 1)).into());
    assert_eq!(backend.counts().of(Route::Pause), 1);
}

#[tokio::test]
async fn a_key_has_one_effect_and_the_same_answer() {
    let backend = Backend::start().unwrap();
    let ada = Person::new(&backend);
    assert_eq!(ada.started("k1").await, ada.started("k1").await);
    assert_eq!(backend.effects(), [("k1".to_owned(), 1)].into());
    assert_eq!(backend.counts().replays, 1);
    let other = ada.post("/time-entries/start", "k1", &json!({ "project": "Other" })).send().await.unwrap();
    assert_eq!(other.status(), 422);
    assert_eq!(backend.ledger().altered, ["k1"]);
    assert_eq!(backend.ledger().entries.len(), 1);
}

#[tokio::test]
async fn a_backend_that_knows_no_keys_doubles_and_says_so() {
    let backend = Backend::with(Config { honours_keys: false, ..Config::default() }).unwrap();
    let ada = Person::new(&backend);
    assert_ne!(ada.started("k1").await, ada.started("k1").await);
    assert_eq!(backend.ledger().doubled(), ["k1"]);
}

#[tokio::test]
async fn it_can_be_asked_for_a_key() {
    let backend = Backend::start().unwrap();
    let ada = Person::new(&backend);
    let id = ada.started("k 1&x").await;
    let find = async |path| json_of(ada.request(Method::GET, path).send().await.unwrap()).await;
    assert_eq!(find("/time-entries?key=k%201%26x").await, json!([{ "id": id, "status": "running" }]));
    assert_eq!(find("/time-entries?key=k").await, json!([]));
    assert_eq!(find(&format!("/time-entries/{id}")).await["status"], "running");
    assert_eq!(ada.request(Method::GET, "/time-entries/none").send().await.unwrap().status(), 404);
}

#[tokio::test]
async fn what_is_put_under_its_own_key_is_there_once() {
    let backend = Backend::start().unwrap();
    let ada = Person::new(&backend);
    for (key, minutes) in [("k1", 1), ("k1", 1), ("k2", 2)] {
        let body = json!({ "minutes": minutes }).to_string();
        assert_eq!(ada.put("/time-entries/own", key).body(body).send().await.unwrap().status(), 200);
    }
    let ledger = backend.ledger();
    assert_eq!(ledger.effects, [("k1".to_owned(), 1), ("k2".to_owned(), 1)].into());
    assert_eq!(ledger.order("own"), ["put", "put"]);
}

#[tokio::test]
async fn a_screenshot_arrives_whole_and_belongs_to_an_entry() {
    let backend = Backend::start().unwrap();
    let ada = Person::new(&backend);
    let id = ada.started("k1").await;
    let shot = |data: &str, entry: &str| json!({ "imageData": data, "timeEntryId": entry });
    let good = format!("data:image/jpeg;base64,{PIXELS}");
    for (data, entry, status) in [
        (good.as_str(), id.as_str(), 201),
        (&good, "none", 404),
        ("data:image/jpeg;base64,?", &id, 422),
        ("data:text/plain;base64,cGl4ZWxz", &id, 422),
        (PIXELS, &id, 422),
    ] {
        let key = format!("shot {status} {data}");
        let answer = ada.post("/screenshots", &key, &shot(data, entry)).send().await.unwrap();
        assert_eq!(answer.status(), status, "{data} for {entry}");
    }
    let ledger = backend.ledger();
    let [stored] = ledger.screenshots.as_slice() else { panic!("one was good: {:?}", ledger.screenshots) };
    assert_eq!(
        (stored.mime.as_str(), stored.size, stored.time_entry_id.as_str()),
        ("image/jpeg", 6, id.as_str())
    );
    assert_eq!(stored.sha256, PIXELS_SHA256);
    assert_eq!(ledger.order(&id), ["start", "screenshot"]);
}

#[tokio::test]
async fn a_file_is_measured_as_it_comes() {
    let backend = Backend::start().unwrap();
    let ada = Person::new(&backend);
    for _ in 0..2 {
        let answer = ada.put("/files/shot.png", "k1").header("content-type", "image/png").body("pixels");
        assert_eq!(json_of(answer.send().await.unwrap()).await["size"], 6);
    }
    let file = &backend.ledger().files["shot.png"];
    assert_eq!((file.mime.as_str(), file.sha256.as_str(), file.puts), ("image/png", PIXELS_SHA256, 2));
    assert_eq!(backend.effects(), [("k1".to_owned(), 1)].into());
}

#[tokio::test]
async fn what_is_no_request_has_no_effect() {
    let backend = Backend::start().unwrap();
    let ada = Person::new(&backend);
    let broken = ada.put("/time-entries/own", "k1").body("{").send().await.unwrap();
    assert_eq!(broken.status(), 400);
    assert_eq!(ada.put("/time-entries/none/pause", "k2").send().await.unwrap().status(), 404);
    assert_eq!(ada.put("/time-entries/none/explode", "k3").send().await.unwrap().status(), 404);
    assert_eq!(ada.put("/elsewhere", "k4").send().await.unwrap().status(), 404);
    assert_eq!(backend.effects(), [].into());
}

#[tokio::test]
async fn connections_are_counted_and_their_end_too() {
    let backend = Backend::start().unwrap();
    let ada = Person::new(&backend);
    ada.started("k1").await;
    ada.started("k2").await;
    assert_eq!((backend.counts().connections, backend.counts().requests), (1, 2));
    drop(ada);
    backend.until(|_, counts| counts.open_connections == 0).await;
    backend.until_blocking(|ledger, _| ledger.effects.len() == 2);
    let seen = backend.seen();
    assert_eq!(
        (seen[1].path.as_str(), seen[1].status, seen[1].header("idempotency-key")),
        ("/time-entries/start", Some(201), Some("k2"))
    );
}

#[test]
fn the_address_that_is_taken_is_named() {
    let backend = Backend::start().unwrap();
    let listen = backend.address().to_string();
    let Err(error) = Backend::with(Config { listen: listen.clone(), ..Config::default() }) else {
        panic!("two can't listen on one address");
    };
    let said = error.to_string();
    assert!(said.starts_with(&format!("listen on {listen}: ")), "{said}");
    assert!(said.ends_with("; name a free port of this machine, or 127.0.0.1:0 for any"), "{said}");
    // Its thread ends with it, and the port is free again.
    drop(backend);
    Backend::with(Config { listen, ..Config::default() }).unwrap();
}
