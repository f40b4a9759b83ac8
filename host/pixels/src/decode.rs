//! Decodes a file, after its claimed size was held against the bounds.

use std::io::Cursor;

use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};

use crate::{Bounds, Picture, PixelError};

/// A pixel of the deepest format takes this many bytes while it is unpacked.
const UNPACKED_BYTES_MAX: u64 = 16;
/// Room for what a decoder keeps beside the pixels.
const OVERHEAD_BYTES: u64 = 4 * 1024 * 1024;

/// Decodes a PNG, JPEG or WebP file.
pub fn decode(file: &[u8], bounds: &Bounds) -> Result<Picture, PixelError> {
    let (_, decoder) = open(file, bounds)?;
    let (width, height) = decoder.dimensions();
    let image = DynamicImage::from_decoder(decoder).map_err(broken)?;
    Picture::from_rgba(width, height, image.into_rgba8().into_raw())
}

/// What a file says of itself in its head.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Measure {
    /// Its media type, by its own bytes.
    pub mime: &'static str,
    /// Its width in pixels.
    pub width: u32,
    /// Its height in pixels.
    pub height: u32,
}

/// Reads the head of a PNG, JPEG or WebP file. Nothing is unpacked, so what follows the head may be broken.
pub fn measure(file: &[u8], bounds: &Bounds) -> Result<Measure, PixelError> {
    let (format, decoder) = open(file, bounds)?;
    let (width, height) = decoder.dimensions();
    Ok(Measure { mime: format.to_mime_type(), width, height })
}

/// A decoder that has read the head, whose size was held against the bounds.
fn open<'a>(
    file: &'a [u8],
    bounds: &Bounds,
) -> Result<(ImageFormat, impl ImageDecoder + use<'a>), PixelError> {
    if file.len() > bounds.file_bytes_max {
        return Err(PixelError::FileTooLarge { bytes: file.len(), most: bounds.file_bytes_max });
    }
    let Ok(format @ (ImageFormat::Png | ImageFormat::Jpeg | ImageFormat::WebP)) = image::guess_format(file)
    else {
        return Err(PixelError::UnknownFormat);
    };
    let mut reader = ImageReader::with_format(Cursor::new(file), format);
    reader.limits(limits(bounds));
    let decoder = reader.into_decoder().map_err(broken)?;
    let (width, height) = decoder.dimensions();
    bounds.check(width, height)?;
    Ok((format, decoder))
}

#[expect(clippy::needless_pass_by_value, reason = "`map_err` hands it over")]
fn broken(error: image::ImageError) -> PixelError {
    PixelError::Broken { reason: error.to_string() }
}

/// The decoder's own bounds, behind ours: they cover what it allocates for itself. Sides are left to ours,
/// whose message tells more.
fn limits(bounds: &Bounds) -> Limits {
    let mut limits = Limits::no_limits();
    limits.max_alloc =
        Some(bounds.pixels_max.saturating_mul(UNPACKED_BYTES_MAX).saturating_add(OVERHEAD_BYTES));
    limits
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::tests::numbered;
    use crate::{Format, encode};

    #[test]
    fn what_is_no_picture_is_refused() {
        let text = |file: &[u8]| decode(file, &Bounds::default()).unwrap_err().to_string();
        assert_eq!(text(b""), "decode the picture: it is neither PNG, JPEG nor WebP");
        assert_eq!(text(b"GIF89a not here"), "decode the picture: it is neither PNG, JPEG nor WebP");
        let bounds = Bounds { file_bytes_max: 3, ..Bounds::default() };
        assert_eq!(
            decode(b"four", &bounds).unwrap_err().to_string(),
            "decode the picture: its file has 4 bytes, and at most 3 are read"
        );
    }

    #[test]
    fn a_file_is_measured_by_its_head_alone() {
        for (format, mime) in [
            (Format::Png, "image/png"),
            (Format::Jpeg { quality: 80 }, "image/jpeg"),
            (Format::WebP, "image/webp"),
        ] {
            let whole = encode(&numbered(16, 9), format).unwrap();
            let expected = Measure { mime, width: 16, height: 9 };
            assert_eq!(measure(&whole, &Bounds::default()).unwrap(), expected);
            assert!(measure(&whole[..12], &Bounds::default()).is_err(), "{mime} without a head");
        }
        let cut = &encode(&numbered(16, 9), Format::Png).unwrap()[..41];
        assert!(decode(cut, &Bounds::default()).is_err());
        assert_eq!(measure(cut, &Bounds::default()).unwrap().width, 16);
        assert!(measure(&claims(60_000, 60_000), &Bounds::default()).is_err(), "the bounds hold here too");
    }

    #[test]
    fn every_cut_through_a_file_is_refused_or_decoded_but_never_worse() {
        for format in [Format::Png, Format::Jpeg { quality: 80 }, Format::WebP] {
            let whole = encode(&numbered(16, 16), format).unwrap();
            for length in 0..whole.len() {
                if let Ok(picture) = decode(&whole[..length], &Bounds::default()) {
                    assert_eq!((picture.width(), picture.height()), (16, 16));
                }
            }
            for index in 0..whole.len() {
                let mut flipped = whole.clone();
                flipped[index] ^= 0xff;
                let _either = decode(&flipped, &Bounds { pixels_max: 1 << 16, ..Bounds::default() });
            }
        }
    }

    /// A PNG of a few bytes that claims a size; nothing behind its header is ever read.
    fn claims(width: u32, height: u32) -> Vec<u8> {
        let mut file = encode(&numbered(1, 1), Format::Png).unwrap();
        file[16..20].copy_from_slice(&width.to_be_bytes());
        file[20..24].copy_from_slice(&height.to_be_bytes());
        let checksum = crc32(&file[12..29]);
        file[29..33].copy_from_slice(&checksum.to_be_bytes());
        file
    }

    fn crc32(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(u32::MAX, |sum, byte| {
            (0..8)
                .fold(sum ^ u32::from(*byte), |sum, _| (sum >> 1) ^ (0xedb8_8320 & (sum & 1).wrapping_neg()))
        })
    }

    #[test]
    fn a_decompression_bomb_is_refused_by_the_size_it_claims() {
        let text =
            |width, height| decode(&claims(width, height), &Bounds::default()).unwrap_err().to_string();
        assert_eq!(
            text(60_000, 60_000),
            "handle a picture of 60000 × 60000 pixels: at most 16384 on a side and 33554432 in all are"
        );
        assert_eq!(
            text(16_384, 16_384),
            "handle a picture of 16384 × 16384 pixels: at most 16384 on a side and 33554432 in all are"
        );
        // Within the bounds, but with a single pixel's worth of data behind it.
        assert!(text(5_000, 5_000).starts_with("decode the picture: "));
    }
}
