//! How one text looks after programs have written it down: in an address, in JSON, in HTML, in hexadecimal digits, in
//! base64 that begins somewhere else.

use base64::Engine as _;
use base64::engine::GeneralPurpose;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use zeroize::Zeroizing;

use crate::attachment::hexadecimal;

/// A shorter text stands in too much to be looked for.
const SHORTEST: usize = 4;
/// So much longer has to be what stands for a part of a text, or it is found where it isn't.
const SHORTEST_PART: usize = 8;

/// The forms of a text that are long enough to be looked for.
pub(super) fn forms(text: &str) -> Vec<Zeroizing<Vec<u8>>> {
    if text.len() < SHORTEST {
        return Vec::new();
    }
    let json = serde_json::to_string(text).map(Zeroizing::new).unwrap_or_default();
    let json = json.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or_default();
    let address: Zeroizing<String> =
        Zeroizing::new(url::form_urlencoded::byte_serialize(text.as_bytes()).collect());
    let spaced = Zeroizing::new(address.replace('+', "%20"));
    let whole = [
        text.to_owned(),
        text.to_ascii_lowercase(),
        lower_escapes(&address),
        lower_escapes(&spaced),
        address.as_str().to_owned(),
        spaced.as_str().to_owned(),
        json.to_owned(),
        json.replace('/', "\\/"),
        escaped(text, |char| (!char.is_ascii() || "&<>'".contains(char)).then(|| units(char))),
        escaped(text, |char| html(char, "&#39;", "&quot;")),
        escaped(text, |char| html(char, "&#x27;", "&#34;")),
    ];
    let whole = whole.into_iter().chain(spelled_out(text));
    let parts = [hex(text, false), hex(text, true)].into_iter();
    let parts =
        parts.chain([&STANDARD_NO_PAD, &URL_SAFE_NO_PAD].into_iter().flat_map(|way| base64s(text, way)));
    let parts = parts.filter(|part| part.len() >= SHORTEST_PART);
    whole.chain(parts).map(|form| Zeroizing::new(form.into_bytes())).collect()
}

/// The text with every letter written as its number: in JSON, in HTML, in an address. Programs read that as the text.
fn spelled_out(text: &str) -> Vec<String> {
    let each = |write: &dyn Fn(char) -> String| escaped(text, |char| Some(write(char)));
    let digits = hexadecimal(text.as_bytes());
    let bytes = digits.as_bytes().chunks(2).map(|pair| format!("%{}", String::from_utf8_lossy(pair)));
    let address = bytes.collect::<Vec<_>>().concat();
    vec![
        each(&units),
        each(&|char| units(char).to_ascii_uppercase().replace("\\U", "\\u")),
        each(&|char| format!("&#{};", u32::from(char))),
        each(&|char| format!("&#x{:x};", u32::from(char))),
        each(&|char| format!("&#x{:X};", u32::from(char))),
        address.to_ascii_uppercase(),
        address,
    ]
}

/// The text with some characters written otherwise.
fn escaped(text: &str, other: impl Fn(char) -> Option<String>) -> String {
    text.chars().map(|char| other(char).unwrap_or_else(|| char.to_string())).collect()
}

/// As some write a character into JSON.
fn units(char: char) -> String {
    let mut room = [0; 2];
    let units = char.encode_utf16(&mut room).iter().map(|unit| format!("\\u{unit:04x}"));
    units.collect::<Vec<_>>().concat()
}

fn html(char: char, apostrophe: &str, quote: &str) -> Option<String> {
    let name = match char {
        '&' => "&amp;",
        '<' => "&lt;",
        '>' => "&gt;",
        '"' => quote,
        '\'' => apostrophe,
        _ => return None,
    };
    Some(name.to_owned())
}

/// `%2F` as `%2f`.
fn lower_escapes(address: &str) -> String {
    let mut rest = 0;
    address
        .chars()
        .map(|char| {
            rest = if char == '%' { 3 } else { rest };
            let within = rest > 0;
            rest -= i32::from(within);
            if within { char.to_ascii_lowercase() } else { char }
        })
        .collect()
}

fn hex(text: &str, upper: bool) -> String {
    let digits = hexadecimal(text.as_bytes());
    if upper { digits.to_ascii_uppercase() } else { digits }
}

/// The text in base64, alone and behind one or two other bytes: only the digits that are the text's own.
fn base64s(text: &str, way: &'static GeneralPurpose) -> impl Iterator<Item = String> {
    let behind = |before: usize| {
        let bytes = Zeroizing::new([&vec![0; before], text.as_bytes()].concat());
        let digits = Zeroizing::new(way.encode(bytes.as_slice()));
        let first = if before == 0 { 0 } else { before + 1 };
        let last = digits.len() - usize::from(!bytes.len().is_multiple_of(3));
        digits.get(first..last).unwrap_or_default().to_owned()
    };
    [way.encode(text), behind(0), behind(1), behind(2)].into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::engine::general_purpose::{STANDARD, URL_SAFE};
    use memchr::memmem;

    const SECRET: &str = "s3cr&t-'\"x\"/+ä-0123456789";

    /// What is left of a text when every form is taken out of it.
    fn left_of(text: &str) -> String {
        let mut bytes = text.as_bytes().to_vec();
        for form in forms(SECRET) {
            while let Some(at) = memmem::find(&bytes, &form) {
                bytes.drain(at..at + form.len());
            }
        }
        String::from_utf8_lossy(&bytes).into_owned()
    }

    #[test]
    fn a_secret_that_is_spelled_out_letter_by_letter_is_found() {
        let each = |write: fn(u32) -> String| escaped(SECRET, |char| Some(write(u32::from(char))));
        let bytes =
            |write: fn(&u8) -> String| SECRET.as_bytes().iter().map(write).collect::<Vec<_>>().concat();
        for form in [
            each(|char| format!("\\u{char:04x}")),
            each(|char| format!("\\u{char:04X}")),
            each(|char| format!("&#{char};")),
            each(|char| format!("&#x{char:X};")),
            bytes(|byte| format!("%{byte:02X}")),
            bytes(|byte| format!("%{byte:02x}")),
        ] {
            assert_eq!(left_of(&form), "", "{form}");
        }
    }

    #[test]
    fn every_form_is_found() {
        let ascii = r#"s3cr\u0026t-\u0027"x"/+\u00e4-0123456789"#;
        let php = r#"s3cr&t-'\"x\"\/+ä-0123456789"#;
        let address: String = url::form_urlencoded::byte_serialize(SECRET.as_bytes()).collect();
        for form in [
            SECRET,
            ascii,
            php,
            &address,
            &address.replace("%2F", "%2f").replace("%2B", "%2b").replace("%C3%A4", "%c3%a4"),
            &SECRET.to_lowercase(),
            "s3cr&amp;t-&#39;&quot;x&quot;/+ä-0123456789",
            "s3cr&amp;t-&#x27;&#34;x&#34;/+ä-0123456789",
            &serde_json::to_string(SECRET).unwrap(),
            &hex(SECRET, false),
            &hex(SECRET, true),
        ] {
            let left = left_of(form);
            assert!(!left.contains("0123456789") && left.len() <= 8, "{form}: {left}");
        }
    }

    #[test]
    fn base64_is_found_wherever_it_begins() {
        for before in ["", "a", "ab", "abc", "ada:", "Bearer "] {
            for way in [&STANDARD, &URL_SAFE] {
                let left = left_of(&way.encode(format!("{before}{SECRET} and more")));
                // What is left has at most a few digits that are the secret's: the ones that it shares with others.
                let left = way.decode(left.trim_end_matches('=')).unwrap_or_default();
                assert!(memmem::find(&left, b"0123").is_none(), "{before:?}");
            }
            let left = left_of(&STANDARD.encode(format!("{before}{SECRET}")));
            assert!(left.len() <= 4 + before.len() * 4 / 3 + 2, "{before:?}: {left}");
        }
    }

    #[test]
    fn a_short_text_is_not_looked_for() {
        assert!(forms("abc").is_empty());
        assert!(forms("abcd").iter().all(|form| form.len() >= SHORTEST));
    }
}
