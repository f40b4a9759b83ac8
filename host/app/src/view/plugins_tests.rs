//! What a person sees of plugins, on wide and on narrow paper.

use super::*;
use crate::view::samples::{assert_fits, odd_names, plain};

fn plugin() -> PluginView {
    PluginView {
        name: "redmine".into(),
        kind: "target".into(),
        version: Some("1.2.0".into()),
        sha256: Some("9f86d0".into()),
        state: "rejected".into(),
        error: Some("reload rejected: redmine.wasm is cut short; version 1.2.0 goes on".into()),
        file: Some("/plugins/redmine.wasm".into()),
        serves_since: Some(Paper::sample(100).now.into()),
        description: None,
        used_by: vec![PluginUse {
            place: "targets.work".into(),
            may: vec!["https://redmine.example.com".into(), "state".into()],
            may_not: vec!["asks for files (to keep a copy); to grant it, write files = \"FOLDER\"".into()],
            error: Some("the settings don't fit\n--> stint.toml:3:1".into()),
        }],
    }
}

#[test]
fn everything_about_a_plugin_is_said() {
    let list = PluginList {
        version: 1,
        folder: Some("/plugins".into()),
        folder_error: None,
        tried: false,
        plugins: vec![plugin()],
    };
    assert_eq!(
        plain(&plugins(&list, &Paper::sample(100))),
        "\
PLUGIN   KIND    VERSION  STATE
redmine  target  1.2.0    rejected
    reload rejected: redmine.wasm is cut short; version 1.2.0 goes on
    /plugins/redmine.wasm
    sha256:9f86d0
    serves since 10:30
    used by [targets.work]: it may use https://redmine.example.com, state
    it asks for files (to keep a copy); to grant it, write files = \"FOLDER\" in [targets.work]
    the settings don't fit
    --> stint.toml:3:1

the folder is /plugins
no host is running: the files were read, and nothing of them was tried
"
    );
}

#[test]
fn what_is_wrong_everywhere_is_said_once() {
    let mut broken = plugin();
    broken.used_by[0].error.clone_from(&broken.error);
    let (folder, folder_error) = (Some("/plugins".into()), None);
    let list = PluginList { version: 1, folder, folder_error, tried: true, plugins: vec![broken] };
    let said = plain(&plugins(&list, &Paper::sample(100)));
    assert_eq!(said.matches("redmine.wasm is cut short").count(), 1, "{said}");
}

#[test]
fn an_empty_folder_and_none_at_all_are_told_apart() {
    let list = PluginList { version: 1, folder: None, folder_error: None, tried: true, plugins: Vec::new() };
    assert_eq!(
        plain(&plugins(&list, &Paper::sample(100))),
        "no plugins\n\nthere is no folder of plugins: name one as plugins.dir in stint.toml\n"
    );
    let error = "there is no folder /plugins; make it, and put the plugins there".to_owned();
    let list = PluginList { folder: Some("/plugins".into()), folder_error: Some(error), ..list };
    assert!(plugins(&list, &Paper::sample(100)).contains("make it"));
}

#[test]
fn whatever_a_plugin_is_called_fits_and_does_nothing_to_the_terminal() {
    for name in odd_names() {
        let mut odd = plugin();
        odd.error = Some(name.clone());
        odd.used_by[0].error = Some(name.clone());
        odd.used_by[0].may.push(name.clone());
        odd.file = Some(name);
        let (folder, folder_error) = (Some("/plugins".into()), None);
        let list = PluginList { version: 1, folder, folder_error, tried: true, plugins: vec![odd] };
        for width in [20, 60, 120] {
            assert_fits(&plugins(&list, &Paper::sample(width)), width);
        }
    }
}
