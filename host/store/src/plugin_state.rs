//! What plugins remember, by target and plugin. It is written with the outcomes of a call or not at all.

use rusqlite::{Connection, OptionalExtension, params};

use crate::{Error, TargetId, sql};

/// One thing to remember or to forget.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Write {
    /// Under which key.
    pub key: String,
    /// What; nothing forgets it.
    pub value: Option<Vec<u8>>,
}

/// What is remembered under this key.
pub fn get(
    connection: &Connection,
    target: TargetId,
    plugin: &str,
    key: &str,
) -> Result<Option<Vec<u8>>, Error> {
    let mut statement = connection
        .prepare_cached("SELECT value FROM plugin_state WHERE target_id = ?1 AND plugin = ?2 AND key = ?3")?;
    Ok(statement.query_row(params![target, plugin, key], |row| row.get(0)).optional()?)
}

/// The keys that begin with `prefix` and come after `after`, in order.
pub fn keys(
    connection: &Connection,
    target: TargetId,
    plugin: &str,
    prefix: &str,
    after: Option<&str>,
    limit: usize,
) -> Result<Vec<String>, Error> {
    let mut statement = connection.prepare_cached(
        "SELECT key FROM plugin_state WHERE target_id = ?1 AND plugin = ?2 AND key >= ?3 AND (?4 IS NULL OR key > ?4) \
         AND substr(key, 1, length(?3)) = ?3 ORDER BY key LIMIT ?5",
    )?;
    let rows =
        statement.query_map(params![target, plugin, prefix, after, sql::limit(limit)], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// How many bytes a plugin remembers for a target, keys included.
pub fn size(connection: &Connection, target: TargetId, plugin: &str) -> Result<u64, Error> {
    let mut statement = connection.prepare_cached(
        "SELECT coalesce(sum(octet_length(key) + length(value)), 0) FROM plugin_state \
         WHERE target_id = ?1 AND plugin = ?2",
    )?;
    Ok(statement.query_row(params![target, plugin], |row| row.get(0)).map(sql::count)?)
}

/// Remembers or forgets.
pub fn write(connection: &Connection, target: TargetId, plugin: &str, write: &Write) -> Result<(), Error> {
    match &write.value {
        Some(value) => connection
            .prepare_cached(
                "INSERT INTO plugin_state (target_id, plugin, key, value) VALUES (?1, ?2, ?3, ?4) \
                 ON CONFLICT (target_id, plugin, key) DO UPDATE SET value = excluded.value",
            )?
            .execute(params![target, plugin, write.key, value])?,
        None => connection
            .prepare_cached("DELETE FROM plugin_state WHERE target_id = ?1 AND plugin = ?2 AND key = ?3")?
            .execute(params![target, plugin, write.key])?,
    };
    Ok(())
}

/// How long a file that the target's plugin appends to is, as of the last settled outcome. What the file has beyond
/// that was written by a call that was never settled.
pub fn file_length(connection: &Connection, target: TargetId, path: &str) -> Result<Option<u64>, Error> {
    let mut statement =
        connection.prepare_cached("SELECT length FROM plugin_file WHERE target_id = ?1 AND path = ?2")?;
    Ok(statement.query_row(params![target, path], |row| row.get(0).map(sql::count)).optional()?)
}

/// Notes that length.
pub(crate) fn set_file_length(
    connection: &Connection,
    target: TargetId,
    path: &str,
    length: u64,
) -> Result<(), Error> {
    connection
        .prepare_cached(
            "INSERT INTO plugin_file (target_id, path, length) VALUES (?1, ?2, ?3) \
             ON CONFLICT (target_id, path) DO UPDATE SET length = excluded.length",
        )?
        .execute(params![target, path, i64::try_from(length).unwrap_or(i64::MAX)])?;
    Ok(())
}
