//! The tables as they are in the newest version. Older versions are brought here by migrations.

use crate::migrate::Step;

/// The version that [`SCHEMA`] makes: what `PRAGMA user_version` says of such a file.
pub const VERSION: i64 = 1;

/// All tables, for an empty file.
pub const SCHEMA: &str = include_str!("schema.sql");

/// What brings a file from each version to the next; the first makes the tables of an empty file. A step is never
/// changed once it was released: files that took it are out there.
pub(crate) const STEPS: &[Step] = &[|transaction| transaction.execute_batch(SCHEMA)];

#[cfg(test)]
mod tests {
    use super::*;
    use rusqlite::Connection;

    #[test]
    fn the_tables_can_be_made_in_an_empty_file_and_are_all_strict() {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch(SCHEMA).unwrap();
        let loose = "SELECT count(*) FROM pragma_table_list \
                     WHERE schema = 'main' AND type = 'table' AND strict = 0 AND name NOT LIKE 'sqlite%'";
        assert_eq!(connection.query_row(loose, [], |row| row.get::<_, i64>(0)).unwrap(), 0);
    }
}
