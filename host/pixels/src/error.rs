//! What can be wrong with a picture. The texts complete "failed to …".

use thiserror::Error;

/// Why a picture was refused.
#[derive(Debug, Error)]
pub enum PixelError {
    /// The bytes are of no format that is read here.
    #[error("decode the picture: it is neither PNG, JPEG nor WebP")]
    UnknownFormat,
    /// The encoded bytes are more than the bounds allow.
    #[error("decode the picture: its file has {bytes} bytes, and at most {most} are read")]
    FileTooLarge {
        /// The file's size.
        bytes: usize,
        /// The bound.
        most: usize,
    },
    /// The picture, unpacked, would be larger than the bounds allow.
    #[error(
        "handle a picture of {width} × {height} pixels: at most {side} on a side and {pixels} in all are"
    )]
    TooLarge {
        /// Its width.
        width: u32,
        /// Its height.
        height: u32,
        /// The bound on a side.
        side: u32,
        /// The bound on the whole.
        pixels: u64,
    },
    /// A side is zero.
    #[error("handle a picture of {width} × {height} pixels: it has nothing in it")]
    Empty {
        /// Its width.
        width: u32,
        /// Its height.
        height: u32,
    },
    /// The number of bytes isn't that of the size.
    #[error("take {bytes} bytes for a picture of {width} × {height} pixels: it needs four for each")]
    WrongLength {
        /// How many bytes there are.
        bytes: usize,
        /// Its width.
        width: u32,
        /// Its height.
        height: u32,
    },
    /// The bytes break the rules of their format.
    #[error("decode the picture: {reason}")]
    Broken {
        /// What the decoder met.
        reason: String,
    },
    /// The encoder gave up.
    #[error("encode the picture: {reason}")]
    Encoding {
        /// What the encoder met.
        reason: String,
    },
}
