//! Pictures: the honest use, and floods of them.

use stint_plugin_runtime::{CallError, Payload, Verdict};

use crate::stage::{Stage, around, item, lines, screenshot, with_limits};

#[tokio::test]
async fn a_blurred_picture_is_a_new_attachment_of_the_same_size() {
    let stage = Stage::new().await;
    let before = screenshot(64, 48);
    let answered = stage.plugin.apply(around("blur", 0), before.clone()).await.unwrap();
    let Verdict::Keep(after) = answered.answer else { panic!("the item is kept") };
    let (Payload::Screenshot(before), Payload::Screenshot(after)) = (before.payload, after.payload) else {
        panic!("both are pictures")
    };
    assert_eq!((after.file.name(), after.file.mime()), ("shot.png", "image/png"));
    assert_ne!(after.file.sha256(), before.file.sha256());
    let bytes = after.file.read_at(0, usize::MAX).unwrap();
    let picture = stint_pixels::decode(&bytes, &stint_pixels::Bounds::default()).unwrap();
    assert_eq!((picture.width(), picture.height()), (64, 48));
    stage.is_clean();
}

#[tokio::test]
async fn a_flood_of_pictures_ends_at_their_pixels() {
    let stage = Stage::new().await;
    let small = with_limits(around("picture-flood", 1000), |limits| limits.pixels_held = 100 * 100 * 3);
    let answered = stage.plugin.apply(small, screenshot(100, 100)).await.unwrap();
    assert_eq!(
        lines(&answered.report),
        [
            "refused: handle a picture of 100 × 100 pixels: at most 16384 on a side and 0 in all are",
            "3 pictures"
        ]
    );
    stage.is_clean();
}

#[tokio::test]
async fn work_on_pictures_has_a_bound_of_its_own() {
    let stage = Stage::new().await;
    let around = with_limits(around("picture-work", 0), |limits| limits.pixels_touched = 100 * 100 * 50);
    let failed = stage.plugin.apply(around, screenshot(100, 100)).await.err().unwrap();
    assert_eq!(
        failed.error,
        CallError::OverBound { reason: "it worked on more pixels than one call may".to_owned() }
    );
    stage.is_clean();
}

#[tokio::test]
async fn handles_that_nobody_closes_end_the_call() {
    let stage = Stage::new().await;
    let around = with_limits(around("handle-flood", 1000), |limits| limits.handles = 50);
    let failed = stage.plugin.apply(around, screenshot(10, 10)).await.err().unwrap();
    assert_eq!(
        failed.error,
        CallError::OverBound { reason: "it had more than 50 handles open at one time".to_owned() }
    );
    stage.is_clean();
    stage.still_works().await;
}

#[tokio::test]
async fn impossible_sizes_are_refused() {
    let stage = Stage::new().await;
    let answered = stage.plugin.apply(around("picture-size", 0), screenshot(10, 10)).await.unwrap();
    let said = lines(&answered.report);
    assert!(said[0].contains("4294967295 × 4294967295"), "{said:?}");
    assert!(said[1].contains("0 × 1 pixels: it has nothing in it"), "{said:?}");
}

#[tokio::test]
async fn a_target_has_no_pictures_and_an_item_without_one_is_left_alone() {
    let stage = Stage::new().await;
    assert!(stage.plugin.apply(around("blur", 0), item()).await.is_ok());
}
