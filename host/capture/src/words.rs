//! Text that others chose: titles of windows, names of screens, what a program says of an error.

use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};

/// One line of it, without control characters, which would be orders to a terminal, and without those that turn the
/// direction of writing or can't be seen: what it says is what stands there.
pub(crate) fn tidy(bytes: &[u8]) -> String {
    seen(&String::from_utf8_lossy(bytes))
}

/// The same as it is shown, first, and then in every other way in which somebody may have written it into a rule. What
/// is said to be Latin-1 is often UTF-8, and hardly any Latin-1 happens to be UTF-8.
pub(crate) fn readings(bytes: &[u8], is_latin1: bool) -> Vec<String> {
    let is_latin1 = is_latin1 && std::str::from_utf8(bytes).is_err();
    let text = if is_latin1 { latin1(bytes).into() } else { String::from_utf8_lossy(bytes) };
    let mut all = vec![seen(&text)];
    if !text.is_ascii() {
        let texts = [text, latin1(bytes).into(), String::from_utf8_lossy(bytes)];
        for text in texts {
            for text in [seen(&text), line(text.chars())] {
                let composed = ComposingNormalizerBorrowed::new_nfc().normalize(&text).into_owned();
                let decomposed = DecomposingNormalizerBorrowed::new_nfd().normalize(&text).into_owned();
                all.extend([text, composed, decomposed]);
            }
        }
    }
    let mut once = Vec::new();
    for text in all {
        if !text.is_empty() && !once.contains(&text) {
            once.push(text);
        }
    }
    once
}

fn latin1(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| char::from(*byte)).collect()
}

fn seen(text: &str) -> String {
    line(text.chars().filter(|letter| !is_unseen(*letter)))
}

fn line(letters: impl Iterator<Item = char>) -> String {
    let breaks = |letter: char| letter.is_control() || matches!(letter, '\u{2028}' | '\u{2029}');
    let line: String = letters.map(|letter| if breaks(letter) { ' ' } else { letter }).collect();
    line.trim().to_owned()
}

/// Whether it is of Unicode's format characters. The two joiners aren't meant: they are part of how some languages are
/// spelled, and turn nothing around.
fn is_unseen(letter: char) -> bool {
    matches!(letter,
        '\u{ad}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}' | '\u{890}' | '\u{891}' | '\u{8e2}'
        | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{110bd}' | '\u{110cd}' | '\u{13430}'..='\u{1343f}'
        | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_one_line_whatever_a_program_says() {
        assert_eq!(tidy(b"  a\x1b[31mred\nline\0"), "a [31mred line");
        assert_eq!(tidy("one\u{9b}31m two\u{7f}".as_bytes()), "one 31m two");
        assert_eq!(tidy("one\u{2028}two\u{2029}".as_bytes()), "one two");
    }

    #[test]
    fn nothing_turns_a_text_around_or_hides_in_it() {
        assert_eq!(
            tidy("gnp\u{202e}.exe \u{2066}a\u{2069}\u{200e}\u{feff}b\u{ad}c".as_bytes()),
            "gnp.exe abc"
        );
        let spelled = "می\u{200c}خواهم";
        assert_eq!(tidy(spelled.as_bytes()), spelled);
    }

    #[test]
    fn what_is_shown_is_what_was_meant() {
        assert_eq!(tidy(b"caf\xc3\xa9 \xff"), "café \u{fffd}");
        for (bytes, is_latin1, shown) in [
            (&b"caf\xe9"[..], true, "café"),
            (b"caf\xc3\xa9", true, "café"),
            (b"caf\xc3\xa9 \xe6\x97", false, "café \u{fffd}"),
        ] {
            assert_eq!(readings(bytes, is_latin1)[0], shown, "{bytes:?}");
        }
    }

    #[test]
    fn a_rule_may_be_written_in_any_way_that_looks_alike() {
        assert_eq!(readings(b"bank\n", true), ["bank"]);
        assert_eq!(readings(b" \n", false), [""; 0]);
        let has = |bytes: &[u8], text: &str| readings(bytes, true).iter().any(|reading| reading == text);
        let (composed, decomposed) = ("B\u{e4}nk", "Ba\u{308}nk");
        for bytes in [&b"B\xe4nk"[..], composed.as_bytes(), decomposed.as_bytes()] {
            assert!(has(bytes, composed) && has(bytes, decomposed), "{bytes:?}");
        }
        let marked = "\u{200e}WhatsApp";
        assert!(has(marked.as_bytes(), marked) && has(marked.as_bytes(), "WhatsApp"));
        assert!(has("Ã¤".as_bytes(), "Ã¤") && has(b"\xc3\xa4", "Ã¤"), "Latin-1 that happens to be UTF-8");
    }
}
