//! Text that others chose: titles of windows, names of screens, what a program says of an error.

/// One line of it, without control characters: they would be orders to a terminal.
pub(crate) fn tidy(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let tidy: String = text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    tidy.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_one_line_whatever_a_program_says() {
        assert_eq!(tidy(b"  a\x1b[31mred\nline\0"), "a [31mred line");
        assert_eq!(tidy("one\u{9b}31m two\u{7f}".as_bytes()), "one 31m two");
        assert_eq!(tidy(b"caf\xc3\xa9 \xff"), "café \u{fffd}");
    }
}
