//! One plugin with many ways to misbehave. Its settings say which: `{"mode": "…", "n": 3}`. It is of all three kinds.
//!
//! Every way has a name that the suite calls it by, and is written as plainly as possible: this is what the host
//! must withstand, so nothing here may be optimised away.

#![expect(clippy::same_length_and_capacity, reason = "the generated bindings take lists apart like this")]

mod answers;
mod burn;
mod grow;
mod machine;
mod modes;
mod reach;
mod steal;

wit_bindgen::generate!({
    inline: "
        package stint:hostile;
        world hostile {
            include stint:plugin/target@0.1.0;
            include stint:plugin/transform@0.1.0;
            include stint:plugin/policy@0.1.0;
        }
    ",
    path: "../../wit/stint-plugin-0.1",
    world: "stint:hostile/hostile",
    generate_all,
});

use exports::stint::plugin::{planner, transformer, uploader};
use stint::plugin::types::{Cause, Failure, Item, Problem};
use stint::plugin::{log, settings};

struct Hostile;

export!(Hostile);

impl uploader::Guest for Hostile {
    fn check(settings: String) -> Vec<Problem> {
        misbehave(&mode_of(&settings));
        answers::problems(&mode_of(&settings))
    }

    fn probe() -> Result<(), Failure> {
        misbehave(&mode());
        answers::probed(&mode())
    }

    fn upload(batch: Vec<Item>) -> Vec<uploader::Outcome> {
        misbehave(&mode());
        answers::outcomes(&mode(), &batch)
    }

    fn lookup(_item: Item) -> Result<uploader::Finding, Failure> {
        misbehave(&mode());
        Ok(uploader::Finding::Absent)
    }
}

impl transformer::Guest for Hostile {
    fn check(settings: String) -> Vec<Problem> {
        misbehave(&mode_of(&settings));
        Vec::new()
    }

    fn apply(item: Item) -> transformer::Verdict {
        misbehave(&mode());
        answers::verdict(&mode(), item)
    }
}

impl planner::Guest for Hostile {
    fn check(settings: String) -> Vec<Problem> {
        misbehave(&mode_of(&settings));
        Vec::new()
    }

    fn plan(_snapshot: planner::Snapshot) -> planner::Decision {
        misbehave(&mode());
        answers::decision(&mode())
    }

    fn on_failure(_attempt: u32, _failure: Failure) -> planner::Verdict {
        misbehave(&mode());
        answers::advice(&mode())
    }
}

/// Does what a mode is named after, and comes back if the host lets it.
fn misbehave(mode: &str) {
    if !mode.is_empty() && !modes::MODES.contains(&mode) {
        burn::panic_saying(&format!("no such mode: {mode}"));
    }
    burn::by(mode);
    grow::by(mode);
    reach::by(mode);
}

/// Writes a line that the suite reads as this call's finding.
fn say(text: &str) {
    log::write(log::Level::Info, text, &[]);
}

fn failure(message: &str) -> Failure {
    Failure { cause: Cause::PluginBug, message: message.to_owned(), retry_after_ms: None, http_status: None }
}

fn mode() -> String {
    mode_of(&settings::json())
}

fn mode_of(settings: &str) -> String {
    text_of(settings, "mode")
}

fn text(name: &str) -> String {
    text_of(&settings::json(), name)
}

/// The text under a name; settings are short and written by the suite, so that no JSON reader is needed.
fn text_of(settings: &str, name: &str) -> String {
    let behind = settings.split_once(&format!("\"{name}\":\"")).map_or("", |(_, behind)| behind);
    behind.split('"').next().unwrap_or_default().to_owned()
}

/// The number behind `"n":`.
fn number() -> u64 {
    let settings = settings::json();
    let behind = settings.split_once("\"n\":").map_or("", |(_, behind)| behind);
    behind
        .chars()
        .take_while(char::is_ascii_digit)
        .fold(0, |sum, digit| sum * 10 + u64::from(digit) - u64::from('0'))
}
