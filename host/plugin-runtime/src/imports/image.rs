//! `image`: pictures behind handles. Their pixels stay in the host, are worked on beside the async threads, and are
//! counted: how many are held at one time, and how many were worked on in one call.

use std::sync::Arc;

use stint_pixels::{Bounds, Picture, PixelError};
use wasmtime::component::Resource;

use super::OverBound;
use crate::attachment::{Attached, MemoryAttachment};
use crate::bindings::stint::plugin::image::{Format, Host, HostPicture, Region, Rgb};
use crate::manifest::Kind;
use crate::sandbox::Sandbox;

/// What a plugin's handle to a picture stands for.
#[expect(unreachable_pub, reason = "the generated bindings re-export it")]
pub struct Held {
    /// Absent while it is being worked on.
    picture: Option<Picture>,
    name: String,
}

/// What one call has used of pictures.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct PixelUse {
    pub(crate) held: u64,
    pub(crate) touched: u64,
}

impl Host for Sandbox {}

impl HostPicture for Sandbox {
    async fn decode(
        &mut self,
        source: Resource<Attached>,
    ) -> wasmtime::Result<Result<Resource<Held>, String>> {
        if self.kind != Kind::Transform {
            return Ok(Err(format!("a {} has no `image`", self.kind)));
        }
        let file = match self.readable(&source)? {
            Ok(file) => file,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let bounds = self.pixel_bounds();
        let name = file.name().to_owned();
        let decoded = self.blocking(move || {
            let length = usize::try_from(file.size()).unwrap_or(usize::MAX);
            if length > bounds.file_bytes_max {
                return Err(
                    PixelError::FileTooLarge { bytes: length, most: bounds.file_bytes_max }.to_string()
                );
            }
            let bytes = file.read_at(0, length).map_err(|error| error.to_string())?;
            stint_pixels::decode(&bytes, &bounds).map_err(|error| error.to_string())
        });
        let picture = match decoded.await? {
            Ok(picture) => picture,
            Err(refusal) => return Ok(Err(refusal)),
        };
        self.touch(picture.pixels())?;
        self.pixels.held += picture.pixels();
        Ok(Ok(self.table.push(Held { picture: Some(picture), name })?))
    }

    fn width(&mut self, handle: Resource<Held>) -> wasmtime::Result<u32> {
        Ok(self.table.get(&handle)?.picture.as_ref().map_or(0, Picture::width))
    }

    fn height(&mut self, handle: Resource<Held>) -> wasmtime::Result<u32> {
        Ok(self.table.get(&handle)?.picture.as_ref().map_or(0, Picture::height))
    }

    async fn blur(
        &mut self,
        handle: Resource<Held>,
        region: Option<Region>,
        radius: u32,
    ) -> wasmtime::Result<()> {
        self.change(&handle, move |picture| picture.blur(region.map(area), radius)).await
    }

    async fn pixelate(
        &mut self,
        handle: Resource<Held>,
        region: Option<Region>,
        size: u32,
    ) -> wasmtime::Result<()> {
        self.change(&handle, move |picture| picture.pixelate(region.map(area), size)).await
    }

    async fn fill(
        &mut self,
        handle: Resource<Held>,
        region: Option<Region>,
        color: Rgb,
    ) -> wasmtime::Result<()> {
        self.change(&handle, move |picture| picture.fill(region.map(area), [color.r, color.g, color.b])).await
    }

    async fn scale(
        &mut self,
        handle: Resource<Held>,
        width: u32,
        height: u32,
    ) -> wasmtime::Result<Result<(), String>> {
        let picture = self.take(&handle)?;
        let before = picture.pixels();
        self.pixels.held = self.pixels.held.saturating_sub(before);
        let bounds = self.pixel_bounds();
        self.touch(before)?;
        let scaled = self.blocking(move || match picture.scaled(width, height, &bounds) {
            Ok(scaled) => (scaled, Ok(())),
            Err(error) => (picture, Err(error.to_string())),
        });
        let (picture, answer) = scaled.await?;
        self.touch(picture.pixels())?;
        self.pixels.held += picture.pixels();
        self.table.get_mut(&handle)?.picture = Some(picture);
        Ok(answer)
    }

    async fn encode(
        &mut self,
        handle: Resource<Held>,
        format: Format,
    ) -> wasmtime::Result<Result<Resource<Attached>, String>> {
        let format = match format {
            Format::Png => stint_pixels::Format::Png,
            Format::Jpeg(quality) => stint_pixels::Format::Jpeg { quality },
            Format::Webp => stint_pixels::Format::WebP,
        };
        let picture = self.take(&handle)?;
        self.touch(picture.pixels())?;
        let encoded = self.blocking(move || {
            let file = stint_pixels::encode(&picture, format).map_err(|error| error.to_string());
            (picture, file)
        });
        let (picture, file) = encoded.await?;
        let held = self.table.get_mut(&handle)?;
        held.picture = Some(picture);
        let stem = held.name.rsplit_once('.').map_or(held.name.as_str(), |(stem, _)| stem);
        let name = format!("{stem}.{}", format.extension());
        let file = match file {
            Ok(file) => file,
            Err(refusal) => return Ok(Err(refusal)),
        };
        self.hold_encoded(&file)?;
        let file = self.blocking(move || MemoryAttachment::new(name, format.mime(), file)).await?;
        Ok(Ok(self.table.push(Attached(Arc::new(file)))?))
    }

    fn drop(&mut self, handle: Resource<Held>) -> wasmtime::Result<()> {
        let pixels = self.table.delete(handle)?.picture.map_or(0, |picture| picture.pixels());
        self.pixels.held = self.pixels.held.saturating_sub(pixels);
        Ok(())
    }
}

impl Sandbox {
    /// Bounds for the next picture: what is left of the pixels that may be held.
    fn pixel_bounds(&self) -> Bounds {
        let left = self.around.limits.pixels_held.saturating_sub(self.pixels.held);
        let usual = Bounds::default();
        Bounds { pixels_max: usual.pixels_max.min(left), ..usual }
    }

    /// Counts pixels that were or will be worked on.
    fn touch(&mut self, pixels: u64) -> wasmtime::Result<()> {
        self.pixels.touched = self.pixels.touched.saturating_add(pixels);
        if self.pixels.touched > self.around.limits.pixels_touched {
            return Err(OverBound("it worked on more pixels than one call may".to_owned()).into());
        }
        Ok(())
    }

    /// Counts what was encoded like a picture of as many bytes, so that encoding again and again has its bound.
    fn hold_encoded(&mut self, file: &[u8]) -> wasmtime::Result<()> {
        self.pixels.held += (file.len() as u64).div_ceil(4);
        if self.pixels.held > self.around.limits.pixels_held {
            return Err(OverBound("it held more pictures than one call may".to_owned()).into());
        }
        Ok(())
    }

    fn take(&mut self, handle: &Resource<Held>) -> wasmtime::Result<Picture> {
        let picture = self.table.get_mut(handle)?.picture.take();
        picture.ok_or_else(|| OverBound("it used a picture that is gone".to_owned()).into())
    }

    async fn change(
        &mut self,
        handle: &Resource<Held>,
        work: impl FnOnce(&mut Picture) + Send + 'static,
    ) -> wasmtime::Result<()> {
        let mut picture = self.take(handle)?;
        self.touch(picture.pixels())?;
        let changed = self.blocking(move || {
            work(&mut picture);
            picture
        });
        let picture = changed.await?;
        self.table.get_mut(handle)?.picture = Some(picture);
        Ok(())
    }
}

fn area(region: Region) -> stint_pixels::Region {
    stint_pixels::Region { x: region.x, y: region.y, width: region.width, height: region.height }
}
