//! `stint config path`: where everything is, mistakes or not.

use serde_json::json;

use super::Home;

#[test]
fn everything_has_a_place_before_anything_is_there() {
    let home = Home::empty();
    let said = home.stint(&["config", "path"]).ok();
    let expected = "file       ~/.config/stint/stint.toml (not there yet)\n\
                    conf.d     ~/.config/stint/conf.d (not there yet)\n\
                    data       ~/.local/share/stint (not there yet)\n\
                    plugins    ~/.config/stint/plugins (not there yet)\n";
    assert_eq!((said.stdout.as_str(), said.stderr.as_str()), (expected, ""));
}

#[test]
fn what_is_written_counts_and_mistakes_do_not_hide_it() {
    let home = Home::with(
        "[storage]\ndata_dir = \"../data\"\n[plugins]\ndir = \"/opt/plugins\"\n[sync]\ninterval = 7\n",
    );
    home.workshop.write(".config/stint/conf.d/10.toml", "[log]\nlevel = \"debug\"\n");
    assert_eq!(home.stint(&["config", "check"]).code, 78);
    assert_eq!(
        home.json(&["config", "path"]),
        json!({
            "version": 1,
            "file": {"path": "~/.config/stint/stint.toml", "exists": true},
            "named_by": "default",
            "conf_d": {"path": "~/.config/stint/conf.d", "exists": true},
            "drop_ins": ["~/.config/stint/conf.d/10.toml"],
            "data_dir": {"path": "~/.config/stint/../data", "exists": false},
            "plugin_dir": {"path": "/opt/plugins", "exists": false},
        })
    );
    let said = home.stint(&["config", "path"]).ok();
    assert!(said.stdout.contains("conf.d\n           ~/.config/stint/conf.d/10.toml\n"), "{}", said.stdout);
}

#[test]
fn it_says_who_named_the_file() {
    let home = Home::empty();
    home.workshop.write("other.toml", "");
    let named_by = |env: &[(&str, &str)], args: &[&str]| -> serde_json::Value {
        let said = home.with_env(env, &[&["config", "path", "--json"], args].concat()).ok();
        let paths: serde_json::Value = serde_json::from_str(&said.stdout).unwrap();
        assert_eq!(paths["file"], json!({"path": "~/other.toml", "exists": true}));
        paths["named_by"].clone()
    };
    assert_eq!(named_by(&[("STINT_CONFIG", "other.toml")], &[]), "variable");
    assert_eq!(named_by(&[], &["--config", "other.toml"]), "flag");
}

#[test]
fn a_user_without_a_home_has_no_places() {
    let home = Home::empty();
    let said = home.with_env(&[("HOME", "")], &["config", "path"]).ok();
    let none = |label: &str| format!("{label:<11}none: $HOME isn't set\n");
    assert_eq!(said.stdout, ["file", "conf.d", "data", "plugins"].map(none).concat());
}
