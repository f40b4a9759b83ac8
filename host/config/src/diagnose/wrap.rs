//! Lines broken to a width, in columns of a terminal rather than in characters.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The text in lines of at most `width` columns; words longer than a line are cut.
pub(crate) fn wrap(text: &str, width: usize) -> Vec<String> {
    let width = width.max(2);
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        for (index, piece) in cut(word, width).iter().enumerate() {
            let Some(line) = lines.last_mut() else { break };
            let fits = line.width() + 1 + piece.width() <= width;
            match (index, line.is_empty()) {
                (_, true) => line.push_str(piece),
                (0, false) if fits => {
                    line.push(' ');
                    line.push_str(piece);
                }
                _ => lines.push(piece.clone()),
            }
        }
    }
    lines
}

/// A word in pieces that fit into a line.
fn cut(word: &str, width: usize) -> Vec<String> {
    let mut pieces = vec![String::new()];
    let mut used = 0;
    for letter in word.chars() {
        let columns = letter.width().unwrap_or(0);
        if used + columns > width {
            pieces.push(String::new());
            used = 0;
        }
        used += columns;
        if let Some(piece) = pieces.last_mut() {
            piece.push(letter);
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_as_wide_as_they_may_be_and_never_wider() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("abcdefgh ij", 4), ["abcd", "efgh", "ij"]);
        assert_eq!(wrap("工時 工時", 4), ["工時", "工時"]);
        assert_eq!(wrap("", 4), [""]);
        for width in 0..30 {
            for line in wrap("unknown key `工時` in stint.toml, e\u{301} and /a/very/long/path/to/it", width)
            {
                assert!(line.width() <= width.max(2), "{line} at {width}");
            }
        }
    }
}
