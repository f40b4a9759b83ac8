//! The one place that draws chance. Rules take it as an argument, so a test can know it beforehand.

use stint_domain::id::Entropy;

/// Fresh random bytes for new ids.
pub(crate) fn entropy() -> Result<Entropy, getrandom::Error> {
    let mut bytes = Entropy::default();
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}
