//! A kind that does not exist.
//~ `uploader` is no kind of plugin: write `target`, `transform` or `policy`

use serde::Deserialize;
use stint_plugin_sdk::{Delivered, Item, Target, Undelivered, register};

#[derive(Deserialize)]
struct Hello {}

impl Target for Hello {
    fn upload(&self, _item: &Item) -> Result<Delivered, Undelivered> {
        Ok(Delivered::anonymous())
    }
}

register!(uploader: Hello);

fn main() {}
