//! What a person does on the page, with the mouse, with the keys, with and without a script.

use super::stage::{Stage, shows, until};
use crate::{
    deliveries::{WORK, mixed},
    support::Workshop,
};

/// Names that want to be more than names.
const HOSTILE: &str =
    "<img src=x onerror=document.title='taken'>\"'&amp;</textarea><script>document.title='taken'</script>";

fn idle() -> Stage {
    let workshop = Workshop::new();
    workshop.configure(WORK);
    Stage::of(workshop)
}

#[test]
fn the_timer_is_started_paused_and_stopped_by_clicks() {
    let stage = idle();
    let Some(browser) = stage.browser() else { return };
    browser.write("#start-project", "Website");
    browser.write("#start-note", "Read the draft");
    browser.submit("#start");
    shows(&browser, "#timer .state", "running");
    shows(&browser, "#timer .now", "Website Read the draft");
    browser.submit("#pause");
    shows(&browser, "#timer .state", "paused");
    assert_eq!(stage.status()["timer"]["state"], "paused");
    browser.submit("#resume");
    shows(&browser, "#timer .state", "running");
    browser.submit("#stop");
    shows(&browser, "#timer .state", "idle");
    shows(&browser, "#today .entries", "Website Read the draft");
    assert_eq!(stage.status()["queue"]["pending"], 4);
}

#[test]
fn it_is_used_by_keys_alone_and_without_a_script() {
    let stage = idle();
    let Some(browser) = stage.browser() else { return };
    let page = browser.run("return location.origin + '/'").as_str().unwrap().to_owned();
    browser.scripts(false);
    browser.open(&page);
    // The page's own script didn't run when it would have; what the test itself asks needs some.
    browser.scripts(true);
    assert!(browser.text("#live").starts_with("as of "), "{}", browser.text("#live"));
    browser.write("#start-project", "Keys");
    browser.press("\u{E007}");
    until("it runs", || stage.status()["timer"]["project"] == "Keys");
}

#[test]
fn it_follows_what_happens_elsewhere_and_leaves_alone_what_is_typed() {
    let stage = idle();
    let Some(browser) = stage.browser() else { return };
    shows(&browser, "#live", "live");
    browser.write("#start-project", "half typ");
    stage.workshop.say(&["start", "--project", "Elsewhere"]).ok();
    shows(&browser, "#timer .now", "Elsewhere");
    assert_eq!(browser.run("return document.getElementById('start-project').value"), "half typ");
    assert_eq!(browser.run("return document.activeElement.id"), "start-project");
    shows(&browser, "#targets", "pending\n1");
    // No event of a delivery tells of these.
    stage.workshop.say(&["target", "pause", "work"]).ok();
    shows(&browser, "#targets .state", "paused");
    stage.workshop.say(&["queue", "drop", "1", "--yes"]).ok();
    shows(&browser, "#targets", "dropped\n1");
}

#[test]
fn what_failed_is_shown_with_its_cause_and_retried_or_dropped() {
    let stage = Stage::of(mixed());
    let Some(browser) = stage.browser() else { return };
    shows(&browser, "#failed", "#1 time-entry edited at work");
    shows(&browser, "#failed", "no such project");
    shows(&browser, "#failed .fix", "look at what the backend says about the item");
    shows(&browser, "#attention", "1 item failed for good at “work”.");
    browser.click("#failed details:first-of-type summary");
    shows(&browser, "#failed", "POST /entries");
    shows(&browser, "#failed", "redmine 1.2.3, sha256 090909090909");
    browser.submit("#retry-1-work");
    shows(&browser, "#notice", "1 item put back to be tried again");
    until("it is pending", || stage.status()["queue"]["failed"] == 0);
    assert!(!browser.text("#attention").contains("failed for good"));
}

#[test]
fn what_needs_attention_has_its_button_or_the_command_to_paste() {
    let workshop = mixed();
    // The target is held until somebody logs in. Here its plugin is missing as well, and its configuration knows which
    // credential it would be.
    workshop.configure(&format!(
        "{WORK}credentials = {{ default = \"work-key\" }}\n[credentials.work-key]\nscheme = \"bearer\"\n\
         value = {{ keyring = \"work-key\" }}\n"
    ));
    let stage = Stage::of(workshop);
    let Some(browser) = stage.browser() else { return };
    stage.workshop.configure("nonsense = true\n");
    shows(&browser, "#attention", "The configuration was refused, the one before goes on.");
    let without = browser.run(
        "return [...document.querySelectorAll('#attention li')].filter((line) => !line.querySelector('button, code')) \
         .map((line) => line.innerText)",
    );
    assert_eq!(without, serde_json::json!([]));
    let commands = browser
        .run("return [...document.querySelectorAll('#attention li code')].map((code) => code.innerText)");
    assert!(commands.as_array().unwrap().contains(&"stint config check".into()), "{commands}");
    assert!(browser.run("return document.querySelectorAll('#attention li').length").as_u64() >= Some(3));
}

#[test]
fn an_item_is_dropped_only_by_a_second_click() {
    let stage = Stage::of(mixed());
    let Some(browser) = stage.browser() else { return };
    browser.click("#failed .buttons details summary");
    browser.submit("#drop-1-work");
    shows(&browser, "#notice", "1 item given up");
    assert_eq!(stage.status()["queue"]["dropped"], 1);
}

#[test]
fn a_target_is_paused_and_goes_on_by_clicks() {
    let stage = idle();
    let Some(browser) = stage.browser() else { return };
    browser.submit("#target-pause-work");
    shows(&browser, "#notice", "work is paused; what is recorded for it waits");
    shows(&browser, "#targets .state", "paused");
    browser.submit("#target-resume-work");
    until("it goes on", || stage.status()["targets"][0]["state"] != "paused");
}

#[test]
fn hostile_names_stay_names() {
    let stage = idle();
    let Some(browser) = stage.browser() else { return };
    stage
        .workshop
        .say(&["start", "--project", HOSTILE, "--task", HOSTILE, "--note", HOSTILE, "--tag", HOSTILE])
        .ok();
    shows(&browser, "#timer .now", "<img src=x onerror=document.title='taken'>");
    stage.workshop.say(&["stop"]).ok();
    shows(&browser, "#today .entries", "</textarea><script>");
    assert_ne!(browser.run("return document.title"), "taken");
    assert_eq!(browser.run("return document.querySelectorAll('img, main script, textarea').length"), 0);
}

#[test]
fn screenshots_are_seen_paused_and_taken_back_by_clicks() {
    let workshop = Workshop::new();
    workshop.configure(&format!("[capture]\nenabled = true\nsource = \"synthetic\"\n{WORK}"));
    let stage = Stage::of(workshop);
    let Some(browser) = stage.browser() else { return };
    shows(&browser, "#shots", "None was taken today");
    stage.workshop.say(&["capture", "now"]).ok();
    shows(&browser, "#shots .shots", "test-card");
    until("the small picture", || {
        browser
            .run("const i = document.querySelector('#shots img'); i.scrollIntoView(); return i.naturalWidth")
            == 320
    });
    let alt = browser.run("return document.querySelector('#shots img').alt");
    assert!(alt.as_str().unwrap().starts_with("Screenshot of "), "{alt}");
    assert_eq!(
        browser.run("return document.querySelectorAll('#today .shot').length"),
        1,
        "on the line of the day"
    );
    let number = stage.workshop.json(&["capture", "list"])["screenshots"][0]["number"].clone();
    browser.click(&format!("#shot-{number} summary"));
    browser.submit(&format!("#shot-delete-{number}"));
    shows(&browser, "#notice", "deleted; no target has it");
    shows(&browser, "#shots", "None was taken today");
    browser.submit("#shots-pause-900000");
    shows(&browser, "#notice", "screenshots are paused");
    shows(&browser, "#shots", "paused until");
    assert!(stage.status()["capture"]["paused_until"].is_string());
    browser.submit("#shots-pause-0");
    shows(&browser, "#notice", "screenshots are no longer paused");
}
