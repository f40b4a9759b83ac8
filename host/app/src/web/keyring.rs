//! Browsers' keys: one-time links, and the sessions that they become. All of them are kept in memory alone, so they end
//! with the host, and only as hashes, so that finding one takes no time that would tell a part of it.

use std::collections::VecDeque;

use serde::Serialize;
use sha2::{Digest as _, Sha256};
use stint_domain::time::Millis;
use subtle::ConstantTimeEq as _;

use super::token::random;

/// How long a link can be used.
pub(super) const LINK_LIFE: Millis = Millis::from_mins(5);
/// How long a session lasts after its last use.
pub(super) const SESSION_LIFE: Millis = Millis::from_mins(12 * 60);
/// More than a person opens; the oldest goes for a new one.
const LINKS_MAX: usize = 16;
const SESSIONS_MAX: usize = 64;

type Hash = [u8; 32];

fn hash(text: &str) -> Hash {
    Sha256::digest(text.as_bytes()).into()
}

/// The keys. Times are those of the machine's monotonic clock.
#[derive(Debug, Default)]
pub(super) struct Keyring {
    links: VecDeque<(Hash, Millis)>,
    sessions: VecDeque<Kept>,
}

#[derive(Debug)]
struct Kept {
    id: Hash,
    csrf: String,
    used: Millis,
    notice: Option<Notice>,
}

/// What is to be told on the next page: what came of a button.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Notice {
    pub(crate) text: String,
    pub(crate) hint: Option<String>,
    pub(crate) went_well: bool,
}

/// A session that was found.
#[derive(Clone)]
pub(crate) struct Session {
    id: Hash,
    csrf: String,
}

impl Session {
    /// What every form of its pages holds, and no other site can know.
    pub(crate) fn csrf(&self) -> &str {
        &self.csrf
    }

    /// Whether a write comes from one of its pages.
    pub(crate) fn wrote(&self, csrf: &str) -> bool {
        self.csrf.as_bytes().ct_eq(csrf.as_bytes()).into()
    }
}

impl Keyring {
    /// A link that is good for one use.
    pub(super) fn link(&mut self, now: Millis) -> Result<String, getrandom::Error> {
        self.links.retain(|(_, made)| now.since(*made) < LINK_LIFE);
        if self.links.len() == LINKS_MAX {
            self.links.pop_front();
        }
        // Half as long as other keys: people may have to copy it, and it lives for minutes.
        let link = random::<16>()?;
        self.links.push_back((hash(&link), now));
        Ok(link)
    }

    /// Uses a link: it becomes a session, whose name goes into a cookie.
    pub(super) fn enter(&mut self, link: &str, now: Millis) -> Result<Option<String>, getrandom::Error> {
        self.links.retain(|(_, made)| now.since(*made) < LINK_LIFE);
        let link = hash(link);
        let Some(place) = self.links.iter().position(|(known, _)| *known == link) else { return Ok(None) };
        self.links.remove(place);
        if self.sessions.len() == SESSIONS_MAX {
            self.sessions.pop_front();
        }
        let (name, csrf) = (random::<32>()?, random::<32>()?);
        self.sessions.push_back(Kept { id: hash(&name), csrf, used: now, notice: None });
        Ok(Some(name))
    }

    /// The session of a cookie.
    pub(super) fn session(&mut self, name: &str, now: Millis) -> Option<Session> {
        self.sessions.retain(|kept| now.since(kept.used) < SESSION_LIFE);
        let id = hash(name);
        let kept = self.sessions.iter_mut().find(|kept| kept.id == id)?;
        kept.used = now;
        Some(Session { id, csrf: kept.csrf.clone() })
    }

    /// Leaves a word for the session's next page.
    pub(super) fn leave(&mut self, session: &Session, notice: Notice) {
        if let Some(kept) = self.sessions.iter_mut().find(|kept| kept.id == session.id) {
            kept.notice = Some(notice);
        }
    }

    /// Takes the word that was left.
    pub(super) fn take(&mut self, session: &Session) -> Option<Notice> {
        self.sessions.iter_mut().find(|kept| kept.id == session.id)?.notice.take()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Millis = Millis::from_secs(1_000);

    #[test]
    fn a_link_is_good_once_and_not_for_long() {
        let mut keys = Keyring::default();
        let link = keys.link(NOW).unwrap();
        let name = keys.enter(&link, NOW).unwrap().unwrap();
        assert!(keys.session(&name, NOW).is_some());
        assert!(keys.session(&link, NOW).is_none());
        assert_eq!(keys.enter(&link, NOW).unwrap(), None);
        let late = keys.link(NOW).unwrap();
        assert_eq!(keys.enter(&late, NOW + LINK_LIFE).unwrap(), None);
    }

    #[test]
    fn a_session_ends_when_it_is_left_alone() {
        let mut keys = Keyring::default();
        let link = keys.link(NOW).unwrap();
        let name = keys.enter(&link, NOW).unwrap().unwrap();
        let almost = Millis(SESSION_LIFE.0 - 1);
        assert!(keys.session(&name, NOW + almost).is_some());
        assert!(keys.session(&name, NOW + almost + almost).is_some());
        assert!(keys.session(&name, NOW + almost + almost + SESSION_LIFE).is_none());
    }

    #[test]
    fn a_session_knows_its_own_pages_and_keeps_a_word_for_the_next() {
        let mut keys = Keyring::default();
        let mut enter = || {
            let link = keys.link(NOW).unwrap();
            let name = keys.enter(&link, NOW).unwrap().unwrap();
            keys.session(&name, NOW).unwrap()
        };
        let (first, second) = (enter(), enter());
        assert!(first.wrote(first.csrf()) && !first.wrote(second.csrf()) && !first.wrote(""));
        let notice = Notice { text: "done".into(), hint: None, went_well: true };
        keys.leave(&first, notice.clone());
        assert_eq!((keys.take(&second), keys.take(&first), keys.take(&first)), (None, Some(notice), None));
    }

    #[test]
    fn there_are_never_more_than_so_many() {
        let mut keys = Keyring::default();
        let first = keys.link(NOW).unwrap();
        for _ in 0..LINKS_MAX {
            keys.link(NOW).unwrap();
        }
        assert_eq!((keys.links.len(), keys.enter(&first, NOW).unwrap()), (LINKS_MAX, None));
        for _ in 0..=SESSIONS_MAX {
            let link = keys.link(NOW).unwrap();
            keys.enter(&link, NOW).unwrap();
        }
        assert_eq!(keys.sessions.len(), SESSIONS_MAX);
    }
}
