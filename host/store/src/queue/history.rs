//! What happened to a delivery, attempt by attempt: the evidence behind its state.

use rusqlite::{Connection, params};
use stint_domain::{
    delivery::DeliveryState,
    failure::{Cause, Failure},
    time::UnixMs,
};

use super::row::Row;
use crate::{Error, Hash, Serial, TargetId, sql};

/// A plugin as the history names it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plugin {
    /// Its name.
    pub name: String,
    /// Its version, as its manifest says.
    pub version: String,
    /// The hash of its file.
    pub sha256: Hash,
}

/// One attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// When it was settled.
    pub at: UnixMs,
    /// How many attempts had been charged then.
    pub attempts: u32,
    /// The state it led to.
    pub led_to: DeliveryState,
    /// Why it failed, if it did.
    pub cause: Option<Cause>,
    /// What was said, for people.
    pub message: Option<String>,
    /// The status of the HTTP answer, where there was one.
    pub http_status: Option<u16>,
    /// What was said between host and target.
    pub excerpt: Option<String>,
    /// The plugin that was called.
    pub plugin: Plugin,
}

pub(crate) fn append(
    connection: &Connection,
    row: &Row,
    failure: Option<&Failure>,
    excerpt: Option<&str>,
    plugin: &Plugin,
    now: UnixMs,
) -> Result<(), Error> {
    connection
        .prepare_cached(
            "INSERT INTO history (item_id, target_id, at_ms, attempt, outcome, cause, http_status, message, excerpt, \
             plugin, plugin_version, plugin_sha256) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        )?
        .execute(params![
            row.serial,
            row.target,
            now.0,
            row.life.attempts,
            row.life.state.word(),
            failure.map(|failure| failure.cause.word()),
            failure.and_then(|failure| failure.http_status),
            failure.map(|failure| failure.message.as_str()).or(row.error.as_deref()),
            excerpt,
            plugin.name,
            plugin.version,
            plugin.sha256,
        ])?;
    Ok(())
}

/// What happened to this item at this target, the oldest first.
pub fn attempts(connection: &Connection, serial: Serial, target: TargetId) -> Result<Vec<Attempt>, Error> {
    let mut statement = connection.prepare_cached(
        "SELECT at_ms, attempt, outcome, cause, message, http_status, excerpt, plugin, plugin_version, \
         plugin_sha256 FROM history WHERE item_id = ?1 AND target_id = ?2 ORDER BY id",
    )?;
    let mut rows = statement.query(params![serial, target])?;
    let mut attempts = Vec::new();
    while let Some(row) = rows.next()? {
        let (outcome, cause): (String, Option<String>) = (row.get(2)?, row.get(3)?);
        attempts.push(Attempt {
            at: UnixMs(row.get(0)?),
            attempts: row.get(1)?,
            led_to: sql::state(&outcome)?,
            cause: cause.map(|word| sql::from_word("a cause", &word)).transpose()?,
            message: row.get(4)?,
            http_status: row.get(5)?,
            excerpt: row.get(6)?,
            plugin: Plugin { name: row.get(7)?, version: row.get(8)?, sha256: row.get(9)? },
        });
    }
    Ok(attempts)
}
