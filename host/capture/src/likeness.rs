//! What a screen looks like at a glance: how bright each cell of a coarse grid is. A clock that goes on or a cursor that
//! blinks changes a few cells, and that is the same screen; a line of new text changes more.

use crate::glance::Glance;

/// Cells in a row, and rows of them.
const SIDE: u32 = 64;
/// A cell whose brightness differs by no more than this looks the same.
const CELL_TOLERANCE: u16 = 3;
/// So many cells may differ on a screen that looks the same.
const CELLS_MAX: usize = 8;

/// What a screen looks like at a glance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Likeness {
    width: u32,
    height: u32,
    /// The mean brightness of each cell, from 0 to 255.
    cells: Vec<u16>,
}

impl Likeness {
    /// What a glance shows.
    pub(crate) fn of(glance: &Glance) -> Self {
        let (width, height) = (glance.width(), glance.height());
        let rows: Vec<&[u8]> = glance.looked_at().collect();
        let count = u32::try_from(rows.len()).unwrap_or(u32::MAX);
        let (across, down) = (width.min(SIDE), count.min(SIDE));
        let mut cells = Vec::with_capacity((across * down) as usize);
        for cell_y in 0..down {
            let rows = &rows[cut(cell_y, down, count)];
            for cell_x in 0..across {
                let columns = cut(cell_x, across, width);
                let mut sum = 0_u64;
                for row in rows {
                    // A row of a cell is at most 65,536 pixels of at most 1,020 each: that fits.
                    let row = &row[columns.start * 4..columns.end * 4];
                    let row_sum: u32 = row.chunks_exact(4).map(brightness).sum();
                    sum += u64::from(row_sum);
                }
                let pixels = (rows.len() * columns.len()).max(1) as u64;
                cells.push(u16::try_from(sum / (pixels * 4)).unwrap_or(u16::MAX));
            }
        }
        Self { width, height, cells }
    }

    /// Whether a person would say that nothing has changed.
    pub fn is_like(&self, other: &Self) -> bool {
        let differs = |pair: &(&u16, &u16)| pair.0.abs_diff(*pair.1) > CELL_TOLERANCE;
        (self.width, self.height) == (other.width, other.height)
            && self.cells.iter().zip(&other.cells).filter(differs).count() <= CELLS_MAX
    }
}

/// Which pixels belong to a cell.
fn cut(cell: u32, cells: u32, pixels: u32) -> std::ops::Range<usize> {
    let border = |cell: u32| {
        let place = u64::from(cell) * u64::from(pixels) / u64::from(cells.max(1));
        usize::try_from(place).unwrap_or(usize::MAX)
    };
    border(cell)..border(cell + 1)
}

/// Four times the brightness: green counts twice, as it does to the eye.
fn brightness(pixel: &[u8]) -> u32 {
    u32::from(pixel[0]) + 2 * u32::from(pixel[1]) + u32::from(pixel[2])
}

#[cfg(test)]
mod tests {
    use super::*;
    use stint_pixels::{Picture, Region};

    fn likeness(picture: &Picture) -> Likeness {
        Likeness::of(&Glance::of(picture))
    }

    fn desk() -> Picture {
        let mut picture = Picture::from_rgba(640, 480, vec![200; 640 * 480 * 4]).unwrap();
        picture.fill(Some(Region { x: 50, y: 40, width: 300, height: 200 }), [250, 250, 250]);
        picture
    }

    #[test]
    fn a_clock_is_no_change_and_a_line_of_text_is() {
        let before = likeness(&desk());
        assert!(before.is_like(&before));
        let mut clock = desk();
        clock.fill(Some(Region { x: 600, y: 4, width: 30, height: 8 }), [0, 0, 0]);
        assert!(before.is_like(&likeness(&clock)));
        let mut text = desk();
        for letter in 0..30 {
            text.fill(Some(Region { x: 60 + letter * 9, y: 60, width: 5, height: 9 }), [0, 0, 0]);
        }
        assert!(!before.is_like(&likeness(&text)));
    }

    #[test]
    fn another_size_is_a_change_and_any_size_is_taken() {
        let small = Picture::from_rgba(3, 1, vec![9; 12]).unwrap();
        assert!(likeness(&small).is_like(&likeness(&small)));
        let wide = Picture::from_rgba(4, 1, vec![9; 16]).unwrap();
        assert!(!likeness(&small).is_like(&likeness(&wide)));
    }

    #[test]
    fn every_pixel_belongs_to_one_cell() {
        for (cells, pixels) in [(64, 64), (64, 1_000), (7, 100)] {
            let all: Vec<usize> = (0..cells).flat_map(|cell| cut(cell, cells, pixels)).collect();
            assert_eq!(all, (0..pixels as usize).collect::<Vec<_>>());
        }
    }
}
