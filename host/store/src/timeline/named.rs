//! Finding what a person means: ids are long, and nobody types more of one than its end.

use rusqlite::{Connection, params};
use stint_domain::id::{EntryId, GapId};

use crate::Error;

/// A shorter end says nothing.
const SHORTEST: usize = 4;
/// More than these are only counted as several.
const LIMIT: i64 = 10;

/// The entries whose ids end so; none where this can be no end of an id.
pub fn entries_ending_in(connection: &Connection, end: &str) -> Result<Vec<EntryId>, Error> {
    let found =
        ending_in(connection, "SELECT id FROM entry WHERE hex(id) LIKE '%' || ?1 ORDER BY id LIMIT ?2", end)?;
    Ok(found.into_iter().map(EntryId::from_bytes).collect())
}

/// The entries that were deleted and whose ids end so, looked for in the journal: nothing else is left of them.
pub fn deleted_ending_in(connection: &Connection, end: &str) -> Result<Vec<EntryId>, Error> {
    let found = ending_in(
        connection,
        "SELECT DISTINCT entry_id FROM event WHERE what = 'deleted' AND hex(entry_id) LIKE '%' || ?1 \
         AND entry_id NOT IN (SELECT id FROM entry) ORDER BY entry_id LIMIT ?2",
        end,
    )?;
    Ok(found.into_iter().map(EntryId::from_bytes).collect())
}

/// Whether an entry with this id was there, and is no longer.
pub fn was_deleted(connection: &Connection, id: EntryId) -> Result<bool, Error> {
    let mut statement = connection.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM event WHERE entry_id = ?1 AND what = 'deleted') \
         AND NOT EXISTS (SELECT 1 FROM entry WHERE id = ?1)",
    )?;
    Ok(statement.query_row([id.as_bytes()], |row| row.get(0))?)
}

/// The gaps whose ids end so.
pub fn gaps_ending_in(connection: &Connection, end: &str) -> Result<Vec<GapId>, Error> {
    let found =
        ending_in(connection, "SELECT id FROM gap WHERE hex(id) LIKE '%' || ?1 ORDER BY id LIMIT ?2", end)?;
    Ok(found.into_iter().map(GapId::from_bytes).collect())
}

fn ending_in(connection: &Connection, sql: &str, end: &str) -> Result<Vec<[u8; 16]>, Error> {
    let digits: String = end.trim().chars().filter(|char| *char != '-').collect();
    if digits.len() < SHORTEST || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return Ok(Vec::new());
    }
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(params![digits, LIMIT], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::SCHEMA;

    #[test]
    fn the_end_of_an_id_names_an_entry() {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch(SCHEMA).unwrap();
        for last in [0xa1, 0xb1] {
            let mut id = [1; 16];
            id[15] = last;
            connection
                .execute(
                    "INSERT INTO entry VALUES (?1, NULL, NULL, NULL, '[]', 0, 0, 0, 0, 'UTC', 'a', 'b', 'c')",
                    [id],
                )
                .unwrap();
        }
        let found = |end: &str| entries_ending_in(&connection, end).unwrap().len();
        assert_eq!([found("01a1"), found("01-01A1"), found(" 0101b1 ")], [1, 1, 1]);
        assert_eq!(entries_ending_in(&connection, "01b1").unwrap()[0].as_bytes()[15], 0xb1);
        assert_eq!([found("b1"), found(""), found("02b1"), found("%1b1"), found("1_b1")], [0; 5]);
        assert_eq!(gaps_ending_in(&connection, "01b1").unwrap(), []);
    }
}
