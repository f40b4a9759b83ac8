//! Edits: one value changes, everything else stays byte for byte, and nothing wrong is ever written.

use std::{fs, os::unix::fs::PermissionsExt as _, path::PathBuf};

use stint_config::{Asked, ConfigFile, Edit, EditError, Edited, Flag, Request, current_text, edit, put};

const TEXT: &str = "\
#:schema ./stint.schema.json
# Ours.

[sync]   # how often
# Not too often: the server is old.
interval = \"1m\"   # one minute
# Rarely.
max_attempts = 3

[targets.work] # the office
plugin = \"rest\"
credentials = { default = \"key\" }

[credentials.key]
scheme = \"bearer\"
value = { env = \"KEY\" }
# The end.
";

struct Place(tempfile::TempDir);

impl Place {
    fn new(text: &str) -> Self {
        let place = Self(tempfile::tempdir().unwrap());
        fs::write(place.path(), text).unwrap();
        place
    }

    fn path(&self) -> PathBuf {
        self.0.path().join("stint.toml")
    }

    fn request(&self) -> Request {
        Request {
            file: Some(ConfigFile { path: self.path(), asked: Asked::Flag }),
            cwd: "/".into(),
            ..Request::default()
        }
    }

    fn set(&self, key: &str, value: &str) -> Result<Edited, EditError> {
        edit(&self.request(), Edit::Set { key, value })
    }

    fn unset(&self, key: &str) -> Result<Edited, EditError> {
        edit(&self.request(), Edit::Unset { key })
    }

    fn text(&self) -> String {
        fs::read_to_string(self.path()).unwrap()
    }
}

#[test]
fn a_value_changes_and_its_comments_stay() {
    let place = Place::new(TEXT);
    let edited = place.set("sync.interval", "30s").unwrap();
    assert_eq!(place.text(), TEXT.replace("\"1m\"", "\"30s\""));
    assert_eq!(edited.path, place.path());
    assert_eq!(edited.overridden_by, None);
    assert_eq!(edited.loaded.config.sync.interval.to_string(), "30s");
}

#[test]
fn a_value_that_is_new_is_added_to_its_table() {
    let place = Place::new(TEXT);
    place.set("sync.batch", "[5, 10]").unwrap();
    assert_eq!(place.text(), TEXT.replace("max_attempts = 3\n", "max_attempts = 3\nbatch = [5, 10]\n"));
    place.set("targets.work.settings.base-url", "https://a.test").unwrap();
    assert!(
        place.text().contains("[targets.work.settings]\nbase-url = \"https://a.test\"\n"),
        "{}",
        place.text()
    );
    place.set("targets.work.credentials.other", "key").unwrap();
    assert!(
        place.text().contains("credentials = { default = \"key\", other = \"key\" }\n"),
        "{}",
        place.text()
    );
    for comment in ["# Ours.", "# how often", "# one minute", "# the office", "# The end."] {
        assert!(place.text().contains(comment), "{comment}");
    }
}

#[test]
fn a_value_is_a_text_where_one_is_expected() {
    let place = Place::new("");
    place.set("identity.person", "42").unwrap();
    place.set("capture.enabled", "true").unwrap();
    place.set("identity.machine", "\"quoted\"").unwrap();
    assert_eq!(
        place.text(),
        "[identity]\nperson = \"42\"\nmachine = \"quoted\"\n\n[capture]\nenabled = true\n"
    );
}

#[test]
fn a_value_is_taken_out_and_the_comment_above_it_stays() {
    let place = Place::new(TEXT);
    place.unset("sync.interval").unwrap();
    assert_eq!(place.text(), TEXT.replace("interval = \"1m\"   # one minute\n", ""));
    place.set("targets.work.credentials.second", "key").unwrap();
    place.unset("targets.work.credentials.second").unwrap();
    assert!(place.text().contains("credentials = { default = \"key\" }"), "{}", place.text());
    place.set("targets.home.plugin", "rest").unwrap();
    place.unset("targets.home").unwrap();
    assert!(!place.text().contains("targets.home"), "{}", place.text());
}

#[test]
fn what_would_be_wrong_is_not_written() {
    let place = Place::new(TEXT);
    let refused = [
        place.set("sync.interval", "soon"),
        place.set("sync.intervall", "10s"),
        place.set("credentials.key.value", "hunter2"),
        place.set("targets.work.policy", "none"),
        place.unset("targets.work.plugin"),
        place.unset("credentials.key"),
    ];
    for error in refused.map(Result::unwrap_err) {
        let text = error.to_string();
        let begin =
            "failed to change the configuration, which would be wrong then; nothing was written\n\nerror: ";
        assert!(text.starts_with(begin), "{text}");
        assert!(!text.contains("hunter2"), "{text}");
    }
    assert_eq!(place.text(), TEXT);
}

#[test]
fn every_refusal_says_why() {
    let place = Place::new(TEXT);
    let path = place.path();
    let path = path.display();
    assert_eq!(
        place.unset("sync.batch").unwrap_err().to_string(),
        format!("failed to take `sync.batch` out: it isn't written in {path}")
    );
    assert_eq!(
        place.set("sync.interval.deep", "1").unwrap_err().to_string(),
        format!("failed to set `sync.interval.deep`: `sync.interval` is a value in {path}, and no table")
    );
    assert_eq!(
        place.set("sync", "1").unwrap_err().to_string(),
        format!("failed to set `sync`: `sync` is a value in {path}, and no table")
    );
    assert!(place.set("a..b", "1").unwrap_err().to_string().starts_with("failed to read `a..b` as a key"));
    let nowhere = edit(&Request::default(), Edit::Unset { key: "a" }).unwrap_err();
    assert_eq!(nowhere.to_string(), "failed to find a configuration file to change: name one with --config");
    fs::write(place.path(), "[sync").unwrap();
    let broken = place.set("sync.interval", "1m").unwrap_err().to_string();
    let begin = "failed to change the configuration, because it can't be read; correct that first\n\nerror: ";
    assert!(broken.starts_with(begin), "{broken}");
    assert_eq!(place.text(), "[sync");
}

#[test]
fn an_edit_may_correct_what_was_wrong() {
    let place = Place::new("[sync]\ninterval = \"soon\"\n");
    place.set("sync.interval", "1m").unwrap();
    assert_eq!(place.text(), "[sync]\ninterval = \"1m\"\n");
}

#[test]
fn the_file_that_has_it_is_changed_and_a_later_layer_is_named() {
    let place = Place::new(TEXT);
    let fleet = place.0.path().join("conf.d/fleet.toml");
    fs::create_dir(fleet.parent().unwrap()).unwrap();
    fs::write(&fleet, "[targets.home]\nplugin = \"rest\"\n[sync]\nlock_timeout = \"6m\"\n").unwrap();
    assert_eq!(place.set("sync.lock_timeout", "7m").unwrap().path, fleet);
    assert_eq!(place.set("targets.home.max_in_flight", "2").unwrap().path, fleet);
    assert_eq!(place.set("targets.work.max_in_flight", "2").unwrap().path, place.path());
    let mut request = place.request();
    request.env.push(("STINT_SYNC__INTERVAL".into(), "9m".into()));
    let edited = edit(&request, Edit::Set { key: "sync.interval", value: "2m" }).unwrap();
    assert_eq!(edited.overridden_by.unwrap().to_string(), "$STINT_SYNC__INTERVAL");
    request.flags.push(Flag::parse("--set", "sync.interval=8m").unwrap());
    let edited = edit(&request, Edit::Unset { key: "sync.interval" }).unwrap();
    assert_eq!(edited.overridden_by.unwrap().to_string(), "--set");
}

#[test]
fn the_file_is_replaced_as_a_whole_and_keeps_its_mode_and_its_link() {
    let place = Place::new(TEXT);
    let real = place.0.path().join("real.toml");
    fs::rename(place.path(), &real).unwrap();
    std::os::unix::fs::symlink("real.toml", place.path()).unwrap();
    fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).unwrap();
    let inode = |path: &PathBuf| std::os::unix::fs::MetadataExt::ino(&fs::metadata(path).unwrap());
    let before = inode(&real);
    place.set("sync.interval", "30s").unwrap();
    assert_ne!(inode(&real), before, "a new file was put in its place");
    assert!(fs::symlink_metadata(place.path()).unwrap().is_symlink());
    assert_eq!(fs::metadata(&real).unwrap().permissions().mode() & 0o777, 0o640);
    let left: Vec<_> =
        fs::read_dir(place.0.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left.len(), 2, "{left:?}");
}

#[test]
fn the_first_edit_makes_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("stint/stint.toml");
    let file = Some(ConfigFile { path: path.clone(), asked: Asked::Nobody });
    let request = Request { file, cwd: "/".into(), ..Request::default() };
    edit(&request, Edit::Set { key: "log.level", value: "debug" }).unwrap();
    assert_eq!(fs::read_to_string(path).unwrap(), "[log]\nlevel = \"debug\"\n");
}

#[test]
fn what_cannot_be_written_is_said_to_be() {
    let path = PathBuf::from("/proc/stint/stint.toml");
    let file = Some(ConfigFile { path, asked: Asked::Nobody });
    let request = Request { file, cwd: "/".into(), ..Request::default() };
    let error = edit(&request, Edit::Set { key: "log.level", value: "debug" }).unwrap_err();
    assert_eq!(
        error.to_string(),
        "failed to change /proc/stint/stint.toml: No such file or directory (os error 2); the file is as it was"
    );
}

#[test]
fn a_whole_text_is_put_in_place_or_refused_as_a_whole() {
    let place = Place::new("[sync]\ninterval = \"5m\"\n");
    let request = place.request();
    let before = current_text(&request).unwrap();
    let wrong = put(&request, before.as_deref(), "[sync]\ninterval = 5\n").unwrap_err();
    assert!(matches!(wrong, EditError::After { .. }), "{wrong}");
    let stale = put(&request, None, "").unwrap_err();
    assert_eq!(
        stale.to_string(),
        format!(
            "failed to change {}: it was changed by somebody else meanwhile; it is as they left it",
            place.path().display()
        )
    );
    assert_eq!(place.text(), before.clone().unwrap());
    let loaded = put(&request, before.as_deref(), "[sync]\ninterval = \"7m\"\n").unwrap();
    assert_eq!(
        (loaded.config.sync.interval.to_string(), place.text()),
        ("7m".into(), "[sync]\ninterval = \"7m\"\n".into())
    );
}
