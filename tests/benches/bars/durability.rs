//! What durability costs, counted: the waits for the disk that an item needs, alone and in a crowd.
//!
//! The waits are counted by `strace`, so the work runs in a process of its own: this program, told by its
//! environment to do nothing else.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::thread;

use rusqlite::Transaction;
use stint_domain::{id::ItemId, item::Kind, time::UnixMs};
use stint_store::{
    Error, Options, Store,
    queue::{self, NewItem, Room},
    target::{self, Spec},
};
use stint_tests::ratio::{Bar, Bench, Failure};
use tempfile::TempDir;

/// Long enough for several checkpoints, whose waits belong to the items that filled the log.
const SINGLES: u32 = 3_000;
const PRODUCERS: u32 = 32;
const EACH: u32 = 100;

/// What tells the process that it is the child, and where its data goes.
const CHILD: &str = "STINT_BENCH_SINGLES";

/// Waits for the disk by an item that is committed alone.
pub(crate) fn syncs_per_commit() -> Bench {
    Bench::count("waits for the disk of a single durable item", "fsyncs", Bar::AtMost(1.02), || {
        let folder = folder()?;
        let log = folder.path().join("log");
        let status = Command::new("strace")
            .args(["-f", "-qq", "--seccomp-bpf", "-e", "trace=fsync,fdatasync,mkdir", "-o"])
            .arg(&log)
            .arg(std::env::current_exe()?)
            .env(CHILD, folder.path())
            .status()
            .map_err(|error| format!("failed to run strace, which tools/setup.sh installs: {error}"))?;
        if !status.success() {
            return Err(format!("the child failed: {status}").into());
        }
        // The marks are made by the child: two folders around its work.
        let log = fs::read_to_string(log)?;
        let between = log.split_once("begin\"").and_then(|(_, rest)| rest.split_once("end\""));
        let (between, _) = between.ok_or("the child left no marks")?;
        let syncs = between.lines().filter(|line| line.contains("sync(")).count();
        Ok(f64::from(u32::try_from(syncs)?) / f64::from(SINGLES))
    })
}

/// Commits that an item costs when many callers write at once.
pub(crate) fn commits_per_item() -> Bench {
    Bench::count("commits of an item, 32 producers", "commits", Bar::AtMost(0.06), || {
        let folder = folder()?;
        let store = open(&folder.path().join("data"))?;
        let before = store.commits();
        thread::scope(|scope| {
            let producers: Vec<_> = (0..PRODUCERS)
                .map(|producer| {
                    let store = &store;
                    scope.spawn(move || (0..EACH).try_for_each(|step| record(store, producer, step)))
                })
                .collect();
            producers.into_iter().try_for_each(|producer| match producer.join() {
                Ok(recorded) => Ok(recorded?),
                Err(_) => Err(Failure::from("a producer panicked")),
            })
        })?;
        let commits = u32::try_from(store.commits() - before)?;
        Ok(f64::from(commits) / f64::from(PRODUCERS * EACH))
    })
}

/// The child's part; nothing where this process is no child.
pub(crate) fn child() -> Option<Result<(), Failure>> {
    let folder = std::env::var_os(CHILD)?;
    Some(singles(Path::new(&folder)))
}

fn singles(folder: &Path) -> Result<(), Failure> {
    let store = open(&folder.join("data"))?;
    fs::create_dir(folder.join("begin"))?;
    (0..SINGLES).try_for_each(|step| record(&store, 0, step))?;
    fs::create_dir(folder.join("end"))?;
    store.close();
    Ok(())
}

/// A folder on the disk that the build is on: memory would make waiting cheap.
fn folder() -> Result<TempDir, Failure> {
    Ok(tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?)
}

fn open(dir: &Path) -> Result<Store, Failure> {
    let store = Store::open(Options::new(dir, |_| ()), UnixMs(0))?.store;
    let spec = || Spec { name: "one".into(), accepts: Kind::ALL.to_vec() };
    store.write_blocking(move |tx| target::sync(tx, &[spec()], UnixMs(0)))?;
    Ok(store)
}

fn record(store: &Store, producer: u32, step: u32) -> Result<(), Error> {
    let mut id = [0; 16];
    id[..4].copy_from_slice(&producer.to_be_bytes());
    id[4..8].copy_from_slice(&step.to_be_bytes());
    let item = NewItem {
        id: ItemId::from_bytes(id),
        kind: Kind::Custom,
        entry: None,
        occurred_at: UnixMs(0),
        payload: format!(r#"{{"kind":"custom","name":"bench","data":"{step:200}"}}"#).into_bytes(),
        file: None,
    };
    store.write_blocking(move |tx: &Transaction<'_>| {
        queue::record(tx, std::slice::from_ref(&item), UnixMs(0), Room::default()).map(drop)
    })
}
