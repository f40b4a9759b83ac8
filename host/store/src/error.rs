//! Why the store could not do what it was asked.

use stint_domain::{delivery::NotAllowed, id::ItemId};

use crate::{BlobHash, Hash, ReadError, Serial, TargetId, WriteError};

/// A failure of the store. Nothing of the transaction it happened in may be kept.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// SQLite refused.
    #[error("failed to use the database: {source}")]
    Sqlite {
        /// What SQLite says.
        #[from]
        source: rusqlite::Error,
    },
    /// A value in the file is not one that this version writes.
    #[error("failed to read {what} from the database: {text:?} is not one; `stint doctor` checks the file")]
    Strange {
        /// What was expected, with its article.
        what: &'static str,
        /// What stands there.
        text: String,
    },
    /// A value of ours has no JSON.
    #[error("failed to write a value as JSON: {source}")]
    Json {
        /// Why.
        source: serde_json::Error,
    },
    /// The same id came with another body.
    #[error(
        "failed to record item {id}: it is there already with the body {}, and this one is {}; \
         another body needs an id of its own",
        hex(known),
        hex(given)
    )]
    KeyReused {
        /// The id.
        id: ItemId,
        /// The hash of the body that is there.
        known: Hash,
        /// The hash of the body that was given.
        given: Hash,
    },
    /// An item came without the file it speaks of.
    #[error(
        "failed to record item {id}: its file {file} is not in the store; it has to come first, or with it"
    )]
    NoFile {
        /// The item.
        id: ItemId,
        /// The file.
        file: BlobHash,
    },
    /// A pass acts that another one has replaced.
    #[error("failed to go on with a pass over target {target}: a newer one has taken over")]
    Fenced {
        /// The target.
        target: TargetId,
    },
    /// The rules of a delivery's life don't allow it.
    #[error("failed to change #{serial} at target {target}: {source}")]
    NotAllowed {
        /// The item.
        serial: Serial,
        /// The target.
        target: TargetId,
        /// Which rule.
        source: NotAllowed,
    },
    /// There is no such delivery.
    #[error("failed to find #{serial} at target {target}: `stint queue list` shows what is there")]
    NoDelivery {
        /// The item.
        serial: Serial,
        /// The target.
        target: TargetId,
    },
    /// There is no such target.
    #[error("failed to find target {name:?}: `stint status` shows what is there")]
    NoTarget {
        /// Its name, or its number.
        name: String,
    },
    /// The timer was changed since the decision was made.
    #[error(
        "failed to store a decision about the timer: it was made on version {expected}, and it is {actual} now"
    )]
    Outrun {
        /// The version that the decision was made on.
        expected: u64,
        /// The version that is there.
        actual: u64,
    },
    /// A record would leave a hole in the journal.
    #[error("failed to append to the journal: place {given} was given, and {next} is next")]
    Gap {
        /// The place of the record.
        given: u64,
        /// The place it should have.
        next: u64,
    },
    /// The write could not be made durable.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// Nothing could be read.
    #[error(transparent)]
    Read(#[from] ReadError),
}

/// Bytes as people compare them.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string can't fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_say_what_failed_and_what_to_do() {
        let texts = [
            (
                Error::KeyReused { id: ItemId::from_bytes([1; 16]), known: [0xab; 32], given: [0x0c; 32] },
                format!(
                    "failed to record item 01010101-0101-0101-0101-010101010101: it is there already with the body {}, \
                     and this one is {}; another body needs an id of its own",
                    "ab".repeat(32),
                    "0c".repeat(32)
                ),
            ),
            (
                Error::Fenced { target: TargetId(3) },
                "failed to go on with a pass over target 3: a newer one has taken over".to_owned(),
            ),
            (
                Error::NotAllowed { serial: Serial(17), target: TargetId(3), source: NotAllowed::InHand },
                "failed to change #17 at target 3: failed to change a delivery that is being sent at this moment: \
                 try again when the pass is over"
                    .to_owned(),
            ),
            (
                Error::NoDelivery { serial: Serial(17), target: TargetId(3) },
                "failed to find #17 at target 3: `stint queue list` shows what is there".to_owned(),
            ),
            (
                Error::NoTarget { name: "work".into() },
                "failed to find target \"work\": `stint status` shows what is there".to_owned(),
            ),
            (
                Error::Outrun { expected: 4, actual: 5 },
                "failed to store a decision about the timer: it was made on version 4, and it is 5 now".to_owned(),
            ),
            (
                Error::Gap { given: 9, next: 8 },
                "failed to append to the journal: place 9 was given, and 8 is next".to_owned(),
            ),
        ];
        for (error, text) in texts {
            assert_eq!(error.to_string(), text);
        }
        assert_eq!(Error::from(WriteError::Closed).to_string(), WriteError::Closed.to_string());
        assert_eq!(Error::from(ReadError::Closed).to_string(), ReadError::Closed.to_string());
        let json = serde_json::from_str::<u8>("x").unwrap_err();
        let failed = Error::Json { source: json }.to_string();
        assert!(failed.starts_with("failed to write a value as JSON: "), "{failed}");
        let sqlite = Error::from(rusqlite::Error::QueryReturnedNoRows).to_string();
        assert_eq!(sqlite, "failed to use the database: Query returned no rows");
    }
}
