//! A glance at a screen: one row of every four. Whether a screen looks as it did is seen as well from these, at a
//! quarter of the cost: whatever a person reads is higher than that. Which of the four it is varies, so that no pattern
//! of lines hides from it.

use std::fmt;

use stint_pixels::{Picture, Region};

/// So many rows are a group, of which one is looked at.
const GROUP: u32 = 4;
/// Which one: from group to group another, and then from the first again.
const TURNS: [u32; 4] = [0, 2, 1, 3];

/// One row of every four of a screen.
#[derive(Clone, PartialEq, Eq)]
pub struct Glance {
    width: u32,
    height: u32,
    /// Red, green, blue and opacity of each pixel, row by row.
    pixels: Vec<u8>,
}

impl fmt::Debug for Glance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Glance({} × {})", self.width, self.height)
    }
}

impl Glance {
    /// The rows that are looked at on a screen of this height.
    pub fn rows(height: u32) -> impl Iterator<Item = u32> {
        let groups = (0..height).step_by(GROUP as usize);
        groups.zip(TURNS.into_iter().cycle()).map(move |(top, turn)| (top + turn).min(height - 1))
    }

    /// A glance of which the rows were read one by one. Nothing, if they are not those of such a screen.
    pub fn new(width: u32, height: u32, pixels: Vec<u8>) -> Option<Self> {
        let expected = Self::rows(height).count().checked_mul(width as usize)?.checked_mul(4)?;
        (pixels.len() == expected && expected > 0).then_some(Self { width, height, pixels })
    }

    /// A glance at a picture.
    pub fn of(picture: &Picture) -> Self {
        let stride = picture.width() as usize * 4;
        let (width, height) = (picture.width(), picture.height());
        let row = |y: u32| &picture.as_rgba()[y as usize * stride..][..stride];
        // Row by row: byte by byte it was a tenth of a whole shot.
        Self { width, height, pixels: Self::rows(height).map(row).collect::<Vec<_>>().concat() }
    }

    /// The same without these parts: whatever is there, it is black now.
    pub(crate) fn without(mut self, regions: &[Region]) -> Self {
        let width = self.width;
        for region in regions {
            let right = region.x.saturating_add(region.width).min(width);
            let columns = region.x.min(right) as usize * 4..right as usize * 4;
            let below = region.y.saturating_add(region.height);
            for (row, y) in self.pixels.chunks_exact_mut(width as usize * 4).zip(Self::rows(self.height)) {
                if (region.y..below).contains(&y) {
                    row[columns.clone()].fill(0);
                }
            }
        }
        self
    }

    pub(crate) fn width(&self) -> u32 {
        self.width
    }

    pub(crate) fn height(&self) -> u32 {
        self.height
    }

    /// The rows that were looked at.
    pub(crate) fn looked_at(&self) -> impl Iterator<Item = &[u8]> {
        self.pixels.chunks_exact(self.width as usize * 4)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each pixel says its row and its column.
    fn numbered(width: u32, height: u32) -> Picture {
        let pixel = |y, x| [u8::try_from(y).unwrap(), u8::try_from(x).unwrap(), 1, 255];
        let bytes = (0..height).flat_map(|y| (0..width).flat_map(move |x| pixel(y, x)));
        Picture::from_rgba(width, height, bytes.collect()).unwrap()
    }

    #[test]
    fn it_has_one_row_of_four_and_says_which() {
        let glance = Glance::of(&numbered(3, 10));
        let seen: Vec<u32> = glance.looked_at().map(|row| u32::from(row[0])).collect();
        assert_eq!(seen, Glance::rows(10).collect::<Vec<_>>());
        assert_eq!(seen, [0, 6, 9]);
        assert_eq!(Glance::rows(19).collect::<Vec<_>>(), [0, 6, 9, 15, 16], "each of four in turn");
        assert_eq!(Glance::rows(6).collect::<Vec<_>>(), [0, 5], "no row beyond the last");
        assert_eq!(glance.looked_at().next().unwrap(), numbered(3, 1).as_rgba());
    }

    #[test]
    fn rows_that_are_not_all_there_are_no_glance() {
        assert!(Glance::new(3, 10, vec![0; 3 * 3 * 4]).is_some());
        assert!(Glance::new(3, 10, vec![0; 3 * 3 * 4 - 1]).is_none());
        assert!(Glance::new(0, 10, Vec::new()).is_none());
        assert!(Glance::new(3, 0, Vec::new()).is_none());
    }

    #[test]
    fn what_must_not_be_seen_is_not_looked_at() {
        let regions = [
            Region { x: 1, y: 5, width: 1, height: 2 },
            Region { x: 2, y: 8, width: u32::MAX, height: u32::MAX },
            Region { x: 9, y: 0, width: 9, height: 9 },
        ];
        let glance = Glance::of(&numbered(3, 10)).without(&regions);
        let opacity: Vec<Vec<u8>> =
            glance.looked_at().map(|row| row.chunks(4).map(|pixel| pixel[3]).collect()).collect();
        assert_eq!(opacity, [[255, 255, 255], [255, 0, 255], [255, 255, 0]]);
    }
}
