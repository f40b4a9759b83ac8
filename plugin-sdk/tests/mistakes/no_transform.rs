//! The trait of another kind is implemented.
//~ `Hello` is not a transform yet
//~ impl Transform for Hello { fn apply(&self, item: Item) -> Verdict { … } }

use serde::Deserialize;
use stint_plugin_sdk::{Delivered, Item, Target, Undelivered, register};

#[derive(Deserialize)]
struct Hello {}

impl Target for Hello {
    fn upload(&self, _item: &Item) -> Result<Delivered, Undelivered> {
        Ok(Delivered::anonymous())
    }
}

register!(transform: Hello);

fn main() {}
