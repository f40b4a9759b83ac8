//! A JSON pointer: `/accessToken`, `/data/0/token`.

use schemars::JsonSchema;
use serde::Serialize;

use crate::decode::{Fault, FromText};

/// A JSON pointer to one value of a response.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[serde(transparent)]
pub struct Pointer(#[schemars(regex(pattern = "^(/([^~]|~[01])*)+$"))] String);

impl Pointer {
    /// The pointer as it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromText for Pointer {
    fn expected() -> String {
        "a JSON pointer, such as \"/accessToken\"".to_owned()
    }

    fn from_text(text: &str) -> Result<Self, Fault> {
        if !text.starts_with('/') {
            let message = format!("`{text}` is no JSON pointer");
            let hint = format!("a JSON pointer begins with /: \"/{}\"", text.replace('.', "/"));
            return Err(Fault::whole(text, message).hint(hint));
        }
        let wrong = text.match_indices('~').find(|(at, _)| !text[at + 1..].starts_with(['0', '1']));
        if let Some((at, _)) = wrong {
            let message = "a ~ stands alone in this JSON pointer";
            return Err(Fault::part(at..at + 1, message).hint("~0 is a ~ and ~1 is a / in a key"));
        }
        Ok(Self(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pointer_begins_with_a_slash() {
        assert_eq!(Pointer::from_text("/data/0/token").unwrap().as_str(), "/data/0/token");
        let fault = Pointer::from_text("data.token").unwrap_err();
        assert_eq!(fault.message, "`data.token` is no JSON pointer");
        assert_eq!(fault.hint.unwrap(), "a JSON pointer begins with /: \"/data/token\"");
        let fault = Pointer::from_text("/a~b").unwrap_err();
        assert_eq!((fault.at, fault.message.as_str()), (2..3, "a ~ stands alone in this JSON pointer"));
        assert!(Pointer::from_text("").is_err());
    }
}
