//! Paints a region in one colour. Of what was there, nothing remains.

use crate::picture::CHANNELS;
use crate::{Picture, Region};

impl Picture {
    /// Paints a region, or all of the picture, in one opaque colour.
    pub fn fill(&mut self, region: Option<Region>, [red, green, blue]: [u8; 3]) {
        let Some(region) = self.clip(region) else { return };
        for y in region.y..region.y + region.height {
            let row = self.row(region, y);
            for pixel in self.bytes[row].chunks_exact_mut(CHANNELS) {
                pixel.copy_from_slice(&[red, green, blue, u8::MAX]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::tests::{numbered, pixel};

    #[test]
    fn exactly_the_region_is_painted() {
        let mut picture = numbered(8, 8);
        let before = picture.clone();
        picture.fill(Some(Region { x: 2, y: 3, width: 4, height: 2 }), [9, 8, 7]);
        for y in 0..8 {
            for x in 0..8 {
                let inside = (2..6).contains(&x) && (3..5).contains(&y);
                let expected = if inside { [9, 8, 7, 255] } else { pixel(&before, x, y) };
                assert_eq!(pixel(&picture, x, y), expected, "at {x}, {y}");
            }
        }
    }

    #[test]
    fn a_region_outside_changes_nothing() {
        let mut picture = numbered(4, 4);
        picture.fill(Some(Region { x: 4, y: 0, width: 9, height: 9 }), [1, 1, 1]);
        assert_eq!(picture, numbered(4, 4));
    }
}
