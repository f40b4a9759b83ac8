//! serde cannot read the type.
//~ `Hello` can't be read from the operator's settings
//~ a plugin is its own settings, so serde has to be able to make one
//~ add `#[derive(serde::Deserialize)]` to `Hello`, even if it has no fields: `struct Hello {}`

use stint_plugin_sdk::{Delivered, Item, Target, Undelivered, register};

struct Hello {
    url: String,
}

impl Target for Hello {
    fn upload(&self, _item: &Item) -> Result<Delivered, Undelivered> {
        Ok(Delivered::with_id(&self.url))
    }
}

register!(target: Hello);

fn main() {}
