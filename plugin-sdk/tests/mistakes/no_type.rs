//! Nothing at all.
//~ register! takes a kind and a type: `register!(target: MyTarget);`

use stint_plugin_sdk::register;

register!();

fn main() {}
