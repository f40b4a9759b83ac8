//! The secrets that went out for one target, and every form in which they may come back. A backend that echoes what it
//! was sent, at once or on a later request, doesn't make a plugin or a person the wiser.
//!
//! This is a guard against backends that are careless. One that works together with a plugin can tell it what it likes.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use memchr::memmem;
use stint_domain::secret::Secret;
use zeroize::Zeroizing;

use super::attach::Scheme;
use super::forms::forms;
use super::token::Token;

/// So many secrets are remembered: those of a target, and the last ones before they were renewed.
const REMEMBERED_MAX: usize = 32;

/// The secrets that went out for one target.
#[derive(Default)]
pub(super) struct Traces {
    sent: Mutex<VecDeque<Sent>>,
}

struct Sent {
    secret: Arc<Secret>,
    scheme: Scheme,
    needles: Arc<Needles>,
}

/// What is looked for.
type Needles = Vec<Zeroizing<Vec<u8>>>;

impl Traces {
    /// A secret is about to be sent.
    pub(super) fn remember(&self, token: &Token) {
        let mut sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
        let kin = token.kin.iter().map(|secret| (&Scheme::Bearer, secret));
        for (scheme, secret) in std::iter::once((&token.scheme, &token.secret)).chain(kin) {
            if sent.iter().any(|known| known.scheme == *scheme && known.secret.matches(secret)) {
                continue;
            }
            if sent.len() == REMEMBERED_MAX {
                sent.pop_front();
            }
            let needles = Arc::new(needles(scheme, secret));
            sent.push_back(Sent { secret: Arc::clone(secret), scheme: scheme.clone(), needles });
        }
    }

    /// Covers every trace with stars; the length stays, so that an answer's own lengths stay right.
    pub(super) fn cover(&self, bytes: &mut [u8]) {
        let sets: Vec<Arc<Needles>> = {
            let sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
            sent.iter().map(|sent| Arc::clone(&sent.needles)).collect()
        };
        // All are found before any is covered: two may overlap.
        let found: Vec<(usize, usize)> =
            sets.iter().flat_map(|set| set.iter()).flat_map(|needle| places(bytes, needle)).collect();
        for (start, end) in found {
            bytes[start..end].fill(b'*');
        }
    }

    /// The same in a text.
    pub(super) fn covered(&self, text: &str) -> String {
        let mut bytes = text.as_bytes().to_vec();
        self.cover(&mut bytes);
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

/// What a secret that is attached in this way looks like when it comes back.
fn needles(scheme: &Scheme, secret: &Secret) -> Needles {
    let whole = secret.expose();
    let mut texts: Vec<Zeroizing<String>> = vec![Zeroizing::new(whole.to_owned())];
    match scheme {
        Scheme::Basic { user: Some(user) } => texts.push(Zeroizing::new(format!("{user}:{whole}"))),
        // Of a pair the password alone is a secret too.
        Scheme::Basic { user: None } => {
            let password = whole.split_once(':').map(|(_, password)| password);
            texts.extend(password.map(|password| Zeroizing::new(password.to_owned())));
        }
        // `Token abc` in a header of its own: `abc` is what counts.
        _ => texts.extend(whole.split_whitespace().skip(1).map(|word| Zeroizing::new(word.to_owned()))),
    }
    let mut needles: Needles = texts.iter().flat_map(|text| forms(text)).collect();
    needles.sort_by(|one, other| one.as_slice().cmp(other.as_slice()));
    needles.dedup();
    needles
}

/// Where a needle is, overlapping ones too.
fn places(bytes: &[u8], needle: &[u8]) -> Vec<(usize, usize)> {
    let finder = memmem::Finder::new(needle);
    let (mut places, mut from) = (Vec::new(), 0);
    while let Some(at) = bytes.get(from..).and_then(|rest| finder.find(rest)) {
        places.push((from + at, from + at + needle.len()));
        from += at + 1;
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(scheme: Scheme, secret: &str) -> Traces {
        let traces = Traces::default();
        traces.remember(&Token {
            scheme,
            secret: Arc::new(Secret::new(secret.into())),
            generation: 0,
            kin: Vec::new(),
        });
        traces
    }

    #[test]
    fn what_is_no_trace_stays() {
        let traces = sent(Scheme::Bearer, "abab");
        assert_eq!(traces.covered("aababab abba"), "a****** abba", "overlapping ones are covered as well");
        assert_eq!(sent(Scheme::Bearer, "abc").covered("abc"), "abc", "too short to be looked for");
        assert_eq!(Traces::default().covered("abc"), "abc");
    }

    #[test]
    fn the_part_of_a_secret_that_counts_is_covered_alone_too() {
        let basic = sent(Scheme::Basic { user: None }, "ada:hunter2");
        assert_eq!(basic.covered("no such password: hunter2"), "no such password: *******");
        let header = sent(Scheme::Header { name: "authorization".into() }, "Token 0123456789");
        assert_eq!(header.covered("bad key 0123456789!"), "bad key **********!");
    }

    #[test]
    fn what_a_token_is_renewed_with_is_covered_too() {
        let traces = Traces::default();
        let secret = |text: &str| Arc::new(Secret::new(text.into()));
        let kin = vec![secret("refresh-1"), secret("refresh-2")];
        traces.remember(&Token { scheme: Scheme::Bearer, secret: secret("access"), generation: 0, kin });
        assert_eq!(traces.covered("access refresh-1 refresh-2"), "****** ********* *********");
    }

    #[test]
    fn earlier_secrets_stay_remembered_for_a_while() {
        let traces = Traces::default();
        let token = |secret: String| Token {
            scheme: Scheme::Bearer,
            secret: Arc::new(Secret::new(secret)),
            generation: 0,
            kin: Vec::new(),
        };
        for round in 0..REMEMBERED_MAX {
            traces.remember(&token(format!("secret-{round:03}")));
            traces.remember(&token(format!("secret-{round:03}")));
        }
        assert_eq!(traces.covered("secret-000"), "**********");
        traces.remember(&token("another".into()));
        assert_eq!(traces.covered("secret-000 secret-001"), "secret-000 **********");
    }
}
