//! What happens beside a drain: a target that is dead, another file of the plugin, another configuration, a full disk.

use std::{
    fs,
    path::{Path, PathBuf},
};

use rustix::process::Signal;
use stint_tests::backend::{Fault, Rule};

use super::stage::{Stage, backend, key, rest, target};
use crate::{
    desk::until,
    gaps::{permitted, unshared},
};

#[test]
fn one_dead_target_of_three_holds_up_no_other() {
    let (work, home, dead) = (backend(), backend(), backend());
    dead.fail(Rule::new(Fault::Hold));
    let config = target("work", &work) + &target("home", &home) + &target("dead", &dead) + &key();
    let stage = Stage::new(&(config + "[sync]\ninitial_delay = \"0s\"\n"));
    stage.record(0..500);
    // The dead one's first pass isn't over for long.
    let _host = stage.desk.host();
    work.until_blocking(|ledger, _| ledger.effects.len() == 500);
    home.until_blocking(|ledger, _| ledger.effects.len() == 500);
    assert!(dead.effects().is_empty());
    until("they are settled", || stage.count("work", "sent") + stage.count("home", "sent") == 1_000);
    assert_eq!((stage.count("dead", "pending"), stage.count("dead", "failed")), (500, 0));
    dead.heal();
    stage.until_drained("dead");
    for backend in [&work, &home, &dead] {
        assert_eq!((backend.effects().len(), backend.ledger().doubled().len()), (500, 0));
    }
}

/// The plugin in another version: the same code behind another manifest.
fn version(number: &str) -> Vec<u8> {
    let (old, new) = (b"\"version\":\"0.1.0\"", format!("\"version\":\"{number}\""));
    let mut bytes = rest().to_vec();
    let place = bytes.windows(old.len()).position(|window| window == old).unwrap();
    assert_eq!(old.len(), new.len());
    bytes[place..place + old.len()].copy_from_slice(new.as_bytes());
    bytes
}

#[test]
fn another_file_of_the_plugin_and_another_configuration_lose_and_double_nothing() {
    let backend = backend();
    backend.fail(Rule::new(Fault::Delay { ms: 2 }));
    let config = |more: &str| target("work", &backend) + &key() + "[sync]\ninitial_delay = \"0s\"\n" + more;
    let stage = Stage::new(&config(""));
    stage.record(0..2_000);
    let host = stage.host();
    for number in ["0.1.1", "0.1.2", "0.1.3"] {
        let so_far = backend.effects().len();
        let new = stage.desk.path("plugins/.new");
        fs::write(&new, version(number)).unwrap();
        fs::rename(&new, stage.desk.path("plugins/rest.wasm")).unwrap();
        stage.desk.configure(&config(&format!("interval = \"{}s\"\n", 30 + so_far % 7)));
        host.signal(Signal::HUP);
        until("it serves", || stage.desk.json(&["status"])["plugins"][0]["version"] == number);
    }
    stage.until_drained("work");
    assert_eq!((stage.count("work", "sent"), stage.count("work", "failed")), (2_000, 0));
    assert_eq!((backend.effects().len(), backend.ledger().doubled().len()), (2_000, 0));
    assert_eq!(backend.counts().requests, 2_000, "each was sent once");
    assert_eq!(host.end(), 0);
}

#[test]
fn a_disk_that_is_full_for_a_while_doubles_nothing_and_goes_on_by_itself() {
    if !permitted(&["--mount"]) {
        return;
    }
    let backend = backend();
    let stage = Stage::new(&(target("work", &backend) + &key() + "[sync]\ninitial_delay = \"0s\"\n"));
    stage.record(0..400);
    backend.fail(Rule::new(Fault::Hold).skip(100).times(4));
    let data = stage.desk.data();
    // A disk of its own for the data, seen by the host and by whoever fills it.
    let disk = "cp -a \"$DATA\" \"$DATA.copy\" && mount -t tmpfs -o size=160m,mode=700 tmpfs \"$DATA\" && \
                cp -a \"$DATA.copy/.\" \"$DATA\" && rm -r \"$DATA.copy\" &&";
    let command = unshared(&stage.desk, &["--mount"], disk, &["run"]);
    let host = stage.desk.start(command).unwrap();
    backend.until_blocking(|_, counts| counts.held == 4);
    let inside = PathBuf::from(format!("/proc/{}/root{}", host.pid(), data.display()));
    let ballast = inside.join("ballast");
    fill(&ballast);
    backend.heal();
    until("it says so", || {
        stage.desk.log().contains("can't be noted yet") || stage.desk.log().contains("full")
    });
    let full = "the disk of ";
    assert!(Stage::get_at(&inside, "/api/v1/status").contains(full), "it is an alert, too");
    fs::remove_file(&ballast).unwrap();
    assert!(
        !Stage::get_at(&inside, "/api/v1/status").contains(full),
        "which is over when there is room again"
    );
    backend.until_blocking(|ledger, _| ledger.effects.len() == 400);
    let metrics = || Stage::get_at(&inside, "/metrics");
    until("all is settled", || metrics().contains("stint_deliveries{target=\"work\",state=\"sent\"} 400\n"));
    assert!(backend.ledger().doubled().is_empty());
    assert_eq!(host.end(), 0, "{}", stage.desk.log());
}

/// Writes until nothing more fits.
fn fill(path: &Path) {
    use std::io::Write as _;
    let mut file = fs::File::create(path).unwrap();
    while file.write_all(&[0; 4096]).is_ok() {}
}
