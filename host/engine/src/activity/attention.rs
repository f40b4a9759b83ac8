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
    /// Nobody has touched the machine for so long, or it is locked. Where the desk can't be looked at, somebody is
    /// taken to be there.
    pub(crate) fn is_away(&self, idle_after: Millis) -> bool {
        self.0.borrow().is_some_and(|there| there.locked || there.idle >= idle_after)
    }

    pub(super) fn seen(&self, idle: Millis, locked: bool) {
        self.0.send_replace(Some(There { idle, locked }));
    }

    pub(super) fn unknown(&self) {
        self.0.send_replace(None);
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
        attention.unknown();
        assert!(!attention.is_away(after));
    }
}
