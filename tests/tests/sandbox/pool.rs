//! The pool and the thread behind the bounds: nobody is refused a place, and nothing runs while nobody calls.

use stint_plugin_runtime::PoolSize;

use crate::stage::{Stage, around, item};

#[tokio::test]
async fn calls_at_once_wait_their_turn_and_none_is_refused() {
    let stage = Stage::of_size(PoolSize { calls: 3, calls_of_one: 2, memory_bytes_max: 64 << 20 }).await;
    let calls: Vec<_> = (0..200)
        .map(|call| {
            let plugin = stage.plugin.clone();
            let mode = if call % 10 == 0 { "trap" } else { "honest" };
            tokio::spawn(async move { plugin.upload(around(mode, 0), vec![item()]).await.is_ok() })
        })
        .collect();
    let mut answered = 0;
    for call in calls {
        answered += usize::from(call.await.unwrap());
    }
    assert_eq!(answered, 180);
    stage.is_clean();
}

#[tokio::test]
async fn the_engine_sleeps_when_no_call_is_in_flight() {
    let stage = Stage::new().await;
    stage.still_works().await;
    while !stage.engine.is_idle() {
        tokio::task::yield_now().await;
    }
    stage.still_works().await;
}
