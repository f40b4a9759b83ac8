//! Small bridges between the domain's types and SQLite's.

use rusqlite::{Statement, ToSql, types::Value};
use serde::{
    Deserialize, Serialize,
    de::{IntoDeserializer, value::Error as WordError},
};
use stint_domain::{
    delivery::DeliveryState,
    id::{BootId, EntryId, ItemId},
    item::Kind,
    time::{Millis, UnixMs},
};

use crate::Error;

/// A length of time as SQLite keeps it; one of 292 million years and more is cut there.
pub(crate) fn signed(length: Millis) -> i64 {
    i64::try_from(length.0).unwrap_or(i64::MAX)
}

/// A length of time as SQLite kept it.
pub(crate) fn millis(value: i64) -> Millis {
    Millis(u64::try_from(value).unwrap_or(0))
}

/// A count as SQLite kept it.
pub(crate) fn count(value: i64) -> u64 {
    u64::try_from(value).unwrap_or(0)
}

/// A limit as SQLite takes it.
pub(crate) fn limit(value: usize) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// The value that a word of the domain stands for.
pub(crate) fn from_word<'de, T: Deserialize<'de>>(what: &'static str, word: &'de str) -> Result<T, Error> {
    let source = IntoDeserializer::<WordError>::into_deserializer(word);
    T::deserialize(source).map_err(|_| Error::Strange { what, text: word.to_owned() })
}

/// The word that the domain writes for a value.
pub(crate) fn word_of<T: Serialize>(value: T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        other => format!("{other:?}"),
    }
}

/// The delivery state that a word stands for.
pub(crate) fn state(word: &str) -> Result<DeliveryState, Error> {
    let found = DeliveryState::ALL.into_iter().find(|state| state.word() == word);
    found.ok_or_else(|| Error::Strange { what: "a delivery's state", text: word.to_owned() })
}

/// The kind of item that a word stands for.
pub(crate) fn kind(word: &str) -> Result<Kind, Error> {
    let found = Kind::ALL.into_iter().find(|kind| kind.word() == word);
    found.ok_or_else(|| Error::Strange { what: "an item's kind", text: word.to_owned() })
}

/// A kind's bit in a set of kinds.
pub(crate) const fn bit(kind: Kind) -> i64 {
    1 << kind as i64
}

/// A value that JSON stands for.
pub(crate) fn from_json<'de, T: Deserialize<'de>>(what: &'static str, text: &'de str) -> Result<T, Error> {
    serde_json::from_str(text).map_err(|_| Error::Strange { what, text: text.to_owned() })
}

/// The JSON of a value of ours.
pub(crate) fn to_json<T: Serialize>(value: &T) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|source| Error::Json { source })
}

pub(crate) const fn at(value: i64) -> UnixMs {
    UnixMs(value)
}

pub(crate) fn maybe_at(value: Option<i64>) -> Option<UnixMs> {
    value.map(UnixMs)
}

pub(crate) fn maybe_entry(value: Option<[u8; 16]>) -> Option<EntryId> {
    value.map(EntryId::from_bytes)
}

pub(crate) const fn item(value: [u8; 16]) -> ItemId {
    ItemId::from_bytes(value)
}

pub(crate) const fn boot(value: [u8; 16]) -> BootId {
    BootId::from_bytes(value)
}

/// An insert's text with so many rows in place of its one.
pub(crate) fn many(insert: &str, rows: usize) -> String {
    let Some((head, row)) = insert.split_once(VALUES) else { return insert.to_owned() };
    let (row, rest) = row.split_once(')').unwrap_or((row, ""));
    let rows = vec![format!("{row})"); rows].join(", ");
    [head, VALUES, &rows, rest].concat()
}

const VALUES: &str = " VALUES ";

/// Binds the values of one row of an insert of several. The first parameter is one that all rows share.
pub(crate) fn bind_row(
    statement: &mut Statement<'_>,
    place: usize,
    values: &[&dyn ToSql],
) -> rusqlite::Result<()> {
    let first = place * values.len() + 2;
    (first..).zip(values).try_for_each(|(parameter, value)| statement.raw_bind_parameter(parameter, value))
}

/// An id, or nothing, as a parameter.
pub(crate) fn blob(id: Option<EntryId>) -> Value {
    id.map_or(Value::Null, |id| Value::Blob(id.as_bytes().to_vec()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use stint_domain::delivery::Idempotency;

    #[test]
    fn an_insert_of_one_row_becomes_one_of_several() {
        let one = "INSERT INTO t (a, b) VALUES (?, ?) ON CONFLICT (a) DO NOTHING";
        assert_eq!(many(one, 1), one);
        assert_eq!(
            many(one, 3),
            "INSERT INTO t (a, b) VALUES (?, ?), (?, ?), (?, ?) ON CONFLICT (a) DO NOTHING"
        );
    }

    #[test]
    fn words_lead_back_to_their_values() {
        for state in DeliveryState::ALL {
            assert_eq!(super::state(state.word()).unwrap(), state);
        }
        let class: Idempotency = from_word("a class", &word_of(Idempotency::NativeKey)).unwrap();
        assert_eq!(class, Idempotency::NativeKey);
        let error = kind("song").unwrap_err();
        assert_eq!(
            error.to_string(),
            "failed to read an item's kind from the database: \"song\" is not one; `stint doctor` checks the file"
        );
    }
}
