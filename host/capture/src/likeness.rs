//! What a screen looks like at a glance: which colour each cell of a coarse grid has. A clock that goes on or a cursor
//! that blinks changes a few cells, and that is the same screen; another line of text changes more.

use crate::glance::Glance;

/// Cells in a row, and rows of them.
const SIDE: u32 = 64;
/// A cell of which no part of the colour differs by more than this looks the same. A screen has no noise, and the ink of
/// two letters is nearly the same: there is no room for more.
const CELL_TOLERANCE: u8 = 1;
/// So many cells may differ on a screen that looks the same: the four digits of a clock lie on no more.
const CELLS_MAX: usize = 6;

/// What a screen looks like at a glance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Likeness {
    width: u32,
    height: u32,
    /// The mean red, green and blue of each cell.
    cells: Vec<[u8; 3]>,
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
                let mut sums = [0_u64; 3];
                for row in rows {
                    let row = colours(&row[columns.start * 4..columns.end * 4]);
                    for (sum, row) in sums.iter_mut().zip(row) {
                        *sum += u64::from(row);
                    }
                }
                let pixels = (rows.len() * columns.len()).max(1) as u64;
                cells.push(sums.map(|sum| u8::try_from(sum / pixels).unwrap_or(u8::MAX)));
            }
        }
        Self { width, height, cells }
    }

    /// Whether a person would say that nothing has changed.
    pub fn is_like(&self, other: &Self) -> bool {
        let differs = |(one, other): &(&[u8; 3], &[u8; 3])| {
            one.iter().zip(*other).any(|(one, other)| one.abs_diff(*other) > CELL_TOLERANCE)
        };
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

/// All the red, green and blue of some pixels. They are at most 65,536 of at most 255 each: that fits.
fn colours(pixels: &[u8]) -> [u32; 3] {
    pixels.chunks_exact(4).fold([0; 3], |[red, green, blue], pixel| {
        [red + u32::from(pixel[0]), green + u32::from(pixel[1]), blue + u32::from(pixel[2])]
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use stint_pixels::{Picture, Region};

    fn likeness(picture: &Picture) -> Likeness {
        Likeness::of(&Glance::of(picture))
    }

    /// A desk of the usual size.
    fn desk() -> Picture {
        let mut picture = Picture::from_rgba(1_920, 1_080, vec![200; 1_920 * 1_080 * 4]).unwrap();
        picture.fill(Some(Region { x: 50, y: 40, width: 1_300, height: 900 }), [250, 250, 250]);
        picture
    }

    /// Letters of this size next to each other. They are patterns that a number stands for, as dense as letters are.
    fn write(picture: &mut Picture, place: (u32, u32), letters: u32, size: (u32, u32), text: u32) {
        let mut state = text;
        for letter in 0..letters {
            for at in 0..size.0 * size.1 {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                if state >> 30 == 0 {
                    let (x, y) = (letter * (size.0 + 2) + at % size.0, at / size.0);
                    let dot = Region { x: place.0 + x, y: place.1 + y, width: 1, height: 1 };
                    picture.fill(Some(dot), [0, 0, 0]);
                }
            }
        }
    }

    fn desk_with(place: (u32, u32), letters: u32, size: (u32, u32), text: u32) -> Likeness {
        let mut desk = desk();
        write(&mut desk, place, letters, size, text);
        likeness(&desk)
    }

    #[test]
    fn a_replaced_line_of_text_is_a_change_wherever_it_is() {
        let empty = likeness(&desk());
        for place in [(60, 60), (444, 517), (902, 808)] {
            for text in [1, 77] {
                let before = desk_with(place, 40, (7, 9), text);
                assert!(before.is_like(&before));
                assert!(!before.is_like(&desk_with(place, 40, (7, 9), text + 1)), "{text} at {place:?}");
                assert!(!before.is_like(&empty), "and so is one that goes");
            }
        }
    }

    #[test]
    fn a_clock_or_a_cursor_is_no_change() {
        let empty = likeness(&desk());
        for place in [(1_861, 11), (888, 1_060)] {
            for text in [1, 77] {
                let minute = desk_with(place, 1, (8, 12), text);
                assert!(minute.is_like(&desk_with(place, 1, (8, 12), text + 1)), "{text} at {place:?}");
            }
            for (width, height) in [(1, 18), (2, 16), (9, 18)] {
                let mut cursor = desk();
                let (x, y) = place;
                cursor.fill(Some(Region { x, y, width, height }), [0, 0, 0]);
                assert!(likeness(&cursor).is_like(&empty), "{width} × {height} at {place:?}");
            }
        }
    }

    #[test]
    fn another_colour_of_the_same_brightness_is_a_change() {
        let all = |colour| {
            let mut picture = desk();
            picture.fill(None, colour);
            likeness(&picture)
        };
        for (one, other) in [([255, 0, 0], [0, 0, 255]), ([0, 255, 0], [255, 0, 255])] {
            assert!(!all(one).is_like(&all(other)), "{one:?} and {other:?}");
        }
    }

    #[test]
    fn no_rows_can_change_unseen() {
        let before = likeness(&desk());
        for kept in 0..4 {
            let mut striped = desk();
            for y in (0..1_080).filter(|y| y % 4 != kept) {
                striped.fill(Some(Region { x: 0, y, width: 1_920, height: 1 }), [0, 0, 0]);
            }
            assert!(!before.is_like(&likeness(&striped)), "all but {kept} of 4");
            let mut striped = desk();
            for y in (kept..1_080).step_by(4) {
                striped.fill(Some(Region { x: 0, y, width: 1_920, height: 1 }), [0, 0, 0]);
            }
            assert!(!before.is_like(&likeness(&striped)), "{kept} of 4");
        }
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
