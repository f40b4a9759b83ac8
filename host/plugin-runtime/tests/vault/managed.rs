//! Putting in, taking away and looking at credentials, and a configuration that changes.

use crate::server::{Server, answer};
use crate::world::{WAY, World, current, kept, target};
use stint_domain::secret::Secret;
use stint_plugin_runtime::egress::Tokens as _;
use stint_plugin_runtime::vault::{Place, Store};

fn secret(text: &str) -> Secret {
    Secret::new(text.to_owned())
}

#[tokio::test]
async fn a_secret_is_put_where_the_configuration_says() {
    use std::os::unix::fs::MetadataExt as _;
    let world = World::new();
    let path = world.path("deep/key");
    let vault = world.vault(vec![kept(Place::File(path.clone()))]);
    let status = vault.status("work").await.unwrap();
    assert_eq!((status.present, status.kept_in), (Some(false), Some(format!("the file {}", path.display()))));
    assert!(status.problem.unwrap().ends_with("put a valid one in with `stint auth set work`"));
    let mut changes = vault.changes();
    assert_eq!(vault.set("work", &secret("first\n")).await.unwrap(), format!("the file {}", path.display()));
    changes.changed().await.unwrap();
    assert_eq!(current(&vault).await.unwrap(), "first");
    vault.set("work", &secret("second")).await.unwrap();
    assert_eq!(current(&vault).await.unwrap(), "second", "what was known of the first is forgotten");
    assert_eq!(std::fs::metadata(&path).unwrap().mode() & 0o777, 0o600);
    let status = vault.status("work").await.unwrap();
    assert_eq!((status.present, status.problem, status.scheme.as_str()), (Some(true), None, "bearer"));
    assert!(vault.forget("work").await.unwrap());
    assert!(!vault.forget("work").await.unwrap());
    assert!(current(&vault).await.is_err());
    let error = vault.set("work", &secret(" \n")).await.unwrap_err();
    assert_eq!(error.to_string(), "failed to use what was given: it is empty");
}

#[tokio::test]
async fn what_stint_can_not_put_anywhere_is_refused_with_what_to_do() {
    let world = World::new();
    let vault = world.vault(vec![kept(Place::Env("WORK_TOKEN".into()))]);
    let error = vault.set("work", &secret("canary")).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "failed to set the credential `work`: it is kept in the variable WORK_TOKEN, where stint can't put anything; give \
         WORK_TOKEN a valid one where `stint run` is started, and start it again, or keep it in the keyring: value = { \
         keyring = \"work\" }"
    );
    assert!(vault.can_be_set("work").is_err() && vault.forget("work").await.is_err());
    let vault = world.vault(vec![kept(Place::Command(vec!["pass".into(), "show".into(), "work".into()]))]);
    let text = vault.set("work", &secret("canary")).await.unwrap_err().to_string();
    assert!(text.contains("the command pass, where") && text.contains("run pass by hand"), "{text}");
    assert_eq!(vault.status("work").await.unwrap().present, None, "no command is run to find out");
    assert_eq!(
        vault.set("other", &secret("x")).await.unwrap_err().to_string(),
        "failed to find the credential `other`: the configuration has no [credentials.other]"
    );
}

#[tokio::test]
async fn what_begins_a_login_is_put_where_the_tokens_are_when_it_has_no_place_of_its_own() {
    let server = Server::new(|seen| {
        assert_eq!(seen.body, br#"{"refreshToken":"given"}"#);
        answer(200, &[], r#"{"accessToken":"in"}"#)
    })
    .await;
    let world = World::new();
    let mut login = world.login(&server.url("/"));
    login.refresh.as_mut().unwrap().refresh_token = Place::Env("STINT_NO_SUCH".into());
    let vault = world.vault(vec![login.clone()]);
    assert_eq!(vault.status("work").await.unwrap().present, Some(false));
    vault.set("work", &secret("given")).await.unwrap();
    assert_eq!(vault.status("work").await.unwrap().present, Some(true));
    assert_eq!(current(&vault).await.unwrap(), "in");
    assert_eq!(login.store, Some(Store::File(world.path("tokens"))));
    assert!(vault.forget("work").await.unwrap());
    assert!(!world.path("tokens").exists());
}

#[tokio::test]
async fn stored_tokens_that_are_none_are_told_without_being_shown() {
    let world = World::new();
    world.file("password", "x");
    world.file("tokens", "{\"version\":1,\"access\":canary");
    let vault = world.vault(vec![world.login("http://127.0.0.1:1/")]);
    let text = current(&vault).await.unwrap_err();
    assert!(
        text.contains("failed to read the stored tokens in the file ") && !text.contains("canary"),
        "{text}"
    );
    world.file("tokens", "{\"version\":7}");
    let vault = world.vault(vec![world.login("http://127.0.0.1:1/")]);
    assert!(current(&vault).await.unwrap_err().contains("they are of version 7"));
}

#[tokio::test]
async fn another_configuration_keeps_what_is_described_as_before() {
    let world = World::new();
    let path = world.file("key", "first");
    let vault = world.vault(vec![kept(Place::File(path.clone()))]);
    assert_eq!(current(&vault).await.unwrap(), "first");
    std::fs::write(&path, "second").unwrap();
    let same = vault.reconfigured(vec![kept(Place::File(path.clone()))], &WAY, None).unwrap();
    assert_eq!(current(&same).await.unwrap(), "first");
    let changes = vault.changes();
    same.changed(None).await;
    assert!(changes.has_changed().unwrap(), "who waited goes on waiting");
    assert_eq!(current(&same).await.unwrap(), "second");
    let mut other = kept(Place::File(path));
    other.public_id = None;
    std::fs::write(world.path("key"), "third").unwrap();
    let other = same.reconfigured(vec![other], &WAY, None).unwrap();
    assert_eq!(current(&other).await.unwrap(), "third");
}

#[tokio::test]
async fn a_secret_that_was_replaced_where_it_is_kept_is_found_when_the_old_one_is_refused() {
    let world = World::new();
    let path = world.file("key", "first");
    let vault = world.vault(vec![kept(Place::File(path.clone()))]);
    let refused = target(&vault).current("default").await.unwrap();
    std::fs::write(&path, "second").unwrap();
    let newer = target(&vault).renewed("default", &refused).await.unwrap().unwrap();
    assert_eq!((newer.secret.expose(), newer.generation), ("second", refused.generation + 1));
    let error = target(&vault).renewed("default", &newer).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the credential `work` can't be used: the backend refuses it; put a valid one in with `stint auth set work`"
    );
}
