//! What a failed exchange means: whether anything was sent decides if the item may simply be tried again.

use std::error::Error;

use crate::services::HttpError;

/// An error with its causes, outermost first. A library's own words repeat themselves, and may have an address with a
/// secret in it: that is taken out before.
pub(crate) fn chain(error: &dyn Error) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut next = Some(error);
    while let Some(error) = next {
        let text = error.to_string();
        if parts.last().is_none_or(|last| !last.contains(&text)) {
            parts.push(text);
        }
        next = error.source();
    }
    parts.join(": ")
}

/// What a failure means. `began` is whether any byte of the request can have left.
pub(super) fn meaning(error: reqwest::Error, began: bool) -> HttpError {
    let error = error.without_url();
    let told = chain(&error);
    let connecting = error.is_connect() || error.is_builder();
    if connecting || !began {
        if let Some(refused) = cause::<super::resolve::NotPublic>(&error) {
            return HttpError::Refused(refused.to_string());
        }
        // A handshake that failed is no connection. One that breaks later has carried the request already.
        if cause::<rustls::Error>(&error).is_some() {
            return HttpError::Tls(told);
        }
        return HttpError::Offline(told);
    }
    if error.is_timeout() { HttpError::Timeout(told) } else { HttpError::Protocol(told) }
}

/// The same failure, as it is when the backend has acted on something before it.
pub(super) fn after_acting(error: HttpError) -> HttpError {
    if error.may_have_arrived() {
        return error;
    }
    HttpError::Protocol(format!("the backend had taken the request and led on, and there: {error}"))
}

/// The same failure with another text.
pub(super) fn retold(error: HttpError, tell: impl FnOnce(&str) -> String) -> HttpError {
    match error {
        HttpError::Offline(text) => HttpError::Offline(tell(&text)),
        HttpError::Timeout(text) => HttpError::Timeout(tell(&text)),
        HttpError::Tls(text) => HttpError::Tls(tell(&text)),
        HttpError::Protocol(text) => HttpError::Protocol(tell(&text)),
        HttpError::Refused(text) => HttpError::Refused(tell(&text)),
        HttpError::Unauthorized(text) => HttpError::Unauthorized(tell(&text)),
        HttpError::TooLarge(text) => HttpError::TooLarge(tell(&text)),
    }
}

/// The cause of this kind, however deep it is. Some libraries put an error into another one's pocket.
fn cause<'e, T: Error + 'static>(error: &'e (dyn Error + 'static)) -> Option<&'e T> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref::<T>() {
            return Some(found);
        }
        let inner = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        if let Some(found) = inner.and_then(|inner| cause::<T>(inner)) {
            return Some(found);
        }
        next = error.source();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_acted_on_before_is_never_told_as_unsent() {
        for error in
            [HttpError::Offline("x".into()), HttpError::Refused("x".into()), HttpError::Tls("x".into())]
        {
            assert!(!error.may_have_arrived());
            let text = format!("the backend had taken the request and led on, and there: {error}");
            assert_eq!(after_acting(error), HttpError::Protocol(text));
        }
        let late = HttpError::Timeout("x".into());
        assert_eq!(after_acting(late.clone()), late);
        assert_eq!(retold(late, |text| format!("{text}!")), HttpError::Timeout("x!".into()));
    }

    #[test]
    fn causes_are_told_once() {
        let inner = std::io::Error::other("the line is dead");
        let outer = std::io::Error::other(inner);
        assert_eq!(chain(&outer), "the line is dead");
    }
}
