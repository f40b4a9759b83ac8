//! A host on a display: from the screen to the file that the archive has.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use stint_clock::SystemClock;
use stint_config::{Flag, Request};
use stint_engine::shots::Seen;
use stint_engine::{Desk, Host, Place};
use stint_pixels::{Bounds, decode};
use stint_plugin_runtime::compiler::Compiler;
use stint_tests::display::{Painter, Pane, Server};
use stint_tests::guests::first_party;
use tempfile::TempDir;

/// Only a host that hangs takes this long.
const FOR_EVER: Duration = Duration::from_mins(2);
const RED: [u8; 3] = [200, 30, 40];
const GREEN: [u8; 3] = [20, 180, 60];

/// A host that keeps everything in an archive.
async fn host(folder: &TempDir, capture: &str) -> Host {
    let path = |name: &str| folder.path().join(name);
    std::fs::create_dir(path("plugins")).unwrap();
    std::fs::write(path("plugins/archive.wasm"), first_party("archive").unwrap()).unwrap();
    let archive = "[targets.archive]\nplugin = \"archive\"\naccepts = [\"time-entry\", \"screenshot\", \"activity\"]\nfiles = \"archive\"\n";
    let text = format!(
        "[plugins]\ndir = \"plugins\"\n[capture]\nenabled = true\nformat = \"png\"\n{capture}\n{archive}"
    );
    std::fs::write(path("stint.toml"), text).unwrap();
    let flag = Flag::new("--data-dir", "storage.data_dir", &path("data").display().to_string()).unwrap();
    let request = Request::new(Some(path("stint.toml")), vec![flag], [], folder.path().to_owned());
    let place = Place {
        user: "ada".into(),
        host: "desk".into(),
        zone: "Europe/Vienna".into(),
        compiler: Compiler::Here,
    };
    let clock = Arc::new(SystemClock::new().unwrap());
    Host::start(stint_config::load(&request).unwrap(), place, clock).await.unwrap()
}

/// Waits until all that is recorded was delivered.
async fn delivered(desk: &Desk) {
    let all = async {
        desk.lines().wait_for(|lines| lines.contains_key("archive")).await.map(drop).unwrap();
        let mut passes = desk.passes().watch();
        while desk.status().unwrap().queue.pending > 0 {
            passes.changed().await.unwrap();
        }
    };
    tokio::time::timeout(FOR_EVER, all).await.unwrap();
}

/// The archive's lines about screenshots.
fn lines(folder: &Path) -> Vec<serde_json::Value> {
    let days = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let files = days.filter(|path| path.extension().is_some_and(|ending| ending == "jsonl"));
    let texts = files.map(|path| std::fs::read_to_string(path).unwrap());
    let all: Vec<serde_json::Value> = texts
        .flat_map(|text| text.lines().map(|line| serde_json::from_str(line).unwrap()).collect::<Vec<_>>())
        .collect();
    all.into_iter().filter(|line| line["kind"] == "screenshot").collect()
}

/// Whether a colour is anywhere in any file below the folder that is a picture, or lies there in the clear.
fn is_anywhere(folder: &Path, colour: [u8; 3]) -> bool {
    let holds = |bytes: &[u8]| {
        if let Ok(picture) = decode(bytes, &Bounds::default()) {
            return picture.as_rgba().chunks(4).any(|pixel| pixel[..3] == colour);
        }
        let run = [colour, colour, colour].concat();
        bytes.windows(run.len()).any(|window| window == run)
    };
    std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).any(|path| {
        if path.is_dir() {
            is_anywhere(&path, colour)
        } else {
            std::fs::read(&path).is_ok_and(|bytes| holds(&bytes))
        }
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_screen_is_delivered_as_it_was_and_an_excluded_window_reaches_no_disk() {
    let server = Server::start(640, 480).unwrap();
    let mut painter = Painter::connect(server.name()).unwrap();
    let letter = Pane { app: "editor", title: "letter", place: (30, 40, 200, 100), colour: GREEN };
    painter.show(&letter).unwrap();
    painter.add_monitor("desk", true, (0, 0, 640, 480)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let capture = format!(
        "display = \"{}\"\nmonitors = [\"desk\"]\nexclude = [{{ app = \"vault\" }}]\nhide = [{{ x = 600, y = 0, width = 40, height = 40 }}]",
        server.name()
    );
    let host = host(&folder, &capture).await;
    let desk = host.desk();
    let glances = desk.take_screenshots().await.unwrap();
    assert!(matches!(glances[0].seen, Seen::Kept { .. }), "{glances:?}");
    delivered(&desk).await;
    let archive = folder.path().join("archive");
    let told = lines(&archive);
    assert_eq!(told.len(), 1);
    assert_eq!(told[0]["data"]["monitor"], "desk");
    assert_eq!(told[0]["labels"]["treated"], "area-hidden");
    let file = std::fs::read(archive.join(told[0]["picture"].as_str().unwrap())).unwrap();
    let picture = decode(&file, &Bounds::default()).unwrap();
    assert_eq!((picture.width(), picture.height()), (640, 480));
    let colour = |x: usize, y: usize| &picture.as_rgba()[(y * 640 + x) * 4..][..3];
    assert_eq!((colour(30, 40), colour(229, 139), colour(29, 40)), (&GREEN[..], &GREEN[..], &[0, 0, 0][..]));
    assert!(is_anywhere(folder.path(), GREEN), "the search finds what is there");

    painter.show(&Pane { app: "Vault", title: "", place: (300, 300, 100, 100), colour: RED }).unwrap();
    let glances = desk.take_screenshots().await.unwrap();
    assert_eq!(glances[0].seen, Seen::Excluded);
    delivered(&desk).await;
    assert_eq!(lines(&archive).len(), 1, "no row, no file");
    assert!(!is_anywhere(folder.path(), RED));
    let status = desk.status().unwrap().capture;
    assert!(status.last_at.is_some() && status.error.is_none(), "{status:?}");

    drop(server);
    let error = desk.take_screenshots().await.unwrap_err().to_string();
    assert!(error.starts_with("failed to reach display"), "{error}");
    assert_eq!(desk.status().unwrap().capture.error.as_ref(), Some(&error), "it is in the status");
    host.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn screenshots_come_by_themselves_and_can_be_paused_and_taken_back() {
    let folder = tempfile::tempdir().unwrap();
    let capture = "source = \"synthetic\"\ninterval = \"1s\"\njitter = \"0s\"\nonly_while = \"always\"";
    let host = host(&folder, capture).await;
    let desk = host.desk();
    // The task rings for nobody else here, so the first delivery is of a screenshot that came by itself.
    let mut passes = desk.passes().watch();
    let delivered_one =
        passes.wait_for(|passes| passes.get("archive").is_some_and(|pass| pass.delivered > 0));
    tokio::time::timeout(FOR_EVER, delivered_one).await.unwrap().unwrap();

    let until = desk.now() + stint_domain::time::Millis::from_mins(15);
    desk.pause_screenshots(Some(until)).await.unwrap();
    assert_eq!(desk.status().unwrap().capture.paused_until.map(|when| when.0), Some(until));
    let error = desk.take_screenshots().await.unwrap_err().to_string();
    assert_eq!(error, "failed to take a screenshot: they are paused");
    desk.pause_screenshots(None).await.unwrap();
    host.stop().await.unwrap();
}
