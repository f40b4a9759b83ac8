//! One diagnostic, complete in itself: the lines it shows are part of it, so it can be kept, sent and shown after the
//! files have changed.

use serde_json::{Value, json};

use super::{Code, Severity};
use crate::text::Origin;

/// Something that is wrong with a configuration, or doubtful.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// What kind of mistake it is.
    pub code: Code,
    /// What is wrong, in a sentence.
    pub message: String,
    /// The key that is meant, with dots.
    pub key: Option<String>,
    /// Where it is.
    pub at: Option<Spot>,
    /// Other places that have to do with it.
    pub notes: Vec<Note>,
    /// What to do about it.
    pub hint: Option<String>,
}

/// Another place, and what is to be said about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// What is to be said.
    pub message: String,
    /// The place.
    pub at: Spot,
}

/// A place, with the line it is on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot {
    /// The file, variable or flag.
    pub origin: Origin,
    /// The line, unless all of it is meant.
    pub excerpt: Option<Excerpt>,
}

/// A line (of a very long one a part) and what is meant of it. Secrets in it are masked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    /// The line.
    pub line: String,
    /// The first byte of `line` that is meant.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
    /// Where the line and the part are in the whole.
    pub position: Position,
}

/// A line and a column, both counted from 1, the column in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// The line.
    pub line: u32,
    /// The column.
    pub column: u32,
}

impl Diagnostic {
    /// It as JSON. Columns and lengths are counted in characters.
    pub fn to_json(&self) -> Value {
        let notes: Vec<Value> =
            self.notes.iter().map(|note| json!({"message": note.message, "at": spot(&note.at)})).collect();
        json!({
            "severity": self.severity.word(),
            "code": self.code.word(),
            "message": self.message,
            "key": self.key,
            "at": self.at.as_ref().map(spot),
            "notes": notes,
            "hint": self.hint,
        })
    }

    /// It in one line, for a status or a log.
    pub fn summary(&self) -> String {
        match &self.at {
            Some(spot) => format!("{}: {}", spot.origin, self.message),
            None => self.message.clone(),
        }
    }
}

fn spot(spot: &Spot) -> Value {
    let mut value = spot.origin.to_json();
    if let (Some(excerpt), Value::Object(fields)) = (&spot.excerpt, &mut value) {
        let length = excerpt.line[excerpt.start..excerpt.end].chars().count();
        let start = excerpt.line[..excerpt.start].chars().count();
        fields.insert("text".into(), excerpt.line.clone().into());
        fields.insert("start".into(), start.into());
        fields.insert("length".into(), length.into());
    }
    value
}
