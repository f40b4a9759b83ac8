//! Renewing a token: one refresh however many ask, kept before it is used, and no hot loop when it fails.

use std::os::unix::fs::MetadataExt as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use crate::server::{Act, Server, answer};
use crate::world::{World, current, target};
use stint_plugin_runtime::egress::Tokens as _;
use tokio::sync::Notify;

/// A login server that counts: each answer has the next token and the next refresh token, and takes the last one only.
async fn counting() -> Server {
    let count = AtomicUsize::new(0);
    Server::new(move |seen| {
        let sent: serde_json::Value = serde_json::from_slice(&seen.body).unwrap();
        let so_far = count.load(Ordering::SeqCst);
        let expected = if so_far == 0 { "the password".to_owned() } else { format!("refresh-{so_far}") };
        if sent["refreshToken"] != expected.as_str() {
            return answer(401, &[], format!("what is {}?", sent["refreshToken"]));
        }
        let next = so_far + 1;
        count.store(next, Ordering::SeqCst);
        let text =
            format!(r#"{{"accessToken":"access-{next}","refreshToken":"refresh-{next}","expiresIn":3600}}"#);
        answer(200, &[], text)
    })
    .await
}

#[tokio::test]
async fn a_login_brings_the_first_token_and_it_is_kept() {
    let (world, server) = (World::new(), counting().await);
    world.file("password", "the password\n");
    let vault = world.vault(vec![world.login(&server.url("/login?tenant=1"))]);
    for _ in 0..3 {
        assert_eq!(current(&vault).await.unwrap(), "access-1");
    }
    let seen = server.only();
    assert_eq!((seen.target.as_str(), seen.method.as_str()), ("/login?tenant=1", "POST"));
    assert_eq!(seen.header("content-type"), "application/json");
    let kept = std::fs::metadata(world.path("tokens")).unwrap();
    assert_eq!(kept.mode() & 0o777, 0o600);
    let status = vault.status("work").await.unwrap();
    assert_eq!(status.expires_at_unix_ms, Some(1_700_003_600_000));
    // Another run goes on with what was kept.
    let again = world.vault(vec![world.login(&server.url("/login"))]);
    assert_eq!(current(&again).await.unwrap(), "access-1");
    assert_eq!(server.seen().len(), 1);
    let refused = target(&again).current("default").await.unwrap();
    assert_eq!(
        target(&again).renewed("default", &refused).await.unwrap().unwrap().secret.expose(),
        "access-2"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn however_many_find_it_out_of_date_it_is_renewed_once() {
    let (world, server) = (World::new(), counting().await);
    world.file("password", "the password");
    let vault = world.vault(vec![world.login(&server.url("/"))]);
    let target = target(&vault);
    let first = Arc::new(target.current("default").await.unwrap());
    let asked: Vec<_> = (0..50)
        .map(|_| {
            let (target, first) = (target.clone(), Arc::clone(&first));
            tokio::spawn(async move { target.renewed("default", &first).await })
        })
        .collect();
    for renewed in asked {
        assert_eq!(renewed.await.unwrap().unwrap().unwrap().secret.expose(), "access-2");
    }
    assert_eq!(server.seen().len(), 2, "the login, and one refresh");
}

#[tokio::test]
async fn a_token_is_renewed_before_it_ends() {
    let (world, server) = (World::new(), counting().await);
    world.file("password", "the password");
    let vault = world.vault(vec![world.login(&server.url("/"))]);
    assert_eq!(current(&vault).await.unwrap(), "access-1");
    world.clock.forward(Duration::from_secs(3_569));
    assert_eq!(current(&vault).await.unwrap(), "access-1");
    world.clock.forward(Duration::from_secs(2));
    assert_eq!(current(&vault).await.unwrap(), "access-2");
}

#[tokio::test]
async fn whoever_gives_up_waiting_does_not_lose_the_token() {
    let arrived = Arc::new(Notify::new());
    let goes_on = Arc::new(AtomicBool::new(false));
    let (told, waits) = (Arc::clone(&arrived), Arc::clone(&goes_on));
    let server = Server::new(move |_| {
        told.notify_one();
        while !waits.load(Ordering::SeqCst) {
            std::thread::yield_now();
        }
        answer(200, &[], r#"{"accessToken":"access-1","refreshToken":"refresh-1"}"#)
    });
    // The server waits on a thread of its own runtime.
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let server = runtime.spawn(server).await.unwrap();
    let world = World::new();
    world.file("password", "the password");
    let vault = world.vault(vec![world.login(&server.url("/"))]);
    let asking = tokio::spawn({
        let vault = vault.clone();
        async move { current(&vault).await }
    });
    arrived.notified().await;
    asking.abort();
    assert!(asking.await.unwrap_err().is_cancelled());
    goes_on.store(true, Ordering::SeqCst);
    assert_eq!(current(&vault).await.unwrap(), "access-1");
    assert_eq!(server.seen().len(), 1, "the one that was begun was ended");
    assert!(std::fs::read_to_string(world.path("tokens")).unwrap().contains("refresh-1"));
    runtime.shutdown_background();
}

#[tokio::test]
async fn a_refused_refresh_token_needs_a_login_and_is_not_sent_again() {
    let (world, server) = (World::new(), counting().await);
    world.file("password", "an old password");
    let vault = world.vault(vec![world.login(&server.url("/"))]);
    for _ in 0..20 {
        let text = current(&vault).await.unwrap_err();
        assert_eq!(
            text,
            "NeedsLogin(\"the credential `work` can't be used: 127.0.0.1 refused it (401 Unauthorized); put a valid \
             one in with `stint auth set work`\")"
        );
    }
    assert_eq!(server.seen().len(), 1);
    let changes = vault.changes();
    vault.set("work", &stint_domain::secret::Secret::new("the password".into())).await.unwrap();
    assert!(changes.has_changed().unwrap());
    assert_eq!(current(&vault).await.unwrap(), "access-1");
}

#[tokio::test]
async fn a_password_that_was_put_in_by_hand_counts_when_what_was_kept_does_not() {
    let (world, server) = (World::new(), counting().await);
    world.file("password", "the password");
    world.file("tokens", r#"{"version":1,"access":null,"refresh":"long gone","expires_at_unix_ms":null}"#);
    let vault = world.vault(vec![world.login(&server.url("/"))]);
    assert_eq!(current(&vault).await.unwrap(), "access-1");
    assert_eq!(server.seen().len(), 2);
}

#[tokio::test]
async fn a_login_server_that_is_away_is_left_alone_for_a_while() {
    let world = World::new();
    world.file("password", "the password");
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let vault = world.vault(vec![world.login(&format!("http://{closed}/login?key=hidden"))]);
    let text = current(&vault).await.unwrap_err();
    assert!(
        text.starts_with(
            "Unavailable(\"the credential `work` can't be renewed now: 127.0.0.1 can't be reached"
        ),
        "{text}"
    );
    assert!(!text.contains("hidden") && !text.contains("the password"), "{text}");

    let server = Server::new(|_| answer(503, &[], "later")).await;
    let vault = world.vault(vec![world.login(&server.url("/"))]);
    for _ in 0..20 {
        assert!(current(&vault).await.unwrap_err().contains("answered 503"));
    }
    assert_eq!(server.seen().len(), 1);
    for (seconds, so_far) in [(9, 1), (1, 2), (19, 2), (1, 3)] {
        world.clock.forward(Duration::from_secs(seconds));
        assert!(current(&vault).await.is_err());
        assert_eq!(server.seen().len(), so_far, "the pause doubles");
    }
}

#[tokio::test]
async fn an_answer_without_the_token_is_told_and_what_it_has_is_kept() {
    let world = World::new();
    world.file("password", "the password");
    let server =
        Server::new(|_| answer(200, &[], r#"{"token":"canary","refreshToken":"the next one"}"#)).await;
    let vault = world.vault(vec![world.login(&server.url("/"))]);
    for _ in 0..5 {
        let text = current(&vault).await.unwrap_err();
        assert!(text.contains("no text at /accessToken, where `refresh.access` says the token is"), "{text}");
        assert!(
            text.contains("look at `refresh` in [credentials.work]") && !text.contains("canary"),
            "{text}"
        );
    }
    assert_eq!(server.seen().len(), 1);
    assert!(std::fs::read_to_string(world.path("tokens")).unwrap().contains("the next one"));
    for (act, why) in [
        ((|| answer(200, &[], "<html>")) as fn() -> Act, "something that is no JSON"),
        (|| answer(302, &[("location", "/login")], ""), "is the address of `refresh.url` right?"),
        (|| answer(200, &[], "x".repeat(300_000)), "answered with more than 262144 bytes"),
        (|| Act::Cut(Vec::new()), "can't be reached"),
    ] {
        let server = Server::new(move |_| act()).await;
        let vault = world.vault(vec![world.login(&server.url("/"))]);
        let text = current(&vault).await.unwrap_err();
        assert!(text.contains(why), "{text}");
    }
}

#[tokio::test]
async fn what_can_not_be_kept_counts_all_the_same_and_is_told() {
    let (world, server) = (World::new(), counting().await);
    world.file("password", "the password");
    let mut login = world.login(&server.url("/"));
    // There is nothing, and nothing can be put there.
    login.store = Some(stint_plugin_runtime::vault::Store::File("/proc/stint-no-such/tokens".into()));
    let vault = world.vault(vec![login.clone()]);
    assert_eq!(current(&vault).await.unwrap(), "access-1");
    let status = vault.status("work").await.unwrap();
    let text = "what the last refresh brought isn't kept: failed to write /proc/stint-no-such/tokens: ";
    assert!(status.warnings.iter().any(|warning| warning.starts_with(text)), "{status:?}");
    let refused = target(&vault).current("default").await.unwrap();
    assert!(target(&vault).renewed("default", &refused).await.is_ok(), "memory has what comes next");
    login.store = None;
    let vault = vault.reconfigured(vec![login], &crate::world::WAY, None).unwrap();
    let status = vault.status("work").await.unwrap();
    assert!(status.warnings.iter().any(|text| text.contains("`store` is missing")), "{status:?}");
}
