//! Reads a plugin from its settings, so that a complaint carries the place (a JSON pointer) and what to write.

use serde::de::DeserializeOwned;
use serde_path_to_error::{Path, Segment};

use crate::types::Problem;

/// A type that serde can read from the operator's settings. Every `#[derive(serde::Deserialize)]` type without
/// borrowed fields is one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be read from the operator's settings",
    label = "a plugin is its own settings, so serde has to be able to make one",
    note = "add `#[derive(serde::Deserialize)]` to `{Self}`, even if it has no fields: `struct {Self} {{}}`"
)]
pub trait Settings: Sized {
    /// Reads the settings, which arrive as a JSON object.
    #[doc(hidden)]
    fn from_json(json: &str) -> Result<Self, Problem>;
}

impl<T: DeserializeOwned> Settings for T {
    fn from_json(json: &str) -> Result<Self, Problem> {
        let mut reader = serde_json::Deserializer::from_str(json);
        serde_path_to_error::deserialize(&mut reader).map_err(|error| {
            let path = pointer(error.path());
            explain(path, &error.into_inner().to_string())
        })
    }
}

/// Reads a plugin from settings. `struct Plain;` reads from nothing at all, as serde sees it, so empty settings
/// are offered to it once more as `null`.
pub(crate) fn read<S: Settings>(json: &str) -> Result<S, Problem> {
    S::from_json(json).or_else(|problem| {
        if json.trim() == "{}" { S::from_json("null").map_err(|_| problem) } else { Err(problem) }
    })
}

/// The place as a JSON pointer (RFC 6901).
fn pointer(path: &Path) -> String {
    let mut pointer = String::new();
    for segment in path {
        match segment {
            Segment::Seq { index } => pointer.extend(["/", &index.to_string()]),
            Segment::Map { key } | Segment::Enum { variant: key } => {
                pointer.extend(["/", &key.replace('~', "~0").replace('/', "~1")]);
            }
            Segment::Unknown => {}
        }
    }
    pointer
}

/// serde's sentence without its position (the host knows the file better), and a hint where it can give one.
fn explain(path: String, error: &str) -> Problem {
    let message = error.rsplit_once(" at line ").map_or(error, |(sentence, _)| sentence);
    let problem = Problem::new(path, message);
    let mut names = message.split('`').skip(1).step_by(2);
    let hint = if message.starts_with("unknown field") || message.starts_with("unknown variant") {
        let wrong = names.next().unwrap_or_default();
        let known: Vec<&str> = names.collect();
        closest(wrong, &known).map(|name| format!("did you mean `{name}`?"))
    } else if message.starts_with("missing field") {
        names.next().map(|name| format!("add `{name} = …`"))
    } else {
        None
    };
    Problem { hint, ..problem }
}

/// The known name nearest to a wrong one, if one is near: at most a third of the letters differ.
fn closest<'a>(wrong: &str, known: &[&'a str]) -> Option<&'a str> {
    let near =
        known.iter().map(|name| (distance(wrong, name), *name)).min_by_key(|(distance, _)| *distance)?;
    (near.0 > 0 && near.0 <= near.1.len().div_ceil(3)).then_some(near.1)
}

/// How many letters have to be changed, added or taken away (Levenshtein).
fn distance(left: &str, right: &str) -> usize {
    let mut row: Vec<usize> = (0..=right.chars().count()).collect();
    for (above, a) in left.chars().enumerate() {
        let mut diagonal = above;
        row[0] = above + 1;
        for (column, b) in right.chars().enumerate() {
            let changed = diagonal + usize::from(a != b);
            diagonal = row[column + 1];
            row[column + 1] = changed.min(row[column] + 1).min(diagonal + 1);
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Outer {
        #[serde(rename = "rules")]
        _rules: Vec<Inner>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Inner {
        #[serde(rename = "replace")]
        _replace: String,
        #[serde(rename = "a/b", default)]
        _slashed: u8,
    }

    #[derive(Debug, Deserialize)]
    struct Plain;

    fn problem(json: &str) -> Problem {
        read::<Outer>(json).expect_err("these settings are wrong")
    }

    #[test]
    fn a_wrong_type_names_the_place() {
        let problem = problem(r#"{"rules":[{"replace":"x"},{"replace":7}]}"#);
        assert_eq!(problem.path, "/rules/1/replace");
        assert_eq!(problem.message, "invalid type: integer `7`, expected a string");
        assert_eq!(problem.hint, None);
    }

    #[test]
    fn a_pointer_escapes_slashes() {
        assert_eq!(problem(r#"{"rules":[{"replace":"x","a/b":"?"}]}"#).path, "/rules/0/a~1b");
    }

    #[test]
    fn an_unknown_field_gets_the_nearest_name() {
        let problem = problem(r#"{"rules":[{"replaec":"x"}]}"#);
        assert_eq!(problem.path, "/rules/0/replaec");
        assert_eq!(problem.hint.as_deref(), Some("did you mean `replace`?"));
    }

    #[test]
    fn a_far_name_gets_no_guess() {
        assert_eq!(problem(r#"{"colour":1}"#).hint, None);
    }

    #[test]
    fn a_missing_field_says_what_to_add() {
        let problem = problem("{}");
        assert_eq!(problem.path, "");
        assert_eq!(problem.message, "missing field `rules`");
        assert_eq!(problem.hint.as_deref(), Some("add `rules = …`"));
    }

    #[test]
    fn a_plugin_without_settings_reads_from_an_empty_table() {
        read::<Plain>("{}").expect("nothing to set");
        read::<Plain>(r#"{"x":1}"#).expect_err("nothing may be set");
    }
}
