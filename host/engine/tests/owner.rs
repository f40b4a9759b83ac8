//! Taking possession of a data directory: what is made once, what is told, what survives.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use std::{path::Path, sync::Arc};

use stint_clock::{Clock as _, ManualClock};
use stint_config::{Flag, Loaded, Request};
use stint_domain::{
    id::CommandId,
    time::{Millis, UnixMs},
    timer::{Command, State, Verb},
};
use stint_engine::{DeskError, Host, Owner, Place, Presence, data_dir, timer::Ask};
use stint_plugin_runtime::compiler::Compiler;
use tempfile::TempDir;

const MONDAY: UnixMs = UnixMs(1_772_442_000_000);

fn loaded(dir: &Path, text: &str) -> Loaded {
    std::fs::write(dir.join("stint.toml"), text).unwrap();
    let flag = Flag::new("--data-dir", "storage.data_dir", &dir.join("data").display().to_string()).unwrap();
    let request = Request::new(Some(dir.join("stint.toml")), vec![flag], [], dir.to_owned());
    stint_config::load(&request).unwrap()
}

fn place() -> Place {
    Place { user: "ada".into(), host: "desk".into(), zone: "Europe/Vienna".into(), compiler: Compiler::Here }
}

async fn open(dir: &TempDir, clock: &ManualClock) -> Result<Owner, DeskError> {
    let loaded = loaded(dir.path(), "[targets.work]\nplugin = \"nothing\"\n");
    Owner::open(loaded, place(), Arc::new(clock.clone()), Presence::Command).await
}

fn start() -> Ask {
    Ask::Verb(Command::now(Verb::Start))
}

#[tokio::test]
async fn an_installation_is_named_once_and_targets_are_known_at_once() {
    let (dir, clock) = (tempfile::tempdir().unwrap(), ManualClock::new(MONDAY));
    let mut names = Vec::new();
    for id in [1, 2] {
        let owner = open(&dir, &clock).await.unwrap();
        owner.desk.timer().ask(CommandId::from_bytes([id; 16]), start()).await.unwrap();
        let status = owner.desk.status().unwrap();
        assert_eq!((status.host.running, status.targets[0].name.as_str()), (false, "work"));
        assert_eq!(status.queue.pending, if id == 1 { 1 } else { 3 });
        let entry =
            owner.desk.read(|tx| stint_store::timeline::entry(tx, status.timer.entry_id.unwrap())).unwrap();
        names.push(entry.unwrap().origin);
    }
    assert_eq!(names[0], names[1]);
    assert_eq!((names[0].person.as_str(), names[0].machine.as_str()), ("ada", "desk"));
    assert_eq!(names[0].installation.len(), 36);
}

#[tokio::test]
async fn a_clock_in_1970_is_told_and_counts_rightly() {
    let (dir, clock) = (tempfile::tempdir().unwrap(), ManualClock::new(UnixMs(5_000)));
    let owner = open(&dir, &clock).await.unwrap();
    owner.desk.timer().ask(CommandId::from_bytes([1; 16]), start()).await.unwrap();
    clock.advance(Millis::from_mins(30));
    let status = owner.desk.status().unwrap();
    assert!(
        status.alerts[0].starts_with("the machine's clock is set to a time before"),
        "{:?}",
        status.alerts
    );
    assert_eq!(status.timer.worked_ms, Millis::from_mins(30));
}

#[tokio::test]
async fn the_second_owner_is_told_of_the_first() {
    let (dir, clock) = (tempfile::tempdir().unwrap(), ManualClock::new(MONDAY));
    let _first = open(&dir, &clock).await.unwrap();
    let error = open(&dir, &clock).await.unwrap_err().to_string();
    assert!(error.contains(&format!("process {} has it", std::process::id())), "{error}");
}

#[tokio::test]
async fn without_a_home_the_data_has_no_place() {
    let request = Request::new(None, Vec::new(), [], "/".into());
    let error = data_dir(&stint_config::load(&request).unwrap()).unwrap_err().to_string();
    assert_eq!(
        error,
        "failed to find a place for the data: there is no home folder; name one with --data-dir or storage.data_dir"
    );
}

#[tokio::test]
async fn a_host_beats_and_leaves_the_timer_as_it_is_told() {
    let (dir, clock) = (tempfile::tempdir().unwrap(), ManualClock::new(MONDAY));
    let config = "[timer]\non_quit = \"pause\"\nheartbeat = \"1s\"\n";
    let host = Host::start(loaded(dir.path(), config), place(), Arc::new(clock.clone())).await.unwrap();
    let desk = host.desk();
    desk.timer().ask(CommandId::from_bytes([1; 16]), start()).await.unwrap();
    clock.advance(Millis::from_mins(2));
    assert_eq!(desk.status().unwrap().host.tasks.len(), 9);
    assert_eq!(desk.status().unwrap().host.since.map(|since| since.0), Some(MONDAY));
    host.stop().await.unwrap();
    let owner = open(&dir, &clock).await.unwrap();
    let status = owner.desk.status().unwrap();
    assert_eq!((status.timer.state, status.timer.worked_ms), (State::Paused, Millis::from_mins(2)));
    assert_eq!(clock.sample().wall.since(MONDAY), Millis::from_mins(2));
}
