//! Pictures, changed by the host: their pixels stay outside the sandbox, and the work is as fast as native code.

use crate::imports;
use crate::types::Attachment;

/// A rectangle of pixels; what lies outside the picture is left alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Region {
    /// Pixels from the left edge.
    pub x: u32,
    /// Pixels from the upper edge.
    pub y: u32,
    /// Its width.
    pub width: u32,
    /// Its height.
    pub height: u32,
}

/// A colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rgb {
    /// Red.
    pub r: u8,
    /// Green.
    pub g: u8,
    /// Blue.
    pub b: u8,
}

/// How to encode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// PNG.
    Png,
    /// JPEG with a quality from 1 to 100.
    Jpeg(u8),
    /// WebP without loss.
    Webp,
}

/// A decoded picture.
pub struct Picture(imports::Picture);

impl Picture {
    /// Decodes PNG, JPEG or WebP.
    pub fn decode(source: &Attachment) -> Result<Self, String> {
        imports::Picture::decode(source).map(Self)
    }

    /// Its width in pixels.
    pub fn width(&self) -> u32 {
        self.0.width()
    }

    /// Its height in pixels.
    pub fn height(&self) -> u32 {
        self.0.height()
    }

    /// Blurs a region, or all of it, beyond recognition at a distance of `radius` pixels.
    pub fn blur(&self, region: Option<Region>, radius: u32) {
        self.0.blur(region, radius);
    }

    /// Turns a region, or all of it, into squares of `size` pixels and of one colour each.
    pub fn pixelate(&self, region: Option<Region>, size: u32) {
        self.0.pixelate(region, size);
    }

    /// Paints a region, or all of it, in one colour. Nothing of what was there remains.
    pub fn fill(&self, region: Option<Region>, color: Rgb) {
        self.0.fill(region, color);
    }

    /// Resizes to exactly this width and height.
    pub fn scale(&self, width: u32, height: u32) -> Result<(), String> {
        self.0.scale(width, height)
    }

    /// Encodes into a new attachment, which keeps the source's name with the format's ending.
    pub fn encode(&self, format: Format) -> Result<Attachment, String> {
        self.0.encode(format)
    }
}
