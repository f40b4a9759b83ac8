//! Patterns against URLs, hostile writings included.

use super::*;

fn matches(pattern: &str, url: &str) -> bool {
    HostPattern::parse(pattern).unwrap().matches(&Url::parse(url).unwrap())
}

#[test]
fn a_name_means_itself_with_its_scheme_and_port() {
    assert!(matches("https://api.example.com", "https://api.example.com/x?y"));
    assert!(matches("https://api.example.com", "https://API.example.com.:443/"));
    assert!(!matches("https://api.example.com", "http://api.example.com/"));
    assert!(!matches("https://api.example.com", "https://api.example.com:8443/"));
    assert!(matches("http://api.example.com:8080", "http://api.example.com:8080/"));
    assert!(!matches("https://api.example.com", "https://api.example.com.evil.test/"));
    assert!(!matches("https://api.example.com", "https://api.example.com@evil.test/"));
}

#[test]
fn a_wildcard_means_names_below_and_no_address() {
    assert!(matches("https://*.example.com", "https://a.b.example.com/"));
    assert!(!matches("https://*.example.com", "https://example.com/"));
    assert!(!matches("https://*.example.com", "https://notexample.com/"));
    assert!(matches("https://*", "https://anything.test/"));
    assert!(!matches("https://*", "https://127.0.0.1/"));
    assert!(!matches("http://*", "http://[::1]/"));
}

#[test]
fn a_block_means_addresses_however_they_are_written() {
    assert!(matches("http://127.0.0.0/8", "http://127.0.0.1/"));
    assert!(matches("http://127.0.0.0/8", "http://0x7f.1/"));
    assert!(matches("http://127.0.0.1", "http://2130706433/"));
    assert!(!matches("http://10.0.0.0/8", "http://11.0.0.1/"));
    assert!(matches("http://0.0.0.0/0", "http://11.0.0.1/"));
    assert!(matches("http://[fc00::]/7", "http://[fd00::1]/"));
    assert!(matches("http://[::1]:8080", "http://[::1]:8080/"));
    assert!(!matches("http://[::1]", "http://127.0.0.1/"));
}

#[test]
fn a_pattern_is_shown_as_it_is_written() {
    for text in [
        "https://api.example.com",
        "https://*.example.com:8443",
        "https://*",
        "http://10.0.0.0/8",
        "http://127.0.0.1:8080",
        "http://[::1]:8080",
        "http://[fc00::]/7",
    ] {
        assert_eq!(HostPattern::parse(text).unwrap().to_string(), text);
    }
}

#[test]
fn what_is_no_pattern_is_refused_with_examples() {
    for (text, message) in [
        ("api.example.com", "`api.example.com` has no scheme"),
        ("ftp://x.test", "the scheme of `ftp://x.test` is neither https nor http"),
        ("https://user@x.test", "`https://user@x.test` has more than scheme, host and port"),
        ("https://x.test/path", "`https://x.test/path` has a path or a malformed block"),
        ("http://10.0.0.0/33", "`http://10.0.0.0/33` has a path or a malformed block"),
        ("https://x.test:http", "the port of `https://x.test:http` is no number up to 65535"),
        ("https://a.*.test", "`https://a.*.test` names no host"),
        ("https://*.com", "`https://*.com` names no host"),
        ("https://", "`https://` names no host"),
    ] {
        let error = HostPattern::parse(text).unwrap_err();
        assert_eq!(error.message, message);
        assert_eq!(error.hint, EXAMPLES);
    }
}

#[test]
fn a_url_makes_the_pattern_that_means_only_itself() {
    let url = Url::parse("https://redmine.example.com/time_entries.json").unwrap();
    assert_eq!(HostPattern::exactly(&url).unwrap().to_string(), "https://redmine.example.com");
    assert!(HostPattern::exactly(&Url::parse("file:///etc/passwd").unwrap()).is_none());
}

#[test]
fn only_a_pattern_of_addresses_covers_an_address() {
    let loopback: IpAddr = "127.0.0.1".parse().unwrap();
    assert!(HostPattern::parse("http://127.0.0.0/8").unwrap().covers_address(loopback));
    assert!(!HostPattern::parse("http://*").unwrap().covers_address(loopback));
}

#[test]
fn a_wider_pattern_includes_a_narrower_one() {
    let includes = |wide: &str, narrow: &str| {
        HostPattern::parse(wide).unwrap().includes(&HostPattern::parse(narrow).unwrap())
    };
    assert!(includes("https://*", "https://*.example.com"));
    assert!(includes("https://*.example.com", "https://api.example.com"));
    assert!(includes("https://*.example.com", "https://*.eu.example.com"));
    assert!(includes("http://10.0.0.0/8", "http://10.1.0.0/16"));
    assert!(includes("https://x.test", "https://x.test"));
    assert!(!includes("https://*.example.com", "https://example.com"));
    assert!(!includes("https://x.test", "https://*"));
    assert!(!includes("http://10.1.0.0/16", "http://10.0.0.0/8"));
    assert!(!includes("https://*", "https://10.0.0.1"));
    assert!(!includes("https://x.test", "http://x.test"));
}
