//! Where things are in the folder. A path is made of the item alone, so every attempt finds the same one, and of
//! letters that any file system takes.

use stint_plugin_sdk::date::Civil;
use stint_plugin_sdk::{Item, Screenshot};

/// The file of an item's line: the day on which it happened, in UTC.
pub(crate) fn day(item: &Item) -> String {
    format!("{}.jsonl", Civil::at(item.occurred_at, 0).date())
}

/// The file of a screenshot's picture.
pub(crate) fn picture(item: &Item, screenshot: &Screenshot) -> String {
    let taken = Civil::at(screenshot.taken_at, 0);
    let name = screenshot.file.name();
    let ending = name.rsplit_once('.').map_or("bin", |(_, ending)| ending);
    format!(
        "screenshots/{}/{}-{}-{}.{}",
        taken.date(),
        taken.time().replace(':', ""),
        plain(&screenshot.monitor),
        plain(&item.id),
        plain(ending)
    )
}

/// Letters, digits and `-` as they are, anything else as `_`: a monitor's name comes from its maker.
fn plain(text: &str) -> String {
    let plain = |letter: char| if letter.is_ascii_alphanumeric() || letter == '-' { letter } else { '_' };
    text.chars().map(plain).take(64).collect()
}
