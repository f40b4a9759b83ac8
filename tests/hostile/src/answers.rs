//! Answers that lie, and the honest one.

use crate::exports::stint::plugin::planner::{Decision, Sync, Verdict as Advice};
use crate::exports::stint::plugin::transformer::Verdict;
use crate::exports::stint::plugin::uploader::Outcome;
use crate::stint::plugin::image::{Format, Picture};
use crate::stint::plugin::types::{Cause, Failure, Item, Payload, Problem};
use crate::{failure, misbehave, number, reach, say, steal};

pub fn outcomes(mode: &str, batch: &[Item]) -> Vec<Outcome> {
    let honest = || batch.iter().map(|item| Outcome::Delivered(Some(format!("remote-{}", item.id))));
    match mode {
        "too-few" => honest().skip(1).collect(),
        "too-many" => honest().chain([Outcome::Superseded]).collect(),
        "far-too-many" => (0..200_000).map(|_| Outcome::Delivered(Some("x".repeat(64)))).collect(),
        "later" => batch.iter().map(|_| Outcome::Retry(failure("not now"))).collect(),
        "no-reason" => batch.iter().map(|_| Outcome::Reject(failure(""))).collect(),
        "huge-reason" => batch.iter().map(|_| Outcome::Reject(failure(&"x".repeat(1 << 20)))).collect(),
        "escape-codes" => {
            batch.iter().map(|_| Outcome::Reject(failure("\u{1b}[2J\u{1b}]0;owned\u{7}"))).collect()
        }
        "huge-remote-id" => batch.iter().map(|_| Outcome::Delivered(Some("x".repeat(1 << 20)))).collect(),
        "steal" => batch.iter().map(|_| Outcome::Reject(failure(&steal::everywhere()))).collect(),
        "read" => batch.iter().map(outcome_of_reading).collect(),
        _ => honest().collect(),
    }
}

/// What is answered to the question whether the backend is there. Only here these modes misbehave.
pub fn probed(mode: &str) -> Result<(), Failure> {
    if mode == "probe-panics" {
        misbehave("panic");
    }
    match mode {
        "probe-offline" => Err(Failure { cause: Cause::Offline, ..failure("the backend is away") }),
        _ => Ok(()),
    }
}

fn outcome_of_reading(item: &Item) -> Outcome {
    let Payload::Screenshot(shot) = &item.payload else { return Outcome::Superseded };
    match reach::read(&shot.file) {
        Ok(length) => Outcome::Delivered(Some(format!("{length} of {}", shot.file.size()))),
        Err(refusal) => Outcome::Reject(failure(&refusal)),
    }
}

pub fn decision(mode: &str) -> Decision {
    match mode {
        "wait-nothing" => Decision::Wait(0),
        "wait-for-ever" => Decision::Wait(u64::MAX),
        "sync-nothing" => Decision::Sync(sync(0)),
        "sync-all" | "retry-at-once" | "retry-never" | "give-up" => Decision::Sync(sync(u32::MAX)),
        _ => Decision::Wait(1000),
    }
}

fn sync(items: u32) -> Sync {
    Sync { max_items: items, max_in_flight: items, max_priority: u8::MAX, kinds: Vec::new() }
}

/// What is said about a failed attempt.
pub fn advice(mode: &str) -> Advice {
    match mode {
        "retry-at-once" => Advice::Retry(0),
        "retry-never" => Advice::Retry(u64::MAX),
        "give-up" => Advice::GiveUp,
        _ => Advice::Default,
    }
}

pub fn problems(mode: &str) -> Vec<Problem> {
    let problem =
        |message: &str| Problem { path: "/mode".to_owned(), message: message.to_owned(), hint: None };
    match mode {
        "silent-problem" => vec![problem("")],
        "problem-flood" => (0..100_000).map(|_| problem("again")).collect(),
        _ => Vec::new(),
    }
}

pub fn verdict(mode: &str, mut item: Item) -> Verdict {
    match mode {
        "foreign-id" => "00000000-0000-7000-8000-000000000000".clone_into(&mut item.id),
        "foreign-key" => "another".clone_into(&mut item.key),
        "foreign-entry-key" => item.entry_key = Some("another".to_owned()),
        "foreign-attempt" => item.attempt += 1,
        "drop-silently" => return Verdict::Drop(String::new()),
        "handle-flood" => flood_of_handles(&item),
        "picture-flood" => flood_of_pictures(&item),
        "picture-work" => endless_picture(&item),
        "picture-encode" => encode_for_ever(&item),
        "picture-size" => too_large_picture(&item),
        "blur" => blur(&mut item),
        _ => {}
    }
    Verdict::Keep(item)
}

fn decode(item: &Item) -> Option<Picture> {
    let Payload::Screenshot(shot) = &item.payload else { return None };
    match Picture::decode(&shot.file) {
        Ok(picture) => Some(picture),
        Err(refusal) => {
            say(&format!("refused: {refusal}"));
            None
        }
    }
}

fn flood_of_pictures(item: &Item) {
    let held: Vec<Picture> = (0..number()).map_while(|_| decode(item)).collect();
    say(&format!("{} pictures", held.len()));
}

fn flood_of_handles(item: &Item) {
    let Some(picture) = decode(item) else { return };
    let kept: Vec<_> = (0..number()).map_while(|_| picture.encode(Format::Jpeg(1)).ok()).collect();
    say(&format!("{} files", kept.len()));
}

fn endless_picture(item: &Item) {
    if let Some(picture) = decode(item) {
        loop {
            picture.blur(None, u32::MAX);
        }
    }
}

fn encode_for_ever(item: &Item) {
    let Some(picture) = decode(item) else { return };
    let mut kept = Vec::new();
    while let Ok(file) = picture.encode(Format::Png) {
        kept.push(file);
    }
    say(&format!("{} files", kept.len()));
}

fn too_large_picture(item: &Item) {
    if let Some(picture) = decode(item) {
        say(&format!("{:?}", picture.scale(u32::MAX, u32::MAX)));
        say(&format!("{:?}", picture.scale(0, 1)));
    }
}

fn blur(item: &mut Item) {
    let Some(picture) = decode(item) else { return };
    picture.blur(None, 8);
    if let (Payload::Screenshot(shot), Ok(file)) = (&mut item.payload, picture.encode(Format::Png)) {
        shot.file = file;
    }
}
