//! Buttons: each is a form of its own, so it works without a script.

use serde::Serialize;

/// A button.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Button {
    /// By which a script finds it again after the page was renewed.
    pub(super) id: String,
    /// What it does: the last part of its form's address.
    pub(super) does: String,
    /// What stands on it.
    pub(super) label: String,
    /// The same with what it is about, for those who hear one button after the other.
    pub(super) about: String,
    /// What the form says beside.
    pub(super) fields: Vec<(&'static str, String)>,
    /// Whether it is the one that is mostly meant.
    pub(super) is_main: bool,
}

impl Button {
    pub(super) fn new(does: &str, label: &str, about: impl Into<String>) -> Self {
        let (does, label, about) = (does.to_owned(), label.to_owned(), about.into());
        Self { id: does.clone(), does, label, about, fields: Vec::new(), is_main: false }
    }

    pub(super) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        let value = value.into();
        // A command's id is another one each time the page is made.
        if name != "command_id" {
            self.id.push('-');
            self.id.push_str(&value);
        }
        self.fields.push((name, value));
        self
    }

    pub(super) fn main(self) -> Self {
        Self { is_main: true, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn its_name_stays_when_the_page_is_renewed() {
        let button =
            |id: &str| Button::new("retry", "Retry", "Retry #7").with("item", "7").with("command_id", id).id;
        assert_eq!((button("a"), button("b")), ("retry-7".to_owned(), "retry-7".to_owned()));
    }
}
