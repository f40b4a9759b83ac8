//! Whether somebody is there, as the whole process knows it.

use stint_domain::time::Millis;
use tokio::sync::watch;

/// Whether somebody is there. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub(crate) struct Attention(watch::Sender<Option<There>>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct There {
    idle: Millis,
    locked: bool,
}

impl Attention {
    /// Nobody has touched the machine for so long, or it is locked. What was seen last stands until something else is
    /// seen: a look that fails unlocks nothing. Somebody is taken to be at a desk that never was seen.
    pub(crate) fn is_away(&self, idle_after: Millis) -> bool {
        self.0.borrow().is_some_and(|there| there.locked || there.idle >= idle_after)
    }

    pub(crate) fn seen(&self, idle: Millis, locked: bool) {
        self.0.send_replace(Some(There { idle, locked }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_idle_or_locked_out_is_away() {
        let attention = Attention::default();
        let after = Millis(1_000);
        assert!(!attention.is_away(after), "nobody knows");
        attention.seen(Millis(999), false);
        assert!(!attention.is_away(after));
        attention.seen(Millis(1_000), false);
        assert!(attention.is_away(after));
        attention.seen(Millis(0), true);
        assert!(attention.is_away(after));
        attention.seen(Millis(0), false);
        assert!(!attention.is_away(after));
    }
}
