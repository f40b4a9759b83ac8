//! A target that keeps everything in a folder: a file of JSON lines for each day (UTC), and screenshots beside it.
//!
//! Invariant: a delivered item has exactly one line. The length of each day's file is kept in the plugin's state,
//! which is committed with the outcomes; a call appends behind that length, so what an attempt wrote that was
//! never settled is overwritten by the next one.

mod line;
mod path;

use serde::Deserialize;
use stint_plugin_sdk::{Chunk, Delivered, Item, Outcome, Target, Undelivered, files, register, state};

/// The target, as its settings make it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Archive {
    screenshots: bool,
}

impl Default for Archive {
    fn default() -> Self {
        Self { screenshots: true }
    }
}

impl Target for Archive {
    fn upload(&self, item: &Item) -> Result<Delivered, Undelivered> {
        let picture = self.store_picture(item)?;
        append(&path::day(item), line::of(item, picture.as_deref()))?;
        Ok(Delivered::anonymous())
    }

    /// One append for the items of a day, since every append waits for the disk. The answer is the same for all
    /// items of it: they are in the file together or not at all.
    fn upload_batch(&self, items: &[Item]) -> Vec<Outcome> {
        let mut outcomes = Vec::with_capacity(items.len());
        for items in items.chunk_by(|one, next| path::day(one) == path::day(next)) {
            let outcome = self.upload_day(items);
            outcomes.extend(items.iter().map(|_| outcome.clone()));
        }
        outcomes
    }
}

impl Archive {
    fn upload_day(&self, items: &[Item]) -> Outcome {
        let mut lines = String::new();
        for item in items {
            let picture = self.store_picture(item)?;
            lines.push_str(&line::of(item, picture.as_deref()));
        }
        if let Some(item) = items.first() {
            append(&path::day(item), lines)?;
        }
        Ok(Delivered::anonymous())
    }

    /// Stores a screenshot's picture and answers where. Its path is the item's own: storing it again changes
    /// nothing.
    fn store_picture(&self, item: &Item) -> Result<Option<String>, files::Error> {
        let Some(screenshot) = item.screenshot().filter(|_| self.screenshots) else { return Ok(None) };
        let path = path::picture(item, screenshot);
        files::write(&path, vec![Chunk::Attachment(&screenshot.file)])?;
        Ok(Some(path))
    }
}

/// Appends behind what was settled. A file that somebody moved away begins anew.
fn append(path: &str, lines: String) -> Result<(), Undelivered> {
    let key = format!("length/{path}");
    let settled: u64 = state::get_json(&key).unwrap_or(0);
    let begin = if files::exists(path)? { settled } else { 0 };
    let length = files::append(path, begin, vec![Chunk::Text(lines)])?;
    state::put_json(&key, &length)?;
    Ok(())
}

register!(target: Archive);

#[cfg(test)]
mod tests;
