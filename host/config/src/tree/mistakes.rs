//! What is wrong with the form of a document, in plain words. The parser goes on after a mistake and reports what
//! follows from it too; here one mistake is told once.

use super::{Node, Table, Value, secrets::may_hold_a_secret};
use crate::{
    diagnose::{Code, Finding},
    text::{Place, SourceId},
};

type TomlError = toml::de::Error;

/// What the parser found, without what only follows from something else.
pub(super) fn explain_all(text: &str, tree: &Table, source: SourceId, errors: &[TomlError]) -> Vec<Finding> {
    let mut found: Vec<Finding> = Vec::new();
    let mut told: Vec<usize> = Vec::new();
    let lists = open_lists(tree, errors);
    for (open, end) in &lists {
        let finding = Finding::error(Code::Syntax, "this list has no end").hint("add the closing ]");
        found.push(finding.at(Place { source, start: *open, end: open + 1 }).open_ended());
        told.extend(line_starts(text, *open, *end));
    }
    for error in errors {
        let line = error.span().map(|span| line_of(text, span.start).0);
        if line.is_some_and(|line| told.contains(&line)) || follows_from_a_header(text, error, errors) {
            continue;
        }
        told.extend(line);
        found.push(explain(text, tree, source, error));
    }
    found
}

/// Where lists begin that have no end, and where the parser noticed it.
fn open_lists(tree: &Table, errors: &[TomlError]) -> Vec<(usize, usize)> {
    fn lists(node: &Node, found: &mut Vec<(usize, usize)>) {
        match &node.value {
            Value::List(items) => {
                found.push((node.at.start, node.at.end));
                for item in items {
                    lists(item, found);
                }
            }
            Value::Table(table) => {
                for node in table.values() {
                    lists(node, found);
                }
            }
            _ => {}
        }
    }
    let mut all = Vec::new();
    for node in tree.values() {
        lists(node, &mut all);
    }
    let unclosed = errors.iter().filter(|error| error.message().starts_with("unclosed array,"));
    let open = unclosed.filter_map(|error| {
        let end = error.span()?.start;
        // The list that was begun first: in it everything up to here was taken for an item.
        let begin =
            all.iter().filter(|(start, stop)| *start < end && *stop >= end).map(|(start, _)| *start).min()?;
        Some((begin, end))
    });
    open.collect()
}

/// Where the lines begin from one byte to another.
fn line_starts(text: &str, from: usize, to: usize) -> Vec<usize> {
    let first = line_of(text, from).0;
    let others = text[first..to.min(text.len())].match_indices('\n').map(|(at, _)| first + at + 1);
    [first].into_iter().chain(others).collect()
}

/// A mistake of the document's form, with a way out where the usual reason is known.
fn explain(text: &str, tree: &Table, source: SourceId, error: &TomlError) -> Finding {
    let end = text.trim_end().len();
    let mut span = error.span().unwrap_or(end..end);
    let (begin, line) = line_of(text, span.start);
    let (message, hint) = plain_words(error.message(), line);
    let finding = Finding::error(Code::Syntax, message).maybe_hint(hint);
    if error.message().contains("escape") {
        span.start = text[begin..span.start].rfind('\\').map_or(span.start, |at| begin + at);
        span.end = text[span.start..].char_indices().nth(2).map_or(text.len(), |(at, _)| span.start + at);
        let at = Place { source, start: span.start, end: span.end };
        return finding.at(at).hint("in \"…\" a backslash begins an escape; in '…' it is itself");
    }
    let at = Place { source, start: span.start, end: span.end };
    let finding = finding.at(at);
    if is_duplicate(error) {
        let first = if line.starts_with('[') {
            first_header(text, begin, line, at)
        } else {
            first_key(text, tree, at)
        };
        return first.into_iter().fold(finding, |finding, first| finding.note("it is here already", first));
    }
    finding
}

/// A mistake of the form in plain words, where it is one that people make; otherwise in the parser's.
fn plain_words(message: &str, line: &str) -> (String, Option<String>) {
    match line.split_once('=').map(|(_, value)| value.trim()) {
        Some("") => return ("this key has no value".to_owned(), Some("write one after the =".to_owned())),
        Some(value) if is_bare_word(value) && may_hold_a_secret(line) => {
            return ("this text has no quotes".to_owned(), Some("a text needs quotes".to_owned()));
        }
        Some(value) if is_bare_word(value) => {
            return ("this text has no quotes".to_owned(), Some(format!("write \"{value}\"")));
        }
        None if line.contains(':') => {
            let hint = "between a key and its value stands an =";
            return ("this key has no value".to_owned(), Some(hint.to_owned()));
        }
        _ => {}
    }
    let known = [
        ("invalid basic string", "this text doesn't end where its line does", "add the closing \""),
        ("invalid literal string", "this text doesn't end where its line does", "add the closing '"),
        ("invalid multi-line", "this text of several lines has no end", "add the closing three quotes"),
        ("unclosed table", "this header has no end", "add the closing ]"),
        ("unclosed array table", "this header has no end", "add the closing ]]"),
        ("unclosed inline table", "this table has no end", "add the closing }"),
        ("key with no value", "this key has no value", "write KEY = VALUE"),
        ("missing value", "this key has no value", "write KEY = VALUE"),
        ("missing comma", "a comma is missing here", "items have commas between them"),
        (
            "unexpected leading zero",
            "this number begins with a zero",
            "take the zero out, or write it as a text",
        ),
        ("duplicate key", "this is written twice", "keep one of the two"),
    ];
    match known.iter().find(|(theirs, ..)| message.starts_with(theirs)) {
        Some((_, ours, hint)) => ((*ours).to_owned(), Some((*hint).to_owned())),
        None => (format!("this is not TOML: {message}"), None),
    }
}

/// Whether somebody forgot the quotes: `interval = 10s`, `level = info`.
fn is_bare_word(value: &str) -> bool {
    let value = value.trim();
    value.chars().any(char::is_alphabetic)
        && !value.contains(['"', '\'', '[', ']', '{', '}', ',', '=', '#'])
        && value.chars().count() <= 60
}

fn is_duplicate(error: &TomlError) -> bool {
    error.message().starts_with("duplicate key")
}

/// The line of a byte, and where it begins.
fn line_of(text: &str, at: usize) -> (usize, &str) {
    let begin = text[..text.floor_char_boundary(at)].rfind('\n').map_or(0, |newline| newline + 1);
    (begin, text[begin..].lines().next().unwrap_or_default())
}

/// Whether a key is only there twice because the header above it is.
fn follows_from_a_header(text: &str, error: &TomlError, errors: &[TomlError]) -> bool {
    let header_of = |error: &TomlError| {
        let at = text.floor_char_boundary(error.span()?.end);
        let begin = text[..at].rfind("\n[").map_or(0, |newline| newline + 1);
        Some((begin, line_of(text, at).0 == begin))
    };
    let Some((header, false)) = header_of(error).filter(|_| is_duplicate(error)) else {
        return false;
    };
    errors.iter().any(|other| is_duplicate(other) && header_of(other) == Some((header, true)))
}

/// The same header, further up.
fn first_header(text: &str, begin: usize, line: &str, at: Place) -> Option<Place> {
    let header = line.split(']').next()?;
    let mut start = 0;
    for earlier in text[..begin].split_inclusive('\n') {
        if earlier.split(']').next() == Some(header) {
            let shift = begin - start;
            return Some(Place { start: at.start - shift, end: at.end - shift, ..at });
        }
        start += earlier.len();
    }
    None
}

/// The nearest key of that text further up.
fn first_key(text: &str, tree: &Table, at: Place) -> Option<Place> {
    let key = text.get(at.start..at.end)?;
    let mut found = Vec::new();
    keys_of(tree, &mut found);
    let same = found.into_iter().filter(|place| {
        place.start < at.start
            && text.get(place.start..place.end) == Some(key)
            && !line_of(text, place.start).1.starts_with('[')
    });
    same.max_by_key(|place| place.start)
}

fn keys_of(table: &Table, found: &mut Vec<Place>) {
    for node in table.values() {
        found.push(node.key);
        match &node.value {
            Value::Table(inner) => keys_of(inner, found),
            Value::List(items) => {
                for inner in items.iter().filter_map(Node::table) {
                    keys_of(inner, found);
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hint_repeats_a_word_without_quotes_but_never_a_secret() {
        let hint = |line| plain_words("", line).1.unwrap_or_default();
        assert_eq!(hint("plugin = redmine"), "write \"redmine\"");
        for line in
            ["value = hunter2", "refresh_token = hunter2", "api_key = hunter2", "x = { password = hunter2"]
        {
            assert!(!hint(line).contains("hunter2"), "{line}: {}", hint(line));
        }
    }
}
