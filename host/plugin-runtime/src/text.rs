//! Texts that come out of a sandbox and end up in logs, tables and terminals. A plugin chooses their words, and
//! nothing else about them: no control characters, no line of its own, and no more than fits.

/// The text on one line without control characters, cut to `bytes_max` with a mark where it was cut.
pub(crate) fn plain(text: &str, bytes_max: usize) -> String {
    const MARK: &str = "…";
    let mut clean = String::with_capacity(text.len().min(bytes_max));
    for letter in text.chars() {
        let letter = match letter {
            '\n' | '\r' | '\t' => ' ',
            other => other,
        };
        // Directional marks make a text look like another one.
        let hidden =
            letter.is_control() || matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        let letter = if hidden { char::REPLACEMENT_CHARACTER } else { letter };
        if clean.len() + letter.len_utf8() > bytes_max {
            clean.push_str(MARK);
            return clean;
        }
        clean.push(letter);
    }
    clean
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn a_text_is_one_line_without_tricks_and_no_longer_than_it_may_be() {
        assert_eq!(
            plain("panicked at src/lib.rs:3:5:\nno project", 100),
            "panicked at src/lib.rs:3:5: no project"
        );
        assert_eq!(plain("\u{1b}[2Jgone\u{202e}", 100), "\u{fffd}[2Jgone\u{fffd}");
        assert_eq!(plain("größer", 3), "gr…");
        assert_eq!(plain("größer", 4), "grö…");
        assert_eq!(plain("", 0), "");
    }
}
