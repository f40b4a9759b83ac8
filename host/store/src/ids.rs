//! Names of rows: small numbers with a type each, so that a target's can't be taken for an item's.

use std::fmt;

use rusqlite::{
    Result, ToSql,
    types::{FromSql, FromSqlResult, ToSqlOutput, ValueRef},
};
use serde::{Deserialize, Serialize};

macro_rules! number {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl ToSql for $name {
            fn to_sql(&self) -> Result<ToSqlOutput<'_>> {
                self.0.to_sql()
            }
        }

        impl FromSql for $name {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                i64::column_result(value).map(Self)
            }
        }
    };
}

number!(
    /// An item's number in this store, which people type as `#17`. An older item has a smaller one, and no number
    /// is given out twice.
    Serial
);
number!(
    /// A target's number in this store. Its name may change, this doesn't.
    TargetId
);
number!(
    /// One process that owned the store: each has a higher number than those before it.
    Epoch
);
number!(
    /// What proves that a pass or a lease is still the newest: each is higher than those before it.
    Token
);

/// The SHA-256 of some content.
pub type Hash = [u8; 32];
