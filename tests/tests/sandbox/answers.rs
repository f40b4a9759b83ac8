//! Lying answers.

use stint_plugin_runtime::contract::Outcome;
use stint_plugin_runtime::manifest::Kind;
use stint_plugin_runtime::{CallError, Verdict};

use crate::stage::{Stage, around, item, with_limits};

#[tokio::test]
async fn too_few_and_too_many_outcomes_are_a_mistake_of_the_plugin() {
    let stage = Stage::new().await;
    let rule = "; `upload` answers one for each, in their order";
    for (mode, text) in [("too-few", "1 outcomes for 2 items"), ("too-many", "3 outcomes for 2 items")] {
        let failed = stage.plugin.upload(around(mode, 0), vec![item(), item()]).await.err().unwrap();
        assert_eq!(failed.error, CallError::WrongAnswer { reason: format!("{text}{rule}") });
        assert!(failed.error.is_plugins_fault());
    }
    stage.is_clean();
    stage.still_works().await;
}

#[tokio::test]
async fn an_answer_without_measure_is_not_even_read() {
    let stage = Stage::new().await;
    let roomy = with_limits(around("far-too-many", 0), |limits| limits.memory_bytes = 128 << 20);
    let failed = stage.upload(roomy).await.err().unwrap();
    assert!(matches!(failed.error, CallError::OverBound { .. }), "{}", failed.error);
    stage.still_works().await;
}

#[tokio::test]
async fn reasons_are_mended_and_cut() {
    let stage = Stage::new().await;
    for (mode, expected) in [
        ("no-reason", "the plugin gave no reason, which is a mistake in the plugin"),
        ("escape-codes", "\u{fffd}[2J\u{fffd}]0;owned\u{fffd}"),
    ] {
        let answer = stage.upload(around(mode, 0)).await.unwrap().answer;
        assert!(
            matches!(&answer[..], [Outcome::Reject(failure)] if failure.message == expected),
            "{answer:?}"
        );
    }
    let answer = stage.upload(around("huge-reason", 0)).await.unwrap().answer;
    assert!(matches!(&answer[..], [Outcome::Reject(failure)] if failure.message.len() < 3000));
    let answer = stage.upload(around("huge-remote-id", 0)).await.unwrap().answer;
    assert!(matches!(&answer[..], [Outcome::Delivered(None)]), "a delivery stays one");
}

#[tokio::test]
async fn problems_say_something_and_are_few() {
    let stage = Stage::new().await;
    let check =
        |mode: &str| stage.plugin.check(Kind::Target, around("", 0), format!("{{\"mode\":\"{mode}\"}}"));
    assert_eq!(
        check("silent-problem").await.unwrap().answer[0].message,
        "the plugin gave no reason, which is a mistake in the plugin"
    );
    let failed_or_few = check("problem-flood").await.map(|answered| answered.answer.len());
    assert!(failed_or_few.is_err() || failed_or_few.is_ok_and(|count| count == 100));
    assert!(check("honest").await.unwrap().answer.is_empty());
}

#[tokio::test]
async fn a_transform_gives_back_the_item_it_got() {
    let stage = Stage::new().await;
    for (mode, what) in [
        ("foreign-id", "id"),
        ("foreign-key", "key"),
        ("foreign-entry-key", "entry-key"),
        ("foreign-attempt", "attempt"),
    ] {
        let failed = stage.plugin.apply(around(mode, 0), item()).await.err().unwrap();
        assert_eq!(
            failed.error.to_string(),
            format!(
                "its answer breaks the contract: `apply` changed the item's {what}, which isn't the plugin's to change"
            )
        );
    }
    let answered = stage.plugin.apply(around("drop-silently", 0), item()).await.unwrap();
    assert!(
        matches!(answered.answer, Verdict::Drop(reason) if reason.starts_with("the plugin gave no reason"))
    );
    assert!(matches!(stage.plugin.apply(around("", 0), item()).await.unwrap().answer, Verdict::Keep(_)));
    stage.is_clean();
}
