//! The configuration while a host runs: a good one counts at once and whole, a bad one not at all.

use rustix::process::Signal;

use crate::desk::{Desk, ONE_TARGET, until};

fn targets(desk: &Desk) -> Vec<String> {
    let status = desk.json(&["status"]);
    let names = status["targets"]
        .as_array()
        .unwrap()
        .iter()
        .map(|target| target["name"].as_str().unwrap().to_owned());
    names.collect()
}

fn error(desk: &Desk) -> Option<String> {
    let status = desk.json(&["status"]);
    let config = &status["host"]["config"];
    assert_eq!(config["valid"].as_bool().unwrap(), config["error"].is_null());
    config["error"].as_str().map(str::to_owned)
}

const SECOND: &str = "[targets.second]\nplugin = \"nothing\"\n";

#[test]
fn a_new_target_is_there_at_once_and_a_mistake_changes_nothing() {
    let desk = Desk::new();
    let host = desk.host();
    desk.stint(&["start"]).ok();
    desk.configure(&format!("{ONE_TARGET}{SECOND}"));
    until("the second target", || targets(&desk) == ["second", "work"]);
    desk.stint(&["stop"]).ok();
    assert_eq!(desk.items(), 3, "the second one is told of what came after it");

    desk.configure("[targets.work]\nplugin = 7\n");
    until("the mistake is told", || error(&desk).is_some());
    let told = error(&desk).unwrap();
    assert!(told.contains("plugin = 7") && told.contains('^'), "{told}");
    let seen = desk.stint(&["status"]).ok();
    for part in [
        "the configuration was refused, the one before goes on:\n  error: ",
        "plugin = 7",
        "\nthe host runs since ",
    ] {
        assert!(seen.contains(part), "{part} is not in:\n{seen}");
    }
    assert!(desk.log().contains("the configuration was refused, the one before goes on"), "{}", desk.log());
    assert_eq!(targets(&desk), ["second", "work"]);

    desk.configure(ONE_TARGET);
    until("the mistake is forgotten", || error(&desk).is_none());
    until("the second one is shown while something of it waits", || targets(&desk) == ["second", "work"]);
    assert_eq!(desk.items(), 2, "what is retired isn't counted");
    assert_eq!(host.end(), 0);
}

#[test]
fn a_signal_has_it_read_again() {
    let desk = Desk::new();
    // A folder that isn't watched: the file is reached through a link.
    std::fs::create_dir(desk.path("elsewhere")).unwrap();
    std::fs::write(desk.path("elsewhere/real.toml"), ONE_TARGET).unwrap();
    std::fs::remove_file(desk.path("stint.toml")).unwrap();
    std::os::unix::fs::symlink(desk.path("elsewhere/real.toml"), desk.path("stint.toml")).unwrap();
    let host = desk.host();
    std::fs::write(desk.path("elsewhere/real.toml"), format!("{ONE_TARGET}{SECOND}")).unwrap();
    host.signal(Signal::HUP);
    until("the second target", || targets(&desk).len() == 2);
    host.signal(Signal::HUP);
    until("it is told that nothing is new", || desk.log().contains("read again: nothing is new"));
}

#[test]
fn a_folder_that_vanishes_is_told_and_found_again() {
    let desk = Desk::new();
    std::fs::create_dir(desk.path("conf")).unwrap();
    std::fs::write(desk.path("conf/stint.toml"), ONE_TARGET).unwrap();
    let config = desk.path("conf/stint.toml").display().to_string();
    let mut host = desk.command(&["run", "--config", &config]);
    let log = std::fs::File::create(desk.path("host.log")).unwrap();
    let mut host = host.stdout(std::process::Stdio::null()).stderr(log).spawn().unwrap();
    until("the host", || desk.data().join("control.sock").exists());
    std::fs::rename(desk.path("conf"), desk.path("gone")).unwrap();
    until("it is told", || error(&desk).is_some());
    std::fs::rename(desk.path("gone"), desk.path("conf")).unwrap();
    until("it is found again", || error(&desk).is_none());
    std::fs::write(desk.path("conf/stint.toml"), format!("{ONE_TARGET}{SECOND}")).unwrap();
    until("it is watched again", || targets(&desk).len() == 2);
    host.kill().unwrap();
    host.wait().unwrap();
}

#[test]
fn a_reload_under_load_loses_nothing() {
    let desk = Desk::new();
    let host = desk.host();
    let done = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let configurations =
                [format!("{ONE_TARGET}{SECOND}"), "[targets".to_owned(), ONE_TARGET.to_owned()];
            for configuration in configurations.iter().cycle() {
                if done.load(std::sync::atomic::Ordering::Relaxed) {
                    break;
                }
                desk.configure(configuration);
                host.signal(Signal::HUP);
                std::thread::yield_now();
            }
        });
        for _ in 0..20 {
            assert_eq!(desk.json(&["start"])["changed"], true);
            assert_eq!(desk.json(&["stop"])["changed"], true);
        }
        done.store(true, std::sync::atomic::Ordering::Relaxed);
    });
    desk.configure(ONE_TARGET);
    until("the last one counts", || error(&desk).is_none() && desk.items() == 40);
}
