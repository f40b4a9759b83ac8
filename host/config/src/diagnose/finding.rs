//! A finding: a diagnostic while the configuration is still being read, when places are numbers. Whoever finds
//! something needs no access to the texts; those are looked at once, when all findings are there.

use super::{Code, Diagnostic, Excerpt, Note, Position, Severity, Spot};
use crate::{
    text::{Origin, Place, Sources},
    tree::dotted,
};

/// Something that was found.
#[derive(Clone, Debug)]
pub(crate) struct Finding {
    severity: Severity,
    code: Code,
    message: String,
    key: Option<String>,
    at: Where,
    notes: Vec<(String, Place)>,
    hint: Option<String>,
    open_ended: bool,
}

#[derive(Clone, Debug)]
enum Where {
    Nowhere,
    Place(Place),
    Origin(Origin),
}

impl Finding {
    pub(crate) fn error(code: Code, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, message.into())
    }

    pub(crate) fn warning(code: Code, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, message.into())
    }

    fn new(severity: Severity, code: Code, message: String) -> Self {
        Self {
            severity,
            code,
            message,
            key: None,
            at: Where::Nowhere,
            notes: Vec::new(),
            hint: None,
            open_ended: false,
        }
    }

    /// The place that is meant.
    pub(crate) fn at(self, place: Place) -> Self {
        Self { at: Where::Place(place), ..self }
    }

    /// What is meant, where there is no place in it.
    pub(crate) fn in_all_of(self, origin: Origin) -> Self {
        Self { at: Where::Origin(origin), ..self }
    }

    /// The key that is meant.
    pub(crate) fn key<K: AsRef<str>>(self, path: &[K]) -> Self {
        Self { key: Some(dotted(path)), ..self }
    }

    /// What to do about it.
    pub(crate) fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }

    /// What to do about it, if anything is known.
    pub(crate) fn maybe_hint(self, hint: Option<impl Into<String>>) -> Self {
        match hint {
            Some(hint) => self.hint(hint),
            None => self,
        }
    }

    /// Another place that has to do with it.
    pub(crate) fn note(mut self, message: impl Into<String>, place: Place) -> Self {
        self.notes.push((message.into(), place));
        self
    }

    pub(crate) fn code(&self) -> Code {
        self.code
    }

    /// Whether it says that this key isn't written.
    pub(crate) fn is_missing(&self, key: &str) -> bool {
        self.code == Code::Missing && self.key.as_deref() == Some(key)
    }

    /// Whether it is about values that are right, each for itself.
    pub(crate) fn compares(&self) -> bool {
        matches!(self.code, Code::Conflict | Code::Unsafe)
    }

    /// The table that its key is in.
    pub(crate) fn table(&self) -> Option<String> {
        Some(self.key.as_ref()?.split('.').next()?.to_owned())
    }

    /// What follows its place may belong to it.
    pub(crate) fn open_ended(self) -> Self {
        Self { open_ended: true, ..self }
    }

    pub(crate) fn is_open_ended(&self) -> bool {
        self.open_ended
    }

    /// Whether it says that there is no such table.
    pub(crate) fn is_unknown_at_the_root(&self) -> bool {
        self.code == Code::UnknownKey && self.key.as_ref().is_some_and(|key| !key.contains('.'))
    }

    pub(crate) fn severity(&self) -> Severity {
        self.severity
    }

    /// The place that is meant, if it is one.
    pub(crate) fn place(&self) -> Option<Place> {
        match self.at {
            Where::Place(place) => Some(place),
            _ => None,
        }
    }

    /// With the lines that the places stand for.
    pub(crate) fn resolve(self, sources: &Sources) -> Diagnostic {
        let at = match self.at {
            Where::Nowhere => None,
            Where::Place(place) => Some(spot(sources, place)),
            Where::Origin(origin) => Some(Spot { origin, excerpt: None }),
        };
        let notes = self.notes.into_iter().map(|(message, place)| Note { message, at: spot(sources, place) });
        Diagnostic {
            severity: self.severity,
            code: self.code,
            message: shortened(self.message),
            key: self.key,
            at,
            notes: notes.collect(),
            hint: self.hint,
        }
    }
}

/// Of a message that repeats something very long, its begin and its end.
fn shortened(message: String) -> String {
    const ENDS: usize = 200;
    if message.len() <= 3 * ENDS {
        return message;
    }
    let (head, tail) = (message.floor_char_boundary(ENDS), message.ceil_char_boundary(message.len() - ENDS));
    format!("{}…{}", &message[..head], &message[tail..])
}

fn spot(sources: &Sources, place: Place) -> Spot {
    let line = sources.line(place);
    let position = Position { line: line.number, column: line.column };
    let excerpt = Excerpt { line: line.text, start: line.stretch.start, end: line.stretch.end, position };
    Spot { origin: sources.origin(place), excerpt: Some(excerpt) }
}
