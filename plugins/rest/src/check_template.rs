//! What is wrong with a template: its braces, its names, and whether what it asks for fits where it stands.

use stint_plugin_sdk::Problem;

use crate::fields::{self, BASE64, Subject};
use crate::fill::split_outside;
use crate::format::{Format, Holds};
use crate::nearest;
use crate::template::{Malformed, Placeholder, Template};

/// Where a template stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Where {
    Path,
    Header,
    Text,
    Json,
}

/// Looks at templates, and remembers what it found.
#[derive(Default)]
pub(crate) struct Templates {
    pub(crate) problems: Vec<Problem>,
    /// The places of templates that use the backend's id of the entry.
    pub(crate) uses_remote_id: Vec<String>,
}

impl Templates {
    /// Looks at a template that is for items of all these subjects; without any, it is for no item.
    pub(crate) fn look(&mut self, place: &str, text: &str, subjects: &[Subject], stands: Where) {
        let mut found =
            |message: String, hint: String| self.problems.push(Problem::new(place, message).hint(hint));
        if stands == Where::Path
            && let Some((message, hint)) = path_complaint(text)
        {
            found(message.to_owned(), hint.to_owned());
        }
        if stands == Where::Header && text.chars().any(|letter| !letter.is_ascii() || letter.is_control()) {
            found("a header is one line of ASCII".to_owned(), "take the other characters out".to_owned());
        }
        // A path is taken apart before it is filled.
        let pieces = if stands == Where::Path { split_outside(text, '/') } else { vec![text] };
        for piece in pieces {
            match Template::parse(piece) {
                Ok(template) => {
                    for placeholder in template.placeholders() {
                        self.placeholder(place, placeholder, subjects, stands);
                    }
                }
                Err(Malformed { message, hint }) => {
                    self.problems.push(Problem::new(place, message).hint(hint));
                }
            }
        }
    }

    fn placeholder(&mut self, place: &str, placeholder: &Placeholder, subjects: &[Subject], stands: Where) {
        let name = placeholder.name.as_str();
        if name == "remote_id" && self.uses_remote_id.last().is_none_or(|last| last != place) {
            self.uses_remote_id.push(place.to_owned());
        }
        if let Some((message, hint)) = complaint(placeholder, subjects, stands) {
            self.problems.push(Problem::new(place, message).hint(hint));
        }
    }
}

fn complaint(placeholder: &Placeholder, subjects: &[Subject], stands: Where) -> Option<(String, String)> {
    let name = placeholder.name.as_str();
    let Some(first) = subjects.first() else {
        return Some(("this is asked without any item".to_owned(), "take the placeholder out".to_owned()));
    };
    if let Some(lacking) = subjects.iter().find(|subject| !subject.has(name)) {
        // A name that no item has is misspelt; one that others have is at the wrong place.
        let message = format!("{} has no `{name}`", lacking.words());
        let known = lacking.names().filter(|name| subjects.iter().all(|subject| subject.has(name)));
        return Some((message, nearest::hint(name, known)));
    }
    if name == BASE64 && stands != Where::Json {
        return Some((
            "only JSON carries a picture as base64".to_owned(),
            "write file = true to send it as it is".to_owned(),
        ));
    }
    let format = placeholder.format?;
    let holds = fields::holds(name);
    if !format.suits(holds) {
        return Some(match holds {
            Holds::Other => (
                format!("`{name}` is neither a moment nor a length of time"),
                "take the format out".to_owned(),
            ),
            _ => {
                (format!("this format doesn't fit `{name}`"), format!("one of {}", Format::words_for(holds)))
            }
        });
    }
    if format.is_local() && *first != Subject::TimeEntry {
        let message = "only a time entry says which time zone its person was in".to_owned();
        return Some((message, "write rfc3339, date, s or ms".to_owned()));
    }
    None
}

fn path_complaint(path: &str) -> Option<(&'static str, &'static str)> {
    if !path.starts_with('/') {
        return Some(("a path begins with a slash", "write /time-entries, for example"));
    }
    if path.contains(['#', '\\']) || path.chars().any(|letter| letter.is_whitespace() || letter.is_control())
    {
        return Some((
            "this can't be part of an address",
            "letters, digits, /, - and placeholders; %20 is a space",
        ));
    }
    None
}
