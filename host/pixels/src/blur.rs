//! Blurs a region: three passes of a moving mean in each direction, which is nearly a Gaussian blur and takes the
//! same time for every radius. Only pixels of the region are looked at, so nothing outside bleeds in or out.

use crate::picture::CHANNELS;
use crate::{Picture, Region};

const PASSES: usize = 3;

impl Picture {
    /// Blurs a region, or all of the picture.
    pub fn blur(&mut self, region: Option<Region>, radius: u32) {
        let Some(region) = self.clip(region) else { return };
        let mut line = Vec::new();
        for _ in 0..PASSES {
            for y in region.y..region.y + region.height {
                let start = self.row(region, y).start;
                self.smooth(start, CHANNELS, region.width, radius, &mut line);
            }
            for x in 0..region.width as usize {
                let start = self.row(region, region.y).start + x * CHANNELS;
                self.smooth(start, self.width() as usize * CHANNELS, region.height, radius, &mut line);
            }
        }
    }

    /// Replaces each pixel of a line by the mean of those at most `radius` away from it. The line begins at byte
    /// `start`, and its pixels are `step` bytes apart.
    fn smooth(
        &mut self,
        start: usize,
        step: usize,
        length: u32,
        radius: u32,
        line: &mut Vec<[u8; CHANNELS]>,
    ) {
        let length = length as usize;
        let radius = (radius as usize).min(length);
        line.clear();
        line.extend((0..length).map(|index| {
            let at = start + index * step;
            std::array::from_fn(|channel| self.bytes[at + channel])
        }));
        let mut sums = [0_u64; CHANNELS];
        let mut count = 0_u64;
        let enters = |sums: &mut [u64; CHANNELS], pixel: &[u8; CHANNELS]| {
            sums.iter_mut().zip(pixel).for_each(|(sum, channel)| *sum += u64::from(*channel));
        };
        for pixel in line.iter().take(radius) {
            enters(&mut sums, pixel);
            count += 1;
        }
        for index in 0..length {
            if let Some(pixel) = line.get(index + radius) {
                enters(&mut sums, pixel);
                count += 1;
            }
            if let Some(pixel) = index.checked_sub(radius + 1).and_then(|gone| line.get(gone)) {
                sums.iter_mut().zip(pixel).for_each(|(sum, channel)| *sum -= u64::from(*channel));
                count -= 1;
            }
            let at = start + index * step;
            for (channel, sum) in sums.iter().enumerate() {
                self.bytes[at + channel] = u8::try_from((sum + count / 2) / count).unwrap_or(u8::MAX);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::tests::{numbered, pixel};

    fn dot() -> Picture {
        let mut picture = Picture::from_rgba(9, 9, vec![0; 9 * 9 * CHANNELS]).unwrap();
        picture.fill(Some(Region { x: 4, y: 4, width: 1, height: 1 }), [255, 255, 255]);
        picture
    }

    #[test]
    fn a_dot_spreads_evenly_and_to_all_sides() {
        let mut picture = dot();
        picture.blur(None, 1);
        let column: Vec<u8> = (0..9).map(|y| pixel(&picture, 4, y)[0]).collect();
        let row: Vec<u8> = (0..9).map(|x| pixel(&picture, x, 4)[0]).collect();
        assert_eq!(row, column);
        assert_eq!(row, row.iter().copied().rev().collect::<Vec<_>>());
        assert!(row.windows(2).take(4).all(|pair| pair[0] <= pair[1]), "rises to the middle: {row:?}");
        assert!(row[4] < 40 && row[3] > 0, "the dot is gone and its surroundings are lit: {row:?}");
        assert_eq!(row[0], 0);
    }

    #[test]
    fn nothing_outside_the_region_is_read_or_written() {
        let mut picture = numbered(12, 12);
        let region = Region { x: 3, y: 3, width: 4, height: 4 };
        picture.blur(Some(region), 50);
        let mut other = numbered(12, 12);
        let mut surroundings = other.clone();
        surroundings.fill(None, [200, 0, 200]);
        for y in 3..7 {
            let row = other.row(region, y);
            surroundings.bytes[row.clone()].copy_from_slice(&other.bytes[row]);
        }
        surroundings.blur(Some(region), 50);
        other.blur(Some(region), 50);
        for y in 0..12 {
            for x in 0..12 {
                let inside = (3..7).contains(&x) && (3..7).contains(&y);
                let expected =
                    if inside { pixel(&surroundings, x, y) } else { pixel(&numbered(12, 12), x, y) };
                assert_eq!(pixel(&picture, x, y), expected, "at {x}, {y}");
            }
        }
    }

    #[test]
    fn a_radius_beyond_the_picture_leaves_one_colour_and_a_radius_of_zero_all() {
        let mut picture = numbered(6, 6);
        picture.blur(None, u32::MAX);
        let first = pixel(&picture, 0, 0);
        assert!(picture.as_rgba().chunks(4).all(|pixel| pixel == first));
        let mut picture = numbered(6, 6);
        picture.blur(None, 0);
        assert_eq!(picture, numbered(6, 6));
    }
}
