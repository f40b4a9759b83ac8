//! Makes a picture smaller by the mean of what each new pixel covers. Beside the two pictures only one row of sums is
//! in memory, which is why a screen is made smaller here and not by [`Picture::scaled`].

use crate::picture::CHANNELS;
use crate::{Bounds, Picture, PixelError};

impl Picture {
    /// The picture in a size that is no larger on either side; a side that would grow stays as it is.
    pub fn shrunk(&self, width: u32, height: u32) -> Result<Self, PixelError> {
        let (width, height) = (width.min(self.width()), height.min(self.height()));
        Bounds::default().check(width, height)?;
        let columns: Vec<(usize, usize)> = (0..width).map(|x| cut(x, width, self.width())).collect();
        let stride = self.width() as usize * CHANNELS;
        let mut bytes = Vec::with_capacity(width as usize * height as usize * CHANNELS);
        let mut sums = vec![[0_u64; CHANNELS]; width as usize];
        for y in 0..height {
            let (top, bottom) = cut(y, height, self.height());
            sums.fill([0; CHANNELS]);
            for row in self.bytes[top * stride..bottom * stride].chunks_exact(stride) {
                for (sum, (left, right)) in sums.iter_mut().zip(&columns) {
                    for pixel in row[left * CHANNELS..right * CHANNELS].chunks_exact(CHANNELS) {
                        sum.iter_mut().zip(pixel).for_each(|(sum, channel)| *sum += u64::from(*channel));
                    }
                }
            }
            for (sum, (left, right)) in sums.iter().zip(&columns) {
                let count = ((right - left) * (bottom - top)) as u64;
                bytes.extend(sum.map(|sum| u8::try_from((sum + count / 2) / count).unwrap_or(u8::MAX)));
            }
        }
        Self::from_rgba(width, height, bytes)
    }
}

/// Which of `old` pixels the new pixel with this number covers: at least one, because none grows.
fn cut(number: u32, new: u32, old: u32) -> (usize, usize) {
    let border = |number: u32| {
        usize::try_from(u64::from(number) * u64::from(old) / u64::from(new)).unwrap_or(usize::MAX)
    };
    (border(number), border(number + 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Region;
    use crate::picture::tests::{numbered, pixel};

    #[test]
    fn a_new_pixel_is_the_mean_of_what_it_covers() {
        let mut picture = numbered(4, 4);
        picture.fill(None, [10, 10, 10]);
        picture.fill(Some(Region { x: 0, y: 0, width: 1, height: 2 }), [30, 10, 0]);
        let small = picture.shrunk(2, 2).unwrap();
        assert_eq!(pixel(&small, 0, 0), [20, 10, 5, 255]);
        assert_eq!(pixel(&small, 1, 1), [10, 10, 10, 255]);
    }

    #[test]
    fn sizes_that_divide_badly_use_every_pixel_and_no_side_grows() {
        let picture = numbered(100, 7);
        let small = picture.shrunk(33, 100).unwrap();
        assert_eq!((small.width(), small.height()), (33, 7));
        let covered: Vec<usize> = (0..33).flat_map(|x| cut(x, 33, 100).0..cut(x, 33, 100).1).collect();
        assert_eq!(covered, (0..100).collect::<Vec<_>>());
        assert_eq!(picture.shrunk(100, 7).unwrap(), picture);
        assert!(picture.shrunk(0, 5).is_err());
    }
}
