//! How the pixels of a display lie in memory, and what they are as red, green, blue.

use x11rb_protocol::protocol::xproto::{ImageOrder, Setup, Visualid};

use crate::source::SourceError;

/// How pixels lie in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Layout {
    pub(super) bytes_per_pixel: usize,
    /// Rows begin at multiples of so many bytes.
    row_bytes: usize,
    big_end_first: bool,
    red: Channel,
    green: Channel,
    blue: Channel,
}

/// Where a colour's bits are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Channel {
    shift: u32,
    most: u32,
}

impl Channel {
    fn new(mask: u32) -> Self {
        let shift = mask.trailing_zeros().min(31);
        Self { shift, most: mask >> shift }
    }

    /// The colour's part, from 0 to 255.
    fn of(self, pixel: u32) -> u8 {
        let value = u64::from((pixel >> self.shift) & self.most);
        u8::try_from(value * 255 / u64::from(self.most.max(1))).unwrap_or(u8::MAX)
    }
}

impl Layout {
    /// The layout of pictures of this depth and visual.
    pub(super) fn of(setup: &Setup, depth: u8, visual: Visualid) -> Result<Self, SourceError> {
        let unknown = |bits| SourceError::Pixels { bits, depth };
        let format = setup.pixmap_formats.iter().find(|format| format.depth == depth).ok_or(unknown(0))?;
        let bits = format.bits_per_pixel;
        let mut visuals =
            setup.roots.iter().flat_map(|root| &root.allowed_depths).flat_map(|depth| &depth.visuals);
        let visual = visuals.find(|known| known.visual_id == visual).ok_or(unknown(bits))?;
        let (masks, pad) = ([visual.red_mask, visual.green_mask, visual.blue_mask], format.scanline_pad);
        if !matches!(bits, 16 | 24 | 32) || pad % 8 != 0 || pad == 0 || masks.contains(&0) {
            return Err(unknown(bits));
        }
        Ok(Self {
            bytes_per_pixel: usize::from(bits / 8),
            row_bytes: usize::from(pad / 8),
            big_end_first: setup.image_byte_order == ImageOrder::MSB_FIRST,
            red: Channel::new(masks[0]),
            green: Channel::new(masks[1]),
            blue: Channel::new(masks[2]),
        })
    }

    /// How many bytes a row of so many pixels takes.
    pub(super) fn row(&self, pixels: usize) -> usize {
        (pixels * self.bytes_per_pixel).next_multiple_of(self.row_bytes)
    }

    /// Appends a row's pixels as red, green, blue, opacity.
    pub(super) fn append(&self, row: &[u8], pixels: usize, out: &mut Vec<u8>) {
        let bytes = &row[..pixels * self.bytes_per_pixel];
        if self.is_usual() {
            return out
                .extend(bytes.chunks_exact(4).flat_map(|pixel| [pixel[2], pixel[1], pixel[0], u8::MAX]));
        }
        for pixel in bytes.chunks_exact(self.bytes_per_pixel) {
            let join = |joined: u32, byte: &u8| joined << 8 | u32::from(*byte);
            let value = if self.big_end_first {
                pixel.iter().fold(0, join)
            } else {
                pixel.iter().rev().fold(0, join)
            };
            out.extend([self.red.of(value), self.green.of(value), self.blue.of(value), u8::MAX]);
        }
    }

    /// What nearly every display has: blue, green, red and a byte that says nothing.
    pub(super) fn is_usual(&self) -> bool {
        let byte = |shift| Channel { shift, most: 255 };
        self.bytes_per_pixel == 4
            && !self.big_end_first
            && (self.red, self.green, self.blue) == (byte(16), byte(8), byte(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout(bytes_per_pixel: usize, big_end_first: bool, masks: [u32; 3]) -> Layout {
        let [red, green, blue] = masks.map(Channel::new);
        Layout { bytes_per_pixel, row_bytes: 4, big_end_first, red, green, blue }
    }

    fn read(layout: Layout, row: &[u8], pixels: usize) -> Vec<u8> {
        let mut out = Vec::new();
        layout.append(row, pixels, &mut out);
        out
    }

    #[test]
    fn pixels_of_any_kind_become_the_same_colours() {
        let usual = layout(4, false, [0xff_0000, 0xff00, 0xff]);
        assert!(usual.is_usual());
        assert_eq!(read(usual, &[3, 2, 1, 77, 6, 5, 4, 0], 2), [1, 2, 3, 255, 4, 5, 6, 255]);
        let other_end = layout(4, true, [0xff_0000, 0xff00, 0xff]);
        assert_eq!(read(other_end, &[77, 1, 2, 3], 1), [1, 2, 3, 255]);
        let packed = layout(3, false, [0xff_0000, 0xff00, 0xff]);
        assert_eq!(read(packed, &[3, 2, 1, 6, 5, 4, 0, 0], 2), [1, 2, 3, 255, 4, 5, 6, 255]);
        let small = layout(2, false, [0xf800, 0x07e0, 0x001f]);
        assert_eq!(read(small, &[0x00, 0xf8, 0xe0, 0x07], 2), [255, 0, 0, 255, 0, 255, 0, 255]);
        let deep = layout(4, false, [0x3ff0_0000, 0xf_fc00, 0x3ff]);
        assert_eq!(read(deep, &0x3ff0_0200_u32.to_le_bytes(), 1), [255, 0, 127, 255]);
    }

    #[test]
    fn rows_are_padded() {
        assert_eq!(layout(3, false, [1, 2, 4]).row(3), 12);
        assert_eq!(layout(4, false, [1, 2, 4]).row(3), 12);
        assert_eq!(layout(2, false, [1, 2, 4]).row(3), 8);
    }
}
