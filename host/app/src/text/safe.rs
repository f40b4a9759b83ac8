//! Text of unknown origin made fit for a terminal: no control character, no invisible character and nothing that turns
//! the direction of writing reaches it. What it was can still be read, and what people write in any language stays.

/// How many marks a letter may carry. Real words have up to four; thousands of them would paint over other lines.
const MARKS_MAX: usize = 8;

/// A text as one line.
pub(crate) fn safe(text: &str) -> String {
    let mut out = String::with_capacity(text.len().min(4_096));
    let mut marks = 0;
    for letter in text.chars() {
        marks = if is_mark(letter) { marks + 1 } else { 0 };
        if marks <= MARKS_MAX {
            shown(letter, &mut out);
        }
    }
    out
}

/// A text that may have several lines: each is safe, and stays a line of its own.
pub(crate) fn safe_lines(text: &str) -> Vec<String> {
    text.lines().map(safe).collect()
}

/// A JSON text that says the same and acts on no terminal: what `safe` would show as something else is written as an
/// escape, which JSON has for every character. Outside of its strings there is nothing of the kind.
pub(crate) fn safe_json(json: &str) -> String {
    use std::fmt::Write as _;
    let mut out = String::with_capacity(json.len());
    for letter in json.chars() {
        if letter == '\u{7f}' || is_hidden(letter) {
            for unit in letter.encode_utf16(&mut [0; 2]) {
                // Writing to a text can't fail.
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(letter);
        }
    }
    out
}

/// One character as it may be shown.
fn shown(letter: char, out: &mut String) {
    match letter {
        '\t' => out.push(' '),
        '\u{0}'..='\u{1f}' => out.push(char::from_u32(0x2400 + u32::from(letter)).unwrap_or('?')),
        '\u{7f}' => out.push('\u{2421}'),
        _ if is_hidden(letter) => out.extend(letter.escape_unicode()),
        _ => out.push(letter),
    }
}

/// Whether a character has no width of its own and is drawn over the one before it.
fn is_mark(letter: char) -> bool {
    unicode_width::UnicodeWidthChar::width(letter) == Some(0) && !is_hidden(letter)
}

/// Whether a character is invisible, is none at all, or changes how its neighbours are shown. The two joiners (U+200C,
/// U+200D) aren't among them: Persian words and families of emoji are written with them.
fn is_hidden(letter: char) -> bool {
    matches!(letter,
        '\u{80}'..='\u{9f}'
        | '\u{ad}'
        | '\u{34f}'
        | '\u{61c}'
        | '\u{115f}'..='\u{1160}'
        | '\u{17b4}'..='\u{17b5}'
        | '\u{180b}'..='\u{180f}'
        | '\u{200b}'
        | '\u{200e}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{3164}'
        | '\u{fdd0}'..='\u{fdef}'
        | '\u{feff}'
        | '\u{ffa0}'
        | '\u{fff0}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e0fff}')
        || u32::from(letter) & 0xfffe == 0xfffe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_act_on_a_terminal_is_shown_instead() {
        assert_eq!(safe("a\u{1b}[2Jb\r\n\u{7}\u{7f}\u{9b}31m"), "a␛[2Jb␍␊␇␡\\u{9b}31m");
        assert_eq!(safe("a\u{202e}b\u{2066}\u{200b}\u{feff}"), "a\\u{202e}b\\u{2066}\\u{200b}\\u{feff}");
        assert_eq!(safe("a\tb\0"), "a b␀");
        assert_eq!(safe("\u{ffff}\u{10fffe}\u{e0041}"), "\\u{ffff}\\u{10fffe}\\u{e0041}");
    }

    #[test]
    fn json_says_the_same_and_acts_on_nothing() {
        let odd = "a\u{1b}[2J\u{7f}\u{9b}\u{202e}\u{feff}\u{ffff}\u{e0041}\u{10fffe} 工時 👩\u{200d}💻 \"\\";
        let json = serde_json::to_string_pretty(&serde_json::json!({ "a": odd })).unwrap();
        let shown = safe_json(&json);
        assert_eq!(serde_json::from_str::<serde_json::Value>(&shown).unwrap()["a"], odd);
        assert_eq!(safe_lines(&shown).join("\n"), shown, "nothing is left to be shown as something else");
        assert!(shown.contains("\\u007f\\u009b\\u202e\\ufeff\\uffff\\udb40\\udc41"), "{shown}");
    }

    #[test]
    fn what_people_write_stays() {
        for text in
            ["проект", "工時", "שלום", "مرحبا", "می\u{200c}خواهم", "👩\u{200d}💻", "❤\u{fe0f}", "e\u{301}"]
        {
            assert_eq!(safe(text), text);
        }
    }

    #[test]
    fn a_letter_carries_no_tower_of_marks() {
        let tower = format!("a{}b", "\u{301}".repeat(5_000));
        assert_eq!(safe(&tower), format!("a{}b", "\u{301}".repeat(8)));
        assert_eq!(safe("กี่"), "กี่", "two marks, as Thai has them");
    }

    #[test]
    fn lines_stay_lines() {
        assert_eq!(safe_lines("one\ntwo\u{7}\r\n\nthree"), ["one", "two␇", "", "three"]);
        assert!(safe_lines("").is_empty());
    }

    #[test]
    fn no_character_at_all_gets_through_that_acts() {
        for letter in (0..=0x0010_ffff).filter_map(char::from_u32) {
            let shown = safe(&letter.to_string());
            assert!(!shown.chars().any(char::is_control), "{letter:?}");
        }
    }
}
