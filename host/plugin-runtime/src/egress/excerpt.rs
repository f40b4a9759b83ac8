//! What is kept of an exchange, for people who ask why something failed: short, printable, and covered before.

use std::sync::{Mutex, PoisonError};

use url::Url;

/// How much of a body is kept.
const BODY_BYTES: usize = 2_048;

/// One exchange, as a person may see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exchange {
    /// The request's method and address, without what stands behind the question mark.
    pub request: String,
    /// The status, or what went wrong.
    pub outcome: String,
    /// The beginning of the answer's body, as text.
    pub body: String,
}

impl std::fmt::Display for Exchange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} → {}", self.request, self.outcome)?;
        if self.body.is_empty() { Ok(()) } else { write!(f, "\n{}", self.body) }
    }
}

/// Who keeps what was said.
pub trait Excerpts: Send + Sync {
    /// An exchange has ended.
    fn keep(&self, exchange: Exchange);
}

/// Keeps the last exchange alone: one of these serves one call.
#[derive(Debug, Default)]
pub struct LastExchange {
    last: Mutex<Option<Exchange>>,
}

impl LastExchange {
    /// The last exchange; nothing if there was none.
    pub fn last(&self) -> Option<Exchange> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Excerpts for LastExchange {
    fn keep(&self, exchange: Exchange) {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(exchange);
    }
}

/// An address as it may be shown.
pub(super) fn shown(url: &Url) -> String {
    let mut url = url.clone();
    let asks = url.query().is_some();
    url.set_query(None);
    url.set_fragment(None);
    // Whoever can't be asked for a login can't have one either.
    let _either_way = url.set_username("").and_then(|()| url.set_password(None));
    if asks { format!("{url}?…") } else { url.to_string() }
}

/// The beginning of a body as text that any terminal may be shown.
pub(super) fn beginning(body: &[u8]) -> String {
    let cut = &body[..body.len().min(BODY_BYTES)];
    let text = String::from_utf8_lossy(cut);
    let strange = |char: &char| char.is_control() && !matches!(char, '\n' | '\r' | '\t');
    if text.chars().filter(strange).count() * 10 > text.len() {
        return format!("({} bytes that are no text)", body.len());
    }
    let text: String = text.chars().filter(|char| !strange(char)).collect();
    if cut.len() < body.len() { format!("{text}… ({} bytes in all)", body.len()) } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exchange_is_shown_short() {
        let url = Url::parse("https://u:p@a.example/x?token=1#y").unwrap();
        assert_eq!(shown(&url), "https://a.example/x?…");
        assert_eq!(beginning(b"{\"error\":\"no\"}"), "{\"error\":\"no\"}");
        assert_eq!(beginning(&[0, 1, 2, 3]), "(4 bytes that are no text)");
        assert_eq!(beginning(b"it is all \x1b[31mred now, isn't it\n"), "it is all [31mred now, isn't it\n");
        let long = beginning("ä".repeat(2_000).as_bytes());
        assert!(long.ends_with("… (4000 bytes in all)") && long.len() < 2_100, "{long}");
        let exchange = Exchange { request: "GET x".into(), outcome: "404".into(), body: "gone".into() };
        assert_eq!(exchange.to_string(), "GET x → 404\ngone");
        let last = LastExchange::default();
        assert_eq!(last.last(), None);
        last.keep(Exchange { outcome: "500".into(), ..exchange.clone() });
        last.keep(exchange.clone());
        assert_eq!(last.last(), Some(exchange));
    }
}
