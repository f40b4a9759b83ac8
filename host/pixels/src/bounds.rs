//! How large a picture may be. Held against the size that a file claims, before a byte of it is unpacked: a
//! file of a few kilobytes can claim a picture of gigabytes.

use crate::PixelError;

/// How large a picture may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// The most pixels on one side.
    pub side_max: u32,
    /// The most pixels in all.
    pub pixels_max: u64,
    /// The most bytes of the encoded file.
    pub file_bytes_max: usize,
}

impl Default for Bounds {
    /// Room for a picture of three 4K monitors side by side.
    fn default() -> Self {
        Self { side_max: 16_384, pixels_max: 33_554_432, file_bytes_max: 64 * 1024 * 1024 }
    }
}

impl Bounds {
    /// Accepts or refuses a size.
    pub fn check(&self, width: u32, height: u32) -> Result<(), PixelError> {
        if width == 0 || height == 0 {
            return Err(PixelError::Empty { width, height });
        }
        let pixels = u64::from(width) * u64::from(height);
        if width > self.side_max || height > self.side_max || pixels > self.pixels_max {
            return Err(PixelError::TooLarge { width, height, side: self.side_max, pixels: self.pixels_max });
        }
        Ok(())
    }
}
