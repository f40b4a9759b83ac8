//! `stint queue list` and `show`.

use serde_json::{Value, json};

use crate::{
    deliveries::{WORK, mixed},
    support::Workshop,
};

fn numbers(workshop: &Workshop, args: &[&str]) -> Vec<i64> {
    let list = workshop.json(&[&["queue", "list"], args].concat());
    list["items"].as_array().unwrap().iter().map(|item| item["number"].as_i64().unwrap()).collect()
}

#[test]
fn a_list_says_what_failed_and_why_and_what_waits_for_it() {
    let said = mixed().say_in(100, &["queue", "list"]).ok();
    let lines: Vec<&str> = said.stdout.lines().collect();
    let begins = |place: usize, begin: &str| assert!(lines[place].starts_with(begin), "{}", said.stdout);
    begins(0, "ITEM  TARGET  STATE    WHAT               ATTEMPTS  RECORDED");
    begins(1, "#4    work    pending  time-entry edited  0         ");
    begins(2, "    waiting behind #1");
    begins(3, "#3    work    pending  time-entry edited  0         ");
    begins(4, "    ready to be sent");
    begins(5, "#2    work    sent     time-entry edited  ");
    begins(6, "#1    work    failed   time-entry edited  ");
    begins(7, "    failed for good");
    begins(8, "    HTTP 422: no such project ␛[2J (invalid)");
    begins(9, "    hint: look at what the backend says about the item");
}

#[test]
fn a_list_can_be_narrowed_and_cut() {
    let workshop = mixed();
    assert_eq!(numbers(&workshop, &[]), [4, 3, 2, 1]);
    for (state, found) in [("pending", &[4, 3][..]), ("sent", &[2]), ("failed", &[1]), ("dropped", &[])] {
        assert_eq!(numbers(&workshop, &["--state", state]), found, "{state}");
    }
    assert_eq!(numbers(&workshop, &["--target", "work", "--limit", "1"]), [4]);
    assert!(workshop.json(&["queue", "list", "--limit", "1"])["more"].as_bool().unwrap());
    let said = workshop.say(&["queue", "list", "--limit", "1"]).ok();
    assert!(said.stdout.ends_with("\nthere is more: --limit 10\n"), "{}", said.stdout);
    let said = workshop.say(&["queue", "list", "--state", "dropped"]).ok();
    assert_eq!(said.stdout, "no deliveries\n");
}

#[test]
fn the_json_of_a_list_has_every_field() {
    let list = mixed().json(&["queue", "list"]);
    assert_eq!((&list["version"], &list["more"]), (&json!(1), &json!(false)));
    let fields = [
        "id",
        "kind",
        "event",
        "entry_id",
        "target",
        "state",
        "detail",
        "attempts",
        "created_at",
        "cause",
        "error",
        "hint",
        "idempotency_key",
        "remote_id",
        "payload",
    ];
    for item in list["items"].as_array().unwrap() {
        for field in fields {
            assert!(item.as_object().unwrap().contains_key(field), "{field} is not in {item}");
        }
    }
    let failed = &list["items"][3];
    assert_eq!(
        [&failed["state"], &failed["cause"], &failed["event"], &failed["payload"]["entry"]["project"]],
        [&json!("failed"), &json!("invalid"), &json!("edited"), &json!("One")]
    );
    assert_eq!(failed["error"], json!("HTTP 422: no such project \u{1b}[2J (invalid)"), "stored exactly");
    assert_eq!(list["items"][2]["remote_id"], json!("77"));
}

#[test]
fn an_item_is_shown_by_its_number_or_its_id() {
    let workshop = mixed();
    let said = workshop.say_in(100, &["queue", "show", "1"]).ok().stdout;
    for part in [
        "item #1\n  id          ",
        "\nat work: failed\n  detail      failed for good\n",
        "\n  failure     HTTP 422: no such project ␛[2J (invalid)\n",
        "\n  2026-03-02 12:00:00  failed: HTTP 422, invalid, no such project ␛[2J\n    by redmine 1.2.3, sha256 090909090909\n    POST /entries\n    422\n",
        "\npayload\n  {\n    \"entry\": {\n",
        "\n      \"project\": \"One\",\n",
    ] {
        assert!(said.contains(part), "{part} is not in:\n{said}");
    }
    let item = workshop.json(&["queue", "show", "#1"]);
    assert_eq!((&item["version"], &item["number"]), (&json!(1), &json!(1)));
    let id = item["id"].as_str().unwrap().to_owned();
    assert_eq!(workshop.json(&["queue", "show", &id]), item);
    let attempts = item["deliveries"][0]["attempts_made"].as_array().unwrap();
    assert_eq!(attempts.len(), 1);
    assert_eq!(attempts[0]["plugin_sha256"], json!("09".repeat(32)));
    assert_eq!(attempts[0]["excerpt"], json!("POST /entries\n422"));
}

#[test]
fn what_stays_as_it_is_says_what_to_do_instead() {
    let workshop = mixed();
    let left = |words: &[&str]| {
        let said = workshop.say_in(400, words);
        assert_eq!(said.code, 77, "{said:?}");
        said.stdout
    };
    let left = |words: &[&str]| left(words).split_whitespace().collect::<Vec<_>>().join(" ");
    let said = left(&["queue", "retry", "3"]);
    assert!(said.contains("#3 at work stays as it is: "), "{said}");
    assert!(said.contains("it waits for its turn as it is, and `stint sync` sends what is due"), "{said}");
    let said = left(&["queue", "retry", "2"]);
    assert!(said.contains("failed to change a delivery that is sent: that is final"), "{said}");
    // Another target that has seen the same items already can't take them once more.
    workshop.configure(&format!("{WORK}[targets.other]\nplugin = \"redmine\"\n"));
    workshop.say(&["queue", "backfill", "other", "--since", "2026-03-01"]).ok();
    let said = left(&["queue", "move", "work", "other"]);
    for part in [
        "the other target has it or",
        "`stint queue show 3` tells",
        "`stint queue drop 3 --target work --yes`",
    ] {
        assert!(said.contains(part), "{part} is not in {said}");
    }
}

#[test]
fn the_payload_of_an_item_reads_as_the_json_that_it_is() {
    let workshop = mixed();
    let said = workshop.say_in(120, &["queue", "show", "2"]).ok().stdout;
    let (_, payload) = said.split_once("\npayload\n").unwrap();
    let payload: Value = serde_json::from_str(payload).unwrap();
    assert_eq!(payload, workshop.json(&["queue", "show", "2"])["deliveries"][0]["payload"]);
}

#[test]
fn what_is_not_there_is_named() {
    let workshop = mixed();
    for id in ["99", "nonsense", "01890a5d-ac96-774b-bcce-b302099a8057"] {
        let message = format!("error: failed to find item {id:?}: `stint queue list` shows what is there\n");
        workshop.say(&["queue", "show", id]).failed(65, &message);
    }
    let said = workshop.say(&["queue", "list", "--target", "wrok"]);
    said.failed(65, "error: failed to find target \"wrok\": `stint status` shows what is there\n");
    workshop.say(&["queue", "list", "--state", "faild"]).failed_with_tip("'failed'");
    for limit in ["--limit=-1", "--limit=0", "--limit=10001"] {
        workshop.say(&["queue", "list", limit]).failed_with_tip("");
    }
}

#[test]
fn nothing_recorded_is_said_as_such() {
    let workshop = Workshop::new();
    assert_eq!(workshop.say(&["queue", "list"]).ok().stdout, "no deliveries\n");
    assert_eq!(
        workshop.json(&["queue", "list"]),
        json!({"version": 1, "items": [], "more": false, "next": null})
    );
}
