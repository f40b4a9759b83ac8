//! The vault and the broker together: a token that is out of date is renewed on the way, kept before the request is sent
//! again, and seen by nobody but the backend and its login server.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::server::{Server, answer};
use crate::stage::{Stage, post};
use crate::world::{World, target};
use stint_plugin_runtime::egress::Tokens as _;
use stint_plugin_runtime::services::{AwsScope, Credentials as _, HttpError};

#[tokio::test]
async fn a_renewed_token_is_kept_before_the_request_is_sent_again() {
    let world = World::new();
    world.file("password", "canary-password");
    world.file("tokens", r#"{"version":1,"access":"canary-old","refresh":null,"expires_at_unix_ms":null}"#);
    let login =
        Server::new(|_| answer(200, &[], r#"{"accessToken":"canary-new","refreshToken":"canary-next"}"#))
            .await;
    let tokens = world.path("tokens");
    let backend = Server::new(move |seen| match seen.header("authorization").as_str() {
        "Bearer canary-new" => {
            let kept = std::fs::read_to_string(&tokens).unwrap();
            let (before, echo) =
                (kept.contains("canary-new") && kept.contains("canary-next"), "canary-new canary-old");
            answer(200, &[], format!("kept before: {before}; {echo}"))
        }
        _ => answer(401, &[], "out of date: canary-old"),
    })
    .await;
    let vault = world.vault(vec![world.login(&login.url("/"))]);
    let stage = Stage { tokens: Arc::new(target(&vault)), ..Stage::new(&[&backend.url("")]) };
    let answered = stage.send(post(&backend.url("/"), "text")).await.unwrap();
    assert_eq!(answered.body, b"kept before: true; ********** **********");
    assert_eq!((backend.seen().len(), login.seen().len()), (2, 1));
    let shown = format!("{vault:?} {:?} {answered:?} {}", target(&vault), stage.excerpt());
    let shown = format!("{shown} {:?} {:?}", vault.statuses().await, target(&vault).describe("default"));
    assert!(!shown.contains("canary"), "{shown}");
}

#[tokio::test]
async fn a_login_that_is_needed_names_the_command_and_the_backends_words() {
    let world = World::new();
    let path = world.file("key", "canary-key-1");
    let backend =
        Server::new(|seen| answer(401, &[], format!("bad: {}", seen.header("authorization")))).await;
    let vault = world.vault(vec![crate::world::kept(stint_plugin_runtime::vault::Place::File(path))]);
    let stage = Stage { tokens: Arc::new(target(&vault)), ..Stage::new(&[&backend.url("")]) };
    let error = stage.send(post(&backend.url("/"), "text")).await.unwrap_err();
    let text = "the credential `work` can't be used: the backend refuses it; put a valid one in with `stint auth set \
                work`; the backend said: bad: Bearer ************";
    assert_eq!(error, HttpError::Unauthorized(text.to_owned()));
}

#[tokio::test]
async fn a_plugin_learns_what_is_no_secret_and_has_things_signed() {
    let world = World::new();
    let path = world.file("key", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
    let vault = world.vault(vec![crate::world::kept(stint_plugin_runtime::vault::Place::File(path))]);
    let target = target(&vault);
    let info = target.describe("default").unwrap();
    assert_eq!(
        (info.scheme.as_str(), info.public_id.as_deref(), info.expires_at_unix_ms),
        ("bearer", Some("ada"), None)
    );
    assert!(target.describe("work").is_none(), "it is known by the plugin's name alone");
    let to_sign = "AWS4-HMAC-SHA256\n20150830T123600Z\n20150830/us-east-1/service/aws4_request\n\
                   bb579772317eb040ac9ed261061d46c1f17a8133879d6129b6e1c25292927e63";
    let scope = AwsScope { date: "20150830", region: "us-east-1", service: "service" };
    let signed = target.sign_aws4("default", scope, to_sign).await.unwrap().unwrap();
    assert_eq!((signed[0], signed[31]), (0x5f, 0x31));
    assert_eq!(target.sign_webhook("default", b"x").await.unwrap().unwrap().len(), 32);
    let error = target.sign_webhook("other", b"x").await.unwrap().unwrap_err();
    assert_eq!(error, "this target has no credential `other`");
    assert!(target.current("other").await.is_err());
    assert!(vault.for_target(BTreeMap::from([("default", "unknown")])).describe("default").is_none());
}
