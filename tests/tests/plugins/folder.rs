//! What happens in the folder: files come, go, are copied slowly, are broken, or have the same name.

use std::fs::{File, FileTimes, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use stint_plugin_runtime::registry::State;

use crate::stage::{FOR_EVER, Running, Stage, hostile, of_version, version};

const USED: &str = "[targets.work]\nplugin = \"hostile\"\naccepts = [\"time-entry\"]\n";

/// A host that serves the plugin in its first version.
async fn serving() -> (Stage, Running) {
    let stage = Stage::new(USED);
    stage.put("hostile.wasm", &version("1.0.0"));
    let running = stage.host().await;
    running.serves("hostile", "1.0.0").await;
    (stage, running)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_version_takes_over_and_a_removed_file_holds_its_targets() {
    let (stage, running) = serving().await;
    let before = running.line("work", |line| line.uploader.is_ok()).await;
    stage.put("hostile.wasm", &version("1.1.0"));
    running.serves("hostile", "1.1.0").await;
    let after = running.line("work", |line| line.fingerprint != before.fingerprint).await;
    assert_eq!(after.uploader.as_ref().unwrap().plugin.manifest().version.to_string(), "1.1.0");

    std::fs::remove_file(stage.path("plugins/hostile.wasm")).unwrap();
    let gone = running.plugin("hostile", |entry| entry.state == State::Missing).await;
    assert!(gone.plugin.is_none());
    let line = running.line("work", |line| line.uploader.is_err()).await;
    assert_eq!(line.uploader.as_ref().unwrap_err().to_string(), gone.error.unwrap());

    stage.put("other-name.wasm", &version("1.1.0"));
    let entry = running.serves("hostile", "1.1.0").await;
    assert_eq!(entry.file, Some(stage.path("plugins/other-name.wasm")));
    running.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_broken_file_changes_nothing_but_a_status_line() {
    let (stage, running) = serving().await;
    let before = running.line("work", |line| line.uploader.is_ok()).await;
    stage.put("hostile.wasm", b"\0asm\x01\0\0\0");
    let entry = running.plugin("hostile", |entry| entry.state == State::Rejected).await;
    let file = stage.path("plugins/hostile.wasm").display().to_string();
    let error = entry.error.clone().unwrap();
    assert!(error.starts_with(&format!("reload rejected: {file}")), "{error}");
    assert!(error.ends_with("; version 1.0.0 goes on"), "{error}");
    assert!(of_version(&entry, "1.0.0"));
    let lines = running.lines(|_| true).await;
    assert!(std::sync::Arc::ptr_eq(&before, &lines["work"]), "its line is the same");

    // It is told until it is mended, whatever else happens.
    stage.configure(&format!("{USED}[sync]\ninterval = \"90s\"\n"));
    running.reload().await;
    stage.put("another.wasm", b"nothing");
    running.plugin("another", |entry| entry.state == State::Rejected).await;
    assert!(running.plugin("hostile", |_| true).await.error == Some(error));
    stage.put("hostile.wasm", &version("1.0.1"));
    let mended = running.serves("hostile", "1.0.1").await;
    assert_eq!(mended.error, None);
    running.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_is_being_copied_is_waited_for_and_delays_nobody() {
    let (stage, running) = serving().await;
    let whole = version("2.0.0");
    let (first, rest) = whole.split_at(whole.len() / 2);
    let mut copy = File::create(stage.path("plugins/copied.wasm")).unwrap();
    copy.write_all(first).unwrap();
    // Another file comes and serves meanwhile.
    stage.put("prompt.wasm", &hostile(|manifest| manifest.name = "prompt".into()));
    let prompt = running.serves("prompt", "0.1.0").await;
    assert!(prompt.error.is_none());
    let entry = running.plugin("hostile", |_| true).await;
    assert_eq!((entry.state, entry.error), (State::Ready, None), "a part is no mistake yet");
    copy.write_all(rest).unwrap();
    drop(copy);
    running.plugin("hostile", |entry| of_version(entry, "2.0.0")).await;
    running.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_part_that_stays_one_is_told() {
    let (stage, running) = serving().await;
    let whole = version("2.0.0");
    stage.put("part.wasm", &whole[..whole.len() / 2]);
    let part = running.plugin("part", |entry| entry.state == State::Rejected).await;
    let error = part.error.unwrap();
    assert!(
        error.ends_with("is cut short; copy it again, under another name first and then renamed"),
        "{error}"
    );
    let mut file = OpenOptions::new().append(true).open(stage.path("plugins/part.wasm")).unwrap();
    file.write_all(&whole[whole.len() / 2..]).unwrap();
    running.plugin("hostile", |entry| of_version(entry, "2.0.0")).await;
    running.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_that_leads_nowhere_in_a_circle_is_told() {
    let (stage, running) = serving().await;
    let link = stage.path("plugins/circle.wasm");
    std::os::unix::fs::symlink("circle.wasm", &link).unwrap();
    let circle = running.plugin("circle", |entry| entry.state == State::Rejected).await;
    assert_eq!(
        circle.error.unwrap(),
        format!(
            "{} can't be read: Too many levels of symbolic links (os error 40); check that it is there and may be read",
            link.display()
        )
    );
    std::fs::remove_file(&link).unwrap();
    stage.put("circle.wasm", &version("2.0.0"));
    running.serves("hostile", "2.0.0").await;
    running.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_files_with_one_name_the_newer_version_serves() {
    let (stage, running) = serving().await;
    stage.put("newer.wasm", &version("1.10.0"));
    let entry = running.plugin("hostile", |entry| of_version(entry, "1.10.0")).await;
    assert_eq!(
        (entry.state, entry.error.unwrap().as_str()),
        (
            State::Ready,
            "hostile.wasm (1.0.0) is left out, because newer.wasm has the newer version 1.10.0; remove one of them"
        )
    );
    let rebuilt = hostile(|manifest| {
        manifest.version = "1.10.0".parse().unwrap();
        manifest.description = "Another build.".into();
    });
    stage.put("a-rebuild.wasm", &rebuilt);
    let clashes =
        |error: &str| error.contains("a-rebuild.wasm is left out, because it has the name and version of");
    let entry = running.plugin("hostile", |entry| entry.error.as_deref().is_some_and(clashes)).await;
    assert_ne!(entry.manifest.unwrap().description, "Another build.", "what serves stays");
    std::fs::remove_file(stage.path("plugins/newer.wasm")).unwrap();
    let other = |entry: &stint_plugin_runtime::registry::Entry| {
        entry.manifest.as_ref().is_some_and(|manifest| manifest.description == "Another build.")
    };
    running.plugin("hostile", other).await;
    running.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_folder_that_comes_later_is_found() {
    let stage = Stage::new(USED);
    std::fs::remove_dir(stage.path("plugins")).unwrap();
    let running = stage.host().await;
    let missing = running.plugin("hostile", |entry| entry.state == State::Missing).await;
    let folder = stage.path("plugins").display().to_string();
    assert_eq!(
        missing.error.unwrap(),
        format!(
            "plugin `hostile` is missing: there is no folder {folder}; make it, and put the plugins there"
        )
    );
    std::fs::create_dir(stage.path("plugins")).unwrap();
    stage.put("hostile.wasm", &version("1.0.0"));
    running.serves("hostile", "1.0.0").await;
    // Another folder is another set of plugins.
    std::fs::create_dir(stage.path("elsewhere")).unwrap();
    std::fs::write(stage.path("elsewhere/x.wasm"), version("3.0.0")).unwrap();
    stage.configure(&format!("{USED}[plugins]\ndir = \"elsewhere\"\n"));
    running.reload().await;
    running.serves("hostile", "3.0.0").await;
    running.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_compiled_for_plugins_that_are_gone_is_removed_after_a_month() {
    let (stage, running) = serving().await;
    running.end().await;
    let compiled = stage.path("data/compiled");
    let [entry] = &files(&compiled)[..] else { panic!("one plugin, one entry") };
    let gone = compiled.join("gone.cwasm");
    std::fs::copy(entry, &gone).unwrap();
    for file in [entry, &gone] {
        let earlier = file.metadata().unwrap().modified().unwrap() - Duration::from_hours(24 * 31);
        let opened = File::options().append(true).open(file).unwrap();
        opened.set_times(FileTimes::new().set_modified(earlier)).unwrap();
    }
    let running = stage.host().await;
    running.serves("hostile", "1.0.0").await;
    let removed = async {
        while gone.exists() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(FOR_EVER, removed).await.expect("nothing uses it");
    assert_eq!(files(&compiled), std::slice::from_ref(entry), "what serves is as old, and was used just now");
    running.end().await;
}

fn files(folder: &Path) -> Vec<PathBuf> {
    std::fs::read_dir(folder).unwrap().map(|found| found.unwrap().path()).collect()
}
