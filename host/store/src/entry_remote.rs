//! What a target knows of an entry: the name it gave it, and the seed under which it came to know it. That lives as
//! long as the entry does, longer than any delivery, so a later edit reaches the same record.

use rusqlite::{Connection, OptionalExtension, params};
use stint_domain::id::EntryId;

use crate::{Error, TargetId};

/// Notes that the target knows the entry, and by which name if it said one.
pub(crate) fn remember(
    connection: &Connection,
    entry: EntryId,
    target: TargetId,
    remote_id: Option<&str>,
) -> Result<(), Error> {
    connection
        .prepare_cached(
            "INSERT INTO entry_remote (entry_id, target_id, remote_id) VALUES (?1, ?2, ?3) \
             ON CONFLICT (entry_id, target_id) DO UPDATE SET remote_id = excluded.remote_id \
             WHERE excluded.remote_id IS NOT NULL",
        )?
        .execute(params![entry.as_bytes(), target, remote_id])?;
    Ok(())
}

/// What the target calls the entry.
pub fn remote_id(connection: &Connection, entry: EntryId, target: TargetId) -> Result<Option<String>, Error> {
    let mut statement = connection
        .prepare_cached("SELECT remote_id FROM entry_remote WHERE entry_id = ?1 AND target_id = ?2")?;
    let found = statement.query_row(params![entry.as_bytes(), target], |row| row.get(0)).optional()?;
    Ok(found.flatten())
}
