//! The part of a line that fits, and the carets under what is meant. Columns are a terminal's: wide characters take
//! two, combining ones none, and a character that isn't shown as itself takes what it is shown as.

use unicode_width::UnicodeWidthStr;

use super::{Excerpt, safe::shown};

/// What is shown of a line, and its carets.
pub(crate) struct Marked {
    pub(crate) text: String,
    pub(crate) before: usize,
    pub(crate) carets: usize,
}

/// One character as shown, and its place in the line.
struct Cell {
    at: usize,
    text: String,
    columns: usize,
}

const CUT: &str = "…";

/// The line in at most `width` columns, around the part that is meant.
pub(crate) fn mark(excerpt: &Excerpt, width: usize) -> Marked {
    let cells = cells(&excerpt.line);
    let columns = |from: usize, to: usize| -> usize {
        cells.iter().filter(|cell| (from..to).contains(&cell.at)).map(|cell| cell.columns).sum()
    };
    let total = columns(0, usize::MAX);
    let before = columns(0, excerpt.start);
    let meant = columns(excerpt.start, excerpt.end).max(1);
    let width = width.max(6);
    if total.max(before + 1) <= width {
        return Marked { text: cells.into_iter().map(|cell| cell.text).collect(), before, carets: meant };
    }
    // The window begins a little before what is meant, or earlier where the line ends soon after it.
    let latest = (total.max(before + 1) + 1).saturating_sub(width);
    let begin = before.saturating_sub(width / 3).min(latest);
    window(&cells, begin, width, before, meant)
}

fn window(cells: &[Cell], begin: usize, width: usize, before: usize, meant: usize) -> Marked {
    let (mut text, mut used, mut column) = (String::new(), 0, 0);
    let (mut start, mut stop) = (None, None);
    if begin > 0 {
        text.push_str(CUT);
        used = 1;
    }
    for cell in cells {
        let visible = column >= begin;
        if visible {
            let more_follow = column + cell.columns < cells.iter().map(|cell| cell.columns).sum();
            if used + cell.columns + usize::from(more_follow) > width {
                text.push_str(CUT);
                used += 1;
                break;
            }
            start = start.or((column >= before).then_some(used));
            stop = stop.or((column >= before + meant).then_some(used));
            text.push_str(&cell.text);
            used += cell.columns;
        }
        column += cell.columns;
    }
    let start = start.unwrap_or(used);
    Marked { text, before: start, carets: stop.unwrap_or(used).saturating_sub(start).max(1) }
}

fn cells(line: &str) -> Vec<Cell> {
    let mut cells: Vec<Cell> = Vec::new();
    for (at, letter) in line.char_indices() {
        let mut text = String::new();
        shown(letter, &mut text);
        match cells.last_mut() {
            // What has no width of its own is drawn with the character before it.
            Some(last) if text.width() == 0 => last.text.push_str(&text),
            _ => cells.push(Cell { at, columns: text.width(), text }),
        }
    }
    cells
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnose::Position;

    fn marked(line: &str, meant: &str, width: usize) -> (String, String) {
        let start = line.find(meant).unwrap();
        let position = Position { line: 1, column: 1 };
        let excerpt = Excerpt { line: line.into(), start, end: start + meant.len(), position };
        let marked = mark(&excerpt, width);
        let carets = format!("{}{}", " ".repeat(marked.before), "^".repeat(marked.carets));
        assert!(marked.text.width() <= width.max(6), "{} at {width}", marked.text);
        assert!(
            carets.len() <= width.max(6) && carets.len() <= marked.text.width() + 1,
            "{}\n{carets} at {width}",
            marked.text
        );
        (marked.text, carets)
    }

    #[test]
    fn carets_stand_under_what_is_meant() {
        assert_eq!(marked("a = \"b\"", "\"b\"", 80), ("a = \"b\"".into(), "    ^^^".into()));
        assert_eq!(marked("工 = 時", "時", 80), ("工 = 時".into(), "     ^^".into()));
        assert_eq!(marked("\ta = 1", "1", 80), ("    a = 1".into(), "        ^".into()));
        assert_eq!(marked("e\u{301} = 1", "1", 80), ("e\u{301} = 1".into(), "    ^".into()));
        assert_eq!(marked("\u{1b} = 1", "1", 80), ("␛ = 1".into(), "    ^".into()));
        assert_eq!(marked("", "", 80), (String::new(), "^".into()));
    }

    #[test]
    fn a_long_line_is_shown_around_what_is_meant() {
        let line = format!("{} = \"needle\" # {}", "k".repeat(40), "c".repeat(40));
        assert_eq!(
            marked(&line, "\"needle\"", 20),
            ("…kkk = \"needle\" # c…".into(), "       ^^^^^^^^".into())
        );
        for width in 0..60 {
            let (text, carets) = marked(&line, "\"needle\"", width);
            assert!(text.contains("\"n"), "{text}\n{carets} at {width}");
        }
        for width in 0..60 {
            marked("file = \"stint.log", "", width);
            marked(&line, "needle\" #", width);
            marked("時時時時時時時時時時時時 = 工工工工工工工工工工", "工工工", width);
        }
    }
}
