//! The one place that draws chance. Rules take it as an argument, so a test can know it beforehand.

use stint_domain::{
    id::{CommandId, Entropy},
    time::UnixMs,
};

/// Fresh random bytes for new ids.
pub fn entropy() -> Result<Entropy, getrandom::Error> {
    let mut bytes = Entropy::default();
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}

/// A new id for a command. Whoever sends the command again sends the same id again.
pub fn command_id(now: UnixMs) -> Result<CommandId, getrandom::Error> {
    Ok(CommandId::new(now, &entropy()?))
}
