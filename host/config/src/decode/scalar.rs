//! Single values: those that are written as a text, numbers, yes and no, and lists of them.

use std::ops::Range;

use super::Context;
use crate::{
    diagnose::{Code, Finding},
    tree::{Node, Value},
};

/// A value that can be read from a node.
pub(crate) trait Decode: Sized {
    /// What is expected, in words and with an example.
    fn expected() -> String;

    /// The value; nothing if it is wrong, which was reported then.
    fn decode(node: &Node, cx: &mut Context<'_>) -> Option<Self>;
}

/// A value that is written as a text.
pub(crate) trait FromText: Sized {
    /// What is expected, in words and with an example.
    fn expected() -> String;

    /// The value.
    fn from_text(text: &str) -> Result<Self, Fault>;
}

/// What is wrong with a text, and where in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) at: Range<usize>,
    pub(crate) message: String,
    pub(crate) hint: Option<String>,
}

impl Fault {
    /// The whole text is wrong.
    pub(crate) fn whole(text: &str, message: impl Into<String>) -> Self {
        Self::part(0..text.len(), message)
    }

    /// A part of the text is wrong.
    pub(crate) fn part(at: Range<usize>, message: impl Into<String>) -> Self {
        Self { at, message: message.into(), hint: None }
    }

    /// What to write instead.
    pub(crate) fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }
}

impl<T: FromText> Decode for T {
    fn expected() -> String {
        <T as FromText>::expected()
    }

    fn decode(node: &Node, cx: &mut Context<'_>) -> Option<Self> {
        let Some(text) = node.text() else {
            cx.found(wrong_type::<Self>(node));
            return None;
        };
        match T::from_text(text) {
            Ok(value) => Some(value),
            Err(fault) => {
                // An empty part has no width of its own: then the whole text is meant.
                let whole = fault.at.is_empty() || fault.at == (0..text.len());
                let at = if whole { node.at } else { cx.sources.inside(node.at, &fault.at) };
                cx.found(Finding::error(Code::BadValue, fault.message).maybe_hint(fault.hint).at(at));
                None
            }
        }
    }
}

impl Decode for bool {
    fn expected() -> String {
        "true or false".to_owned()
    }

    fn decode(node: &Node, cx: &mut Context<'_>) -> Option<Self> {
        let Value::Bool(truth) = node.typed().value else {
            cx.found(wrong_type::<Self>(node));
            return None;
        };
        Some(truth)
    }
}

impl Decode for u32 {
    fn expected() -> String {
        "a whole number".to_owned()
    }

    fn decode(node: &Node, cx: &mut Context<'_>) -> Option<Self> {
        let Value::Integer(number) = node.typed().value else {
            cx.found(wrong_type::<Self>(node));
            return None;
        };
        let fits = Self::try_from(number).ok();
        if fits.is_none() {
            let finding = Finding::error(Code::BadValue, format!("{number} can't be used here"));
            cx.found(finding.hint(format!("anything from 0 to {}", Self::MAX)).at(node.at));
        }
        fits
    }
}

impl<T: Decode> Decode for Vec<T> {
    fn expected() -> String {
        let item = T::expected();
        format!("a list, each item of it {item}")
    }

    fn decode(node: &Node, cx: &mut Context<'_>) -> Option<Self> {
        let Value::List(items) = &node.typed().value else {
            cx.found(wrong_type::<Self>(node));
            return None;
        };
        Some(items.iter().filter_map(|item| T::decode(item, cx)).collect())
    }
}

/// A value of another type was expected.
pub(crate) fn wrong_type<T: Decode>(node: &Node) -> Finding {
    Finding::error(Code::WrongType, format!("this is {}; expected: {}", node.kind(), T::expected()))
        .at(node.at)
}
