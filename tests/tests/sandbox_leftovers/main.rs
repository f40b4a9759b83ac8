//! The hostile corpus: every way the hostile plugin knows to misbehave, and for each what became of it, that the host
//! answered within the call's bounds, that another plugin went on, and that nothing is left behind. And ten thousand
//! calls, one in five of them hostile, take no more memory, no more open files and no more threads than the first
//! thousand, and every place in the pool is free again.
//!
//! A binary of its own with a single test, because what a process holds is measured.
#![cfg(test)]

mod attack;
mod corpus;
mod held;
#[path = "../../hostile/src/modes.rs"]
mod modes;
#[path = "../sandbox/services.rs"]
mod services;
#[path = "../sandbox/stage.rs"]
#[allow(dead_code, reason = "this suite needs a part of the stage")]
mod stage;

use std::collections::BTreeSet;
use std::time::Duration;

use attack::Arena;
use corpus::CORPUS;
use held::Held;
use modes::MODES;
use stage::{Stage, around, item, with_limits};
use stint_plugin_runtime::PoolSize;

#[test]
fn nothing_is_left_behind() {
    every_mode_is_tried();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        // Time passes at once where all wait, and not at all while anything computes.
        .start_paused(true)
        // How many threads there are is no matter of chance, nor of how slow the machine is.
        .max_blocking_threads(1)
        .thread_keep_alive(Duration::MAX)
        .build()
        .unwrap();
    runtime.block_on(async {
        let size = PoolSize { calls: 8, calls_of_one: 8, memory_bytes_max: 128 << 20 };
        let stage = Stage::of_size(size).await;
        ten_thousand_calls(&stage).await;
        the_whole_corpus(Arena::new(stage).await).await;
    });
}

fn every_mode_is_tried() {
    let tried: BTreeSet<&str> = CORPUS.iter().map(|attack| attack.mode).collect();
    let known: BTreeSet<&str> = MODES.iter().copied().collect();
    let unequal: Vec<_> = tried.symmetric_difference(&known).collect();
    assert!(unequal.is_empty(), "of the corpus and the plugin only one has {unequal:?}");
}

async fn ten_thousand_calls(stage: &Stage) {
    for _ in 0..50 {
        twenty_calls(stage).await;
    }
    let before = Held::now();
    for _ in 0..500 {
        twenty_calls(stage).await;
    }
    before.has_no_more_now("10,000 calls");
    stage.is_clean();
}

/// Twenty calls: some honest, some that leak, panic, trap or grow until they are stopped.
async fn twenty_calls(stage: &Stage) {
    for call in 0..20 {
        let mode = match call {
            3 => "leak",
            7 => "trap",
            11 => "panic",
            15 => "memory-steps",
            _ => "honest",
        };
        let small = with_limits(around(mode, 0), |limits| limits.memory_bytes = 3 << 20);
        let ended = stage.plugin.upload(small, vec![item()]).await;
        assert_eq!(ended.is_ok(), !matches!(mode, "trap" | "panic"), "{mode}");
    }
}

async fn the_whole_corpus(arena: Arena) {
    for attack in [CORPUS, CORPUS].concat() {
        arena.withstands(&attack).await;
    }
    let before = Held::now();
    for attack in [CORPUS, CORPUS, CORPUS].concat() {
        arena.withstands(&attack).await;
        before.has_no_more_handles_now(attack.mode);
    }
    before.has_no_more_now("the corpus");
}
