//! Turns a region into squares of one colour each: the mean of what was there.

use crate::picture::CHANNELS;
use crate::{Picture, Region};

impl Picture {
    /// Turns a region, or all of the picture, into squares of `size` pixels, counted from the region's corner.
    pub fn pixelate(&mut self, region: Option<Region>, size: u32) {
        let Some(region) = self.clip(region) else { return };
        let size = size.clamp(1, region.width.max(region.height));
        for y in (0..region.height).step_by(size as usize) {
            for x in (0..region.width).step_by(size as usize) {
                self.flatten(Region {
                    x: region.x + x,
                    y: region.y + y,
                    width: size.min(region.width - x),
                    height: size.min(region.height - y),
                });
            }
        }
    }

    /// Gives all pixels of a square their mean colour.
    fn flatten(&mut self, square: Region) {
        let rows = square.y..square.y + square.height;
        let mut sums = [0_u64; CHANNELS];
        for y in rows.clone() {
            for pixel in self.bytes[self.row(square, y)].chunks_exact(CHANNELS) {
                sums.iter_mut().zip(pixel).for_each(|(sum, channel)| *sum += u64::from(*channel));
            }
        }
        let count = u64::from(square.width) * u64::from(square.height);
        let mean = sums.map(|sum| u8::try_from((sum + count / 2) / count).unwrap_or(u8::MAX));
        for y in rows {
            let row = self.row(square, y);
            self.bytes[row].chunks_exact_mut(CHANNELS).for_each(|pixel| pixel.copy_from_slice(&mean));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::tests::{numbered, pixel};

    #[test]
    fn each_square_has_the_mean_of_its_pixels_and_the_rest_is_left() {
        let mut picture = numbered(8, 8);
        picture.pixelate(Some(Region { x: 1, y: 1, width: 5, height: 4 }), 3);
        // The first square spans columns 1 to 3 and rows 1 to 3: means 2, 2, and 4 of the products.
        for (x, y) in [(1, 1), (3, 3), (2, 1)] {
            assert_eq!(pixel(&picture, x, y), [2, 2, 4, 255]);
        }
        // The last one is what is left of the region: columns 4 and 5, row 4.
        for x in [4, 5] {
            assert_eq!(pixel(&picture, x, 4), [5, 4, 18, 255]);
        }
        assert_eq!(pixel(&picture, 0, 0), [0, 0, 0, 255]);
        assert_eq!(pixel(&picture, 6, 4), [6, 4, 24, 255]);
    }

    #[test]
    fn any_size_is_taken() {
        for size in [0, 1] {
            let mut picture = numbered(5, 5);
            picture.pixelate(None, size);
            assert_eq!(picture, numbered(5, 5));
        }
        let mut picture = numbered(5, 5);
        picture.pixelate(None, u32::MAX);
        assert!(picture.as_rgba().chunks(4).all(|pixel| pixel == [2, 2, 4, 255]));
    }
}
