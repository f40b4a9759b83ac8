//! The plugin: rewrites each item of a batch and says how long the result is.

wit_bindgen::generate!({
    path: "../../wit/stint-plugin-0.1",
    world: "target",
    generate_all,
});

use exports::stint::plugin::uploader::{Finding, Guest, Outcome};
use stint::plugin::types::{Failure, Item, Payload, Problem};

struct Plugin;

export!(Plugin);

impl Guest for Plugin {
    fn check(_settings: String) -> Vec<Problem> {
        Vec::new()
    }

    fn probe() -> Result<(), Failure> {
        Ok(())
    }

    fn upload(batch: Vec<Item>) -> Vec<Outcome> {
        batch.iter().map(deliver).collect()
    }

    fn lookup(_item: Item) -> Result<Finding, Failure> {
        Ok(Finding::Absent)
    }
}

fn deliver(item: &Item) -> Outcome {
    match &item.payload {
        Payload::Custom(custom) => Outcome::Delivered(Some(crate::rewrite(&custom.data).len().to_string())),
        _ => Outcome::Superseded,
    }
}
