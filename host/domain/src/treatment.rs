//! What was done to a picture before it was kept, so that whoever looks at it knows what it doesn't show.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

/// What was done to a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Treatment {
    /// A window that must not be seen was made unreadable.
    WindowHidden,
    /// A part of the screen that is never to be seen was made unreadable.
    AreaHidden,
    /// The whole was blurred.
    Blurred,
    /// It was made smaller.
    Scaled,
}

impl Treatment {
    /// The word for it in JSON and in labels.
    pub const fn word(self) -> &'static str {
        match self {
            Self::WindowHidden => "window-hidden",
            Self::AreaHidden => "area-hidden",
            Self::Blurred => "blurred",
            Self::Scaled => "scaled",
        }
    }
}

impl fmt::Display for Treatment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_what_serde_writes() {
        for treatment in
            [Treatment::WindowHidden, Treatment::AreaHidden, Treatment::Blurred, Treatment::Scaled]
        {
            assert_eq!(serde_json::to_value(treatment).unwrap(), treatment.word());
            assert_eq!(treatment.to_string(), treatment.word());
        }
    }
}
