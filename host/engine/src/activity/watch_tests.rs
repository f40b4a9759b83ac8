//! Looks at a desk that are written down beforehand, and what follows from them.

use std::{path::Path, sync::Arc};

use stint_capture::{Names, Scripted};
use stint_clock::ManualClock;
use stint_config::{Flag, Loaded, Request};
use stint_domain::{
    gap::GapKind,
    id::CommandId,
    time::UnixMs,
    timer::{Command, Verb},
};

use super::*;
use stint_plugin_runtime::compiler::Compiler;

use crate::{Owner, Place, Presence, timer::Ask};

const MONDAY: UnixMs = UnixMs(1_772_442_000_000);

fn loaded(dir: &Path, text: &str) -> Loaded {
    std::fs::write(dir.join("stint.toml"), text).unwrap();
    let flag = Flag::new("--data-dir", "storage.data_dir", &dir.join("data").display().to_string()).unwrap();
    stint_config::load(&Request::new(Some(dir.join("stint.toml")), vec![flag], [], dir.to_owned())).unwrap()
}

fn nobody(_: Option<&str>) -> Result<Box<dyn Bystander>, SourceError> {
    Err(SourceError::NoDisplay)
}

async fn owner(dir: &Path, clock: &ManualClock, activity: &str) -> Owner {
    let text = format!("[targets.work]\nplugin = \"nothing\"\naccepts = [\"activity\"]\n{activity}");
    let place = Place {
        user: "ada".into(),
        host: "desk".into(),
        zone: "Europe/Vienna".into(),
        compiler: Compiler::Here,
    };
    let presence = Presence::Host { since: MONDAY };
    Owner::open(loaded(dir, &text), place, Arc::new(clock.clone()), presence).await.unwrap()
}

fn look(app: &str, idle_s: u64) -> Look {
    let title = Some(format!("{app}'s title"));
    let names =
        Names { apps: vec![app.to_owned()], titles: title.iter().cloned().collect(), ..Names::default() };
    Look { app: Some(app.to_owned()), title, names, idle: Millis::from_secs(idle_s), ..Look::default() }
}

/// Looks once a minute.
async fn watch(watcher: &mut Watcher, clock: &ManualClock, looks: Vec<Look>) {
    let count = looks.len();
    watcher.bystander = Some(Box::new(Scripted::new(looks)));
    for _ in 0..count {
        clock.advance(Millis::from_secs(60));
        watcher.desk.timer().tick().await.unwrap();
        watcher.look().await.unwrap();
    }
}

#[tokio::test]
async fn an_absence_becomes_a_gap_of_the_timer() {
    let (dir, clock) = (tempfile::tempdir().unwrap(), ManualClock::new(MONDAY));
    let owner = owner(dir.path(), &clock, "").await;
    let desk = owner.desk.clone();
    desk.timer().ask(CommandId::from_bytes([1; 16]), Ask::Verb(Command::now(Verb::Start))).await.unwrap();
    let mut watcher = Watcher::new(desk.clone(), nobody);
    let away = (0..=20).map(|minute| look("editor", minute * 60)).collect();
    watch(&mut watcher, &clock, away).await;
    assert!(desk.attention().is_away(Millis::from_mins(10)));
    assert!(desk.status().unwrap().timer.gaps.is_empty(), "it isn't over yet");
    watch(&mut watcher, &clock, vec![look("editor", 0)]).await;
    assert!(!desk.attention().is_away(Millis::from_mins(10)));
    let gaps = desk.status().unwrap().timer.gaps;
    assert_eq!(gaps.len(), 1);
    assert_eq!((gaps[0].kind, gaps[0].length_ms), (GapKind::Idle, Millis::from_mins(21)));
    assert_eq!(desk.status().unwrap().queue.pending, 0, "activity isn't switched on, so nothing is told");
}

#[tokio::test]
async fn samples_are_told_as_one_item_and_titles_only_when_they_are_asked_for() {
    for (titles, told) in [(false, None), (true, Some("editor's title"))] {
        let (dir, clock) = (tempfile::tempdir().unwrap(), ManualClock::new(MONDAY));
        let activity = format!("[activity]\nenabled = true\ntitles = {titles}\n");
        let owner = owner(dir.path(), &clock, &activity).await;
        let desk = owner.desk.clone();
        let mut watcher = Watcher::new(desk.clone(), nobody);
        let looks = (0..5).map(|_| look("editor", 0)).chain((0..4).map(|_| look("browser", 0)));
        watch(&mut watcher, &clock, looks.collect()).await;
        assert_eq!(desk.status().unwrap().queue.pending, 0, "a window of samples isn't over yet");
        watcher.finish().await.unwrap();
        let serial = stint_store::Serial(1);
        let item = desk.read(|tx| queue::recorded(tx, serial)).unwrap().unwrap();
        let Payload::Activity { samples, window, .. } = serde_json::from_slice(&item.payload).unwrap() else {
            panic!("another payload")
        };
        assert_eq!(window.length(), Millis::from_mins(8));
        let apps: Vec<_> = samples.iter().map(|sample| sample.app.as_deref().unwrap()).collect();
        assert_eq!(apps, ["editor", "browser"]);
        assert_eq!(samples[0].title.as_deref(), told);
    }
}

#[tokio::test]
async fn a_look_that_fails_unlocks_nothing_and_comes_again_soon() {
    let (dir, clock) = (tempfile::tempdir().unwrap(), ManualClock::new(MONDAY));
    let owner = owner(dir.path(), &clock, "").await;
    let mut watcher = Watcher::new(owner.desk.clone(), nobody);
    let is_away = || owner.desk.attention().is_away(Millis::from_mins(10));
    assert_eq!(watcher.wait(), SELDOM, "the first look is soon");
    watcher.look().await.unwrap();
    assert_eq!(watcher.wait(), BLIND, "there may be no desk at all");
    assert!(!is_away(), "somebody is taken to be at a desk that was never seen");
    for away in [look("editor", 900), Look { locked: true, ..look("editor", 0) }] {
        watch(&mut watcher, &clock, vec![away]).await;
        assert!(is_away());
        for _ in 0..3 {
            watcher.look().await.unwrap();
            assert_eq!(watcher.wait(), SELDOM);
            assert!(is_away(), "what was seen last stands");
        }
        watch(&mut watcher, &clock, vec![look("editor", 0)]).await;
        assert!(!is_away(), "it is there again");
    }
}

#[tokio::test]
async fn samples_are_seldom_and_a_lock_is_seen_at_once() {
    let (dir, clock) = (tempfile::tempdir().unwrap(), ManualClock::new(MONDAY));
    let activity = "[activity]\nenabled = true\nsample = \"3m\"\n";
    let owner = owner(dir.path(), &clock, activity).await;
    let mut watcher = Watcher::new(owner.desk.clone(), nobody);
    let looks = ["editor", "browser", "editor", "terminal", "browser"].map(|app| look(app, 0));
    watch(&mut watcher, &clock, looks.to_vec()).await;
    assert_eq!(watcher.wait(), SELDOM, "however far the next sample is");
    clock.advance(Millis::from_secs(119));
    assert_eq!(watcher.wait(), Duration::from_secs(1), "the next sample is due then");
    watch(&mut watcher, &clock, vec![Look { locked: true, ..look("vault", 0) }]).await;
    assert!(owner.desk.attention().is_away(Millis::from_mins(10)));
    watcher.finish().await.unwrap();
    let item = owner.desk.read(|tx| queue::recorded(tx, stint_store::Serial(1))).unwrap().unwrap();
    let Payload::Activity { samples, .. } = serde_json::from_slice(&item.payload).unwrap() else {
        panic!("another payload")
    };
    let apps: Vec<_> = samples.iter().map(|sample| sample.app.as_deref().unwrap()).collect();
    assert_eq!(apps, ["editor", "terminal", "vault"], "three minutes lie between them");
}

#[tokio::test]
async fn of_an_excluded_window_neither_application_nor_title_is_recorded() {
    for titles in [false, true] {
        let (dir, clock) = (tempfile::tempdir().unwrap(), ManualClock::new(MONDAY));
        let rules = "[{ app = \"Vault\" }, { title = \"bank\" }]";
        let activity =
            format!("[activity]\nenabled = true\ntitles = {titles}\n[capture]\nexclude = {rules}\n");
        let owner = owner(dir.path(), &clock, &activity).await;
        let mut watcher = Watcher::new(owner.desk.clone(), nobody);
        // Rules see more than what is shown: the name of this copy, an old title, and that there is more to say.
        let called = |names: Names| Look { names, ..look("browser", 0) };
        let editor = || look("editor", 0);
        let hidden = [
            look("vault", 0),
            called(Names { apps: vec!["vault".into(), "browser".into()], ..Names::default() }),
            called(Names { titles: vec!["new".into(), "My bank".into()], ..Names::default() }),
            called(Names { is_title_unknown: true, ..Names::default() }),
        ];
        let looks = hidden.into_iter().flat_map(|hidden| [editor(), hidden]);
        watch(&mut watcher, &clock, looks.collect()).await;
        watcher.finish().await.unwrap();
        let item = owner.desk.read(|tx| queue::recorded(tx, stint_store::Serial(1))).unwrap().unwrap();
        let Payload::Activity { samples, .. } = serde_json::from_slice(&item.payload).unwrap() else {
            panic!("another payload")
        };
        let seen: Vec<_> = samples.iter().map(|one| (one.app.as_deref(), one.title.as_deref())).collect();
        let editor = (Some("editor"), titles.then_some("editor's title"));
        assert_eq!(seen, [editor, (None, None)].repeat(4));
    }
}
