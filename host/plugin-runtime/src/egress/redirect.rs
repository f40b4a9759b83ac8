//! Redirects. Each is a new request: held against the grants, with its address checked, and without the credential when
//! it leads to another origin.

use reqwest::header::{HeaderMap, LOCATION};
use reqwest::{Method, StatusCode};
use url::Url;

/// Where an answer leads.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Next {
    pub(super) url: Url,
    pub(super) method: Method,
    /// Whether the body is sent again.
    pub(super) with_body: bool,
    /// Whether it is the same scheme, host and port.
    pub(super) same_origin: bool,
}

/// Where an answer leads, if it leads anywhere.
pub(super) fn next(
    status: StatusCode,
    headers: &HeaderMap,
    from: &Url,
    method: &Method,
) -> Option<Result<Next, String>> {
    let keeps = match status {
        StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT => true,
        StatusCode::SEE_OTHER => false,
        // What browsers made of these two: a POST becomes a GET.
        StatusCode::MOVED_PERMANENTLY | StatusCode::FOUND => method != Method::POST,
        _ => return None,
    };
    let location = headers.get(LOCATION)?;
    let read = location.to_str().ok().and_then(|location| from.join(location).ok());
    let Some(mut url) = read else {
        return Some(Err("the answer leads to an address that can't be read".to_owned()));
    };
    // A login in an address is a way to send a secret, or to look like one.
    if !url.username().is_empty() || url.password().is_some() {
        return Some(Err("the answer leads to an address with a login in it".to_owned()));
    }
    if !matches!(url.scheme(), "http" | "https") {
        return Some(Err(format!("the answer leads to {}:, which is neither https nor http", url.scheme())));
    }
    url.set_fragment(None);
    let method = match (keeps, method == Method::HEAD) {
        (true, _) => method.clone(),
        (false, true) => Method::HEAD,
        (false, false) => Method::GET,
    };
    let same_origin = url.origin() == from.origin();
    Some(Ok(Next { url, method, with_body: keeps, same_origin }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::header::HeaderValue;

    fn led(status: u16, location: &'static str, method: &Method) -> Option<Result<Next, String>> {
        let headers = HeaderMap::from_iter([(LOCATION, HeaderValue::from_static(location))]);
        let from = Url::parse("https://a.example/x/y?z").unwrap();
        next(StatusCode::from_u16(status).unwrap(), &headers, &from, method)
    }

    #[test]
    fn an_answer_leads_where_it_says() {
        let there = led(302, "../b#c", &Method::GET).unwrap().unwrap();
        assert_eq!((there.url.as_str(), there.same_origin), ("https://a.example/b", true));
        for other in ["https://b.example/", "http://a.example/", "https://a.example:8443/", "//b.example/x"] {
            assert!(!led(302, other, &Method::GET).unwrap().unwrap().same_origin, "{other}");
        }
        assert_eq!(led(200, "/b", &Method::GET), None);
        assert_eq!(led(304, "/b", &Method::GET), None);
        let nowhere = next(
            StatusCode::FOUND,
            &HeaderMap::new(),
            &Url::parse("https://a.example").unwrap(),
            &Method::GET,
        );
        assert_eq!(nowhere, None, "it is handed over as it is");
    }

    #[test]
    fn the_method_is_kept_where_the_standard_says_so() {
        let sent = |status, method: Method| {
            let next = led(status, "/b", &method).unwrap().unwrap();
            (next.method, next.with_body)
        };
        assert_eq!(sent(307, Method::POST), (Method::POST, true));
        assert_eq!(sent(308, Method::PUT), (Method::PUT, true));
        assert_eq!(sent(303, Method::PUT), (Method::GET, false));
        assert_eq!(sent(303, Method::HEAD), (Method::HEAD, false));
        assert_eq!(sent(302, Method::POST), (Method::GET, false));
        assert_eq!(sent(301, Method::PUT), (Method::PUT, true));
    }

    #[test]
    fn what_is_no_address_of_the_web_is_not_followed() {
        for (location, why) in [
            ("file:///etc/passwd", "the answer leads to file:, which is neither https nor http"),
            ("https://u:p@a.example/", "the answer leads to an address with a login in it"),
            ("https://", "the answer leads to an address that can't be read"),
        ] {
            assert_eq!(led(302, location, &Method::GET).unwrap().unwrap_err(), why);
        }
    }
}
