//! Why a row is left where it is. No text holds a value of the row: it could be a token.

use stint_domain::{time::Span, timer::claim::LONGEST_CLAIM};
use stint_pixels::PixelError;
use stint_store::legacy::Unreadable;

/// Why a row is left where it is.
#[derive(Debug, thiserror::Error)]
pub enum Left {
    /// It can't be read.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// What was to be sent can't be understood.
    #[error("its payload is no JSON from line {line}, column {column} on")]
    Json {
        /// Where it breaks off.
        line: usize,
        /// Where in that line.
        column: usize,
    },
    /// What was to be sent has more in one another than anything real.
    #[error("its payload is nested too deeply, from line {line}, column {column} on")]
    TooDeep {
        /// Where it goes too deep.
        line: usize,
        /// Where in that line.
        column: usize,
    },
    /// What was to be sent has no names in it.
    #[error("its payload is no JSON object")]
    NoObject,
    /// The old program knew no such thing.
    #[error("its entity_type is neither screenshot nor time_entry_start, _pause, _resume or _stop")]
    EntityType,
    /// It happened at no time.
    #[error(
        "its created_at is no time: seconds since 1970, or a date such as 2025-01-08 09:00:00, were expected"
    )]
    CreatedAt,
    /// It would count more at once than anybody works.
    #[error(
        "it would claim more than {days} days of work at once: one of its times is wrong, or the row between them is missing",
        days = LONGEST_CLAIM.0 / 86_400_000
    )]
    TooLong {
        /// From when to when.
        stretch: Span,
    },
    /// There is no picture in a picture's row.
    #[error("its imageData is no data URL such as data:image/png;base64,…")]
    NoDataUrl,
    /// It is something else than a picture.
    #[error("its imageData is of another type than image/…")]
    NoImage,
    /// Its picture can't be unpacked.
    #[error("its imageData is no base64 from its character {at} on")]
    Base64 {
        /// Where it breaks off.
        at: usize,
    },
    /// What was unpacked is no picture.
    #[error("its imageData can't be used: failed to {0}")]
    Picture(#[from] PixelError),
}
