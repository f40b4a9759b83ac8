//! Looks at kept screenshots, and takes one back.

use stint_pixels::{Bounds, Format, decode, encode};
use stint_store::{
    Serial, Transaction,
    queue::{self, Pictured, Withdrawn},
};

use super::error::ShotError;
use crate::desk::Desk;

/// A picture of its file may be so wide at most.
const THUMBNAIL_MAX: u32 = 1_024;

impl Desk {
    /// The screenshot with this number or id.
    pub fn screenshot(&self, name: &str) -> Result<Pictured, ShotError> {
        let found = self.read(|tx| {
            let number = name.trim_start_matches('#').parse().map(Serial).ok();
            let serial = match (number, name.parse()) {
                (Some(serial), _) => Some(serial),
                (None, Ok(id)) => queue::serial_of(tx, id)?,
                (None, Err(_)) => None,
            };
            serial.map_or(Ok(None), |serial| queue::picture(tx, serial))
        })?;
        found.ok_or_else(|| ShotError::Unknown { name: name.to_owned() })
    }

    /// Takes a screenshot back: whoever hasn't got it never will, and its bytes are overwritten here unless a target
    /// gets them at this moment.
    pub async fn withdraw_screenshot(&self, name: &str) -> Result<Withdrawn, ShotError> {
        let (serial, now) = (self.screenshot(name)?.serial, self.now());
        let withdraw = move |tx: &Transaction<'_>| queue::withdraw(tx, serial, "a person deleted it", now);
        let withdrawn = self.store().write_and_empty_log(withdraw).await?;
        self.shots_changed();
        for hash in &withdrawn.loose_files {
            let blobs = self.store().blobs();
            self.read(|tx| Ok(blobs.destroy(tx, *hash)))??;
        }
        Ok(withdrawn)
    }

    /// The bytes of a screenshot's file.
    pub fn screenshot_file(&self, shot: &Pictured) -> Result<Vec<u8>, ShotError> {
        let blobs = self.store().blobs();
        let blob = self.read(|tx| Ok(blobs.get(tx, shot.blob)))??;
        let length = usize::try_from(blob.size()).unwrap_or(usize::MAX);
        Ok(blob.read(0, length)?)
    }

    /// A small JPEG of it. It is made when it is asked for: the page shows few, and nothing more has to be kept or
    /// deleted. Takes its time, so call it where that is no harm.
    pub fn thumbnail(&self, shot: &Pictured, width: u32) -> Result<Vec<u8>, ShotError> {
        let picture = decode(&self.screenshot_file(shot)?, &Bounds::default()).map_err(picture_error)?;
        let width = width.clamp(1, THUMBNAIL_MAX).min(picture.width());
        let height = u64::from(picture.height()) * u64::from(width) / u64::from(picture.width());
        let height = u32::try_from(height).unwrap_or(u32::MAX).max(1);
        let small = picture.shrunk(width, height).map_err(picture_error)?;
        encode(&small, Format::Jpeg { quality: 70 }).map_err(picture_error)
    }
}

fn picture_error(error: stint_pixels::PixelError) -> ShotError {
    ShotError::Source(error.into())
}
