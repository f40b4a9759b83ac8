//! What one call wrote is gone with it: whoever has its place next finds nothing of it, be it the same plugin or another.

use serde_json::json;
use stint_plugin_runtime::contract::Custom;
use stint_plugin_runtime::{Item, Payload, Plugin, PoolSize, Surroundings};

use crate::stage::{Stage, around, item, lines};

const NEEDLE: &str = "kingfisher-4711";

/// A call that searches all of its memory for the needle, which it is told in disguise.
fn searching() -> Surroundings {
    let disguised: String = NEEDLE.bytes().map(|letter| char::from(letter + 1)).collect();
    let settings = json!({ "mode": "steal", "url": "https://backend.test/", "sought": disguised });
    Surroundings { settings: settings.to_string().into(), ..around("steal", 0) }
}

async fn finds(plugin: &Plugin, item: Item) -> String {
    let answered = plugin.upload(searching(), vec![item]).await.unwrap();
    lines(&answered.report).pop().unwrap()
}

fn carrying(needles: usize) -> Item {
    Item { payload: Payload::Custom(Custom { kind: "note".into(), data: NEEDLE.repeat(needles) }), ..item() }
}

#[tokio::test]
async fn what_one_call_wrote_no_other_finds() {
    let stage = Stage::of_size(PoolSize { calls: 1, calls_of_one: 1, memory_bytes_max: 64 << 20 }).await;
    let other = stage.another().await;
    // Little is put back page by page; of much, a part is given back to the kernel.
    for needles in [1, 40_000] {
        for next in [&stage.plugin, &other] {
            let found = finds(&stage.plugin, carrying(needles)).await;
            assert_eq!(found, format!("found {needles} times"), "it knows how to search");
            assert_eq!(finds(next, item()).await, "found 0 times", "after {needles}");
        }
    }
    stage.is_clean();
}
