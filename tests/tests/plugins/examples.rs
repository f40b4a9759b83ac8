//! The examples of the plugins that come with stint are what their READMEs call them, complete configurations: nothing
//! in them is wrong or doubtful, and a host that has nothing else makes lines of them that could deliver.

use std::path::Path;

use crate::stage::{FIRST_PARTY, Stage, built};

/// The example of a plugin under `plugins`, with a folder of the test as the person's home.
async fn is_complete(example: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../plugins").join(example);
    let stage = Stage::new("");
    let home = format!("\"{}/", stage.path("home").display());
    stage.configure(&std::fs::read_to_string(file).unwrap().replace("\"~/", &home));
    let loaded = stage.loaded();
    // What `stint config check` shows.
    let doubtful = loaded.warnings.clone().and(loaded.doubtful_places());
    assert!(doubtful.is_empty(), "{example}: {doubtful:?}");
    for name in FIRST_PARTY {
        stage.put(&format!("{name}.wasm"), &built(name));
    }
    let running = stage.host().await;
    assert!(!loaded.config.targets.is_empty(), "{example} is complete");
    for target in loaded.config.targets.keys() {
        // A part is there once its settings fit its plugin's schema and the plugin found nothing wrong with them.
        running
            .line(target.as_str(), |line| {
                let policy = line.policy.as_ref().is_none_or(Result::is_ok);
                line.uploader.is_ok() && line.transforms.is_ok() && policy
            })
            .await;
    }
    running.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn archives_example_is_complete() {
    is_complete("archive/example.toml").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn redacts_example_is_complete() {
    is_complete("redact/example.toml").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rests_examples_are_complete() {
    for example in ["example.toml", "examples/put-overwrite.toml", "examples/redmine.toml"] {
        is_complete(&format!("rest/{example}")).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_example_of_work_hours_is_complete() {
    is_complete("work-hours/example.toml").await;
}
