//! Encodes a picture. Nothing but its pixels is written: no place, no time, no name of a machine.

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::codecs::webp::WebPEncoder;
use image::{ExtendedColorType, ImageEncoder as _};

use crate::picture::CHANNELS;
use crate::{Picture, PixelError};

/// How to encode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Lossless.
    Png,
    /// Small; what is transparent becomes white.
    Jpeg {
        /// From 1 to 100.
        quality: u8,
    },
    /// Lossless, smaller than PNG.
    WebP,
}

impl Format {
    /// The media type.
    pub fn mime(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg { .. } => "image/jpeg",
            Self::WebP => "image/webp",
        }
    }

    /// The usual ending of a file's name, without the dot.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Jpeg { .. } => "jpg",
            Self::WebP => "webp",
        }
    }
}

/// Encodes a picture.
pub fn encode(picture: &Picture, format: Format) -> Result<Vec<u8>, PixelError> {
    let (width, height) = (picture.width(), picture.height());
    let mut file = Vec::new();
    match format {
        Format::Png => {
            PngEncoder::new(&mut file).write_image(&picture.bytes, width, height, ExtendedColorType::Rgba8)
        }
        Format::Jpeg { quality } => JpegEncoder::new_with_quality(&mut file, quality.clamp(1, 100))
            .write_image(&on_white(picture), width, height, ExtendedColorType::Rgb8),
        Format::WebP => WebPEncoder::new_lossless(&mut file).write_image(
            &picture.bytes,
            width,
            height,
            ExtendedColorType::Rgba8,
        ),
    }
    .map_err(|error| PixelError::Encoding { reason: error.to_string() })?;
    Ok(file)
}

/// The picture without its opacity, as if it lay on white paper.
fn on_white(picture: &Picture) -> Vec<u8> {
    let opaque = u32::from(u8::MAX);
    picture
        .bytes
        .chunks_exact(CHANNELS)
        .flat_map(|pixel| {
            let opacity = u32::from(pixel[3]);
            [pixel[0], pixel[1], pixel[2]].map(|channel| {
                let mixed = u32::from(channel) * opacity + opaque * (opaque - opacity);
                u8::try_from((mixed + opaque / 2) / opaque).unwrap_or(u8::MAX)
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::tests::{numbered, pixel};
    use crate::{Bounds, decode};

    #[test]
    fn a_lossless_format_gives_every_pixel_back() {
        let picture = numbered(33, 17);
        for format in [Format::Png, Format::WebP] {
            let file = encode(&picture, format).unwrap();
            assert_eq!(decode(&file, &Bounds::default()).unwrap(), picture, "{format:?}");
        }
    }

    #[test]
    fn jpeg_comes_close_and_takes_any_quality() {
        let mut picture = numbered(32, 32);
        picture.fill(None, [40, 90, 200]);
        for quality in [0, 1, 90, 100, 255] {
            let file = encode(&picture, Format::Jpeg { quality }).unwrap();
            let back = decode(&file, &Bounds::default()).unwrap();
            assert_eq!((back.width(), back.height()), (32, 32));
            if quality >= 90 {
                let near = pixel(&back, 5, 5).iter().zip([40, 90, 200, 255]).all(|(a, b)| a.abs_diff(b) <= 3);
                assert!(near, "{:?}", pixel(&back, 5, 5));
            }
        }
    }

    #[test]
    fn what_is_transparent_becomes_white_in_jpeg() {
        let picture = Picture::from_rgba(1, 2, vec![0, 0, 0, 0, 0, 0, 0, 128]).unwrap();
        assert_eq!(on_white(&picture), [255, 255, 255, 127, 127, 127]);
    }

    #[test]
    fn a_format_knows_its_names() {
        let names =
            [Format::Png, Format::Jpeg { quality: 1 }, Format::WebP].map(|f| (f.mime(), f.extension()));
        assert_eq!(names, [("image/png", "png"), ("image/jpeg", "jpg"), ("image/webp", "webp")]);
    }
}
