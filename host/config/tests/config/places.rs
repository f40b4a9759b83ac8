//! Files and folders that a configuration names, as they are.

use std::{fs, path::Path};

use stint_config::{Asked, ConfigFile, Places, Request, load, sure_data_dir, without_any_file};

fn request(folder: &Path, text: &str) -> Request {
    let path = folder.join("stint.toml");
    fs::write(&path, text).unwrap();
    Request {
        file: Some(ConfigFile { path, asked: Asked::Flag }),
        env: vec![("HOME".into(), folder.into())],
        cwd: folder.to_owned(),
        ..Request::default()
    }
}

fn doubts(folder: &Path, text: &str) -> Vec<String> {
    let loaded = load(&request(folder, text)).unwrap();
    assert!(loaded.warnings.is_empty(), "a disk that isn't mounted is no matter of the configuration");
    let doubts = loaded.doubtful_places();
    assert_eq!(doubts.errors(), 0);
    doubts.iter().map(|doubt| format!("{}: {}", doubt.key.as_deref().unwrap(), doubt.message)).collect()
}

#[test]
fn what_is_there_or_will_be_made_is_not_doubtful() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("plugins")).unwrap();
    fs::write(folder.path().join("ca.pem"), "").unwrap();
    let text = "[storage]\ndata_dir = \"new\"\n[network]\nca_file = \"ca.pem\"\n[plugins]\ndir = \"plugins\"\n\
                [targets.a]\nplugin = \"archive\"\nfiles = \"new\"\n";
    assert_eq!(doubts(folder.path(), text), [""; 0]);
    assert_eq!(doubts(folder.path(), ""), [""; 0]);
}

#[test]
fn what_is_not_there_or_something_else_is() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("file"), "").unwrap();
    let text = "[storage]\ndata_dir = \"file\"\n[network]\nca_file = \".\"\n[plugins]\ndir = \"file\"\n\
                [targets.a]\nplugin = \"archive\"\nfiles = \"file\"\n";
    assert_eq!(
        doubts(folder.path(), text),
        [
            "storage.data_dir: this is a file, and a folder is meant",
            "network.ca_file: this is a folder, and a file is meant",
            "plugins.dir: this is a file, and a folder is meant",
            "targets.a.files: this is a file, and a folder is meant",
        ]
    );
    let text = "[network]\nca_file = \"gone\"\n[plugins]\ndir = \"gone\"\n";
    assert_eq!(
        doubts(folder.path(), text),
        ["network.ca_file: this file isn't there", "plugins.dir: this folder isn't there"]
    );
}

#[test]
fn places_are_found_in_spite_of_mistakes() {
    let folder = tempfile::tempdir().unwrap();
    let text = "[sync]\ninterval = 7\n[storage]\ndata_dir = \"data\"\n[plugins\n";
    let request = request(folder.path(), text);
    assert!(load(&request).is_err());
    let places = Places::of(&request);
    assert_eq!(places.data_dir.unwrap().path, folder.path().join("data"));
    let plugins = places.plugin_dir.unwrap();
    assert_eq!((plugins.path, plugins.exists), (folder.path().join("plugins"), false));
    assert!(places.file.unwrap().exists);
}

#[test]
fn a_data_directory_is_sure_where_no_mistake_can_have_to_do_with_it() {
    let sure = |text: &str, drop_in: Option<&str>| {
        let folder = tempfile::tempdir().unwrap();
        if let Some(text) = drop_in {
            fs::create_dir(folder.path().join("conf.d")).unwrap();
            fs::write(folder.path().join("conf.d/more.toml"), text).unwrap();
        }
        let request = request(folder.path(), text);
        assert!(load(&request).is_err(), "{text}");
        sure_data_dir(&request).map(|dir| dir.strip_prefix(folder.path()).unwrap().display().to_string())
    };
    let usual = Some(".local/share/stint".to_owned());
    let mine = Some("mine".to_owned());
    let written = "[storage]\ndata_dir = \"mine\"\n";
    assert_eq!(sure("nonsense = true\n", None), usual);
    assert_eq!(sure("[timer]\nheartbeat = 1\n", None), usual);
    assert_eq!(sure(&format!("{written}[timer]\nheartbeat = 1\n"), None), mine);
    assert_eq!(sure(&format!("{written}[timer\nheartbeat = 1\n"), None), mine);
    assert_eq!(sure(written, Some("[timer\n")), None, "the other file may say something else");
    for text in [
        "[timer\n",
        "[storage]\ndata_dir = 7\n",
        "[storage]\ndatadir = \"mine\"\n",
        "[stroage]\ndata_dir = \"mine\"\n",
        "data_dir = \"mine\"\n",
    ] {
        assert_eq!(sure(text, None), None, "{text}");
    }
}

#[test]
fn what_counts_without_a_file_drops_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let loaded = without_any_file(folder.path()).unwrap();
    assert_eq!(loaded.data_dir().as_deref(), Some(folder.path()));
    assert_eq!(loaded.config.storage.max_backlog, 10_000_000);
    assert!(loaded.config.targets.is_empty() && loaded.files.is_empty());
}
