//! A table: columns side by side where they fit, else each row as a little list. A screen of twenty columns shows the
//! same as one of a hundred, only longer.

use unicode_width::UnicodeWidthStr as _;

use super::{Page, Tone, fit, pad, safe};

/// Between two columns.
const BETWEEN: usize = 2;
/// No column but the last is wider, whatever is in it.
const COLUMN_MAX: usize = 24;

/// One row.
#[derive(Clone, Debug, Default)]
pub(crate) struct Row {
    /// One text for each column.
    pub(crate) cells: Vec<String>,
    /// What is said under it.
    pub(crate) notes: Vec<(Tone, String)>,
}

/// A table.
#[derive(Clone, Debug)]
pub(crate) struct Table<'a> {
    names: &'a [&'a str],
    rows: Vec<Row>,
}

impl<'a> Table<'a> {
    /// An empty table with columns of these names.
    pub(crate) fn new(names: &'a [&'a str]) -> Self {
        Self { names, rows: Vec::new() }
    }

    /// One more row.
    pub(crate) fn push(&mut self, row: Row) {
        self.rows.push(row);
    }

    /// Writes it on a page.
    pub(crate) fn write(&self, page: &mut Page) {
        let widths = self.widths();
        let whole = widths.iter().sum::<usize>() + BETWEEN * widths.len().saturating_sub(1);
        if whole <= page.width() {
            self.side_by_side(&widths, page);
        } else {
            self.one_by_one(page);
        }
    }

    /// How wide each column is at most.
    fn widths(&self) -> Vec<usize> {
        let widest = |column: usize, name: &str| {
            let cells = self.rows.iter().filter_map(|row| row.cells.get(column));
            cells.map(|cell| fit(cell, COLUMN_MAX).width()).max().unwrap_or_default().max(name.width())
        };
        self.names.iter().enumerate().map(|(column, name)| widest(column, name)).collect()
    }

    fn side_by_side(&self, widths: &[usize], page: &mut Page) {
        let line = |cells: &mut dyn Iterator<Item = &str>| {
            let padded: Vec<String> = cells.zip(widths).map(|(cell, width)| pad(cell, *width)).collect();
            padded.join(&" ".repeat(BETWEEN)).trim_end().to_owned()
        };
        page.line(0, Tone::Faint, &line(&mut self.names.iter().copied()));
        for row in &self.rows {
            page.line(0, Tone::Plain, &line(&mut row.cells.iter().map(String::as_str)));
            notes(row, 4, page);
        }
    }

    fn one_by_one(&self, page: &mut Page) {
        for row in &self.rows {
            for (place, (name, cell)) in self.names.iter().zip(&row.cells).enumerate() {
                let cell = safe(cell);
                match place {
                    0 => page.line(0, Tone::Plain, &cell),
                    _ if cell.is_empty() => {}
                    _ => page.say(2, Tone::Plain, &format!("{}: {}", name.to_lowercase(), fit(&cell, 60))),
                }
            }
            notes(row, 2, page);
        }
    }
}

fn notes(row: &Row, indent: usize, page: &mut Page) {
    for (tone, note) in &row.notes {
        page.say(indent, *tone, note);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(width: usize) -> String {
        let mut table = Table::new(&["TARGET", "STATE", "PENDING"]);
        let cells = |cells: [&str; 3]| cells.map(str::to_owned).to_vec();
        table.push(Row { cells: cells(["工時", "ok", "3"]), notes: Vec::new() });
        let notes = vec![(Tone::Plain, "held: the plugin is not there".to_owned())];
        table.push(Row { cells: cells(["work", "", "12"]), notes });
        let mut page = Page::new(width);
        table.write(&mut page);
        anstream::adapter::strip_str(&page.finish()).to_string()
    }

    #[test]
    fn columns_stand_side_by_side_where_they_fit() {
        assert_eq!(
            table(40),
            "TARGET  STATE  PENDING\n工時    ok     3\nwork           12\n    held: the plugin is not there\n"
        );
    }

    #[test]
    fn a_narrow_page_shows_row_by_row() {
        assert_eq!(
            table(20),
            "工時\n  state: ok\n  pending: 3\nwork\n  pending: 12\n  held: the plugin\n    is not there\n"
        );
    }

    #[test]
    fn no_column_takes_all_the_room() {
        let mut table = Table::new(&["TARGET", "STATE"]);
        table.push(Row { cells: vec!["x".repeat(10_000), "ok".to_owned()], notes: Vec::new() });
        let mut page = Page::new(40);
        table.write(&mut page);
        assert!(page.finish().ends_with(&format!("{}…  ok\n", "x".repeat(23))));
    }
}
