//! Grants as they are written, hostile writings included.

use super::*;

fn grant(text: &str) -> Grant {
    Grant::from_text(text).unwrap()
}

#[test]
fn a_grant_is_shown_as_it_is_written() {
    for text in [
        "https://api.example.com",
        "POST https://*.example.com:8443",
        "https://*",
        "http://10.0.0.0/8",
        "http://127.0.0.1:8080",
        "http://[::1]:8080",
        "http://[fc00::]/7",
        "DELETE http://localhost:3000",
    ] {
        assert_eq!(grant(text).to_string(), text);
    }
}

#[test]
fn one_host_has_one_writing() {
    for (text, shown) in [
        ("https://API.Example.com.:443/", "https://api.example.com"),
        ("GET   https://a.test", "GET https://a.test"),
        ("http://0x7f.1", "http://127.0.0.1"),
        ("https://пример.test", "https://xn--e1afmkfd.test"),
    ] {
        assert_eq!(grant(text).to_string(), shown);
    }
}

#[test]
fn what_is_no_grant_is_refused_at_its_place() {
    let refused = |text: &str| {
        let fault = Grant::from_text(text).unwrap_err();
        (text[fault.at].to_owned(), fault.message)
    };
    for (text, part, message) in [
        ("api.example.com", "api.example.com", "`api.example.com` has no scheme"),
        ("ftp://x.test", "ftp", "`ftp` is neither https nor http"),
        ("https://bob:secret@x.test", "https://bob:secret@x.test", "a login stands in this address"),
        ("https://x.test/path", "/path", "a grant has no path"),
        ("https://x.test?a=b", "?a=b", "a grant is a scheme, a host and a port"),
        ("http://10.0.0.0/33", "33", "`33` is no length of a block of addresses"),
        ("http://10.0.0.0/8:80", "8:80", "`8:80` is no length of a block of addresses"),
        ("https://x.test:http", "http", "`http` is no port"),
        ("https://x.test:0", "0", "`0` is no port"),
        ("https://a.*.test", "a.*.test", "a * stands in the middle of `a.*.test`"),
        ("https://*.com", "*.com", "`*.com` would mean half of the world"),
        ("https://a b.test", " b.test", "a grant is a scheme, a host and a port"),
        ("post https://x.test", "post", "`post` is no method"),
        ("https://", "", "`` is no host"),
        ("", "", "`` has no scheme"),
    ] {
        assert_eq!(refused(text), (part.to_owned(), message.to_owned()), "{text}");
    }
    let hint = Grant::from_text("post https://x.test").unwrap_err().hint.unwrap();
    assert_eq!(hint, "write it in capital letters: POST");
}

#[test]
fn a_wider_grant_includes_a_narrower_one() {
    let includes = |wide: &str, narrow: &str| grant(wide).includes(&grant(narrow));
    assert!(includes("https://*", "https://*.example.com"));
    assert!(includes("https://*.example.com", "POST https://api.example.com"));
    assert!(includes("http://10.0.0.0/8", "http://10.1.0.0/16"));
    assert!(includes("https://x.test", "https://x.test"));
    assert!(!includes("https://*.example.com", "https://example.com"));
    assert!(!includes("POST https://x.test", "https://x.test"));
    assert!(!includes("https://x.test", "https://x.test:8443"));
    assert!(!includes("https://x.test", "http://x.test"));
    assert!(!includes("http://10.1.0.0/16", "http://10.0.0.0/8"));
    assert!(!includes("http://*", "http://10.0.0.1"));
}

#[test]
fn private_is_what_no_stranger_can_have() {
    for text in
        ["http://localhost", "http://127.0.0.1", "http://192.168.1.0/24", "http://[::1]", "http://10.0.0.0/8"]
    {
        assert!(grant(text).host.is_private(), "{text}");
    }
    for text in ["http://a.test", "http://*", "http://8.8.8.8", "http://10.0.0.0/7", "http://0.0.0.0/0"] {
        assert!(!grant(text).host.is_private(), "{text}");
    }
}
