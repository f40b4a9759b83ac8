//! A picture in memory and a rectangle of it.

use std::fmt;

use crate::PixelError;

/// The bytes of one pixel: red, green, blue, opacity.
pub(crate) const CHANNELS: usize = 4;

/// A picture, row by row from the top left, four bytes a pixel: red, green, blue, opacity.
///
/// Invariant: it has at least one pixel, and exactly as many bytes as its size says.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    width: u32,
    height: u32,
    pub(crate) bytes: Vec<u8>,
}

/// What a person's screen showed is nothing for a log.
impl fmt::Debug for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Picture({} × {})", self.width, self.height)
    }
}

impl Picture {
    /// Takes bytes for a picture.
    pub fn from_rgba(width: u32, height: u32, bytes: Vec<u8>) -> Result<Self, PixelError> {
        if width == 0 || height == 0 {
            return Err(PixelError::Empty { width, height });
        }
        let wanted = u64::from(width) * u64::from(height) * CHANNELS as u64;
        if bytes.len() as u64 != wanted {
            return Err(PixelError::WrongLength { bytes: bytes.len(), width, height });
        }
        Ok(Self { width, height, bytes })
    }

    /// The width in pixels.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// The height in pixels.
    pub fn height(&self) -> u32 {
        self.height
    }

    /// The number of pixels.
    pub fn pixels(&self) -> u64 {
        u64::from(self.width) * u64::from(self.height)
    }

    /// The bytes: red, green, blue, opacity, row by row.
    pub fn as_rgba(&self) -> &[u8] {
        &self.bytes
    }

    /// Where a region's part of row `y` lies among the bytes.
    pub(crate) fn row(&self, region: Region, y: u32) -> std::ops::Range<usize> {
        let start = (y as usize * self.width as usize + region.x as usize) * CHANNELS;
        start..start + region.width as usize * CHANNELS
    }

    /// The part of a region that lies in the picture; all of it for none. Nothing if they don't meet.
    pub(crate) fn clip(&self, region: Option<Region>) -> Option<Region> {
        let whole = Region { x: 0, y: 0, width: self.width, height: self.height };
        let Some(region) = region else { return Some(whole) };
        let width = region.width.min(self.width.checked_sub(region.x)?);
        let height = region.height.min(self.height.checked_sub(region.y)?);
        (width > 0 && height > 0).then_some(Region { width, height, ..region })
    }
}

/// A rectangle of pixels. What lies outside a picture is left alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Region {
    /// The first column.
    pub x: u32,
    /// The first row.
    pub y: u32,
    /// The number of columns.
    pub width: u32,
    /// The number of rows.
    pub height: u32,
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A picture whose every pixel tells its place.
    pub(crate) fn numbered(width: u8, height: u8) -> Picture {
        let bytes =
            (0..height).flat_map(|y| (0..width).flat_map(move |x| [x, y, x.wrapping_mul(y), 255])).collect();
        Picture::from_rgba(width.into(), height.into(), bytes).unwrap()
    }

    pub(crate) fn pixel(picture: &Picture, x: u32, y: u32) -> [u8; 4] {
        picture.bytes[picture.row(Region { x, y, width: 1, height: 1 }, y)].try_into().unwrap()
    }

    #[test]
    fn a_region_is_cut_to_the_picture() {
        let picture = numbered(10, 5);
        let clip = |x, y, width, height| picture.clip(Some(Region { x, y, width, height }));
        assert_eq!(clip(8, 4, u32::MAX, u32::MAX), Some(Region { x: 8, y: 4, width: 2, height: 1 }));
        assert_eq!(clip(10, 0, 1, 1), None);
        assert_eq!(clip(u32::MAX, u32::MAX, u32::MAX, u32::MAX), None);
        assert_eq!(clip(0, 0, 0, 3), None);
        assert_eq!(picture.clip(None), Some(Region { x: 0, y: 0, width: 10, height: 5 }));
    }

    #[test]
    fn what_it_shows_is_not_printed() {
        assert_eq!(format!("{:?}", numbered(10, 5)), "Picture(10 × 5)");
    }

    #[test]
    fn bytes_that_are_no_picture_are_refused() {
        let error = Picture::from_rgba(2, 2, vec![0; 15]).unwrap_err().to_string();
        assert_eq!(error, "take 15 bytes for a picture of 2 × 2 pixels: it needs four for each");
        let error = Picture::from_rgba(0, 2, Vec::new()).unwrap_err().to_string();
        assert_eq!(error, "handle a picture of 0 × 2 pixels: it has nothing in it");
    }
}
