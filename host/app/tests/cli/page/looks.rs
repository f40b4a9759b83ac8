//! How the page looks, to eyes and to readers: small, labelled, in light and dark, on narrow screens.

use serde_json::{Value, json};

use super::{
    browser::Browser,
    stage::{Stage, shows, until},
};
use crate::deliveries::mixed;

/// What every control needs, and what must not happen on any screen.
const FAULTS: &str = r"
const faults = [];
const ids = [...document.querySelectorAll('[id]')].map((e) => e.id);
for (const id of ids) if (ids.filter((other) => other === id).length > 1) faults.push('twice: ' + id);
for (const e of document.querySelectorAll('button')) if (!(e.getAttribute('aria-label') || e.innerText).trim()) faults.push('no name: ' + e.id);
for (const e of document.querySelectorAll('input:not([type=hidden])')) if (!e.labels.length) faults.push('no label: ' + e.id);
for (const e of document.querySelectorAll('section:not([hidden])')) if (!document.getElementById(e.getAttribute('aria-labelledby'))) faults.push('no heading: ' + e.id);
if (document.documentElement.scrollWidth > innerWidth) faults.push('wider than the screen: ' + document.documentElement.scrollWidth);
const lum = (c) => { const [r, g, b] = c.map((v) => (v /= 255) <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4); return .2126 * r + .7152 * g + .0722 * b; };
const rgb = (c) => c.match(/[\d.]+/g).map(Number);
const ground = (e) => { for (; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor); if (c[3] !== 0) return c.slice(0, 3); } return [255, 255, 255]; };
for (const e of document.querySelectorAll('body *')) {
  if (![...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim()) || !e.getClientRects().length || e.closest('svg')) continue;
  const [a, b] = [lum(rgb(getComputedStyle(e).color).slice(0, 3)), lum(ground(e))].sort((x, y) => y - x);
  const ratio = (a + .05) / (b + .05);
  if (ratio < 4.5) faults.push('contrast ' + ratio.toFixed(1) + ': ' + e.className + ' ' + e.textContent.trim().slice(0, 30));
}
return faults;";

#[test]
fn it_is_readable_in_light_and_dark_on_any_screen() {
    let stage = Stage::of(mixed());
    stage
        .workshop
        .say(&["start", "--project", "Website", "--note", "Read the first draft", "--tag", "draft"])
        .ok();
    let Some(browser) = stage.browser() else { return };
    shows(&browser, "#timer .now", "Website");
    for (width, scheme) in [(1280, "light"), (1280, "dark"), (360, "light"), (320, "dark")] {
        browser.look(width, 900, scheme);
        let faults = browser.run(FAULTS);
        assert_eq!(faults, serde_json::json!([]), "{width} {scheme}");
        if let Some(folder) = std::env::var_os("STINT_PICTURES") {
            use base64::Engine as _;
            let picture = base64::engine::general_purpose::STANDARD.decode(browser.picture()).unwrap();
            std::fs::write(std::path::Path::new(&folder).join(format!("{scheme}-{width}.png")), picture)
                .unwrap();
        }
    }
}

/// Everything that axe-core knows to look for; what it finds is given as rule and place.
fn shut_out(browser: &Browser) -> Value {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/tools/python/axe.min.js");
    assert!(std::path::Path::new(file).exists(), "{file} is not there; run: tools/setup.sh tests");
    browser.run(&std::fs::read_to_string(file).unwrap());
    browser.run(
        "window.looked = null; axe.run(document).then((found) => { window.looked = found; }, (error) => { \
         window.looked = { violations: [{ id: String(error), nodes: [] }], passes: [] }; });",
    );
    until("axe-core has looked", || !browser.run("return window.looked").is_null());
    let passed = browser.run("return window.looked.passes.length").as_u64().unwrap();
    assert!(passed > 5, "it looked at {passed} rules only");
    browser.run(
        "return window.looked.violations.map((v) => v.id + ': ' + v.nodes.map((n) => n.html).join('; '))",
    )
}

#[test]
fn axe_core_finds_nobody_shut_out() {
    let stage = Stage::of(mixed());
    stage.workshop.say(&["start", "--project", "Website", "--tag", "draft", "--billable"]).ok();
    let Some(browser) = stage.browser() else { return };
    shows(&browser, "#timer .now", "Website");
    browser.run("for (const more of document.querySelectorAll('details')) more.open = true");
    for (width, scheme) in [(1280, "light"), (1280, "dark"), (320, "light")] {
        browser.look(width, 900, scheme);
        assert_eq!(shut_out(&browser), json!([]), "{width} {scheme}");
    }
    stage.workshop.say(&["stop"]).ok();
    browser.submit("#failed .buttons button");
    shows(&browser, "#notice", "1 item put back");
    assert_eq!(shut_out(&browser), json!([]), "an idle timer and a notice");
}

/// Who can't enter yet sees a page as well.
#[test]
fn the_closed_door_shuts_out_nobody_either() {
    let stage = Stage::of(mixed());
    let Some(browser) = stage.browser() else { return };
    let used = stage.link();
    browser.open(&used);
    browser.open(&used);
    assert_eq!(shut_out(&browser), json!([]));
}

#[test]
fn it_reads_in_order_without_a_style() {
    let stage = Stage::of(mixed());
    stage.workshop.say(&["start", "--project", "Website"]).ok();
    let Some(browser) = stage.browser() else { return };
    shows(&browser, "#timer .now", "Website");
    browser.run("for (const sheet of document.querySelectorAll('style')) sheet.remove()");
    let text = browser.text("main");
    let mut from = 0;
    for part in [
        "Needs attention",
        "Timer",
        "running since",
        "Website",
        "Pause",
        "Today",
        "Targets",
        "work",
        "Failed",
        "Retry",
        "Plugins",
    ] {
        let found = text[from..].find(part);
        from += found.unwrap_or_else(|| panic!("{part} doesn't come next in:\n{text}"));
    }
    // The day's line is a drawing, and its list says the same in words.
    assert!(browser.run("return document.querySelectorAll('#today .entries li').length").as_u64() >= Some(1));
}

#[test]
fn it_comes_whole_with_one_request_and_is_small() {
    let stage = Stage::of(mixed());
    let Some(browser) = stage.browser() else { return };
    let loaded = browser.run("return performance.getEntriesByType('resource').filter((e) => e.initiatorType !== 'fetch' && e.initiatorType !== 'eventsource' && !e.name.includes('/api/v1/events')).length");
    assert_eq!(loaded, 0);
    let bytes = browser.run("return performance.getEntriesByType('navigation')[0].transferSize");
    assert!((1..60 * 1024).contains(&bytes.as_u64().unwrap()), "{bytes}");
}
