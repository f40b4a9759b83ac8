//! What durability costs, counted: the calls that wait for the disk, for each item.

use std::fs;
use std::thread;

use stint_store::{Store, Synchronous, queue::NewItem, target};

use crate::child::{Place, Role};
use crate::jobs;
use crate::plan;
use crate::script::{self, Size};

#[test]
fn a_single_durable_item_costs_one_sync_and_hardly_more() {
    let items = 1_500;
    let place = Place::on_disk();
    let size = Size { sessions: 1, threads: 0, steps: items };
    let status = place.strace(
        &["--seccomp-bpf", "-s", "16", "-e", "trace=fsync,fdatasync,write"],
        Role::Singles,
        size,
    );
    assert!(status.success(), "{status}");
    let log = fs::read_to_string(place.log()).unwrap();
    let (_, after) = log.split_once("\"begin\\n\"").unwrap();
    let (between, _) = after.split_once("\"end\\n\"").unwrap();
    let syncs = between.lines().filter(|line| line.contains("sync(")).count();
    assert!(syncs >= items, "every one is durable by itself: {syncs}");
    assert!(syncs * 100 <= items * 102, "{syncs} syncs for {items} commits");
}

#[test]
fn many_producers_share_their_commits() {
    let (producers, each) = (32, 40);
    let place = Place::on_disk();
    let opened =
        Store::open(script::options(&place.data(), Synchronous::Full), plan::moment(0).wall).unwrap();
    let now = plan::moment(0).wall;
    opened.store.write_blocking(move |tx| target::sync(tx, &plan::targets(), now)).unwrap();
    let before = opened.store.commits();
    thread::scope(|scope| {
        for producer in 0..producers {
            let store = &opened.store;
            scope.spawn(move || {
                for step in (0..).filter(|step| step % 4 > 0).take(each) {
                    let item = NewItem::of(&plan::item(producer, step)).unwrap();
                    store.write_blocking(move |tx| jobs::record(tx, &item, None, step)).unwrap();
                }
            });
        }
    });
    let commits = opened.store.commits() - before;
    let items = u64::try_from(producers * each).unwrap();
    assert!(commits * 100 <= items * 6, "{commits} commits for {items} items");
}
