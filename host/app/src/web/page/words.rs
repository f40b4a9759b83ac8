//! Texts of unknown origin made fit for a page: cut to a size, and without what would act on the text around them. The
//! template escapes what HTML would read as its own.

use serde::Serialize;
use stint_domain::entry::Details;

use crate::text::{fit, safe, safe_lines};

/// So many columns of a name or a note are shown.
const COLUMNS: usize = 120;

/// A text in one line.
pub(super) fn line(text: &str) -> String {
    fit(&safe(text), COLUMNS)
}

/// A text of several lines, of which so many characters are shown.
pub(super) fn block(text: &str, letters: usize) -> String {
    let whole = safe_lines(text).join("\n");
    match whole.char_indices().nth(letters) {
        Some((end, _)) => format!("{}…", &whole[..end]),
        None => whole,
    }
}

/// What was worked on.
#[derive(Serialize)]
pub(super) struct About {
    /// The project and the task.
    pub(super) place: String,
    pub(super) note: String,
    pub(super) tags: Vec<String>,
    pub(super) billable: bool,
    /// Whether nothing was said.
    pub(super) is_empty: bool,
}

impl About {
    pub(super) fn of(details: &Details) -> Self {
        let place: Vec<String> =
            [&details.project, &details.task].into_iter().flatten().map(|name| line(name)).collect();
        let is_empty = *details == Details::default();
        Self {
            is_empty,
            place: place.join(" / "),
            note: details.note.as_deref().map(line).unwrap_or_default(),
            tags: details.tags.iter().take(12).map(|tag| line(tag)).collect(),
            billable: details.billable,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_long_is_cut_and_what_is_hidden_is_shown() {
        assert_eq!(line(&"x".repeat(200)).chars().count(), COLUMNS);
        assert_eq!(line("a\u{202e}b"), "a\\u{202e}b");
        assert_eq!(block("ä\nbc", 3), "ä\nb…");
        assert_eq!(block("ä\nbc", 4), "ä\nbc");
    }
}
