//! Which targets there are. A target that leaves the configuration is retired: its rows stay, nothing new comes,
//! and it comes back as it was under the same name.

use rusqlite::{Connection, OptionalExtension, params};
use stint_domain::{
    delivery::{Idempotency, Ordering},
    item::Kind,
    key::KeySeed,
    time::UnixMs,
};

use crate::{Error, TargetId, sql};

/// A target as the configuration names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spec {
    /// Its name.
    pub name: String,
    /// The kinds of items it is told of.
    pub accepts: Vec<Kind>,
}

/// Makes the targets what the configuration says, and gives their numbers in the order of `specs`.
pub fn sync(connection: &Connection, specs: &[Spec], now: UnixMs) -> Result<Vec<TargetId>, Error> {
    let known: Vec<(TargetId, String)> = connection
        .prepare_cached("SELECT id, name FROM target WHERE retired_ms IS NULL")?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    for (id, _) in known.iter().filter(|(_, name)| specs.iter().all(|spec| spec.name != *name)) {
        connection
            .prepare_cached("UPDATE target SET retired_ms = ?2 WHERE id = ?1")?
            .execute(params![id, now.0])?;
    }
    specs.iter().map(|spec| keep(connection, spec)).collect()
}

/// The targets that are in the configuration, as it named them last, by name.
pub fn configured(connection: &Connection) -> Result<Vec<Spec>, Error> {
    let mut statement = connection
        .prepare_cached("SELECT name, accepts FROM target WHERE retired_ms IS NULL ORDER BY name")?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get::<_, i64>(1)?)))?;
    rows.map(|row| {
        let (name, set) = row?;
        let accepts = Kind::ALL.into_iter().filter(|kind| set & sql::bit(*kind) != 0).collect();
        Ok(Spec { name, accepts })
    })
    .collect()
}

/// The seed of a new target's keys is its first name.
fn keep(connection: &Connection, spec: &Spec) -> Result<TargetId, Error> {
    let accepts = spec.accepts.iter().fold(0, |set, kind| set | sql::bit(*kind));
    let seed = KeySeed::new(spec.name.as_str());
    Ok(connection
        .prepare_cached(
            "INSERT INTO target (name, key_seed, accepts) VALUES (?1, ?2, ?3) \
             ON CONFLICT (name) DO UPDATE SET accepts = excluded.accepts, retired_ms = NULL RETURNING id",
        )?
        .query_row(params![spec.name, seed.as_str(), accepts], |row| row.get(0))?)
}

/// Notes what the plugin that serves now declares. It is kept, so that a person's verbs without a host know it.
pub fn serve(
    connection: &Connection,
    target: TargetId,
    idempotency: Idempotency,
    ordering: Ordering,
) -> Result<(), Error> {
    connection
        .prepare_cached("UPDATE target SET idempotency = ?2, ordering = ?3 WHERE id = ?1")?
        .execute(params![target, sql::word_of(idempotency), sql::word_of(ordering)])?;
    Ok(())
}

/// The target of this name, retired or not.
pub fn find(connection: &Connection, name: &str) -> Result<TargetId, Error> {
    let mut statement = connection.prepare_cached("SELECT id FROM target WHERE name = ?1")?;
    let found = statement.query_row([name], |row| row.get(0)).optional()?;
    found.ok_or_else(|| Error::NoTarget { name: name.to_owned() })
}

/// What an unknown outcome at this target is resolved under.
pub(crate) fn idempotency(connection: &Connection, target: TargetId) -> Result<Idempotency, Error> {
    let word: String = connection
        .prepare_cached("SELECT idempotency FROM target WHERE id = ?1")?
        .query_row([target], |row| row.get(0))?;
    sql::from_word("a class of idempotency", &word)
}

/// In which order the target is told of an entry.
pub(crate) fn ordering(connection: &Connection, target: TargetId) -> Result<Ordering, Error> {
    let word: String = connection
        .prepare_cached("SELECT ordering FROM target WHERE id = ?1")?
        .query_row([target], |row| row.get(0))?;
    sql::from_word("an ordering", &word)
}

/// The set of kinds that the target is told of.
pub(crate) fn accepts(connection: &Connection, target: TargetId) -> Result<i64, Error> {
    Ok(connection
        .prepare_cached("SELECT accepts FROM target WHERE id = ?1")?
        .query_row([target], |row| row.get(0))?)
}
