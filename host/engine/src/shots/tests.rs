//! A pause holds for a shot that is in progress.

use std::{path::Path, sync::Arc};

use stint_capture::{Bystander, Look, Scripted, Sight, Source as _, SourceError, TestCard};
use stint_clock::ManualClock;
use stint_config::{Flag, Loaded, Request};
use stint_domain::time::{Millis, UnixMs};
use stint_store::queue;

use super::{
    Seen,
    record::{Occasion, record},
    take::{Asked, rules},
};
use stint_plugin_runtime::compiler::Compiler;

use crate::{Desk, Owner, Place, Presence, activity::watch_desk};

const MONDAY: UnixMs = UnixMs(1_772_442_000_000);
const CONFIG: &str = "[capture]\nenabled = true\nsource = \"synthetic\"\n";

fn loaded(dir: &Path) -> Loaded {
    std::fs::write(dir.join("stint.toml"), CONFIG).unwrap();
    let flag = Flag::new("--data-dir", "storage.data_dir", &dir.join("data").display().to_string()).unwrap();
    stint_config::load(&Request::new(Some(dir.join("stint.toml")), vec![flag], [], dir.to_owned())).unwrap()
}

async fn owner(dir: &Path) -> Owner {
    let place = Place {
        user: "ada".into(),
        host: "desk".into(),
        zone: "Europe/Vienna".into(),
        compiler: Compiler::Here,
    };
    let presence = Presence::Host { since: MONDAY };
    Owner::open(loaded(dir), place, Arc::new(ManualClock::new(MONDAY)), presence).await.unwrap()
}

fn pictures(desk: &Desk) -> usize {
    desk.read(|tx| queue::pictures(tx, 9)).unwrap().len()
}

async fn taken(desk: &Desk, asked: Asked) -> Vec<Seen> {
    let capture = desk.current().loaded.config.capture.clone();
    desk.take(&capture, asked).await.unwrap().into_iter().map(|glance| glance.seen).collect()
}

#[tokio::test]
async fn no_screen_is_looked_at_once_they_are_paused_or_nobody_is_there() {
    let dir = tempfile::tempdir().unwrap();
    let owner = owner(dir.path()).await;
    let desk = &owner.desk;
    desk.pause_screenshots(Some(MONDAY + Millis::from_mins(15))).await.unwrap();
    for asked in [Asked::ByPerson, Asked::BySchedule] {
        assert_eq!(taken(desk, asked).await, [Seen::Paused], "{asked:?}");
    }
    desk.pause_screenshots(None).await.unwrap();
    desk.attention().seen(&Look { locked: true, ..Look::default() });
    assert_eq!(taken(desk, Asked::BySchedule).await, [Seen::Paused], "it was locked meanwhile");
    assert_eq!(pictures(desk), 0);
    assert!(matches!(taken(desk, Asked::ByPerson).await[..], [Seen::Kept { .. }]), "whoever asks is there");
}

#[tokio::test]
async fn a_picture_that_comes_after_the_pause_is_thrown_away() {
    let dir = tempfile::tempdir().unwrap();
    let owner = owner(dir.path()).await;
    let desk = &owner.desk;
    let shoot = || {
        let mut card = TestCard::new(MONDAY);
        let screen = card.screens().unwrap().remove(0);
        let rules = rules(&desk.current().loaded.config.capture);
        let Sight::Taken(shot) = stint_capture::shoot(&mut card, &screen, &rules, None).unwrap() else {
            panic!("no picture")
        };
        (shot, Occasion { screen: screen.name, at: MONDAY, entry: None })
    };
    let (shot, occasion) = shoot();
    desk.pause_screenshots(Some(MONDAY + Millis::from_mins(15))).await.unwrap();
    assert_eq!(record(desk, shot, occasion).await.unwrap(), None);
    assert_eq!(pictures(desk), 0);
    desk.pause_screenshots(None).await.unwrap();
    let (shot, occasion) = shoot();
    assert!(record(desk, shot, occasion).await.unwrap().is_some());
    assert_eq!(pictures(desk), 1);
}

/// The session is locked since the last look, which comes every few seconds.
#[expect(clippy::unnecessary_wraps, reason = "real desks may fail to open")]
fn locked_by_now(_: Option<&str>) -> Result<Box<dyn Bystander>, SourceError> {
    Ok(Box::new(Scripted::new([Look { locked: true, ..Look::default() }])))
}

/// It is locked while the picture is taken.
#[expect(clippy::unnecessary_wraps, reason = "real desks may fail to open")]
fn locked_meanwhile(_: Option<&str>) -> Result<Box<dyn Bystander>, SourceError> {
    Ok(Box::new(Scripted::new([Look::default(), Look { locked: true, ..Look::default() }])))
}

#[tokio::test]
async fn the_desk_is_looked_at_before_a_scheduled_shot_and_again_before_it_is_kept() {
    for open in [locked_by_now, locked_meanwhile] {
        let dir = tempfile::tempdir().unwrap();
        let owner = owner(dir.path()).await;
        let desk = &owner.desk;
        desk.attention().seen(&Look::default());
        let (stop, stopping) = tokio::sync::watch::channel(false);
        let watching = tokio::spawn(watch_desk(desk.clone(), open, stopping));
        // It has begun after this; until then nobody looks.
        tokio::task::yield_now().await;
        assert_eq!(taken(desk, Asked::BySchedule).await, [Seen::Paused]);
        assert_eq!(pictures(desk), 0);
        stop.send_replace(true);
        watching.await.unwrap().unwrap();
    }
}
