//! Memory, log, random bytes, and texts that are too long.

use stint_plugin_runtime::{CallError, LogLevel};

use crate::stage::{Stage, around, lines, with_limits};

#[tokio::test]
async fn a_memory_bomb_dies_of_its_own() {
    let stage = Stage::new().await;
    for mode in ["memory-bomb", "memory-at-once"] {
        let failed = stage.upload(around(mode, 0)).await.err().unwrap();
        assert_eq!(failed.error, CallError::OutOfMemory { limit: 16 << 20 }, "{mode}");
        assert!(failed.report.memory_bytes <= 16 << 20);
        assert_eq!(
            failed.error.to_string(),
            "it wanted more than 16777216 bytes of memory; raise `memory` in [limits.plugin.NAME] if it needs that"
        );
    }
    stage.still_works().await;
}

#[tokio::test]
async fn memory_is_given_up_to_the_bound_and_a_refusal_is_survived() {
    let stage = Stage::new().await;
    let answered = stage.upload(around("memory-steps", 0)).await.unwrap();
    assert_eq!(lines(&answered.report), ["grew by 14 MiB"]);
    assert!(
        (15 << 20..=16 << 20).contains(&answered.report.memory_bytes),
        "{}",
        answered.report.memory_bytes
    );
    let more = with_limits(around("memory-steps", 0), |limits| limits.memory_bytes = 32 << 20);
    assert_eq!(stage.says(more).await, ["grew by 30 MiB"]);
}

#[tokio::test]
async fn a_log_flood_is_cut_and_counted() {
    let stage = Stage::new().await;
    let answered = stage.upload(around("log-flood", 0)).await.unwrap();
    assert_eq!(answered.report.log.len(), 201);
    let last = answered.report.log.last().unwrap();
    assert_eq!(last.message, "99800 more lines were left out: they went over the limit of one call");
    assert_eq!(last.level, LogLevel::Warn);
    assert_eq!(
        stage.says(around("log-huge", 0)).await,
        ["1 more lines were left out: they went over the limit of one call"]
    );
}

#[tokio::test]
async fn a_flood_of_empty_fields_is_cut_too() {
    let stage = Stage::new().await;
    assert_eq!(
        stage.says(around("log-fields", 0)).await,
        ["20 more lines were left out: they went over the limit of one call"]
    );
}

#[tokio::test]
async fn more_than_one_transfer_takes_ends_the_call() {
    let stage = Stage::new().await;
    let roomy = with_limits(around("log-beyond-transfer", 0), |limits| limits.memory_bytes = 64 << 20);
    let failed = stage.upload(roomy).await.err().unwrap();
    assert!(matches!(failed.error, CallError::OverBound { .. }), "{}", failed.error);
    assert!(failed.error.to_string().contains("too much data"), "{}", failed.error);
    stage.still_works().await;
}

#[tokio::test]
async fn random_bytes_are_bounded() {
    let stage = Stage::new().await;
    let failed = stage.upload(around("random-flood", 0)).await.err().unwrap();
    assert_eq!(
        failed.error.to_string(),
        "it asked for 4294967295 random bytes at once, and 65536 are the most"
    );
}
