//! From a row to an item. Nothing here reads a clock, a file or the network.

use serde_json::Value;
use sha2::{Digest, Sha256};
use stint_domain::{
    entry::{Origin, Snapshot},
    id::ItemId,
    import::Import,
    item::{Attachment, Item, Payload},
    time::UnixMs,
    timer::Event,
};
use stint_store::{
    legacy::{LegacyRow, LegacyStatus},
    queue::Was,
};

use super::{
    cause::cause,
    created, details, identity,
    left::Left,
    picture, scrub,
    secrets::{self, Taken},
    track::{Said, Tracks},
};

/// What became of a row.
#[derive(Clone, Debug, PartialEq)]
pub struct Converted {
    /// The item.
    pub item: Item,
    /// How it stood with the row.
    pub was: Was,
    /// The picture that belongs to it.
    pub picture: Option<Vec<u8>>,
    /// How many secrets were taken out of the row.
    pub secrets: usize,
}

/// Turns the rows of one file into items, one after the other in the file's order.
#[derive(Debug)]
pub struct Converter {
    origin: Origin,
    zone: String,
    with_sent: bool,
    tracks: Tracks,
}

impl Converter {
    /// For a person at a machine in a zone: which installation it was isn't known. What had been sent is left out,
    /// unless it is asked for.
    pub fn new(whose: Origin, zone: String, with_sent: bool) -> Self {
        let origin = Origin { installation: Import::INSTALLATION.to_owned(), ..whose };
        Self { origin, zone, with_sent, tracks: Tracks::default() }
    }

    /// The item of a row; nothing for one that is not asked for.
    pub fn convert(&mut self, row: LegacyRow) -> Result<Option<Converted>, Left> {
        let wanted = self.with_sent || row.status != LegacyStatus::Sent;
        let event = match row.entity_type.as_str() {
            "screenshot" => None,
            "time_entry_start" => Some(Event::Started),
            "time_entry_pause" => Some(Event::Paused),
            "time_entry_resume" => Some(Event::Resumed),
            "time_entry_stop" => Some(Event::Stopped),
            _ => return Err(Left::EntityType),
        };
        // What was sent says what an entry's later events add up to; a picture that was sent says nothing.
        if !wanted && event.is_none() {
            return Ok(None);
        }
        let mut payload = parse(&row.payload)?;
        let at = created::created_at(&row.created_at).ok_or(Left::CreatedAt)?;
        let mut taken = Taken::default();
        secrets::take(&mut payload, &mut taken);
        let id = identity::item_id(row.id, at, &row.entity_type, &payload);
        let image = if event.is_none() { take_image(&mut payload) } else { None };
        scrub::payload(&mut payload, &mut taken);
        let was = was(&row, &mut taken);
        let import = Import { legacy_id: row.id, entity_type: row.entity_type, payload };
        let (payload, picture) = match event {
            Some(event) => (self.event(id, event, at, import)?, None),
            None => {
                screenshot(at, image.as_deref(), import).map(|(payload, bytes)| (payload, Some(bytes)))?
            }
        };
        let item = Item { id, occurred_at: at, payload };
        Ok(wanted.then_some(Converted { item, was, picture, secrets: taken.count }))
    }

    fn event(&mut self, id: ItemId, event: Event, at: UnixMs, import: Import) -> Result<Payload, Left> {
        let said = Said {
            entry: details::entry_id(&import.payload).unwrap_or_else(|| details::entry_of_its_own(id)),
            event,
            at,
            payload: &import.payload,
        };
        let entry = Box::new(Snapshot::from(self.tracks.follow(&said, &self.zone, &self.origin)?));
        Ok(Payload::TimeEntry { event, entry, import: Some(Box::new(import)) })
    }
}

fn parse(text: &str) -> Result<Value, Left> {
    match serde_json::from_str(text) {
        Ok(value @ Value::Object(_)) => Ok(value),
        Ok(_) => Err(Left::NoObject),
        // Only serde_json's text says which syntax error it is.
        Err(error) if error.to_string().starts_with("recursion limit exceeded") => {
            Err(Left::TooDeep { line: error.line(), column: error.column() })
        }
        // What the error says beside the place could be the value itself.
        Err(error) => Err(Left::Json { line: error.line(), column: error.column() }),
    }
}

fn take_image(payload: &mut Value) -> Option<String> {
    match payload.as_object_mut()?.remove("imageData")? {
        Value::String(url) => Some(url),
        _ => None,
    }
}

fn was(row: &LegacyRow, taken: &mut Taken) -> Was {
    match row.status {
        LegacyStatus::Pending => Was::Pending,
        LegacyStatus::Sent => Was::Sent,
        LegacyStatus::Failed => Was::Failed {
            attempts: row.retry_count,
            cause: cause(row.error_message.as_deref()),
            message: row.error_message.as_deref().map(|message| scrub::text(message, taken)),
        },
    }
}

fn screenshot(at: UnixMs, image: Option<&str>, import: Import) -> Result<(Payload, Vec<u8>), Left> {
    let (bytes, measure) = picture::unpack(image.ok_or(Left::NoDataUrl)?)?;
    let file = Attachment {
        sha256: stint_store::hex(&Sha256::digest(&bytes)),
        size: bytes.len() as u64,
        mime: measure.mime.to_owned(),
    };
    let payload = Payload::Screenshot {
        entry_id: details::entry_id(&import.payload),
        monitor: details::monitor(&import.payload),
        taken_at: details::taken_at(&import.payload).unwrap_or(at),
        width: measure.width,
        height: measure.height,
        file,
        treated: Vec::new(),
        import: Some(Box::new(import)),
    };
    Ok((payload, bytes))
}
