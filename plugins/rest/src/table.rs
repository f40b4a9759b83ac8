//! Reads settings by hand, field by field.
//!
//! serde's derived readers would be a third of the finished file, twice over for the wrapper that remembers places,
//! and they stop at the first mistake. This one is small, remembers places by itself and goes on: invariant, every
//! mistake is told, each with the place of the value it is about.

use serde_json::{Map, Value};
use stint_plugin_sdk::Problem;

use crate::nearest;
use crate::pointer;
use crate::settings::Named;

/// A table of the settings, and where it is.
pub(crate) struct Table<'a> {
    fields: Option<&'a Map<String, Value>>,
    place: String,
}

/// The mistakes so far.
pub(crate) type Mistakes = Vec<Problem>;

impl<'a> Table<'a> {
    /// A value as a table whose fields have these names; any names where none are given.
    pub(crate) fn of(value: &'a Value, place: String, known: &[&str], mistakes: &mut Mistakes) -> Self {
        let fields = value.as_object();
        if fields.is_none() {
            mistakes.push(wrong_type(&place, value, "a table"));
        }
        let names = fields.into_iter().flat_map(Map::keys).filter(|_| !known.is_empty());
        for name in names.filter(|name| !known.contains(&name.as_str())) {
            let message = format!("`{}` is not known here", name.escape_debug());
            let hint = nearest::hint(name, known.iter().copied());
            mistakes.push(Problem::new(join(&place, name), message).hint(hint));
        }
        Self { fields, place }
    }

    /// The place of a field.
    pub(crate) fn place_of(&self, name: &str) -> String {
        join(&self.place, name)
    }

    pub(crate) fn get(&self, name: &str) -> Option<&'a Value> {
        self.fields?.get(name)
    }

    /// Every field with its name and place.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&'a String, &'a Value, String)> {
        self.fields.into_iter().flatten().map(|(name, value)| (name, value, self.place_of(name)))
    }

    pub(crate) fn text(&self, name: &str, mistakes: &mut Mistakes) -> Option<String> {
        let value = self.get(name)?;
        if value.as_str().is_none() {
            mistakes.push(wrong_type(&self.place_of(name), value, "a text"));
        }
        value.as_str().map(str::to_owned)
    }

    pub(crate) fn required_text(&self, name: &str, mistakes: &mut Mistakes) -> String {
        self.require(name, mistakes);
        self.text(name, mistakes).unwrap_or_default()
    }

    pub(crate) fn flag(&self, name: &str, default: bool, mistakes: &mut Mistakes) -> bool {
        let Some(value) = self.get(name) else { return default };
        value.as_bool().unwrap_or_else(|| {
            mistakes.push(wrong_type(&self.place_of(name), value, "true or false"));
            default
        })
    }

    /// One of several words.
    pub(crate) fn word<T: Copy>(
        &self,
        name: &str,
        words: &[(&str, T)],
        mistakes: &mut Mistakes,
    ) -> Option<T> {
        let word = self.text(name, mistakes)?;
        let known = words.iter().find(|(known, _)| *known == word);
        if known.is_none() {
            let message = format!("`{}` is none of the words for this", word.escape_debug());
            let hint = nearest::hint(&word, words.iter().map(|(word, _)| *word));
            mistakes.push(Problem::new(self.place_of(name), message).hint(hint));
        }
        known.map(|(_, meaning)| *meaning)
    }

    /// The items of a list, each with its place.
    pub(crate) fn list(&self, name: &str, mistakes: &mut Mistakes) -> Vec<(&'a Value, String)> {
        let Some(value) = self.get(name) else { return Vec::new() };
        let place = self.place_of(name);
        let Some(items) = value.as_array() else {
            mistakes.push(wrong_type(&place, value, "a list"));
            return Vec::new();
        };
        items.iter().enumerate().map(|(index, item)| (item, format!("{place}/{index}"))).collect()
    }

    /// A table of texts.
    pub(crate) fn texts(&self, name: &str, mistakes: &mut Mistakes) -> Named<String> {
        let Some(value) = self.get(name) else { return Vec::new() };
        let table = Table::of(value, self.place_of(name), &[], mistakes);
        let names = table.all().map(|(name, ..)| name);
        names.filter_map(|name| Some((name.clone(), table.text(name, mistakes)?))).collect()
    }

    /// Says that a field is missing, if it is.
    pub(crate) fn require(&self, name: &str, mistakes: &mut Mistakes) {
        if self.fields.is_some() && self.get(name).is_none() {
            mistakes.push(
                Problem::new(&self.place, format!("`{name}` is missing")).hint(format!("add {name} = …")),
            );
        }
    }
}

fn join(place: &str, name: &str) -> String {
    format!("{place}/{}", pointer::escaped(name))
}

pub(crate) fn wrong_type(place: &str, value: &Value, wanted: &str) -> Problem {
    let is = match value {
        Value::Null => "nothing",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "a table",
    };
    Problem::new(place, format!("this is {is}")).hint(format!("write {wanted}"))
}
