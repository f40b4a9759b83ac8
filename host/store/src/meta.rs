//! What belongs to the file as a whole: which installation it is, and how many processes have owned it.

use rusqlite::{Connection, OptionalExtension, params};

use stint_domain::time::UnixMs;

use crate::{Epoch, Error};

/// The name of this installation, made once: entries and items carry it.
pub fn installation(connection: &Connection) -> Result<Option<String>, Error> {
    let mut statement = connection.prepare_cached("SELECT value FROM meta WHERE key = 'installation'")?;
    Ok(statement.query_row([], |row| row.get(0)).optional()?)
}

/// Names this installation, unless it has a name. Answers the name it has from now on.
pub fn name_installation(connection: &Connection, name: &str) -> Result<String, Error> {
    connection
        .prepare_cached("INSERT INTO meta (key, value) VALUES ('installation', ?1) ON CONFLICT DO NOTHING")?
        .execute([name])?;
    Ok(installation(connection)?.unwrap_or_else(|| name.to_owned()))
}

/// Until when no screenshots are to be taken: a person paused them. It outlives the host.
pub fn capture_pause(connection: &Connection) -> Result<Option<UnixMs>, Error> {
    let mut statement = connection.prepare_cached("SELECT value FROM meta WHERE key = 'capture_pause'")?;
    Ok(statement.query_row([], |row| row.get(0).map(UnixMs)).optional()?)
}

/// Pauses screenshots until then; not any more, for nothing.
pub fn pause_capture(connection: &Connection, until: Option<UnixMs>) -> Result<(), Error> {
    match until {
        Some(until) => connection
            .prepare_cached(
                "INSERT INTO meta (key, value) VALUES ('capture_pause', ?1) \
                 ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            )?
            .execute([until.0])?,
        None => connection.prepare_cached("DELETE FROM meta WHERE key = 'capture_pause'")?.execute([])?,
    };
    Ok(())
}

/// A new owner begins: the number that tells its leases from those of the owners before it.
pub fn begin_epoch(connection: &Connection) -> Result<Epoch, Error> {
    Ok(connection
        .prepare_cached(
            "INSERT INTO meta (key, value) VALUES ('epoch', ?1) \
             ON CONFLICT (key) DO UPDATE SET value = value + 1 RETURNING value",
        )?
        .query_row(params![1], |row| row.get(0))?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::SCHEMA;

    fn tables() -> Connection {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch(SCHEMA).unwrap();
        connection
    }

    #[test]
    fn an_installation_is_named_once() {
        let connection = tables();
        assert_eq!(installation(&connection).unwrap(), None);
        assert_eq!(name_installation(&connection, "one").unwrap(), "one");
        assert_eq!(name_installation(&connection, "two").unwrap(), "one");
        assert_eq!(installation(&connection).unwrap().as_deref(), Some("one"));
    }

    #[test]
    fn a_pause_of_screenshots_is_the_last_one_that_was_asked_for() {
        let connection = tables();
        assert_eq!(capture_pause(&connection).unwrap(), None);
        for until in [Some(UnixMs(7)), Some(UnixMs(5)), None, None] {
            pause_capture(&connection, until).unwrap();
            assert_eq!(capture_pause(&connection).unwrap(), until);
        }
    }

    #[test]
    fn each_owner_has_a_higher_number() {
        let connection = tables();
        assert_eq!(
            [begin_epoch(&connection).unwrap(), begin_epoch(&connection).unwrap()],
            [Epoch(1), Epoch(2)]
        );
    }
}
