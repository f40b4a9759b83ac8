//! Rules to begin with.

use stint_capture::{OnExcluded, Rules};
use stint_pixels::Format;

/// Nothing is hidden, and a picture has the pixels of its screen.
pub(crate) fn rules() -> Rules {
    Rules {
        exclude: Vec::new(),
        on_excluded: OnExcluded::Skip,
        areas: Vec::new(),
        blur: 0,
        width_max: 16_384,
        format: Format::Png,
        skip_unchanged: true,
    }
}
