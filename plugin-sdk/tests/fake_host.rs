//! The fake host keeps the promises that a plugin rests on, and says what a test forgot.

use serde::Deserialize;
use serde_json::json;
use stint_plugin_sdk::http::Error;
use stint_plugin_sdk::testing::{Edit, Host, Reply, attachment, picture, screenshot, time_entry};
use stint_plugin_sdk::{
    Cause, Delivered, Event, Failure, Finding, Item, Payload, Problem, Target, Transform, Undelivered,
    Verdict, clock, credentials, http, image, log, random, state,
};

/// Counts its calls, then posts.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Counting {
    url: String,
}

impl Target for Counting {
    fn check(&self) -> Vec<Problem> {
        let good = self.url.starts_with("https:");
        if good { vec![] } else { vec![Problem::new("/url", "not encrypted").hint("write https:")] }
    }

    fn probe(&self) -> Result<(), Failure> {
        http::get(&self.url).send()?.success()?;
        Ok(())
    }

    fn upload(&self, item: &Item) -> Result<Delivered, Undelivered> {
        let calls: u32 = state::get_json("calls").unwrap_or(0);
        state::put_json("calls", &(calls + 1))?;
        http::post(&self.url).json(item).send()?.success()?;
        Ok(Delivered::with_id(calls.to_string()))
    }

    fn lookup(&self, item: &Item) -> Result<Finding, Failure> {
        let found = http::get(&self.url).query("key", &item.key).send()?.found()?;
        Ok(found.map_or(Finding::Absent, |answer| Finding::Found {
            remote_id: answer.text().into_owned(),
            current: true,
        }))
    }
}

fn host() -> Host {
    let host = Host::new();
    host.set_settings(&json!({ "url": "https://x.test/items" }));
    host
}

#[test]
fn state_is_committed_with_the_answer_or_not_at_all() {
    let host = host();
    let target = host.target::<Counting>();
    for _ in 0..3 {
        host.reply(Reply::status(201));
    }
    assert_eq!(target.upload(time_entry(Event::Started)), Ok(Delivered::with_id("0")));
    target.upload_and_crash(time_entry(Event::Stopped));
    assert_eq!(host.state("calls").as_deref(), Some(&b"1"[..]));
    assert_eq!(target.upload(time_entry(Event::Stopped)), Ok(Delivered::with_id("1")));
    assert_eq!(host.requests().len(), 3);
    assert_eq!(host.requests()[0].json()["payload"]["time-entry"]["entry"]["project"], "Website");
}

#[test]
fn what_went_wrong_says_whether_to_send_again() {
    let host = host();
    let target = host.target::<Counting>();
    host.reply(Reply::status(429).header("Retry-After", "7"));
    let Err(Undelivered::Retry(failure)) = target.upload(time_entry(Event::Stopped)) else {
        panic!("the backend asked to come back");
    };
    assert_eq!((failure.cause, failure.retry_after_ms), (Cause::RateLimited, Some(7000)));
    host.reply(Reply::error(Error::Timeout("no answer within 120 s".to_owned())));
    assert_eq!(
        target.upload(time_entry(Event::Stopped)),
        Err(Undelivered::Unknown(Failure::new(Cause::Timeout, "no answer within 120 s")))
    );
}

#[test]
fn settings_are_read_and_checked() {
    let host = host();
    let target = host.target::<Counting>();
    assert_eq!(target.check(), []);
    host.set_settings(&json!({ "url": "ftp:" }));
    assert_eq!(target.check(), [Problem::new("/url", "not encrypted").hint("write https:")]);
    host.set_settings(&json!({ "uri": "" }));
    let problems = target.check();
    assert_eq!(problems[0].message, "unknown field `uri`, expected `url`");
    assert_eq!(problems[0].hint.as_deref(), Some("did you mean `url`?"));
    let failure = target.probe().unwrap_err();
    assert_eq!(failure.cause, Cause::Misconfigured);
    assert_eq!(failure.message, "the settings don't fit: unknown field `uri`, expected `url` (at /uri)");
}

#[test]
fn a_lookup_tells_found_from_absent() {
    let host = host();
    let target = host.target::<Counting>();
    let item = time_entry(Event::Stopped);
    host.reply(Reply::status(404));
    assert_eq!(target.lookup(&item), Ok(Finding::Absent));
    host.reply(Reply::text(200, "17"));
    assert_eq!(target.lookup(&item), Ok(Finding::Found { remote_id: "17".to_owned(), current: true }));
    assert_eq!(host.requests()[1].url, format!("https://x.test/items?key={}", item.key));
    host.reply(Reply::status(503));
    assert_eq!(target.lookup(&item).unwrap_err().message, "HTTP 503: Service Unavailable");
}

/// Blurs screenshots.
#[derive(Deserialize)]
struct Blur;

impl Transform for Blur {
    fn apply(&self, mut item: Item) -> Verdict {
        if let Payload::Screenshot(shot) = &mut item.payload {
            let decoded = image::Picture::decode(&shot.file);
            match decoded.and_then(|picture| {
                picture.blur(None, picture.width() / 50);
                picture.encode(image::Format::Jpeg(70))
            }) {
                Ok(file) => shot.file = file,
                Err(reason) => return Verdict::drop(reason),
            }
        }
        Verdict::Keep(item)
    }
}

#[test]
fn a_transform_edits_pictures_it_never_sees() {
    let host = Host::new();
    let verdict = host.transform::<Blur>().apply(screenshot(picture("shot.png", 1000, 500)));
    let Verdict::Keep(item) = verdict else { panic!("{verdict:?}") };
    let file = &item.screenshot().unwrap().file;
    assert_eq!((file.name(), file.mime()), ("shot.jpg".to_owned(), "image/jpeg".to_owned()));
    assert_eq!(host.edits(), [Edit::Blur(None, 20), Edit::Encode(image::Format::Jpeg(70))]);
    let verdict = host.transform::<Blur>().apply(screenshot(attachment("a.txt", "text/plain", "x")));
    assert_eq!(verdict, Verdict::drop("a.txt is no picture: make it with `testing::picture`"));
}

#[test]
fn the_rest_of_the_host_answers_too() {
    let host = Host::new();
    host.set_now(5);
    host.advance(std::time::Duration::from_millis(2));
    assert_eq!((clock::now(), clock::monotonic()), (7, 2_000_000));
    assert_eq!((clock::timezone().as_str(), clock::utc_offset("UTC", 0)), ("UTC", Some(0)));
    host.set_timezone("Europe/Berlin", |zone, at| {
        (zone == "Europe/Berlin").then_some(if at < 9 { 3600 } else { 7200 })
    });
    assert_eq!(clock::utc_offset(&clock::timezone(), 9), Some(7200));
    assert_ne!(random::bytes(16), random::bytes(16));
    log::write(log::Level::Warn, "hello", &[("id", "1")]);
    assert_eq!(host.log()[0].fields, [("id".to_owned(), "1".to_owned())]);
    let info =
        credentials::Info { scheme: "aws4".to_owned(), public_id: Some("AK".to_owned()), expires_at: None };
    host.add_credential("default", info.clone(), b"signature");
    assert_eq!(credentials::describe("default"), Some(info));
    assert_eq!(credentials::sign_webhook("default", b"m"), Ok(b"signature".to_vec()));
    assert_eq!(credentials::sign_webhook("x", b"m"), Err("this target has no credential named x".to_owned()));
    assert_eq!(host.signed().len(), 2);
}

#[test]
#[should_panic(expected = "begin the test with `let host = stint_plugin_sdk::testing::Host::new();`")]
fn a_call_without_a_host_says_how_to_make_one() {
    clock::now();
}

#[test]
#[should_panic(
    expected = "the plugin sent GET https://x.test/items, and the test has no reply left: queue one with"
)]
fn a_request_without_a_reply_fails_the_test() {
    let _ = host().target::<Counting>().probe();
}

#[test]
#[should_panic(expected = "1 queued replies were never asked for")]
fn a_reply_without_a_request_fails_the_test() {
    host().reply(Reply::status(200));
}
