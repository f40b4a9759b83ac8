//! A number of bytes as people write it: `512KiB`, `2GiB`, `10MB`.

use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Serialize, Serializer};

use crate::decode::{Fault, FromText};

/// A number of bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ByteSize(u64);

const UNITS: [(&str, u64); 9] = [
    ("TiB", 1 << 40),
    ("GiB", 1 << 30),
    ("MiB", 1 << 20),
    ("KiB", 1 << 10),
    ("TB", 1_000_000_000_000),
    ("GB", 1_000_000_000),
    ("MB", 1_000_000),
    ("kB", 1_000),
    ("B", 1),
];

const EXAMPLES: &str = "write a number and its unit: 512KiB, 64MiB, 2GiB or 500MB";

impl ByteSize {
    /// So many bytes.
    pub const fn from_bytes(bytes: u64) -> Self {
        Self(bytes)
    }

    /// So many KiB.
    pub const fn from_kib(kib: u64) -> Self {
        Self(kib << 10)
    }

    /// So many MiB.
    pub const fn from_mib(mib: u64) -> Self {
        Self(mib << 20)
    }

    /// So many GiB.
    pub const fn from_gib(gib: u64) -> Self {
        Self(gib << 30)
    }

    /// The number of bytes.
    pub const fn bytes(self) -> u64 {
        self.0
    }
}

impl FromText for ByteSize {
    fn expected() -> String {
        "a size, such as \"64MiB\"".to_owned()
    }

    fn from_text(text: &str) -> Result<Self, Fault> {
        let digits = text.len() - text.trim_start_matches(|digit: char| digit.is_ascii_digit()).len();
        let (number, written) = text.split_at(digits);
        if number.is_empty() {
            return Err(Fault::whole(text, format!("`{text}` is no size")).hint(EXAMPLES));
        }
        if written.is_empty() {
            return Err(Fault::whole(text, format!("`{text}` has no unit")).hint(EXAMPLES));
        }
        let unit = written.trim_start();
        let Some((_, bytes)) = UNITS.iter().find(|(known, _)| known.eq_ignore_ascii_case(unit)) else {
            let message = format!("`{unit}` is no unit of size");
            return Err(Fault::part(text.len() - unit.len()..text.len(), message).hint(EXAMPLES));
        };
        let size = number.parse::<u64>().ok().and_then(|number| number.checked_mul(*bytes));
        size.filter(|size| i64::try_from(*size).is_ok())
            .map(Self)
            .ok_or_else(|| Fault::whole(text, format!("`{text}` is too large to be counted")))
    }
}

impl fmt::Display for ByteSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fits = UNITS.iter().find(|(_, bytes)| self.0 >= *bytes && self.0.is_multiple_of(*bytes));
        let (unit, bytes) = fits.copied().unwrap_or(("B", 1));
        write!(f, "{}{unit}", self.0 / bytes)
    }
}

impl Serialize for ByteSize {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl JsonSchema for ByteSize {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "ByteSize".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "description": "A number of bytes with its unit.",
            "pattern": "^[0-9]+ *([KkMmGgTt]?[Ii]?[Bb])$",
            "examples": ["512KiB", "64MiB", "2GiB"],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn sizes_read_as_people_write_them() {
        for (text, bytes) in
            [("2GiB", 2 << 30), ("64 MiB", 64 << 20), ("512kib", 512 << 10), ("10MB", 10_000_000), ("0B", 0)]
        {
            assert_eq!(ByteSize::from_text(text), Ok(ByteSize(bytes)), "{text}");
        }
    }

    #[test]
    fn what_is_no_size_is_refused_where_it_goes_wrong() {
        let refused = |text: &str| {
            let fault = ByteSize::from_text(text).unwrap_err();
            (fault.at, fault.message)
        };
        assert_eq!(refused("big"), (0..3, "`big` is no size".into()));
        assert_eq!(refused(""), (0..0, "`` is no size".into()));
        assert_eq!(refused("64"), (0..2, "`64` has no unit".into()));
        assert_eq!(refused("64 Mb it"), (3..8, "`Mb it` is no unit of size".into()));
        assert_eq!(refused("9999999TiB"), (0..10, "`9999999TiB` is too large to be counted".into()));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(bytes in 0..i64::MAX.unsigned_abs()) {
            let size = ByteSize(bytes);
            prop_assert_eq!(ByteSize::from_text(&size.to_string()), Ok(size));
        }
    }
}
