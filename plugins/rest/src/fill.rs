//! Fills templates with what an item has: as text, as parts of an address, as headers, as JSON.
//!
//! Invariant: what comes from an item never ends the place it is put into. In an address it is one segment or one
//! value, in a header it stays on its line, in JSON it is a value.

use serde_json::Value;
use stint_plugin_sdk::{Chunk, Failure, Undelivered};

use crate::fields::{BASE64, Fields};
use crate::template::{Absent, Malformed, Piece, Placeholder, Template};

/// Fills templates.
pub(crate) struct Filler<'a> {
    pub(crate) fields: Fields<'a>,
    /// Where the route is in the settings, for messages.
    pub(crate) place: String,
}

impl<'a> Filler<'a> {
    /// A text, as it is.
    pub(crate) fn text(&self, template: &str) -> Result<String, Undelivered> {
        self.write(template, &mut |text, value| text.push_str(value))
    }

    /// A header's value: one line of visible ASCII, whatever the item has.
    pub(crate) fn header(&self, template: &str) -> Result<String, Undelivered> {
        self.write(template, &mut |text, value| {
            encode(text, value, |byte| byte == b' ' || byte.is_ascii_graphic());
        })
    }

    /// A path, perhaps with a query. A segment that an item leaves empty, or that would lead upwards, is none.
    pub(crate) fn path(&self, template: &str) -> Result<String, Undelivered> {
        let mut halves = split_outside(template, '?').into_iter();
        let path = halves.next().unwrap_or_default();
        let component = |text: &str| self.write(text, &mut |text, value| encode(text, value, is_unreserved));
        let mut address = String::new();
        for (index, segment) in split_outside(path, '/').into_iter().enumerate() {
            let filled = component(segment)?;
            if segment.contains('{') && matches!(filled.as_str(), "" | "." | "..") {
                return Err(self.refused(&format!("`{segment}` would be `{filled}` in the address")));
            }
            if index > 0 {
                address.push('/');
            }
            address.push_str(&filled);
        }
        for query in halves {
            address.push('?');
            address.push_str(&component(query)?);
        }
        Ok(address)
    }

    /// JSON, in pieces where the host has to write a picture into it.
    pub(crate) fn json(&self, template: &Value) -> Result<Vec<Chunk<'a>>, Undelivered> {
        let mut writer = JsonWriter { chunks: Vec::new(), text: String::new() };
        self.json_value(template, &mut writer)?;
        writer.flush();
        Ok(writer.chunks)
    }

    fn json_value(&self, template: &Value, writer: &mut JsonWriter<'a>) -> Result<(), Undelivered> {
        match template {
            Value::String(text) => {
                let template = self.parse(text)?;
                match template.alone() {
                    Some(placeholder) if placeholder.name != BASE64 => {
                        writer.text.push_str(&self.value(placeholder)?.to_string());
                    }
                    _ => self.json_text(&template, writer)?,
                }
            }
            Value::Array(items) => {
                let items = items.iter().map(|item| (None, item));
                self.json_list(items, ['[', ']'], writer)?;
            }
            Value::Object(fields) => {
                let fields = fields.iter().map(|(name, field)| (Some(name), field));
                self.json_list(fields, ['{', '}'], writer)?;
            }
            plain => writer.text.push_str(&plain.to_string()),
        }
        Ok(())
    }

    fn json_list<'t>(
        &self,
        items: impl Iterator<Item = (Option<&'t String>, &'t Value)>,
        [open, close]: [char; 2],
        writer: &mut JsonWriter<'a>,
    ) -> Result<(), Undelivered> {
        writer.text.push(open);
        let mut is_first = true;
        for (name, item) in items {
            if self.is_left_out(item)? {
                continue;
            }
            if !std::mem::take(&mut is_first) {
                writer.text.push(',');
            }
            if let Some(name) = name {
                writer.text.push_str(&Value::from(name.as_str()).to_string());
                writer.text.push(':');
            }
            self.json_value(item, writer)?;
        }
        writer.text.push(close);
        Ok(())
    }

    /// Whether a value is a lone `{name?}` for which the item has nothing.
    fn is_left_out(&self, template: &Value) -> Result<bool, Undelivered> {
        let Value::String(text) = template else { return Ok(false) };
        let template = self.parse(text)?;
        let optional = template.alone().filter(|placeholder| placeholder.absent == Absent::Omit);
        Ok(optional.is_some_and(|placeholder| self.fields.get(&placeholder.name).is_null()))
    }

    fn json_text(&self, template: &Template, writer: &mut JsonWriter<'a>) -> Result<(), Undelivered> {
        writer.text.push('"');
        for piece in &template.0 {
            match piece {
                Piece::Text(text) => writer.push_inside(text),
                Piece::Placeholder(placeholder) if placeholder.name == BASE64 => {
                    let Some(file) = self.fields.file else {
                        return Err(self.refused("this item has no picture"));
                    };
                    writer.flush();
                    writer.chunks.push(Chunk::Base64(file));
                }
                Piece::Placeholder(placeholder) => writer.push_inside(&plain(&self.value(placeholder)?)),
            }
        }
        writer.text.push('"');
        Ok(())
    }

    fn write(&self, template: &str, put: &mut dyn FnMut(&mut String, &str)) -> Result<String, Undelivered> {
        let mut text = String::new();
        for piece in self.parse(template)?.0 {
            match piece {
                Piece::Text(plain) => text.push_str(&plain),
                Piece::Placeholder(placeholder) => put(&mut text, &plain(&self.value(&placeholder)?)),
            }
        }
        Ok(text)
    }

    fn value(&self, placeholder: &Placeholder) -> Result<Value, Undelivered> {
        let value = self.fields.get(&placeholder.name);
        match (placeholder.format, value.as_i64()) {
            (Some(format), Some(ms)) => Ok(format.write(ms, self.fields.zone)),
            _ if value.is_null() && placeholder.absent == Absent::Refuse => {
                Err(self.refused(&format!("this item has no `{}`", placeholder.name)))
            }
            _ => Ok(value.clone()),
        }
    }

    /// `check` has read every template; one that it let through and that can't be read is this plugin's fault.
    fn parse(&self, template: &str) -> Result<Template, Undelivered> {
        let fault =
            |malformed: Malformed| Failure::plugin_bug(format!("{}: {}", self.place, malformed.message));
        Ok(Template::parse(template).map_err(fault)?)
    }

    fn refused(&self, why: &str) -> Undelivered {
        Undelivered::Reject(Failure::invalid(format!("{why}, which {} of the settings needs", self.place)))
    }
}

struct JsonWriter<'a> {
    chunks: Vec<Chunk<'a>>,
    text: String,
}

impl JsonWriter<'_> {
    /// A text inside a JSON text, which is open.
    fn push_inside(&mut self, text: &str) {
        let quoted = Value::from(text).to_string();
        self.text.push_str(&quoted[1..quoted.len() - 1]);
    }

    fn flush(&mut self) {
        if !self.text.is_empty() {
            self.chunks.push(Chunk::Text(std::mem::take(&mut self.text)));
        }
    }
}

/// A value as people write it: texts without quotes, lists with commas, nothing for nothing.
fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) if items.iter().all(|item| !item.is_array() && !item.is_object()) => {
            items.iter().map(plain).collect::<Vec<_>>().join(", ")
        }
        other => other.to_string(),
    }
}

/// Splits a template at a sign, but not inside its placeholders.
pub(crate) fn split_outside(template: &str, sign: char) -> Vec<&str> {
    let mut is_inside = false;
    let divides = |letter: char| {
        match letter {
            '{' => is_inside = true,
            '}' => is_inside = false,
            _ => {}
        }
        letter == sign && !is_inside
    };
    template.split(divides).collect()
}

fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~".contains(&byte)
}

/// Writes the bytes that may stand as they are, and every other one as `%XX`.
fn encode(text: &mut String, value: &str, stands: impl Fn(u8) -> bool) {
    for byte in value.bytes() {
        if stands(byte) {
            text.push(char::from(byte));
        } else {
            text.push('%');
            for half in [byte >> 4, byte & 15] {
                text.push(char::from(b"0123456789ABCDEF"[usize::from(half)]));
            }
        }
    }
}
