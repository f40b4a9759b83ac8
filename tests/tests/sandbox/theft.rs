//! A plugin that is out for its own credential, with a backend that tells it all it hears: the secret reaches the
//! backend it is meant for, and neither the plugin's memory nor anything that the plugin can write to.

use std::os::unix::fs::PermissionsExt as _;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{Request, State};
use axum::http::HeaderMap;
use serde_json::json;
use stint_plugin_runtime::contract::Outcome;
use stint_plugin_runtime::egress::{Client, EgressBroker, LastExchange, Scheme, WayOut};
use stint_plugin_runtime::grants::{Allowed, HostRule};
use stint_plugin_runtime::services::Folder;
use stint_plugin_runtime::vault::{Description, Keyring, Place, TargetCredentials, Vault};
use stint_plugin_runtime::{Answered, Surroundings};
use stint_tests::MeasuredClock;

use crate::stage::{Stage, around, everything, granted};

const CANARY: &str = "canary4b7ecanary4b7e";
/// What the backend says of its own.
const HARMLESS: &str = "harmless-word";

type Heard = Arc<Mutex<Vec<String>>>;

/// A backend that answers with all that it was sent.
async fn gossip() -> (String, Heard) {
    async fn tell(State(heard): State<Heard>, request: Request) -> (HeaderMap, String) {
        let (head, body) = request.into_parts();
        let body = axum::body::to_bytes(body, 1 << 20).await.unwrap();
        let all = format!("{head:?} {}", String::from_utf8_lossy(&body));
        heard.lock().unwrap().push(all.clone());
        let mut headers = HeaderMap::new();
        if let Some(secret) = head.headers.get("authorization") {
            headers.insert("x-you-sent", secret.clone());
        }
        (headers, format!("{HARMLESS} {all}"))
    }
    let heard = Heard::default();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let router = Router::new().fallback(tell).with_state(Arc::clone(&heard));
    tokio::spawn(async move { axum::serve(listener, router).await });
    (url, heard)
}

/// The credential `default`, kept in a file.
fn credentials(folder: &std::path::Path) -> TargetCredentials {
    let path = folder.join("key");
    std::fs::write(&path, CANARY).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    let description = Description {
        name: "key".to_owned(),
        scheme: Scheme::Bearer,
        public_id: None,
        value: Some(Place::File(path)),
        refresh: None,
        store: None,
    };
    let clock = Arc::new(MeasuredClock::new(1_700_000_000_000));
    let vault = Vault::new(vec![description], &WayOut::default(), Keyring::default(), clock).unwrap();
    vault.for_target([("default", "key")])
}

/// One upload of the thief that looks for this in its memory.
struct Theft {
    answered: Answered<Vec<Outcome>>,
    excerpt: String,
    file: String,
    heard: Vec<String>,
}

async fn theft(sought: &str) -> Theft {
    let (url, heard) = gossip().await;
    let (keys, kept) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let credentials = Arc::new(credentials(keys.path()));
    let disguised: String = sought.bytes().map(|byte| char::from(byte + 1)).collect();
    let settings = json!({ "mode": "steal", "url": url, "sought": disguised });
    let allowed = Allowed { hosts: vec![HostRule::parse(&url).unwrap()], ..everything() };
    let grants = Arc::new(granted(&settings, allowed));
    let client = Client::new(&WayOut::default(), Arc::clone(&grants)).unwrap();
    let excerpts = Arc::new(LastExchange::default());
    let broker = EgressBroker::new(client, Arc::clone(&credentials) as _, Arc::clone(&excerpts) as _);
    let around = Surroundings {
        grants,
        settings: settings.to_string().into(),
        broker: Arc::new(broker),
        credentials,
        folder: Some(Arc::new(Folder::open(kept.path()).unwrap())),
        ..around("steal", 0)
    };
    let answered = Stage::new().await.upload(around).await.unwrap();
    let excerpt = excerpts.last().unwrap().to_string();
    let file = std::fs::read_to_string(kept.path().join("loot")).unwrap();
    let heard = heard.lock().unwrap().clone();
    Theft { answered, excerpt, file, heard }
}

#[tokio::test]
async fn a_credential_is_neither_in_the_plugins_memory_nor_where_it_can_write() {
    let Theft { answered, excerpt, file, heard } = theft(CANARY).await;
    let [first, second] = heard.as_slice() else { panic!("{heard:?}") };
    assert!(first.contains(CANARY), "the backend it is meant for has it: {first}");
    let Outcome::Reject(failure) = &answered.answer[0] else { panic!("{:?}", answered.answer) };
    let state: Vec<&[u8]> = answered.state.iter().filter_map(|write| write.value.as_deref()).collect();
    let state = String::from_utf8(state.concat()).unwrap();
    let log = format!("{:?}", answered.report.log);
    assert!(log.contains("found 0 times"), "{log}");
    for (place, text) in [
        ("log", &log),
        ("state", &state),
        ("error", &failure.message),
        ("file", &file),
        ("request", second),
        ("excerpt", &excerpt),
    ] {
        assert!(!text.contains(CANARY), "{place}: {text}");
    }
    for (place, text) in [("log", &log), ("state", &state), ("file", &file), ("request", second)] {
        assert!(text.contains(HARMLESS), "the rest of the loot is there: {place}: {text}");
    }
}

/// The same search finds what the plugin may know.
#[tokio::test]
async fn the_search_finds_what_is_there() {
    let log = theft(HARMLESS).await.answered.report.log;
    let found =
        log.iter().find_map(|line| line.message.strip_prefix("found ")?.split(' ').next()?.parse().ok());
    assert!(found.is_some_and(|times: u64| times > 0), "{log:?}");
}
