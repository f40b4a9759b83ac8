//! One row of an old queue, as it stands in the file. SQLite lets any value stand in any column, so each is looked at.

use rusqlite::{
    Row,
    types::{Type, ValueRef},
};

use super::error::Unreadable;

/// The largest payload that is read. A picture of three monitors takes a few MiB; beyond this lies no picture of a
/// screen, and one row must not take all memory.
pub const PAYLOAD_BYTES_MAX: i64 = 32 << 20;

/// The longest error message that is kept; what is behind it is cut.
const MESSAGE_CHARS_MAX: usize = 2_000;

/// What the old program thought of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LegacyStatus {
    /// Yet to be sent.
    Pending,
    /// Given up after too many attempts.
    Failed,
    /// Delivered.
    Sent,
}

/// When a row was made, as the file says it.
#[derive(Clone, Debug, PartialEq)]
pub enum CreatedAt {
    /// A whole number: seconds since 1970, as far as is known.
    Integer(i64),
    /// A number with a fraction.
    Real(f64),
    /// A text.
    Text(String),
}

/// One row.
#[derive(Clone, PartialEq)]
pub struct LegacyRow {
    /// Its number.
    pub id: i64,
    /// What it is: `screenshot`, `time_entry_start`.
    pub entity_type: String,
    /// What was to be sent, as JSON. It may hold tokens.
    pub payload: String,
    /// What the old program thought of it.
    pub status: LegacyStatus,
    /// How often sending it failed.
    pub retry_count: u32,
    /// When it was made.
    pub created_at: CreatedAt,
    /// Why it failed. It may hold tokens.
    pub error_message: Option<String>,
}

impl std::fmt::Debug for LegacyRow {
    /// Without what may hold tokens.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LegacyRow")
            .field("id", &self.id)
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

/// The columns that every shape has, in the order in which they are read.
pub(super) const COLUMNS: [&str; 7] =
    ["id", "entity_type", "payload", "status", "retry_count", "created_at", "last_retry_at"];

/// The row behind a question for the size of the payload and then `id`, `entity_type`, `payload`, `status`,
/// `retry_count`, `created_at` and `error_message`.
pub(super) fn read(row: &Row<'_>) -> Result<LegacyRow, Unreadable> {
    let value = |place: usize| row.get_ref(place).map_err(|_| Unreadable::Damaged);
    if let ValueRef::Integer(bytes) = value(0)?
        && bytes > PAYLOAD_BYTES_MAX
    {
        return Err(Unreadable::TooLarge { bytes });
    }
    Ok(LegacyRow {
        id: whole(value(1)?).ok_or_else(|| wrong("id", "a whole number", value(1)))?,
        entity_type: text(value(2)?).ok_or_else(|| wrong("entity_type", "a text", value(2)))?,
        payload: text(value(3)?).ok_or_else(|| wrong("payload", "a text", value(3)))?,
        status: match text(value(4)?).as_deref().map(str::trim) {
            Some("pending") => LegacyStatus::Pending,
            Some("failed") => LegacyStatus::Failed,
            Some("sent") => LegacyStatus::Sent,
            _ => return Err(Unreadable::Status),
        },
        retry_count: count(value(5)?),
        created_at: match value(6)? {
            ValueRef::Integer(number) => CreatedAt::Integer(number),
            ValueRef::Real(number) => CreatedAt::Real(number),
            other => CreatedAt::Text(text(other).ok_or_else(|| wrong("created_at", "a time", value(6)))?),
        },
        error_message: text(value(7)?).map(|message| message.chars().take(MESSAGE_CHARS_MAX).collect()),
    })
}

fn integer(value: ValueRef<'_>) -> Option<i64> {
    match value {
        ValueRef::Integer(number) => Some(number),
        _ => None,
    }
}

/// A whole number, be it one by SQLite's type or a text that spells one, as a column declared as text makes of it.
fn whole(value: ValueRef<'_>) -> Option<i64> {
    integer(value).or_else(|| text(value)?.trim().parse().ok())
}

/// A text, be it one by SQLite's type or bytes that spell one.
fn text(value: ValueRef<'_>) -> Option<String> {
    match value {
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => String::from_utf8(bytes.to_vec()).ok(),
        _ => None,
    }
}

/// How often something failed is told to people and decides nothing: what is no such number counts as none.
fn count(value: ValueRef<'_>) -> u32 {
    integer(value).map_or(0, |number| u32::try_from(number.max(0)).unwrap_or(u32::MAX))
}

fn wrong(column: &'static str, wanted: &'static str, value: Result<ValueRef<'_>, Unreadable>) -> Unreadable {
    let found = match value.map(|value| value.data_type()) {
        Err(unreadable) => return unreadable,
        Ok(Type::Null) => "empty",
        Ok(Type::Integer) => "a whole number",
        Ok(Type::Real) => "a number",
        Ok(Type::Text) if wanted == "a text" => "no text in UTF-8",
        Ok(Type::Text) => "another text",
        Ok(Type::Blob) => "bytes",
    };
    Unreadable::Type { column, wanted, found }
}
