//! What failed is not tried again at once: the pause doubles with each failure, and ends early when somebody did
//! something about it.

use std::time::Duration;

use crate::egress::TokenError;

const FIRST: Duration = Duration::from_secs(10);
const LONGEST: Duration = Duration::from_mins(10);

/// The pause after a failure.
#[derive(Debug, Default)]
pub(super) struct Pause {
    failed: Option<Failed>,
}

#[derive(Debug)]
struct Failed {
    error: TokenError,
    until_ns: u64,
    length: Duration,
}

impl Pause {
    /// Why nothing is tried now, if nothing is.
    pub(super) fn holds(&self, now_ns: u64) -> Option<TokenError> {
        self.failed.as_ref().filter(|failed| now_ns < failed.until_ns).map(|failed| failed.error.clone())
    }

    /// It failed now.
    pub(super) fn fail(&mut self, error: TokenError, now_ns: u64) {
        let length = self.failed.as_ref().map_or(FIRST, |failed| (failed.length * 2).min(LONGEST));
        let nanoseconds = u64::try_from(length.as_nanos()).unwrap_or(u64::MAX);
        self.failed = Some(Failed { error, until_ns: now_ns.saturating_add(nanoseconds), length });
    }

    /// The last failure, whether it is over or not.
    pub(super) fn last(&self) -> Option<&TokenError> {
        self.failed.as_ref().map(|failed| &failed.error)
    }

    /// It went well, or something has changed.
    pub(super) fn over(&mut self) {
        self.failed = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_doubles_up_to_its_longest_and_ends() {
        let (mut pause, mut now) = (Pause::default(), 0);
        let error = TokenError::Unavailable("away".into());
        for seconds in [10, 20, 40, 80, 160, 320, 600, 600] {
            assert_eq!(pause.holds(now), None);
            pause.fail(error.clone(), now);
            assert_eq!(pause.holds(now + seconds * 1_000_000_000 - 1), Some(error.clone()), "{seconds}");
            now += seconds * 1_000_000_000;
        }
        pause.fail(error.clone(), now);
        assert_eq!(pause.last(), Some(&error));
        pause.over();
        assert_eq!(pause.holds(now), None);
        assert_eq!(pause.last(), None);
    }
}
