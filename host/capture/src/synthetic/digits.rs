//! Writes a time in digits of seven strokes each.

use stint_pixels::{Picture, Region};

const INK: [u8; 3] = [250, 250, 250];
const THICK: u32 = 16;
const WIDE: u32 = 80;
const HIGH: u32 = 160;
const GAP: u32 = 24;

/// Which strokes make a digit: top, upper left, upper right, middle, lower left, lower right, bottom.
const STROKES: [&str; 10] = [
    "1110111", "0010010", "1011101", "1011011", "0111010", "1101011", "1101111", "1010010", "1111111",
    "1111011",
];

/// Writes HH:MM:SS on the board.
pub(super) fn time(picture: &mut Picture, seconds: u32, board: Region) {
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    let mut x = board.x + GAP;
    let y = board.y + (board.height - HIGH) / 2;
    for (place, number) in [hours, minutes, seconds].into_iter().enumerate() {
        if place > 0 {
            for dot in [HIGH / 3, HIGH * 2 / 3] {
                picture.fill(Some(Region { x, y: y + dot, width: THICK, height: THICK }), INK);
            }
            x += THICK + GAP;
        }
        for digit in [number / 10, number % 10] {
            draw(picture, digit, x, y);
            x += WIDE + GAP;
        }
    }
}

fn draw(picture: &mut Picture, digit: u32, x: u32, y: u32) {
    let (right, middle, bottom) = (x + WIDE - THICK, y + (HIGH - THICK) / 2, y + HIGH - THICK);
    let across = |y| Region { x, y, width: WIDE, height: THICK };
    let down = |x, y| Region { x, y, width: THICK, height: HIGH / 2 };
    let strokes = [
        across(y),
        down(x, y),
        down(right, y),
        across(middle),
        down(x, y + HIGH / 2),
        down(right, y + HIGH / 2),
        across(bottom),
    ];
    let drawn = STROKES.get(digit as usize).copied().unwrap_or_default();
    for (stroke, _) in strokes.into_iter().zip(drawn.bytes()).filter(|(_, drawn)| *drawn == b'1') {
        picture.fill(Some(stroke), INK);
    }
}
