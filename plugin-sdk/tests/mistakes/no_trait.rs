//! The trait is not implemented.
//~ `Hello` is not a target yet
//~ `Target` is not implemented for this type
//~ impl Target for Hello { fn upload(&self, item: &Item) -> Result<Delivered, Undelivered> { … } }

use serde::Deserialize;
use stint_plugin_sdk::register;

#[derive(Deserialize)]
struct Hello {}

register!(target: Hello);

fn main() {}
