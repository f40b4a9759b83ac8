//! Reading a secret from each place, and what is told when it can't be.

use std::os::unix::fs::PermissionsExt as _;

use crate::world::{World, current, kept};
use stint_plugin_runtime::vault::Place;

fn command(words: &[&str]) -> Place {
    Place::Command(words.iter().map(|word| (*word).to_owned()).collect())
}

async fn read(world: &World, place: Place) -> Result<String, String> {
    current(&world.vault(vec![kept(place)])).await
}

#[tokio::test]
async fn each_place_has_its_secret() {
    let world = World::new();
    assert_eq!(read(&world, Place::Env("PATH".into())).await.unwrap(), std::env::var("PATH").unwrap());
    let file = world.file("key", " s3cret \r\n");
    assert_eq!(read(&world, Place::File(file)).await.unwrap(), " s3cret ", "a line break alone is left out");
    // No shell: what one would replace stays.
    assert_eq!(read(&world, command(&["printf", "%s", "$HOME;`id`"])).await.unwrap(), "$HOME;`id`");
}

#[tokio::test]
async fn what_can_not_be_read_is_told_with_what_to_do() {
    let world = World::new();
    let empty = world.file("empty", "\n");
    let binary = world.path("binary");
    std::fs::write(&binary, b"\xff\xfe").unwrap();
    for (place, why, advice) in [
        (Place::Env("STINT_NO_SUCH".into()), "no such variable", "give STINT_NO_SUCH a valid one"),
        (Place::File(world.path("missing")), "No such file", "`stint auth set work`"),
        (Place::File(empty), "it is empty", "`stint auth set work`"),
        (Place::File(binary), "isn't text in UTF-8", "`stint auth set work`"),
        (command(&["true"]), "it is empty", "run true by hand"),
        (
            command(&["sh", "-c", "echo canary; echo canary >&2; exit 4"]),
            "ended with exit code 4",
            "run sh by hand",
        ),
        (command(&["/nonexistent"]), "failed to run /nonexistent", "run /nonexistent by hand"),
        (Place::Keyring("work".into()), "install libsecret-tools", "`stint auth set work`"),
    ] {
        let shown = format!("{place:?}");
        let text = read(&world, place).await.unwrap_err();
        assert!(
            text.starts_with("NeedsLogin(\"the credential `work` can't be used: failed to "),
            "{shown}: {text}"
        );
        assert!(text.contains(why) && text.contains(advice) && !text.contains("canary"), "{shown}: {text}");
    }
}

#[tokio::test]
async fn a_command_that_failed_is_not_run_again_at_once() {
    let world = World::new();
    let log = world.path("log");
    let script = format!("echo x >> {}; exit 1", log.display());
    let vault = world.vault(vec![kept(command(&["sh", "-c", &script]))]);
    let runs = || std::fs::read_to_string(&log).unwrap().lines().count();
    for _ in 0..20 {
        assert!(current(&vault).await.is_err());
    }
    assert_eq!(runs(), 1);
    world.clock.forward(std::time::Duration::from_secs(10));
    assert!(current(&vault).await.is_err());
    assert_eq!(runs(), 2);
    vault.changed(Some("work")).await;
    assert!(current(&vault).await.is_err());
    assert_eq!(runs(), 3, "somebody did something about it");
}

#[tokio::test]
async fn a_file_that_others_can_read_is_used_and_told() {
    let world = World::new();
    let file = world.file("key", "s3cret");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
    let vault = world.vault(vec![kept(Place::File(file))]);
    assert_eq!(current(&vault).await.unwrap(), "s3cret");
    let status = vault.status("work").await.unwrap();
    assert!(status.warnings[0].contains("(mode 644): chmod 600 "), "{status:?}");
    assert_eq!(status.present, Some(true));
}
