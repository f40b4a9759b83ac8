//! The answer of another function.
//~ expected `Result<Delivered, Undelivered>`, found `Verdict`

use serde::Deserialize;
use stint_plugin_sdk::{Delivered, Item, Target, Undelivered, Verdict, register};

#[derive(Deserialize)]
struct Hello {}

impl Target for Hello {
    fn upload(&self, _item: &Item) -> Result<Delivered, Undelivered> {
        Verdict::drop("not mine")
    }
}

register!(target: Hello);

fn main() {}
