//! From a byte of a text's value back to the byte of the file that stands for it: an error inside of a text (a
//! regular expression, an address) is underlined where the person typed it, escapes or not.

/// Where in a written text (with its quotes) the byte at `offset` of its value is.
pub(crate) fn offset_in_literal(raw: &str, offset: usize) -> usize {
    let (quotes, escapes) = match raw.as_bytes() {
        [b'\'', b'\'', b'\'', ..] => (3, false),
        [b'"', b'"', b'"', ..] => (3, true),
        [b'\'', ..] => (1, false),
        [b'"', ..] => (1, true),
        _ => (0, false),
    };
    let mut start = quotes;
    if quotes == 3 {
        // A line break right after the opening quotes is not part of the value.
        start += ["\r\n", "\n"].iter().find(|end| raw[start..].starts_with(**end)).map_or(0, |end| end.len());
    }
    let last = raw.len().saturating_sub(quotes).max(start);
    if !escapes {
        return (start + offset).min(last);
    }
    let mut left = offset;
    while left > 0 && start < last {
        let (written, meant) = unit(&raw[start..]);
        left = left.saturating_sub(meant);
        start += written;
    }
    start.min(last)
}

/// How many bytes the first character or escape takes in the file, and how many in the value.
fn unit(raw: &str) -> (usize, usize) {
    let mut letters = raw.chars();
    let first = letters.next().map_or(1, char::len_utf8);
    if !raw.starts_with('\\') {
        return (first, first);
    }
    let digits = match letters.next() {
        Some('x') => 2,
        Some('u') => 4,
        Some('U') => 8,
        // A backslash at a line's end swallows the white space that follows it.
        Some(space) if space.is_ascii_whitespace() => {
            return (1 + raw[1..].len() - raw[1..].trim_start().len(), 0);
        }
        _ => return (2, 1),
    };
    let code = raw.get(2..2 + digits).and_then(|digits| u32::from_str_radix(digits, 16).ok());
    (2 + digits, code.and_then(char::from_u32).map_or(1, char::len_utf8))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_of_the_value_is_found_in_every_kind_of_text() {
        assert_eq!(offset_in_literal("bare", 2), 2);
        assert_eq!(offset_in_literal("'abc'", 2), 3);
        assert_eq!(offset_in_literal("\"abc\"", 2), 3);
        assert_eq!(offset_in_literal(r#""a\tc""#, 2), 4);
        assert_eq!(offset_in_literal(r#""\u00e9c""#, 2), 7);
        assert_eq!(offset_in_literal(r#""\x41c""#, 1), 5);
        assert_eq!(offset_in_literal(r#""\U0001F600c""#, 4), 11);
        assert_eq!(offset_in_literal("'''\nabc'''", 1), 5);
        assert_eq!(offset_in_literal("\"\"\"\r\nabc\"\"\"", 1), 6);
        assert_eq!(offset_in_literal("\"\"\"a\\\n   b\"\"\"", 1), 4);
        assert_eq!(offset_in_literal("\"\"\"a\\\n   b\"\"\"", 2), 10);
    }

    #[test]
    fn no_offset_leads_out_of_the_text() {
        for raw in ["", "'", "''", "'''", "\"\"\"", "\"\\", "\"\\u12\"", "\"\\U00110000\"", "\"ж\\"] {
            for offset in 0..20 {
                let found = offset_in_literal(raw, offset);
                assert!(found <= raw.len(), "{raw} {offset}");
            }
        }
    }
}
