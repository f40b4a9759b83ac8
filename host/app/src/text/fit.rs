//! Text in a given number of columns. Wide characters take two, combining ones none, and what is drawn as one picture
//! (a flag, a family of emoji) is never cut in two.

use unicode_width::UnicodeWidthStr as _;

use super::safe;

const CUT: &str = "…";
/// No picture has more bytes: a family of four with its skin tones has 41.
const PICTURE_MAX: usize = 64;

/// A text as one safe line of at most so many columns; what doesn't fit is cut off, and one sees that.
pub(crate) fn fit(text: &str, columns: usize) -> String {
    // No character that is shown has more than four bytes, and only marks have no width: what comes later than this is
    // not reached, and a name of a megabyte costs no more than one of a line.
    let reach = text.char_indices().nth(columns.saturating_add(1) * 10).map_or(text.len(), |(at, _)| at);
    let (shown, more) = (safe(&text[..reach]), reach < text.len());
    if !more && shown.width() <= columns {
        return shown;
    }
    if columns == 0 {
        return String::new();
    }
    format!("{}{CUT}", head(&shown, columns - 1))
}

/// The same, followed by spaces up to that many columns.
pub(crate) fn pad(text: &str, columns: usize) -> String {
    let mut text = fit(text, columns);
    let missing = columns.saturating_sub(text.width());
    text.extend(std::iter::repeat_n(' ', missing));
    text
}

/// As much of the beginning of a safe text as fits.
pub(super) fn head(text: &str, columns: usize) -> &str {
    let (mut end, mut used) = (0, 0);
    for picture in pictures(text) {
        used += picture.width();
        if used > columns {
            break;
        }
        end += picture.len();
    }
    &text[..end]
}

/// The parts of a text that are drawn as one each. What belongs to the part in front of it is told by the width: it has
/// none, or adds none.
fn pictures(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let mut ends = rest.char_indices().map(|(at, letter)| at + letter.len_utf8());
        let mut end = ends.next()?;
        for next in ends.take_while(|next| *next <= PICTURE_MAX) {
            let (picture, letter) = (&rest[..end], &rest[end..next]);
            // Most text is ASCII, in which each letter stands alone.
            if letter.is_ascii() {
                break;
            }
            let belongs = letter.width() == 0
                || picture.ends_with('\u{200d}')
                || is_flag(picture, letter)
                || rest[..next].width() <= picture.width();
            if !belongs {
                break;
            }
            end = next;
        }
        let (picture, after) = rest.split_at(end);
        rest = after;
        Some(picture)
    })
}

/// Whether two letters make one flag.
fn is_flag(one: &str, other: &str) -> bool {
    let indicator = |text: &str| {
        let mut letters = text.chars();
        matches!((letters.next(), letters.next()), (Some('\u{1f1e6}'..='\u{1f1ff}'), None))
    };
    indicator(one) && indicator(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 10] = [
        "plain",
        "工時 工時 工時",
        "👩\u{200d}💻👩\u{200d}💻👩\u{200d}💻",
        "🇦🇹🇩🇪🇨🇭",
        "e\u{301}e\u{301}e\u{301}",
        "\u{1b}[31mred\u{1b}[0m",
        "שלום עולם",
        "a\u{202e}b",
        "❤\u{fe0f}❤\u{fe0f}❤\u{fe0f}",
        "👍🏽👍🏽👍🏽",
    ];

    #[test]
    fn what_fits_stays_whole() {
        assert_eq!(fit("Website", 7), "Website");
        assert_eq!(fit("", 0), "");
        assert_eq!(fit("👩\u{200d}💻", 2), "👩\u{200d}💻");
    }

    #[test]
    fn what_does_not_fit_is_cut_and_one_sees_that() {
        assert_eq!(fit("Website", 6), "Websi…");
        assert_eq!(fit("工時", 3), "工…");
        assert_eq!(fit("工時", 2), "…");
        assert_eq!(fit("Website", 1), "…");
        assert_eq!(fit("Website", 0), "");
    }

    #[test]
    fn what_is_one_picture_is_not_cut_in_two() {
        assert_eq!(fit("👩\u{200d}💻👩\u{200d}💻", 3), "👩\u{200d}💻…");
        assert_eq!(fit("🇦🇹🇩🇪", 3), "🇦🇹…");
        assert_eq!(fit("e\u{301}e\u{301}e\u{301}", 2), "e\u{301}…");
        assert_eq!(fit("👍🏽👍🏽", 3), "👍🏽…");
    }

    #[test]
    fn nothing_is_ever_wider_than_it_may_be() {
        for name in NAMES {
            for columns in 0..30 {
                let (short, padded) = (fit(name, columns), pad(name, columns));
                assert!(short.width() <= columns, "{name} at {columns}: {short}");
                assert_eq!(padded.width(), columns, "{name} at {columns}: {padded}");
            }
            assert_eq!(fit(name, 1_000), safe(name));
        }
    }

    #[test]
    fn a_name_of_ten_kilobytes_is_as_good_as_any() {
        for letter in ["ä", "工", "\u{301}", "\u{200d}", "\u{1b}", "👩\u{200d}", "\u{202e}"] {
            let long = letter.repeat(10_000);
            assert!(fit(&long, 20).width() <= 20, "{letter:?}");
            assert!(fit(&long, 20).len() < 1_000, "{letter:?}");
        }
    }
}
