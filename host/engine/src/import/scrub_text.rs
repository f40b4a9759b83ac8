//! Secrets that a text gives away by what stands before or around them: a login in an address, a cookie, a password.
//!
//! Each pass reads the text once, so a long one takes no longer than reading it.

use super::scrub::MASK;

/// The words that a password follows.
const PASSWORDS: [&str; 4] = ["password", "passwd", "passphrase", "pwd"];

/// Masks all of them.
pub(super) fn masked(text: &str, count: &mut usize) -> String {
    let text = after(text, "://", count, login);
    let text = after(&text, "cookie", count, cookie);
    PASSWORDS.iter().fold(text, |text, word| after(&text, word, count, password))
}

/// Masks what `secret` finds behind each place where the word stands, however it is written.
fn after(
    text: &str,
    word: &str,
    count: &mut usize,
    secret: impl Fn(&str) -> Option<(usize, usize)>,
) -> String {
    // Lower case has the same length, letter for letter, as long as it is ASCII's.
    let plain = text.to_ascii_lowercase();
    let (mut clean, mut done) = (String::with_capacity(text.len()), 0);
    while let Some(at) = plain[done..].find(word) {
        let behind = done + at + word.len();
        let (start, end) = secret(&text[behind..]).unwrap_or((0, 0));
        clean.push_str(&text[done..behind + start]);
        if start < end {
            clean.push_str(MASK);
            *count += 1;
        }
        done = behind + end;
    }
    clean + &text[done..]
}

/// `user:password@` before a host.
fn login(rest: &str) -> Option<(usize, usize)> {
    let authority = rest.find(|c: char| c.is_whitespace() || "/?#\"'<>\\".contains(c)).unwrap_or(rest.len());
    rest[..authority].rfind('@').map(|at| (0, at))
}

/// `name=value; …` after a head's name, to the end of the line. Other cookies are eaten.
fn cookie(rest: &str) -> Option<(usize, usize)> {
    let start = value(rest)?;
    let length = rest[start..].find(['\n', '\r', '"', '\\']).unwrap_or(rest.len() - start);
    rest[start..start + length].contains('=').then_some((start, start + length))
}

/// What is said to be the password, to the end of the word or of the quotes it stands in.
fn password(rest: &str) -> Option<(usize, usize)> {
    let start = value(rest)?;
    let is_quoted = rest[..start].ends_with(['"', '\'']);
    let is_end = |c: char| {
        if is_quoted { "\"'\\".contains(c) } else { c.is_whitespace() || "&,;\"'\\)}]<>".contains(c) }
    };
    let length = rest[start..].find(is_end).unwrap_or(rest.len() - start);
    (length > 0 && !rest[start..].starts_with(MASK)).then_some((start, start + length))
}

/// Where a value begins, if the name before is one: after a colon or `=`, with quotes around it or not.
fn value(rest: &str) -> Option<usize> {
    let aside = |c: char| c.is_whitespace() || "\"'\\".contains(c);
    let name = rest.trim_start_matches(aside);
    let value = name.strip_prefix(":").or_else(|| name.strip_prefix('='))?.trim_start_matches(aside);
    Some(rest.len() - value.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_to_be_secret_is_masked_and_words_stay() {
        for (given, expected) in [
            ("get https://ada:hunter2@x.example/a@b failed", "get https://[secret]@x.example/a@b failed"),
            ("get https://x.example/a@b, http://y", "get https://x.example/a@b, http://y"),
            ("smtp://token@host", "smtp://[secret]@host"),
            ("Cookie: sid=abc; b=1\nnext", "Cookie: [secret]\nnext"),
            ("{\"Set-Cookie\": \"sid=abc; Path=/\", \"a\": 1}", "{\"Set-Cookie\": \"[secret]\", \"a\": 1}"),
            ("ate a cookie: it was good", "ate a cookie: it was good"),
            ("login?user=a&password=hun!ter@2&x=1", "login?user=a&password=[secret]&x=1"),
            ("{\"password\":\"a b,c\",\"n\":1}", "{\"password\":\"[secret]\",\"n\":1}"),
            ("{\\\"passwd\\\":\\\"x y\\\"}", "{\\\"passwd\\\":\\\"[secret]\\\"}"),
            ("Password : Füchse", "Password : [secret]"),
            ("reset the password for Bob", "reset the password for Bob"),
            ("password=", "password="),
            ("password: [secret]", "password: [secret]"),
            ("ПАРОЛЬ \u{1f980} pwd=x", "ПАРОЛЬ \u{1f980} pwd=[secret]"),
        ] {
            let mut count = 0;
            assert_eq!(masked(given, &mut count), expected);
            assert_eq!(count, usize::from(given != expected), "{given}");
        }
    }
}
