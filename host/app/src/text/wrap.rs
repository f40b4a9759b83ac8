//! Lines broken to a width, in columns of a terminal rather than in characters.

use unicode_width::UnicodeWidthStr as _;

use super::fit::head;

/// What isn't parted from the number before it.
const UNITS: [&str; 3] = ["h", "min", "s"];

/// A safe text in lines of at most so many columns. It is broken between words, and within words that are longer than
/// a line. Several spaces in a row, which part things from each other, stay where they are no line's end.
pub(crate) fn wrap(text: &str, columns: usize) -> Vec<String> {
    let columns = columns.max(2);
    let mut lines = vec![String::new()];
    let mut used = 0;
    for part in parts(text) {
        let word = part.trim_end_matches(' ');
        if used > 0 && used + word.width() > columns {
            lines.push(String::new());
            used = 0;
        }
        let mut rest = word;
        loop {
            let piece = head(rest, columns);
            if piece.len() == rest.len() || piece.is_empty() {
                break;
            }
            push(&mut lines, piece);
            lines.push(String::new());
            rest = &rest[piece.len()..];
        }
        if rest.len() < word.len() {
            used = 0;
        }
        push(&mut lines, rest);
        push(&mut lines, &part[word.len()..]);
        used += rest.width() + part.len() - word.len();
    }
    for line in &mut lines {
        line.truncate(line.trim_end_matches(' ').len());
    }
    lines
}

/// The words, each with the spaces after it. A number and its unit are one word.
fn parts(text: &str) -> Vec<&str> {
    let (mut parts, mut begin) = (Vec::new(), 0);
    for (at, _) in text.match_indices(' ') {
        let next = text[at + 1..].split([' ', ',', ':', ';', '.']).next().unwrap_or_default();
        let is_number = text[begin..at].ends_with(|letter: char| letter.is_ascii_digit());
        let is_last = !text[at + 1..].starts_with(' ');
        if is_last && !(is_number && UNITS.contains(&next)) {
            parts.push(&text[begin..=at]);
            begin = at + 1;
        }
    }
    parts.push(&text[begin..]);
    parts
}

fn push(lines: &mut [String], text: &str) {
    if let Some(line) = lines.last_mut() {
        line.push_str(text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_as_wide_as_they_may_be() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("abcdefgh ij", 4), ["abcd", "efgh", "ij"]);
        assert_eq!(wrap("ab abcdefgh", 4), ["ab", "abcd", "efgh"]);
        assert_eq!(wrap("工時 工時", 4), ["工時", "工時"]);
        assert_eq!(wrap("one  two   three", 8), ["one  two", "three"]);
        assert_eq!(wrap("", 4), [""]);
        assert_eq!(wrap("idle 12 min, 3 h", 9), ["idle", "12 min,", "3 h"]);
    }

    #[test]
    fn nothing_is_wider_and_nothing_is_lost() {
        let text = "unknown key `工時` in stint.toml, e\u{301} and /a/very/long/path/to/it 👩\u{200d}💻👩\u{200d}💻👩\u{200d}💻";
        let letters = |text: &str| text.chars().filter(|letter| *letter != ' ').collect::<String>();
        for columns in 0..40 {
            let lines = wrap(text, columns);
            assert!(lines.iter().all(|line| line.width() <= columns.max(2)), "{lines:?} at {columns}");
            assert_eq!(letters(&lines.concat()), letters(text), "{columns}");
        }
    }
}
