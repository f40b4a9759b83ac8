//! Two of one kind.
//~ the name `OnlyOneTargetPerPlugin` is defined multiple times

use serde::Deserialize;
use stint_plugin_sdk::{Delivered, Item, Target, Undelivered, register};

#[derive(Deserialize)]
struct Hello {}

impl Target for Hello {
    fn upload(&self, _item: &Item) -> Result<Delivered, Undelivered> {
        Ok(Delivered::anonymous())
    }
}

register!(target: Hello, target: Hello);

fn main() {}
