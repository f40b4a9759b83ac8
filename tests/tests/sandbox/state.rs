//! Floods of state, and state that a trap must take back.

use std::sync::Arc;

use stint_plugin_runtime::services::{MemoryState, StateSource as _};

use crate::stage::{Stage, around, lines, with_grants, with_state};

#[tokio::test]
async fn a_flood_of_state_ends_at_its_bytes() {
    let stage = Stage::new().await;
    let said = stage.says(around("state-flood", 10_000)).await;
    let entries: u64 = said[0].split(' ').next().unwrap().parse().unwrap();
    assert!((1000..1024).contains(&entries), "a MiB of entries of a KiB each and their keys: {entries}");
    assert_eq!(stage.says(around("state-huge", 0)).await, ["put: refused"]);
    assert_eq!(stage.says(around("state-keys", 0)).await, ["put: refused"]);
}

#[tokio::test]
async fn a_flood_of_forgetting_ends_at_its_number() {
    let stage = Stage::new().await;
    let answered = stage.upload(around("state-forgetting", 100_000)).await.unwrap();
    assert_eq!(lines(&answered.report), ["10000 forgotten"]);
    assert_eq!(answered.state.len(), 10_000);
}

#[tokio::test]
async fn writes_come_back_with_the_answer_and_are_gone_after_a_trap() {
    let stage = Stage::new().await;
    let state = Arc::new(MemoryState::default());
    let around = || with_state(around("trap-on-nth", 3), Arc::<MemoryState>::clone(&state));
    for call in 1..=2 {
        let answered = stage.upload(around()).await.unwrap();
        assert_eq!(lines(&answered.report), [format!("call {call}")]);
        state.commit(answered.state);
    }
    for _ in 0..3 {
        let failed = stage.upload(around()).await.err().unwrap();
        assert_eq!(lines(&failed.report), ["call 3"], "the third call again, since its write was discarded");
    }
    assert_eq!(state.get("calls").unwrap().unwrap(), [2]);
}

#[tokio::test]
async fn what_is_not_committed_is_not_there() {
    let stage = Stage::new().await;
    let state = Arc::new(MemoryState::default());
    let around = || with_state(around("trap-on-nth", 9), Arc::<MemoryState>::clone(&state));
    for _ in 0..2 {
        assert_eq!(stage.says(around()).await, ["call 1"]);
    }
}

#[tokio::test]
async fn state_belongs_to_those_who_ask() {
    let stage = Stage::new().await;
    let bare = with_grants(around("state-huge", 0), stint_plugin_runtime::grants::Allowed::default());
    assert_eq!(stage.says(bare).await, ["put: refused"]);
}
