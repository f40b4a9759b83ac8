//! Pictures without pixels: the fake host remembers what was done to them.

use super::attachment::Attachment;
use crate::image::{Format, Region, Rgb};
use crate::imports;
use crate::types;

/// What was done to a picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// A region, or all of it, was blurred.
    Blur(Option<Region>, u32),
    /// A region, or all of it, was turned into squares.
    Pixelate(Option<Region>, u32),
    /// A region, or all of it, was painted.
    Fill(Option<Region>, Rgb),
    /// It was resized.
    Scale(u32, u32),
    /// It was encoded.
    Encode(Format),
}

/// An attachment that the fake host can decode, of this size in pixels.
pub fn picture(name: &str, width: u32, height: u32) -> types::Attachment {
    let mut file = super::attachment(name, "image/png", format!("a picture of {width} × {height}"));
    file.0.pixels = Some((width, height));
    file
}

/// The fake behind [`crate::image::Picture`].
pub(crate) struct Picture {
    name: String,
    pixels: std::cell::Cell<(u32, u32)>,
}

impl Picture {
    pub(crate) fn decode(source: &types::Attachment) -> Result<Self, String> {
        match source.0.pixels {
            Some(pixels) => Ok(Self { name: source.name(), pixels: pixels.into() }),
            None => Err(format!("{} is no picture: make it with `testing::picture`", source.name())),
        }
    }

    pub(crate) fn width(&self) -> u32 {
        self.pixels.get().0
    }

    pub(crate) fn height(&self) -> u32 {
        self.pixels.get().1
    }

    #[expect(clippy::unused_self, reason = "the real picture is a handle; both have one signature")]
    pub(crate) fn blur(&self, region: Option<Region>, radius: u32) {
        remember(Edit::Blur(region, radius));
    }

    #[expect(clippy::unused_self, reason = "see `blur`")]
    pub(crate) fn pixelate(&self, region: Option<Region>, size: u32) {
        remember(Edit::Pixelate(region, size));
    }

    #[expect(clippy::unused_self, reason = "see `blur`")]
    pub(crate) fn fill(&self, region: Option<Region>, color: Rgb) {
        remember(Edit::Fill(region, color));
    }

    pub(crate) fn scale(&self, width: u32, height: u32) -> Result<(), String> {
        if width == 0 || height == 0 {
            return Err("a picture has at least one pixel".to_owned());
        }
        self.pixels.set((width, height));
        remember(Edit::Scale(width, height));
        Ok(())
    }

    #[expect(clippy::unnecessary_wraps, reason = "the real host may fail to encode; both have one signature")]
    pub(crate) fn encode(&self, format: Format) -> Result<types::Attachment, String> {
        remember(Edit::Encode(format));
        let (mime, ending) = match format {
            Format::Png => ("image/png", "png"),
            Format::Jpeg(_) => ("image/jpeg", "jpg"),
            Format::Webp => ("image/webp", "webp"),
        };
        let stem = self.name.rsplit_once('.').map_or(self.name.as_str(), |(stem, _)| stem);
        let (width, height) = self.pixels.get();
        Ok(types::Attachment(Attachment {
            name: format!("{stem}.{ending}"),
            mime: mime.to_owned(),
            bytes: format!("an edited picture of {width} × {height}").into_bytes(),
            pixels: Some((width, height)),
        }))
    }
}

fn remember(edit: Edit) {
    imports::world(|world| world.edits.push(edit));
}
