//! How much the sandbox costs a plugin's own logic: `redact` over a JSON document of 100 items, in the sandbox and as
//! native code. Both take the same way, from the settings' text to the changed item, so the subject also pays for its
//! fresh sandbox and for handing the document in and out.

use std::sync::Arc;

use redact::Redact;
use serde_json::{Value, json};
use stint_plugin_runtime::grants::{Allowed, Grants};
use stint_plugin_runtime::services::{MemoryState, NoCredentials, NoNetwork};
use stint_plugin_runtime::{Engine, Limits, Plugin, PoolSize, Surroundings, contract};
use stint_plugin_sdk::testing;
use stint_tests::ratio::{Bench, Failure, Pair};
use stint_tests::{MeasuredClock, program};

const BAR: f64 = 1.3;
/// A run is long enough for the clock and short enough for many pairs.
const CALLS: usize = 100;

/// A hundred visits, each with a text to change and a few to leave alone.
pub(crate) fn hundred_items() -> Bench {
    Bench::slowdown("transform of a 100-item JSON, sandbox against native", BAR, || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
        let plugin = runtime.block_on(load())?;
        let settings =
            json!({ "replace": [{ "fields": ["data"], "pattern": "ACME-[0-9]+", "with": "[ticket]" }] });
        let around = around(&plugin, &settings);
        let (document, expected) = (document("ACME-1234"), document("[ticket]"));
        let (same_document, same_expected) = (document.clone(), expected.clone());
        let host = testing::Host::new();
        host.set_settings(&settings);
        Ok(Pair::new(
            move |watch| {
                for _ in 0..CALLS {
                    let (around, item) = (around.clone(), item(&document));
                    let applied = watch.time(|| runtime.block_on(plugin.apply(around, item)))?;
                    let stint_plugin_runtime::Verdict::Keep(kept) = applied.answer else {
                        return Err(dropped());
                    };
                    let stint_plugin_runtime::Payload::Custom(custom) = kept.payload else {
                        return Err(dropped());
                    };
                    expect(&custom.data, &expected)?;
                }
                Ok(())
            },
            move |watch| {
                for _ in 0..CALLS {
                    let item = native_item(&same_document);
                    let verdict = watch.time(|| host.transform::<Redact>().apply(item));
                    let stint_plugin_sdk::Verdict::Keep(kept) = verdict else { return Err(dropped()) };
                    let stint_plugin_sdk::Payload::Custom(custom) = kept.payload else {
                        return Err(dropped());
                    };
                    expect(&custom.data, &same_expected)?;
                }
                Ok(())
            },
        ))
    })
}

/// The plugin is made anew, so that what is measured is what the source says.
async fn load() -> Result<Plugin, Failure> {
    let engine = Engine::new(PoolSize { calls: 1, calls_of_one: 1, ..PoolSize::default() }, None)?;
    Ok(engine.load(&program::plugin("redact")?).await?)
}

fn around(plugin: &Plugin, settings: &Value) -> Surroundings {
    Surroundings {
        settings: settings.to_string().into(),
        grants: Arc::new(Grants::new(plugin.manifest(), settings, Allowed::default())),
        limits: Arc::new(Limits::default()),
        clock: Arc::new(MeasuredClock::new(0)),
        state: Arc::new(MemoryState::default()),
        broker: Arc::new(NoNetwork),
        credentials: Arc::new(NoCredentials),
        folder: None,
    }
}

/// The document, with this ticket in each of its items.
fn document(ticket: &str) -> String {
    let visit = |number: u32| {
        json!({
            "id": number,
            "place": "Aussenlager Nord, Tor 3",
            "note": format!("checked {ticket} and found nothing unusual, see the protocol of the day"),
            "tags": ["round", "night"],
            "metres": 12.5 * f64::from(number),
        })
    };
    Value::from((0..100).map(visit).collect::<Vec<_>>()).to_string()
}

fn item(document: &str) -> stint_plugin_runtime::Item {
    stint_plugin_runtime::Item {
        id: "0195573a-9d00-7000-8000-000000000002".into(),
        key: "9f0c1f6e-1111-5000-8000-000000000003".into(),
        entry_key: None,
        entry_remote_id: None,
        occurred_at: 0,
        attempt: 1,
        priority: 1,
        labels: vec![],
        payload: stint_plugin_runtime::Payload::Custom(contract::Custom {
            kind: "visits".into(),
            data: document.into(),
        }),
    }
}

fn native_item(document: &str) -> stint_plugin_sdk::Item {
    testing::item(stint_plugin_sdk::Payload::Custom(stint_plugin_sdk::Custom {
        kind: "visits".into(),
        data: document.into(),
    }))
}

/// Both sides must have done the work they are timed for.
fn expect(data: &str, expected: &str) -> Result<(), Failure> {
    if data == expected { Ok(()) } else { Err("the document was not redacted".into()) }
}

fn dropped() -> Failure {
    "the item was not kept".into()
}
