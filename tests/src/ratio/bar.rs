//! What a figure is held against.

use std::fmt;

use serde::Serialize;

/// The bound a measured figure must keep; the bound itself is within.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Bar {
    /// The figure may not be larger.
    AtMost(f64),
    /// The figure may not be smaller.
    AtLeast(f64),
}

impl Bar {
    /// Whether `value` keeps the bar. A figure that is no number never does.
    pub fn met_by(self, value: f64) -> bool {
        match self {
            Self::AtMost(bound) => value <= bound,
            Self::AtLeast(bound) => value >= bound,
        }
    }
}

impl fmt::Display for Bar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtMost(bound) => write!(f, "≤ {bound}"),
            Self::AtLeast(bound) => write!(f, "≥ {bound}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bound_itself_is_within() {
        assert!(Bar::AtMost(1.3).met_by(1.3));
        assert!(!Bar::AtMost(1.3).met_by(1.300_001));
        assert!(Bar::AtLeast(0.85).met_by(0.85));
        assert!(!Bar::AtLeast(0.85).met_by(0.849_999));
    }

    #[test]
    fn what_is_no_number_meets_nothing() {
        assert!(!Bar::AtMost(1.0).met_by(f64::NAN));
        assert!(!Bar::AtLeast(1.0).met_by(f64::NAN));
    }

    #[test]
    fn reads_as_in_a_table() {
        assert_eq!(Bar::AtMost(1.02).to_string(), "≤ 1.02");
        assert_eq!(Bar::AtLeast(0.9).to_string(), "≥ 0.9");
    }
}
