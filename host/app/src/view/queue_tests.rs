//! What `stint queue list` and `show` say.

use serde_json::{Value, json};

use super::{
    super::samples::{assert_fits, odd_names, plain},
    *,
};

const ID: &str = "01890a5d-ac96-774b-bcce-b302099a8057";

fn failed() -> Value {
    json!({
        "id": ID, "number": 12, "kind": "time-entry", "event": "stopped", "entry_id": ID, "target": "work",
        "state": "failed", "detail": "failed for good", "attempts": 5, "created_at": "2026-03-02T09:00:00Z",
        "next_attempt_at": null, "cause": "invalid", "error": "HTTP 422: no such project (invalid)",
        "hint": "mend the item, then retry it", "idempotency_key": "f68f7a5c", "remote_id": null,
        "payload": {"event": "stopped", "entry": {"project": "Website"}}
    })
}

fn waiting() -> Value {
    let mut delivery = failed();
    for (key, value) in [
        ("number", json!(13)),
        ("kind", json!("screenshot")),
        ("event", json!(null)),
        ("state", json!("pending")),
        ("detail", json!("waiting behind #12")),
        ("attempts", json!(0)),
        ("created_at", json!("2026-03-01T09:00:00Z")),
        ("cause", json!(null)),
        ("error", json!(null)),
        ("hint", json!(null)),
    ] {
        delivery[key] = value;
    }
    delivery
}

fn sent() -> Value {
    let mut delivery = failed();
    delivery["state"] = json!("sent");
    delivery["detail"] = json!("delivered");
    delivery["remote_id"] = json!("77");
    delivery
}

fn list(items: &[Value], more: bool, width: usize) -> String {
    let list = serde_json::from_value(json!({"version": 1, "items": items, "more": more})).unwrap();
    plain(&queue(&list, &Paper::sample(width)))
}

fn show(deliveries: &[Value], width: usize) -> String {
    let view = json!({"version": 1, "id": ID, "number": 12, "deliveries": deliveries});
    plain(&item(&serde_json::from_value(view).unwrap(), &Paper::sample(width)))
}

#[test]
fn each_delivery_says_what_keeps_it() {
    assert_eq!(
        list(&[waiting(), failed(), sent()], true, 100),
        "\
ITEM  TARGET  STATE    WHAT                ATTEMPTS  RECORDED
#13   work    pending  screenshot          0         2026-03-01 10:00
    waiting behind #12
#12   work    failed   time-entry stopped  5         10:00
    failed for good
    HTTP 422: no such project (invalid)
    hint: mend the item, then retry it
#12   work    sent     time-entry stopped  5         10:00

there is more: --limit 30
"
    );
}

#[test]
fn more_than_can_be_shown_at_once_is_narrowed_down() {
    assert_eq!([50, 1_000].map(more), ["there is more: --limit 500", "there is more: --limit 10000"]);
    assert_eq!(more(1_001), "there is more: narrow it down with --state or --target");
}

#[test]
fn twenty_columns_say_the_same() {
    let narrow = list(&[failed()], false, 20).split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(
        narrow,
        "#12 target: work state: failed what: time-entry stopped attempts: 5 recorded: 10:00 failed for good \
         HTTP 422: no such project (invalid) hint: mend the item, then retry it"
    );
}

#[test]
fn an_empty_queue_is_said_as_such() {
    assert_eq!(list(&[], false, 100), "no deliveries\n");
}

#[test]
fn one_item_is_shown_with_all_that_happened_to_it() {
    let mut delivery = failed();
    delivery["attempts_made"] = json!([
        {"at": "2026-03-02T09:00:05Z", "led_to": "delayed", "cause": "server", "message": "try later",
         "http_status": 503, "excerpt": "POST /entries\nRetry-After: 7", "plugin": "redmine",
         "plugin_version": "1.0.0", "plugin_sha256": "0123456789abcdef0123456789abcdef"},
        {"at": "2026-03-02T09:00:15Z", "led_to": "sent", "cause": null, "message": null, "http_status": null,
         "excerpt": null, "plugin": "redmine", "plugin_version": "1.0.1", "plugin_sha256": "short"}
    ]);
    let mut other = waiting();
    other["cause"] = json!("dns");
    other["error"] = json!("no such host");
    other["target"] = json!("archive");
    other["next_attempt_at"] = json!("2026-03-02T09:30:09Z");
    other["attempts_made"] = json!([]);
    assert_eq!(
        show(&[delivery, other], 100),
        "\
item #12
  id          01890a5d-ac96-774b-bcce-b302099a8057
  what        time-entry stopped
  entry       01890a5d-ac96-774b-bcce-b302099a8057
  recorded    2026-03-02 10:00:00

at work: failed
  detail      failed for good
  attempts    5
  failure     HTTP 422: no such project (invalid)
  hint        mend the item, then retry it
  key         f68f7a5c
  2026-03-02 10:00:05  delayed: HTTP 503, server, try later
    by redmine 1.0.0, sha256 0123456789ab
    POST /entries
    Retry-After: 7
  2026-03-02 10:00:15  sent
    by redmine 1.0.1, sha256 short

at archive: pending
  detail      waiting behind #12
  next        in 9 s
  attempts    0
  failure     dns: no such host
  key         f68f7a5c

payload
  {
    \"entry\": {
      \"project\": \"Website\"
    },
    \"event\": \"stopped\"
  }
"
    );
}

#[test]
fn no_name_is_too_odd_and_no_screen_too_narrow() {
    for name in odd_names() {
        let mut delivery = failed();
        for key in ["target", "event", "error", "hint", "remote_id", "detail"] {
            delivery[key] = json!(name);
        }
        delivery["payload"] = json!({"project": name, name.clone(): name});
        delivery["attempts_made"] = json!([{"at": "2026-03-02T09:00:05Z", "led_to": "failed", "cause": "other",
            "message": name, "http_status": null, "excerpt": name, "plugin": name, "plugin_version": name,
            "plugin_sha256": name}]);
        for width in [20, 60, 120] {
            assert_fits(&list(&[delivery.clone()], true, width), width);
            assert_fits(&show(&[delivery.clone()], width), width);
        }
    }
}
