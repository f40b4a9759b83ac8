//! Answers that keep the contract and answers that don't.

use super::*;
use crate::bindings::exports::stint::plugin::uploader::Found;
use crate::bindings::stint::plugin::types::Custom;

fn failing(message: &str, cause: Cause) -> Failure {
    Failure { cause, message: message.to_owned(), retry_after_ms: Some(5), http_status: Some(422) }
}

fn item() -> Item {
    Item {
        id: "i".into(),
        key: "k".into(),
        entry_key: None,
        entry_remote_id: None,
        occurred_at: 0,
        attempt: 1,
        priority: 0,
        labels: Vec::new(),
        payload: Payload::Custom(Custom { kind: "note".into(), data: "{}".into() }),
    }
}

#[test]
fn there_is_one_outcome_for_each_item() {
    let text = |answered: usize, items| {
        outcomes((0..answered).map(|_| Outcome::Superseded).collect(), items).unwrap_err().to_string()
    };
    let rule = "; `upload` answers one for each, in their order";
    assert_eq!(text(0, 1), format!("its answer breaks the contract: 0 outcomes for 1 items{rule}"));
    assert_eq!(text(3, 2), format!("its answer breaks the contract: 3 outcomes for 2 items{rule}"));
    assert_eq!(outcomes(vec![Outcome::Superseded], 1).unwrap().len(), 1);
}

#[test]
fn a_delivery_stays_one_whatever_name_comes_with_it() {
    for (given, kept) in [(Some("42"), Some("42")), (Some(""), None), (Some("a\nb"), None), (None, None)] {
        let answered = vec![Outcome::Delivered(given.map(str::to_owned))];
        match outcomes(answered, 1).unwrap().remove(0) {
            Outcome::Delivered(id) => assert_eq!(id.as_deref(), kept),
            other => panic!("{other:?}"),
        }
    }
    let long = vec![Outcome::Delivered(Some("x".repeat(1025)))];
    assert!(matches!(outcomes(long, 1).unwrap()[0], Outcome::Delivered(None)));
}

#[test]
fn a_failure_always_has_a_reason_and_never_a_control_character() {
    assert_eq!(failure(failing(" ", Cause::Server)).message, NO_REASON);
    let mended = failure(failing("a\u{1b}[31m\nb", Cause::Other("w\u{7}".into())));
    assert_eq!(mended.message, "a\u{fffd}[31m b");
    assert!(matches!(mended.cause, Cause::Other(word) if word == "w\u{fffd}"));
    assert_eq!((mended.retry_after_ms, mended.http_status), (Some(5), Some(422)));
    assert!(failure(failing(&"x".repeat(9999), Cause::Server)).message.len() <= MESSAGE_BYTES_MAX + 3);
    assert_eq!(reason(""), NO_REASON);
}

#[test]
fn problems_are_few_and_say_something() {
    let empty = Problem { path: "/a".into(), message: String::new(), hint: None };
    let mended = problems(vec![empty; 1000]);
    assert_eq!(mended.len(), PROBLEMS_MAX);
    assert_eq!(mended[0].message, NO_REASON);
    let said = Problem { path: "/a".into(), message: "no\nproject".into(), hint: Some("write one".into()) };
    let kept = &problems(vec![said])[0];
    assert_eq!((kept.message.as_str(), kept.hint.as_deref()), ("no project", Some("write one")));
}

#[test]
fn a_find_has_a_name() {
    let found = |id: &str| finding(Ok(Finding::Found(Found { remote_id: id.into(), current: true })));
    assert!(found("42").is_ok());
    assert_eq!(
        found("").unwrap_err().to_string(),
        "its answer breaks the contract: `lookup` found the item and gave no usable remote id"
    );
    assert!(
        matches!(finding(Err(failing("", Cause::Server))), Ok(Err(failure)) if failure.message == NO_REASON)
    );
}

#[test]
fn a_transform_keeps_the_item_it_was_given() {
    let before = Identity::of(&item());
    let mut changed = item();
    changed.labels =
        vec![crate::bindings::stint::plugin::types::Label { key: "a".into(), value: "b".into() }];
    changed.priority = 2;
    assert!(kept(&before, changed).is_ok());
    let text = |change: fn(&mut Item)| {
        let mut changed = item();
        change(&mut changed);
        kept(&before, changed).err().unwrap().to_string()
    };
    let says = |what: &str| {
        format!(
            "its answer breaks the contract: `apply` changed the item's {what}, which isn't the plugin's to change"
        )
    };
    assert_eq!(text(|item| item.id = "other".into()), says("id"));
    assert_eq!(text(|item| item.key = "other".into()), says("key"));
    assert_eq!(text(|item| item.entry_key = Some("other".into())), says("entry-key"));
    assert_eq!(text(|item| item.attempt = 2), says("attempt"));
    assert_eq!(
        text(|item| item.payload = Payload::Custom(Custom { kind: "x".into(), data: "{}".into() })),
        says("kind of payload")
    );
    let shot = Identity::of(&Item {
        payload: Payload::Activity(crate::bindings::stint::plugin::types::Activity {
            entry_id: None,
            window: crate::bindings::stint::plugin::types::Interval { start: 0, end: 0 },
            samples: Vec::new(),
        }),
        ..item()
    });
    let disguised = Payload::Custom(Custom { kind: "activity".into(), data: "{}".into() });
    assert!(
        kept(&shot, Item { payload: disguised, ..item() }).is_err(),
        "a custom item by the name of another kind"
    );
}
