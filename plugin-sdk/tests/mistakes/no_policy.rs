//! A policy without its trait.
//~ `Hello` is not a policy yet
//~ impl Policy for Hello { fn plan(&self, snapshot: &Snapshot) -> Decision { … } }

use serde::Deserialize;
use stint_plugin_sdk::{Delivered, Item, Target, Undelivered, register};

#[derive(Deserialize)]
struct Hello {}

impl Target for Hello {
    fn upload(&self, _item: &Item) -> Result<Delivered, Undelivered> {
        Ok(Delivered::anonymous())
    }
}

register!(policy: Hello);

fn main() {}
