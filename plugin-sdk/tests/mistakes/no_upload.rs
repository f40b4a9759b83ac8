//! The one function without a default is missing.
//~ not all trait items implemented, missing: `upload`

use serde::Deserialize;
use stint_plugin_sdk::{Target, register};

#[derive(Deserialize)]
struct Hello {}

impl Target for Hello {}

register!(target: Hello);

fn main() {}
