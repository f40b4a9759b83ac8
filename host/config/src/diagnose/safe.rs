//! Text of unknown origin made fit for a terminal: no control character, no invisible character, nothing that turns the
//! direction of writing reaches it. What it was can still be read.

/// One character as it may be shown.
pub(crate) fn shown(letter: char, out: &mut String) {
    match letter {
        '\t' => out.push_str("    "),
        '\u{0}'..='\u{1f}' => out.push(char::from_u32(0x2400 + u32::from(letter)).unwrap_or('?')),
        '\u{7f}' => out.push('\u{2421}'),
        _ if hidden(letter) => out.extend(letter.escape_unicode()),
        _ => out.push(letter),
    }
}

/// A text as a terminal may be given it: what would act on it, or not be seen, is shown as what it is.
pub fn safe(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    text.chars().for_each(|letter| shown(letter, &mut out));
    out
}

/// Whether a character is invisible or changes how its neighbours are shown.
pub(crate) fn hidden(letter: char) -> bool {
    matches!(letter,
        '\u{80}'..='\u{9f}'
        | '\u{ad}'
        | '\u{61c}'
        | '\u{180e}'
        | '\u{200b}'
        | '\u{200e}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_act_on_a_terminal_is_shown_instead() {
        assert_eq!(safe("a\u{1b}[2Jb\r\n\u{7f}\u{9b}"), "a␛[2Jb␍␊␡\\u{9b}");
        assert_eq!(safe("a\u{202e}b\u{2066}\u{200b}\u{feff}"), "a\\u{202e}b\\u{2066}\\u{200b}\\u{feff}");
        assert_eq!(safe("a\tb"), "a    b");
    }

    #[test]
    fn what_people_write_stays() {
        for text in ["проект", "工時", "שלום", "👩‍💻", "e\u{301}"] {
            assert_eq!(safe(text), text);
        }
    }
}
