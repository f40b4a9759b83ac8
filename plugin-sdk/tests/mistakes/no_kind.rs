//! A type without its kind.
//~ register! takes a kind and a type: `register!(target: MyTarget);`

use serde::Deserialize;
use stint_plugin_sdk::{Delivered, Item, Target, Undelivered, register};

#[derive(Deserialize)]
struct Hello {}

impl Target for Hello {
    fn upload(&self, _item: &Item) -> Result<Delivered, Undelivered> {
        Ok(Delivered::anonymous())
    }
}

register!(Hello);

fn main() {}
