//! Layers: which value counts, where it came from, and what is said when a layer is wrong or missing.

use std::{
    fs,
    path::{Path, PathBuf},
};

use stint_config::{Asked, ConfigFile, Diagnostics, Flag, Loaded, Origin, Request, load};

/// A folder with a configuration in it.
struct Place(tempfile::TempDir);

impl Place {
    fn new(files: &[(&str, &str)]) -> Self {
        let place = Self(tempfile::tempdir().unwrap());
        for (name, text) in files {
            place.write(name, text);
        }
        place
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn request(&self, env: &[(&str, &str)], flags: &[&str]) -> Request {
        Request {
            file: Some(ConfigFile { path: self.path("stint.toml"), asked: Asked::Flag }),
            env: env.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect(),
            flags: flags.iter().map(|flag| Flag::parse("--set", flag).unwrap()).collect(),
            cwd: "/cwd".into(),
        }
    }

    fn load(&self, env: &[(&str, &str)], flags: &[&str]) -> Loaded {
        load(&self.request(env, flags)).unwrap_or_else(|diagnostics| panic!("{diagnostics}"))
    }

    fn refused(&self, env: &[(&str, &str)], flags: &[&str]) -> Diagnostics {
        load(&self.request(env, flags)).unwrap_err()
    }

    /// An origin without the name of this folder.
    fn short(&self, origin: &Origin) -> String {
        origin.to_string().replace(&format!("{}/", self.0.path().display()), "")
    }
}

const TARGET: &str = "[targets.my-work]\nplugin = \"rest\"\n";

#[test]
fn each_layer_counts_before_the_one_below_and_is_named() {
    let place = Place::new(&[("stint.toml", "[sync]\ninterval = \"1m\"\n")]);
    let shown = |loaded: &Loaded| {
        (loaded.config.sync.interval.to_string(), place.short(&loaded.origin("sync.interval")))
    };
    let env = [("STINT_SYNC__INTERVAL", "5m")];
    assert_eq!(shown(&place.load(&[], &[])), ("1m".into(), "stint.toml:2:12".into()));
    place.write("conf.d/10-a.toml", "[sync]\ninterval = \"2m\"\n");
    assert_eq!(shown(&place.load(&[], &[])), ("2m".into(), "conf.d/10-a.toml:2:12".into()));
    place.write("conf.d/20-b.toml", "sync.interval = \"3m\"\n");
    assert_eq!(shown(&place.load(&[], &[])), ("3m".into(), "conf.d/20-b.toml:1:17".into()));
    assert_eq!(shown(&place.load(&env, &[])), ("5m".into(), "$STINT_SYNC__INTERVAL".into()));
    let flags = ["sync.interval=6m", "sync.interval=7m"];
    assert_eq!(shown(&place.load(&env, &flags)), ("7m".into(), "--set".into()));
    assert_eq!(place.load(&[], &[]).origin("sync.batch"), Origin::Default);
    let files = place.load(&[], &[]).files;
    let files: Vec<_> = files.iter().map(|file| file.file_name().unwrap().to_str().unwrap()).collect();
    assert_eq!(files, ["stint.toml", "10-a.toml", "20-b.toml"]);
}

#[test]
fn a_layer_changes_its_values_and_leaves_the_others() {
    let place = Place::new(&[
        ("stint.toml", "[sync]\ninterval = \"1m\"\nmax_attempts = 9\n"),
        ("conf.d/a.toml", "[sync]\ninterval = \"2m\"\n"),
    ]);
    let sync = place.load(&[("STINT_SYNC__BATCH", "[5, 6]")], &[]).config.sync;
    assert_eq!((sync.interval.to_string(), sync.max_attempts, sync.batch), ("2m".into(), 9, vec![5, 6]));
}

#[test]
fn conf_d_alone_is_a_configuration_and_strange_files_in_it_are_left_alone() {
    let place = Place::new(&[
        ("conf.d/a.toml", TARGET),
        ("conf.d/.a.toml.swp", "rubbish"),
        ("conf.d/.hidden.toml", "rubbish"),
        ("conf.d/a.toml.dpkg-old", "rubbish"),
        ("conf.d/README", "rubbish"),
    ]);
    let mut request = place.request(&[], &[]);
    request.file.as_mut().unwrap().asked = Asked::Nobody;
    let loaded = load(&request).unwrap();
    assert_eq!(loaded.config.targets.len(), 1);
    assert_eq!(loaded.file(), None);
    assert_eq!(
        loaded.watched(),
        [place.path(""), place.path("conf.d")].map(|path| path.components().collect::<PathBuf>())
    );
    let reads = |name: &str| loaded.reads(&place.path(name));
    assert!(reads("stint.toml") && reads("conf.d/b.toml"));
    assert!(!reads("stint.log") && !reads("conf.d/README"));
}

#[test]
fn variables_reach_names_settings_lists_and_tables() {
    let place = Place::new(&[("stint.toml", TARGET)]);
    let env = [
        ("STINT_TARGETS__MY_WORK__ENABLED", "false"),
        ("STINT_TARGETS__MY_WORK__ALLOW", "[\"https://a.test\"]"),
        ("STINT_TARGETS__MY_WORK__SETTINGS__BASE_URL", "https://a.test"),
        ("STINT_TARGETS__MY_WORK__SETTINGS__PAGES", "20"),
        ("STINT_LIMITS__PLUGIN__REST__MEMORY", "32MiB"),
        ("STINT_CAPTURE__MONITORS", "all"),
        ("STINT_IDENTITY__PERSON", "42"),
        ("STINT_IDENTITY__MACHINE", "\"quoted\""),
        ("STINT_SYNC__MAX_ATTEMPTS", ""),
        ("STINT_CONFIG", "/elsewhere"),
        ("OTHER_SYNC__INTERVAL", "rubbish"),
    ];
    let loaded = place.load(&env, &[]);
    assert!(loaded.warnings.is_empty(), "{}", loaded.warnings);
    let target = &loaded.config.targets["my-work"];
    assert!(!target.enabled);
    assert_eq!(target.allow.len(), 1);
    assert_eq!(target.settings.to_value(), serde_json::json!({"base_url": "https://a.test", "pages": 20}));
    assert_eq!(loaded.config.limits.of("rest").memory.to_string(), "32MiB");
    assert_eq!(loaded.config.identity.person.unwrap().as_str(), "42");
    assert_eq!(loaded.config.identity.machine.unwrap().as_str(), "quoted");
    assert_eq!(loaded.config.sync.max_attempts, 5);
}

#[test]
fn paths_start_where_they_are_written() {
    let place = Place::new(&[("stint.toml", "[storage]\ndata_dir = \"data\"\n[log]\nfile = \"~/x.log\"\n")]);
    let env = [("HOME", "/home/anna")];
    let loaded = place.load(&env, &[]);
    assert_eq!(loaded.data_dir(), Some(place.path("data")));
    assert_eq!(loaded.config.log.file.as_ref().unwrap().path(), Path::new("/home/anna/x.log"));
    assert_eq!(loaded.plugin_dir(), Some(place.path("plugins")));
    let loaded = place.load(&[("HOME", "/home/anna"), ("STINT_DATA_DIR", "other")], &[]);
    assert_eq!(loaded.data_dir(), Some("/cwd/other".into()));
    assert_eq!(loaded.origin("storage.data_dir").to_string(), "$STINT_DATA_DIR");
    let mut request = place.request(&[("HOME", "/home/anna"), ("STINT_DATA_DIR", "other")], &[]);
    request.flags.push(Flag::new("--data-dir", "storage.data_dir", "/third").unwrap());
    let loaded = load(&request).unwrap();
    assert_eq!(loaded.data_dir(), Some("/third".into()));
    assert_eq!(loaded.origin("storage.data_dir").to_string(), "--data-dir");
}

#[test]
fn without_any_file_the_defaults_count() {
    let place = Place::new(&[]);
    let mut request = place.request(&[("HOME", "/home/anna")], &[]);
    request.file.as_mut().unwrap().asked = Asked::Nobody;
    let loaded = load(&request).unwrap();
    assert_eq!(loaded.config, stint_config::Config::default());
    assert_eq!(loaded.data_dir(), Some("/home/anna/.local/share/stint".into()));
    request.file = None;
    assert_eq!(load(&request).unwrap().plugin_dir(), None);
}

fn only(diagnostics: &Diagnostics) -> (String, String) {
    let list: Vec<_> = diagnostics.iter().collect();
    assert_eq!(list.len(), 1, "{diagnostics}");
    (list[0].message.clone(), list[0].hint.clone().unwrap_or_default())
}

#[test]
fn a_file_or_folder_that_is_gone_is_said_to_be() {
    let place = Place::new(&[]);
    let (message, hint) = only(&place.refused(&[], &[]));
    assert_eq!(message, "the configuration file isn't there, and --config names it");
    assert_eq!(hint, "correct the path, or create the file; an empty file has all defaults");

    let mut request = place.request(&[], &[]);
    request.file = Some(ConfigFile { path: place.path("gone/stint.toml"), asked: Asked::Before });
    let (message, hint) = only(&load(&request).unwrap_err());
    assert_eq!(
        message,
        "the folder of the configuration file is gone, and it was there when it was read the last time"
    );
    let folder = place.path("gone");
    assert_eq!(hint, format!("bring {} back, or name another file with --config", folder.display()));

    request.file = Some(ConfigFile { path: place.path("x.toml"), asked: Asked::Variable });
    let (message, _) = only(&load(&request).unwrap_err());
    assert_eq!(message, "the configuration file isn't there, and $STINT_CONFIG names it");

    request.file = Some(ConfigFile { path: place.path(""), asked: Asked::Flag });
    let (message, hint) = only(&load(&request).unwrap_err());
    assert_eq!(message, "this is a folder, and a configuration is a file");
    assert_eq!(hint, format!("name the file in it: {}", place.path("stint.toml").display()));
}

#[test]
fn a_file_that_cannot_be_read_is_said_to_be() {
    let place = Place::new(&[("stint.toml", "")]);
    fs::write(place.path("stint.toml"), b"[log]\nlevel = \"inf\xff\xfeo\"\n").unwrap();
    let diagnostics = place.refused(&[], &[]);
    let (message, hint) = only(&diagnostics);
    assert_eq!(message, "this file is not UTF-8 from here on");
    assert_eq!(hint, "save it as UTF-8, without the byte that is shown as a question mark");
    let spot = diagnostics.iter().next().unwrap().at.clone().unwrap();
    assert!(spot.origin.to_string().ends_with("stint.toml:2:13"), "{}", spot.origin);

    place.write("stint.toml", &"# rubbish\n".repeat(200_000));
    let (message, hint) = only(&place.refused(&[], &[]));
    assert_eq!(
        (message.as_str(), hint.as_str()),
        ("this file is larger than 1 MiB", "is it a configuration?")
    );

    place.write("stint.toml", "");
    fs::create_dir_all(place.path("conf.d/folder.toml")).unwrap();
    let (message, hint) = only(&place.refused(&[], &[]));
    assert!(message.starts_with("it can't be read: "), "{message}");
    assert_eq!(hint, "it is a folder; give it a name that doesn't end in .toml");
    fs::remove_dir(place.path("conf.d/folder.toml")).unwrap();

    std::os::unix::fs::symlink("nowhere", place.path("conf.d/link.toml")).unwrap();
    assert_eq!(only(&place.refused(&[], &[])).1, "is it a link to a file that is gone?");
    fs::remove_file(place.path("conf.d/link.toml")).unwrap();

    fs::remove_dir_all(place.path("conf.d")).unwrap();
    place.write("conf.d", "a file");
    assert!(only(&place.refused(&[], &[])).0.starts_with("it can't be read: "));
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_are_no_mistake() {
    let place = Place::new(&[("stint.toml", "\u{feff}[sync]\r\ninterval = \"2m\"\r\nmax_attempts = 0\r\n")]);
    let diagnostics = place.refused(&[], &[]);
    assert_eq!(only(&diagnostics).0, "0 is too little for `max_attempts`");
    let excerpt = diagnostics.iter().next().unwrap().at.clone().unwrap().excerpt.unwrap();
    assert_eq!((excerpt.line.as_str(), excerpt.position.line), ("max_attempts = 0", 3));
}

#[test]
fn a_variable_that_no_shell_would_make_is_named() {
    use std::os::unix::ffi::OsStringExt as _;
    let place = Place::new(&[("stint.toml", "")]);
    let mut request = place.request(&[], &[]);
    request.env.push(("STINT_SYNC__INTERVAL".into(), std::ffi::OsString::from_vec(vec![0xff])));
    let diagnostics = load(&request).unwrap_err();
    assert_eq!(only(&diagnostics).0, "the value of this variable is not UTF-8");
    assert!(diagnostics.to_string().contains("$STINT_SYNC__INTERVAL"));
}

#[test]
fn a_variable_that_keeps_a_secret_is_no_key() {
    let text = "[credentials.key]\nscheme = \"bearer\"\nvalue = { env = \"STINT_WORK__TOKEN\" }\n\
                [targets.a]\nplugin = \"rest\"\ncredentials = { default = \"key\" }\n";
    let place = Place::new(&[("stint.toml", text)]);
    let loaded = place.load(&[("STINT_WORK__TOKEN", "hunter2")], &[]);
    assert!(loaded.warnings.is_empty());
    assert!(!format!("{loaded:?}").contains("hunter2"));
}

#[test]
fn names_that_sound_alike_are_told_apart() {
    let place = Place::new(&[("stint.toml", "")]);
    let warned = |name: &str| only(&place.load(&[(name, "1")], &[]).warnings);
    let (message, hint) = warned("STINT_LOG_LEVEL");
    assert_eq!(message, "$STINT_LOG_LEVEL sets nothing");
    assert_eq!(hint, "did you mean STINT_LOG__LEVEL? Two underscores part the keys");
    assert_eq!(warned("STINT_DATA_DIRS").1, "did you mean STINT_DATA_DIR?");
    assert_eq!(warned("STINT_X").1, "a key is written like STINT_SYNC__INTERVAL, with two underscores");
    let (message, hint) = only(&place.refused(&[("STINT_SINC__INTERVAL", "1m")], &[]));
    assert_eq!((message.as_str(), hint.as_str()), ("there is no table [sinc]", "did you mean `sync`?"));
    let (message, hint) = only(&place.refused(&[], &["targets.new.plugin=rest"]));
    assert_eq!(
        (message.as_str(), hint.as_str()),
        ("no file defines a target `new`", "define it in a file first: [targets.new]")
    );
}

#[test]
fn every_value_is_shown_with_its_origin() {
    let text = "[sync]\ninterval = \"1m\"\n[targets.my-work]\nplugin = \"rest\"\naccepts = [\"time-entry\"]\n\
                [targets.my-work.settings]\nurl = \"https://a.test\"\napi_token = \"hunter2\"\n";
    let place = Place::new(&[("stint.toml", text)]);
    let loaded = place.load(&[("STINT_LOG__LEVEL", "debug")], &["capture.quality=80"]);
    let settings = loaded.settings();
    let find = |key: &str| {
        let found = settings.iter().find(|setting| setting.key == key).unwrap_or_else(|| panic!("{key}"));
        format!("{} = {} # {}", found.key, found.value, place.short(&found.origin))
    };
    assert_eq!(find("sync.interval"), "sync.interval = \"1m\" # stint.toml:2:12");
    assert_eq!(find("sync.batch"), "sync.batch = [10, 50, 100] # default");
    assert_eq!(find("log.level"), "log.level = \"debug\" # $STINT_LOG__LEVEL");
    assert_eq!(find("capture.quality"), "capture.quality = 80 # --set");
    assert_eq!(
        find("targets.my-work.accepts"),
        "targets.my-work.accepts = [\"time-entry\"] # stint.toml:5:11"
    );
    assert_eq!(find("targets.my-work.enabled"), "targets.my-work.enabled = true # default");
    let secret = find("targets.my-work.settings.api_token");
    assert_eq!(secret, "targets.my-work.settings.api_token = \"•••\" # stint.toml:8:13");
    assert!(!settings.iter().any(|setting| setting.key.starts_with("identity")));
}
