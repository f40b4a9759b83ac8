//! Texts with placeholders: `{entry.note}`, `{entry.started_at:rfc3339}`, `{entry.task?}`, `{remote_id!}`. A brace
//! that is meant is written twice.

use crate::format::Format;

/// A text, taken apart.
#[derive(Debug, PartialEq)]
pub(crate) struct Template(pub(crate) Vec<Piece>);

/// A piece of one.
#[derive(Debug, PartialEq)]
pub(crate) enum Piece {
    Text(String),
    Placeholder(Placeholder),
}

/// A place for something of the item.
#[derive(Debug, PartialEq)]
pub(crate) struct Placeholder {
    /// A path into the item's fields.
    pub(crate) name: String,
    pub(crate) format: Option<Format>,
    pub(crate) absent: Absent,
}

/// What is done where the item has nothing to put there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Absent {
    /// `null` in JSON, nothing in a text.
    Null,
    /// In JSON the whole field is left out; in a text nothing stands there.
    Omit,
    /// The item can't be sent.
    Refuse,
}

/// What is wrong with a text.
#[derive(Debug, PartialEq)]
pub(crate) struct Malformed {
    pub(crate) message: String,
    pub(crate) hint: String,
}

impl Template {
    pub(crate) fn parse(text: &str) -> Result<Self, Malformed> {
        let mut pieces = Vec::new();
        let mut plain = String::new();
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            plain.push_str(&rest[..at]);
            let brace = &rest[at..=at];
            let behind = &rest[at + 1..];
            if let Some(behind) = behind.strip_prefix(brace) {
                plain.push_str(brace);
                rest = behind;
                continue;
            }
            let Some((inner, behind)) = behind.split_once('}').filter(|_| brace == "{") else {
                return Err(Malformed {
                    message: format!("this `{brace}` has no other half"),
                    hint: format!(
                        "write `{brace}{brace}` for the sign itself, or `{{key}}` for a placeholder"
                    ),
                });
            };
            if !plain.is_empty() {
                pieces.push(Piece::Text(std::mem::take(&mut plain)));
            }
            pieces.push(Piece::Placeholder(Placeholder::parse(inner)?));
            rest = behind;
        }
        plain.push_str(rest);
        if !plain.is_empty() {
            pieces.push(Piece::Text(plain));
        }
        Ok(Self(pieces))
    }

    /// The placeholder that is all there is.
    pub(crate) fn alone(&self) -> Option<&Placeholder> {
        match self.0.as_slice() {
            [Piece::Placeholder(placeholder)] => Some(placeholder),
            _ => None,
        }
    }

    /// The text, if there is no placeholder in it.
    pub(crate) fn fixed(self) -> Option<String> {
        let text = |piece| if let Piece::Text(text) = piece { Some(text) } else { None };
        self.0.into_iter().map(text).collect()
    }

    pub(crate) fn placeholders(&self) -> impl Iterator<Item = &Placeholder> {
        self.0.iter().filter_map(|piece| match piece {
            Piece::Placeholder(placeholder) => Some(placeholder),
            Piece::Text(_) => None,
        })
    }
}

impl Placeholder {
    fn parse(inner: &str) -> Result<Self, Malformed> {
        let (inner, absent) = match (inner.strip_suffix('?'), inner.strip_suffix('!')) {
            (Some(inner), _) => (inner, Absent::Omit),
            (_, Some(inner)) => (inner, Absent::Refuse),
            _ => (inner, Absent::Null),
        };
        let (name, format) = match inner.split_once(':') {
            Some((name, format)) => (name, Some(Format::parse(format)?)),
            None => (inner, None),
        };
        Ok(Self { name: name.to_owned(), format, absent })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Piece {
        Piece::Text(text.to_owned())
    }

    fn placeholder(name: &str, format: Option<Format>, absent: Absent) -> Piece {
        Piece::Placeholder(Placeholder { name: name.to_owned(), format, absent })
    }

    #[test]
    fn a_text_is_taken_apart() {
        let parsed = |text| Template::parse(text).unwrap().0;
        assert_eq!(parsed(""), []);
        assert_eq!(parsed("a {{b}} c"), [text("a {b} c")]);
        assert_eq!(
            parsed("x{entry.note?}{{{occurred_at:rfc3339!}"),
            [
                text("x"),
                placeholder("entry.note", None, Absent::Omit),
                text("{"),
                placeholder("occurred_at", Some(Format::Rfc3339), Absent::Refuse)
            ]
        );
    }

    #[test]
    fn half_a_placeholder_is_none() {
        for (half, brace) in [("a {key", '{'), ("a } b", '}'), ("{key}}", '}'), ("{{{", '{')] {
            let malformed = Template::parse(half).unwrap_err();
            assert_eq!(malformed.message, format!("this `{brace}` has no other half"), "{half}");
        }
        let malformed = Template::parse("{entry.started_at:rfc339}").unwrap_err();
        assert_eq!(malformed.hint, "did you mean `rfc3339`?");
    }
}
