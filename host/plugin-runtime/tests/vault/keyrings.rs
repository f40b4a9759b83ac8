//! The keyring, by a program that speaks as `secret-tool` does: a script that keeps its secrets in a folder. The real one
//! needs a desktop's session; `docs/credentials.md` says how it was tried.

use std::time::Duration;

use crate::world::{World, current, kept};
use stint_domain::secret::Secret;
use stint_plugin_runtime::vault::{Keyring, Place, Store};

const SCRIPT: &str = r#"#!/bin/sh
# lookup|store|clear [--label=…] service stint account NAME
verb=$1; shift
case $1 in --label=*) shift;; esac
[ "$1 $2 $3" = "service stint account" ] || { echo "secret-tool: odd words" >&2; exit 2; }
file="FOLDER/$(printf %s "$4" | tr / _)"
case $verb in
    lookup) [ -f "$file" ] && cat "$file" ;;
    store) umask 077; cat > "$file" ;;
    clear) rm -f "$file" ;;
esac
"#;

fn world(script: &str, within: Duration) -> World {
    let mut world = World::new();
    let program = world.path("secret-tool");
    let folder = world.path("kept");
    std::fs::create_dir(&folder).unwrap();
    let source = world.path("source");
    std::fs::write(&source, script.replace("FOLDER", &folder.display().to_string())).unwrap();
    // Written by another process: a file that this one has open for writing can't be run by a child that was born then.
    let copied =
        std::process::Command::new("install").arg("-m700").args([&source, &program]).status().unwrap();
    assert!(copied.success());
    world.keyring = Keyring::by(program.display().to_string(), within);
    world
}

const LONG: Duration = Duration::from_mins(1);

#[tokio::test]
async fn a_secret_goes_into_the_keyring_and_comes_out_of_it() {
    let world = world(SCRIPT, LONG);
    let vault = world.vault(vec![kept(Place::Keyring("work-key".into()))]);
    let text = current(&vault).await.unwrap_err();
    assert!(text.contains("failed to find `work-key` in the keyring; put a valid one in with"), "{text}");
    assert_eq!(vault.set("work", &Secret::new("s3cret".into())).await.unwrap(), "the keyring, as work-key");
    assert_eq!(current(&vault).await.unwrap(), "s3cret");
    assert_eq!(vault.status("work").await.unwrap().present, Some(true));
    assert!(vault.forget("work").await.unwrap());
    assert!(!vault.forget("work").await.unwrap());
}

#[tokio::test]
async fn tokens_are_kept_in_the_keyring_too() {
    let world = world(SCRIPT, LONG);
    let server =
        crate::server::Server::new(|_| crate::server::answer(200, &[], r#"{"accessToken":"in"}"#)).await;
    world.file("password", "the password");
    let mut login = world.login(&server.url("/"));
    login.store = Some(Store::Keyring);
    assert_eq!(current(&world.vault(vec![login.clone()])).await.unwrap(), "in");
    assert_eq!(current(&world.vault(vec![login])).await.unwrap(), "in");
    assert_eq!(server.seen().len(), 1, "the second run found it in the keyring");
    let kept = std::fs::read_to_string(world.path("kept/work_tokens")).unwrap();
    assert!(kept.contains("\"access\":\"in\""), "{kept}");
}

#[tokio::test]
async fn a_keyring_that_asks_is_not_waited_for() {
    let world = world("#!/bin/sh\nsleep 600\n", Duration::from_millis(200));
    let vault = world.vault(vec![kept(Place::Keyring("work".into()))]);
    let text = current(&vault).await.unwrap_err();
    assert!(
        text.contains("failed to reach the keyring: it didn't answer within 200ms, so it is locked and asks for its password"),
        "{text}"
    );
    assert!(
        text.contains("unlock it by logging in to the desktop, or keep the credential in a file"),
        "{text}"
    );
}

#[tokio::test]
async fn a_keyring_that_is_not_there_is_told_in_its_own_words() {
    let world = world(
        "#!/bin/sh\necho 'secret-tool: Cannot autolaunch D-Bus without X11 $DISPLAY' >&2\nexit 1\n",
        LONG,
    );
    let vault = world.vault(vec![kept(Place::Keyring("work".into()))]);
    for text in [
        current(&vault).await.unwrap_err(),
        vault.set("work", &Secret::new("canary".into())).await.unwrap_err().to_string(),
        vault.forget("work").await.unwrap_err().to_string(),
    ] {
        let expected = "failed to reach the keyring: Cannot autolaunch D-Bus without X11 $DISPLAY; unlock it";
        assert!(text.contains(expected) && !text.contains("canary"), "{text}");
    }
}
