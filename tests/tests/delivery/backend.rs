//! The backend of these tests, behind the broker's own trait: it takes items by their key, counts what it did, and
//! fails as its rule says.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use serde_json::{Value, json};
use stint_domain::time::Millis;
use stint_engine::wiring::{Network, Said};
use stint_plugin_runtime::services::{
    Broker, HttpBody, HttpChunk, HttpError, HttpRequest, HttpResponse, Later,
};

use crate::world::VirtualClock;

/// One request, as the rule sees it.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    /// When, in milliseconds since the test began.
    pub(crate) at: Millis,
    /// How many came before it.
    pub(crate) nth: usize,
    /// Whether it asks, rather than delivers.
    pub(crate) asks: bool,
    /// The item's key.
    pub(crate) key: String,
    /// The item's id.
    pub(crate) id: String,
    /// Its note, by which a rule can tell it.
    pub(crate) note: String,
    /// The SHA-256 of its file, if it has one.
    pub(crate) file: String,
    /// What was sent, byte by byte.
    pub(crate) body: Vec<u8>,
}

/// How a request fails.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Fault {
    /// Nothing is sent.
    Offline,
    /// It is lost on its way there.
    LostBefore,
    /// It arrives, and the answer is lost.
    LostAfter,
    /// It isn't answered in time, and did not arrive.
    Silent,
    /// This status, with this Retry-After.
    Status(u16, Option<&'static str>),
    /// It is done, and then this status is answered.
    StatusAfter(u16),
    /// Done, and answered with this in place of JSON.
    Body(&'static str),
    /// The credential isn't accepted.
    Unauthorized,
    /// It is answered after so long.
    Slow(u64),
}

type Rule = Box<dyn FnMut(&Seen) -> Option<Fault> + Send>;

struct Inner {
    rule: Rule,
    remembers_keys: bool,
    effects: BTreeMap<String, u32>,
    seen: Vec<Seen>,
    /// What was done, by entry, in the order in which it was.
    order: BTreeMap<String, Vec<String>>,
}

/// The backend. Every clone is the same one.
#[derive(Clone)]
pub(crate) struct Backend {
    clock: VirtualClock,
    inner: Arc<Mutex<Inner>>,
}

impl Backend {
    pub(crate) fn new(clock: VirtualClock, remembers_keys: bool) -> Self {
        let inner = Inner {
            rule: Box::new(|_| None),
            remembers_keys,
            effects: BTreeMap::new(),
            seen: Vec::new(),
            order: BTreeMap::new(),
        };
        Self { clock, inner: Arc::new(Mutex::new(inner)) }
    }

    pub(crate) fn rule(&self, rule: impl FnMut(&Seen) -> Option<Fault> + Send + 'static) {
        self.lock().rule = Box::new(rule);
    }

    pub(crate) fn works(&self) {
        self.rule(|_| None);
    }

    pub(crate) fn requests(&self) -> Vec<Seen> {
        self.lock().seen.clone()
    }

    /// How many keys had an effect.
    pub(crate) fn effects(&self) -> usize {
        self.lock().effects.len()
    }

    /// No key had more than one effect.
    #[track_caller]
    pub(crate) fn doubled_nothing(&self) {
        let doubled: Vec<_> = self
            .lock()
            .effects
            .iter()
            .filter(|(_, count)| **count != 1)
            .map(|(key, count)| (key.clone(), *count))
            .collect();
        assert!(doubled.is_empty(), "{doubled:?}");
    }

    /// The ids that had an effect, by entry, in order.
    pub(crate) fn order(&self) -> BTreeMap<String, Vec<String>> {
        self.lock().order.clone()
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap()
    }

    fn see(&self, request: &HttpRequest, body: Vec<u8>, letter: &Value) -> (Seen, Option<Fault>) {
        let asks = request.method == "GET";
        let text = |name: &str| letter[name].as_str().unwrap_or_default().to_owned();
        let last = request.url.path_segments().and_then(|mut parts| parts.next_back()).unwrap_or_default();
        let key = if asks { last.to_owned() } else { text("key") };
        let mut inner = self.lock();
        let seen = Seen {
            at: self.clock.elapsed(),
            nth: inner.seen.len(),
            asks,
            key,
            id: text("id"),
            note: text("note"),
            file: text("file"),
            body,
        };
        inner.seen.push(seen.clone());
        let fault = (inner.rule)(&seen);
        (seen, fault)
    }

    /// Does what is asked, and answers.
    fn act(&self, seen: &Seen, letter: &Value) -> HttpResponse {
        let mut inner = self.lock();
        let known = inner.effects.contains_key(&seen.key);
        if seen.asks {
            return if known { receipt(&seen.key) } else { answer(404, "not here") };
        }
        if !known || !inner.remembers_keys {
            *inner.effects.entry(seen.key.clone()).or_default() += 1;
            let entry = letter["entry"].as_str().unwrap_or_default().to_owned();
            inner.order.entry(entry).or_default().push(seen.id.clone());
        }
        receipt(&seen.key)
    }
}

fn receipt(key: &str) -> HttpResponse {
    answer(200, &json!({ "id": format!("remote-{key}") }).to_string())
}

fn answer(status: u16, body: &str) -> HttpResponse {
    HttpResponse { status, headers: Vec::new(), body: body.as_bytes().to_vec() }
}

impl Broker for Backend {
    fn send(&self, request: HttpRequest) -> Later<'_, Result<HttpResponse, HttpError>> {
        Box::pin(async move {
            let body = bytes(&request.body);
            let letter = serde_json::from_slice(&body).unwrap_or_default();
            let (seen, fault) = self.see(&request, body, &letter);
            // Every request takes a moment, so that several are under way at once.
            tokio::time::sleep(Duration::from_millis(1)).await;
            let act = || self.act(&seen, &letter);
            match fault {
                None => Ok(act()),
                Some(Fault::Slow(ms)) => {
                    tokio::time::sleep(Duration::from_millis(ms)).await;
                    Ok(act())
                }
                Some(Fault::Offline) => Err(HttpError::Offline("no route to host".to_owned())),
                Some(Fault::LostBefore) => Err(HttpError::Protocol("connection reset".to_owned())),
                Some(Fault::Silent) => {
                    tokio::time::sleep(request.timeout).await;
                    Err(HttpError::Timeout("there was no answer".to_owned()))
                }
                Some(Fault::LostAfter) => {
                    act();
                    Err(HttpError::Protocol("connection reset".to_owned()))
                }
                Some(Fault::Status(status, retry_after)) => {
                    let headers = retry_after.map(|text| ("retry-after".to_owned(), text.to_owned()));
                    Ok(HttpResponse { headers: headers.into_iter().collect(), ..answer(status, "no") })
                }
                Some(Fault::StatusAfter(status)) => {
                    act();
                    Ok(answer(status, "something broke"))
                }
                Some(Fault::Body(body)) => {
                    act();
                    Ok(answer(200, body))
                }
                Some(Fault::Unauthorized) => {
                    Err(HttpError::Unauthorized("the backend refused the credential".to_owned()))
                }
            }
        })
    }
}

fn bytes(body: &HttpBody) -> Vec<u8> {
    let HttpBody::Content(chunks) = body else { return Vec::new() };
    chunks
        .iter()
        .flat_map(|chunk| match chunk {
            HttpChunk::Bytes(bytes) => bytes.clone(),
            _ => Vec::new(),
        })
        .collect()
}

impl Network for Backend {
    fn for_call(&self) -> (Arc<dyn Broker>, Arc<dyn Said>) {
        (Arc::new(self.clone()), Arc::new(Nothing))
    }
}

struct Nothing;

impl Said for Nothing {
    fn excerpt(&self) -> Option<String> {
        Some("POST https://backend.test/items".to_owned())
    }
}
