//! What the script issues. Everything follows from a number, so that the oracle knows each body without being told.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use stint_domain::{
    clock::ClockSample,
    entry::{Details, Origin},
    id::{BootId, CommandId, EntryId, ItemId},
    item::{Attachment, Item, Kind, Payload},
    time::{Millis, UnixMs},
    timer::{Command, State, Verb},
};
use stint_store::{BlobHash, target::Spec};

use crate::rng::Rng;

/// Where time begins.
const EPOCH: UnixMs = UnixMs(1_736_330_400_000);

/// A size that lies in a row, and takes so many pages that checkpoints come by themselves.
const INLINE: usize = 200 << 10;
/// A size that lies in a file.
const IN_FILE: usize = 300 << 10;

/// Some content.
#[derive(Debug)]
pub(crate) struct Content {
    /// Its name.
    pub(crate) hash: BlobHash,
    /// What it is.
    pub(crate) bytes: Vec<u8>,
}

/// The moment of a step.
pub(crate) fn moment(step: usize) -> ClockSample {
    let gone = Millis(u64::try_from(step).unwrap() * 1_000);
    ClockSample { boot: BootId::from_bytes([9; 16]), boottime: gone, monotonic: gone, wall: EPOCH + gone }
}

/// The targets: one takes all, one has no pictures.
pub(crate) fn targets() -> Vec<Spec> {
    let spec = |name: &str, accepts: &[Kind]| Spec { name: name.into(), accepts: accepts.to_vec() };
    vec![spec("all", &Kind::ALL), spec("some", &[Kind::TimeEntry, Kind::Custom])]
}

/// Whose time it is.
pub(crate) fn origin() -> Origin {
    Origin { person: "ada".into(), machine: "loom".into(), installation: "one".into() }
}

/// The id of a step's command.
pub(crate) fn command_id(step: usize) -> CommandId {
    CommandId::from_bytes(bytes(1, 0, step))
}

/// The verb of a step: one that changes something in this state, and makes one record.
pub(crate) fn command(step: usize, state: State) -> Command {
    let verb = match state {
        State::Idle => Verb::Start,
        State::Running if !step.is_multiple_of(3) => Verb::Pause,
        State::Paused if !step.is_multiple_of(3) => Verb::Resume,
        State::Running | State::Paused => Verb::Stop,
    };
    let details = Details { project: Some(format!("project {step}")), ..Details::default() };
    Command { details, ..Command::now(verb) }
}

/// The item of a producer's step.
pub(crate) fn item(producer: usize, step: usize) -> Item {
    let payload = if let Some(content) = blob(producer, step) {
        Payload::Screenshot {
            entry_id: Some(EntryId::from_bytes(bytes(2, producer, step))),
            monitor: format!("monitor {producer}"),
            taken_at: moment(step).wall,
            width: 2,
            height: 1,
            file: Attachment {
                sha256: content.hash.to_string(),
                size: content.bytes.len().try_into().unwrap(),
                mime: "image/png".into(),
            },
            treated: Vec::new(),
            import: None,
        }
    } else {
        let text = format!("{producer}·{step} {}", "äöü\u{10348}\u{0}".repeat(step % 50));
        Payload::Custom { name: "note".into(), data: serde_json::json!({ "text": text }) }
    };
    Item { id: ItemId::from_bytes(bytes(3, producer, step)), occurred_at: moment(step).wall, payload }
}

/// The content that belongs to a producer's step: every fourth has some, by turns in a row and in a file. It is made
/// once, because the oracle asks for it at every image.
pub(crate) fn blob(producer: usize, step: usize) -> Option<Arc<Content>> {
    static MADE: Mutex<BTreeMap<(usize, usize), Arc<Content>>> = Mutex::new(BTreeMap::new());
    let length = match step % 8 {
        0 => IN_FILE,
        4 => INLINE,
        _ => return None,
    };
    let make = || {
        let mut rng = Rng::new(u64::try_from(producer * 1_000 + step).unwrap());
        let block: Vec<u8> = (0..997).map(|_| rng.below(256).to_le_bytes()[0]).collect();
        let bytes: Vec<u8> = block.iter().copied().cycle().take(length).collect();
        Arc::new(Content { hash: BlobHash::of(&bytes), bytes })
    };
    Some(Arc::clone(MADE.lock().unwrap().entry((producer, step)).or_insert_with(make)))
}

/// Bytes that name a step of a producer.
fn bytes(what: u8, producer: usize, step: usize) -> [u8; 16] {
    let mut bytes = [what; 16];
    bytes[4..8].copy_from_slice(&u32::try_from(producer).unwrap().to_be_bytes());
    bytes[8..16].copy_from_slice(&u64::try_from(step).unwrap().to_be_bytes());
    bytes
}
