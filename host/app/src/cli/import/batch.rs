//! A batch of rows on its way to the host: bounded in rows and in bytes, so that neither side ever holds more.

use stint_domain::item::Kind;
use stint_engine::import::{Converted, ImportRow};
use stint_store::queue::{Imported, Was};

use crate::api::{ImportAnswer, ImportCall};
use crate::client::{Call, Session};
use crate::error::CliError;

const ROWS_MAX: usize = 100;
/// A single row may be larger, and then travels alone.
const BYTES_MAX: usize = 8 << 20;

/// Rows that are not sent yet.
#[derive(Debug)]
pub(super) struct Batch {
    target: Option<String>,
    rows: Vec<ImportRow>,
    facts: Vec<Facts>,
    bytes: usize,
}

/// What the summary wants to know of a row.
#[derive(Clone, Debug)]
pub(super) struct Facts {
    pub(super) number: i64,
    pub(super) kind: Kind,
    pub(super) was: Was,
    pub(super) secrets: usize,
}

impl Batch {
    pub(super) fn new(target: Option<String>) -> Self {
        Self { target, rows: Vec::new(), facts: Vec::new(), bytes: 0 }
    }

    /// Whether one more row of this size may be added before the batch is sent.
    pub(super) fn has_room_for(&self, bytes: usize) -> bool {
        self.rows.is_empty() || (self.rows.len() < ROWS_MAX && self.bytes + bytes <= BYTES_MAX)
    }

    pub(super) fn push(&mut self, number: i64, bytes: usize, converted: Converted) {
        let (kind, was, secrets) = (converted.item.kind(), converted.was.clone(), converted.secrets);
        self.facts.push(Facts { number, kind, was, secrets });
        self.rows.push(converted.into());
        self.bytes += bytes;
    }

    /// Sends what there is, and says what became of it.
    pub(super) async fn send(&mut self, session: &mut Session) -> Result<Vec<(Facts, Imported)>, CliError> {
        let rows = std::mem::take(&mut self.rows);
        let facts = std::mem::take(&mut self.facts);
        self.bytes = 0;
        let call = ImportCall { target: self.target.clone(), rows };
        let answer: ImportAnswer = session.call(Call::post("/api/v1/import", &call).patiently()).await?;
        Ok(facts.into_iter().zip(answer.outcomes).collect())
    }
}
