//! Pictures: decode within bounds, blur, pixelate, fill, scale, encode.
//!
//! Invariant: everything here is a pure function of what it is handed, takes time in proportion to the number of
//! pixels whatever its other arguments say, and allocates nothing before the size has been held against the bounds.

mod blur;
mod bounds;
mod decode;
mod encode;
mod error;
mod fill;
mod picture;
mod pixelate;
mod scale;
mod shrink;

pub use bounds::Bounds;
pub use decode::{Measure, decode, measure};
pub use encode::{Format, encode};
pub use error::PixelError;
pub use picture::{Picture, Region};
