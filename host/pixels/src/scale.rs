//! Resizes a picture. Making it smaller looks at every pixel, so that fine text fades rather than flickers.

use image::RgbaImage;
use image::imageops::{FilterType, resize};

use crate::{Bounds, Picture, PixelError};

impl Picture {
    /// The picture in exactly this size.
    pub fn scaled(&self, width: u32, height: u32, bounds: &Bounds) -> Result<Self, PixelError> {
        bounds.check(width, height)?;
        if (width, height) == (self.width(), self.height()) {
            return Ok(self.clone());
        }
        let wrong_length = || PixelError::WrongLength { bytes: self.bytes.len(), width, height };
        let image =
            RgbaImage::from_raw(self.width(), self.height(), self.bytes.clone()).ok_or_else(wrong_length)?;
        Self::from_rgba(width, height, resize(&image, width, height, FilterType::Triangle).into_raw())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::tests::{numbered, pixel};

    #[test]
    fn half_the_size_has_the_means_of_two_by_two() {
        let mut picture = numbered(4, 4);
        picture.fill(None, [10, 10, 10]);
        picture.fill(Some(crate::Region { x: 0, y: 0, width: 2, height: 4 }), [200, 0, 0]);
        let small = picture.scaled(2, 2, &Bounds::default()).unwrap();
        assert_eq!((small.width(), small.height()), (2, 2));
        let left = pixel(&small, 0, 0);
        let right = pixel(&small, 1, 1);
        assert!(left[0] > 150 && right[0] < 60, "{left:?} {right:?}");
        assert_eq!(picture.scaled(4, 4, &Bounds::default()).unwrap(), picture);
    }

    #[test]
    fn a_size_out_of_bounds_is_refused_before_anything_is_allocated() {
        let picture = numbered(4, 4);
        let error = picture.scaled(u32::MAX, u32::MAX, &Bounds::default()).unwrap_err();
        assert_eq!(
            error.to_string(),
            "handle a picture of 4294967295 × 4294967295 pixels: at most 16384 on a side and 33554432 in all are"
        );
        assert!(matches!(picture.scaled(0, 1, &Bounds::default()), Err(PixelError::Empty { .. })));
    }
}
