//! The texts themselves: each file, each environment variable and each flag is a source, so that an error in any of
//! them is shown in the same way. What looks like a secret is masked here, before anything is shown of a line.

use std::{ops::Range, path::PathBuf};

use super::{Origin, offset_in_literal};

/// What a source is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SourceName {
    File(PathBuf),
    Variable(String),
    Flag(String),
}

/// The number of a source among its [`Sources`]. Later layers have higher numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct SourceId(usize);

/// A stretch of a source, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub(crate) source: SourceId,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// One text.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    pub(crate) name: SourceName,
    pub(crate) text: String,
    /// The folder that relative paths in it start from.
    pub(crate) base: PathBuf,
    /// What is never shown of it.
    pub(crate) masks: Vec<Range<usize>>,
}

/// One line of a source with a stretch of it, in bytes, masked and without its end; of a very long line the part
/// around the stretch.
pub(crate) struct Line {
    pub(crate) number: u32,
    pub(crate) column: u32,
    pub(crate) text: String,
    pub(crate) stretch: Range<usize>,
}

/// All texts of one configuration.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sources(Vec<Source>);

/// How many bytes before a place are kept of a very long line, and half of those after it.
const AROUND: usize = 400;

/// What is shown in place of a secret.
const MASK: char = '•';

impl Sources {
    pub(crate) fn add(&mut self, source: Source) -> SourceId {
        self.0.push(source);
        SourceId(self.0.len() - 1)
    }

    pub(crate) fn get(&self, id: SourceId) -> &Source {
        &self.0[id.0]
    }

    pub(crate) fn mask(&mut self, place: Place) {
        self.0[place.source.0].masks.push(place.start..place.end);
    }

    pub(crate) fn is_masked(&self, place: Place) -> bool {
        self.get(place.source).masks.iter().any(|mask| mask.start < place.end && place.start < mask.end)
    }

    /// The part of a written text that stands for these bytes of its value.
    pub(crate) fn inside(&self, whole: Place, part: &Range<usize>) -> Place {
        let raw = &self.get(whole.source).text[whole.start..whole.end];
        let start = whole.start + offset_in_literal(raw, part.start);
        let end = whole.start + offset_in_literal(raw, part.end);
        Place { start, end: end.max(start), ..whole }
    }

    pub(crate) fn origin(&self, place: Place) -> Origin {
        match &self.get(place.source).name {
            SourceName::File(path) => {
                let line = self.line(place);
                Origin::File { path: path.clone(), line: Some(line.number), column: Some(line.column) }
            }
            SourceName::Variable(name) => Origin::Variable(name.clone()),
            SourceName::Flag(name) => Origin::Flag(name.clone()),
        }
    }

    /// The first line of a place, and where in it the place is.
    pub(crate) fn line(&self, place: Place) -> Line {
        let source = self.get(place.source);
        let at = floor(&source.text, place.start);
        let begin = source.text[..at].rfind('\n').map_or(0, |newline| newline + 1);
        let end = source.text[at..].find('\n').map_or(source.text.len(), |length| at + length);
        let whole = source.text[begin..end].trim_end_matches('\r');
        let end = begin + whole.len();
        let start = at.min(end);
        let stretch = start..floor(&source.text, place.end).clamp(start, end);
        let number = source.text[..begin].matches('\n').count() + 1;
        let column = source.text[begin..start].chars().count() + 1;
        let begin = begin.max(floor(&source.text, start.saturating_sub(AROUND)));
        let end = end.min(floor(&source.text, stretch.start + 2 * AROUND));
        let stretch = start..stretch.end.min(end);
        let (text, stretch) = masked(source, begin..end, &stretch);
        Line { number: small(number), column: small(column), text, stretch }
    }
}

/// The nearest border of a character at or before a byte.
fn floor(text: &str, at: usize) -> usize {
    text.floor_char_boundary(at)
}

fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// A line with its secrets masked, and where the stretch is then.
fn masked(source: &Source, line: Range<usize>, stretch: &Range<usize>) -> (String, Range<usize>) {
    let (mut text, mut start, mut end) = (String::new(), None, None);
    // Where the mask began that the last character was under.
    let mut mask_began: Option<usize> = None;
    for (offset, letter) in source.text[line.clone()].char_indices() {
        let at = line.start + offset;
        let hidden = source.masks.iter().any(|mask| mask.contains(&at));
        let inside = mask_began.filter(|_| hidden);
        start = start.or((at >= stretch.start).then_some(inside.unwrap_or(text.len())));
        end = end.or((at >= stretch.end && inside.is_none()).then_some(text.len()));
        match (hidden, inside) {
            (false, _) => text.push(letter),
            (true, None) => {
                mask_began = Some(text.len());
                text.extend([MASK; 3]);
            }
            (true, Some(_)) => {}
        }
        if !hidden {
            mask_began = None;
        }
    }
    let end = end.unwrap_or(text.len());
    let start = start.unwrap_or(end).min(end);
    (text, start..end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str, masks: &[Range<usize>], place: Range<usize>) -> (u32, u32, String, Range<usize>) {
        let mut sources = Sources::default();
        let source = sources.add(Source {
            name: SourceName::Flag("--set".into()),
            text: text.into(),
            base: PathBuf::new(),
            masks: masks.to_vec(),
        });
        let line = sources.line(Place { source, start: place.start, end: place.end });
        (line.number, line.column, line.text, line.stretch)
    }

    #[test]
    fn a_place_is_a_line_a_column_and_a_stretch_of_that_line() {
        assert_eq!(line("a\r\nbcd\r\n", &[], 4..6), (2, 2, "bcd".into(), 1..3));
        assert_eq!(line("a\nbcd\nxyz", &[], 3..8), (2, 2, "bcd".into(), 1..3));
        assert_eq!(line("a\n", &[], 2..2), (2, 1, String::new(), 0..0));
        assert_eq!(line("a\n", &[], 1..9), (1, 2, "a".into(), 1..1));
        assert_eq!(line("жук", &[], 2..4), (1, 2, "жук".into(), 2..4));
        assert_eq!(line("жук", &[], 3..4), (1, 2, "жук".into(), 2..4));
    }

    #[test]
    fn of_a_very_long_line_the_part_around_the_place_is_kept() {
        let text = format!("{}needle{}", "ж".repeat(5_000), "工".repeat(5_000));
        let (number, column, shown, stretch) = line(&text, &[], 10_000..10_006);
        assert_eq!((number, column, &shown[stretch]), (1, 5_001, "needle"));
        assert!(shown.len() <= 1_200, "{}", shown.len());
        let (_, _, shown, stretch) = line(&text, &[], 0..text.len());
        assert_eq!((shown.len(), stretch), (800, 0..800));
    }

    #[test]
    fn a_secret_is_masked_and_the_length_of_it_too() {
        let text = "k = \"hunter2\", x";
        let mask = 5..12;
        assert_eq!(line(text, std::slice::from_ref(&mask), 4..13).2, "k = \"•••\", x");
        let (_, column, shown, stretch) = line(text, std::slice::from_ref(&mask), 15..16);
        assert_eq!((column, &shown[stretch]), (16, "x"));
        let (_, _, shown, stretch) = line(text, std::slice::from_ref(&mask), 4..13);
        assert_eq!(&shown[stretch], "\"•••\"");
        let (_, _, shown, stretch) = line(text, std::slice::from_ref(&mask), 7..9);
        assert_eq!(&shown[stretch], "•••");
        let (_, _, shown, stretch) = line(text, &[mask], 5..12);
        assert_eq!(&shown[stretch], "•••");
    }
}
