//! A text as TOML writes it: in one line, and with nothing in it that a terminal would act on or not show.

use std::fmt::Write as _;

use crate::diagnose::hidden;

/// The text between double quotes.
pub(crate) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' | '\\' => out.extend(['\\', letter]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            _ if letter.is_control() || hidden(letter) => {
                let code = u32::from(letter);
                // Writing to a text can't fail.
                let _ =
                    if code > 0xffff { write!(out, "\\U{code:08X}") } else { write!(out, "\\u{code:04X}") };
            }
            _ => out.push(letter),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_back_is_the_text_and_what_is_shown_is_one_harmless_line() {
        for text in
            ["", "plain", "a\"b\\c", "two\nlines\t\r", "\u{1b}[2J\u{7f}", "\u{202e}x\u{e0041}", "工時 👩‍💻"]
        {
            let shown = quoted(text);
            assert!(!shown.chars().any(|letter| letter.is_control() || hidden(letter)), "{shown}");
            assert_eq!(shown.parse::<toml_edit::Value>().unwrap().as_str(), Some(text), "{shown}");
        }
    }
}
