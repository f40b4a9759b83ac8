//! Deliveries that fared in different ways, put into a data directory as a pass over the target would.

use stint_domain::{
    delivery::{Idempotency, Ordering},
    failure::{Cause, Evidence, Failure, rule},
    item::Priority,
    time::UnixMs,
};
use stint_store::{
    Epoch, Error, Mode, Options, Serial, Store, Transaction,
    queue::{self, Outcome, Plugin, Settled, Settlement, Wanted},
    target::{self, Hold, HoldReason, LastPass},
};

use crate::support::Workshop;

/// The second of March 2026, noon in Vienna.
const NOON: UnixMs = UnixMs(1_772_449_200_000);

/// One target that takes entries.
pub(crate) const WORK: &str = "[targets.work]\nplugin = \"redmine\"\naccepts = [\"time-entry\"]\n";

/// Three entries: #1 fails for good, #2 arrives, #3 waits, and an edit of the first entry waits behind #1. The target is
/// held.
pub(crate) fn mixed() -> Workshop {
    let workshop = Workshop::new();
    workshop.configure(WORK);
    for (time, project) in [("9:00-10:00", "One"), ("10:00-11:00", "Two"), ("11:00-11:30", "Three")] {
        workshop.say(&["add", &format!("2026-03-02 {time}"), "--project", project]).ok();
    }
    write(&workshop, deliver);
    let first =
        workshop.json(&["queue", "show", "1"])["deliveries"][0]["entry_id"].as_str().unwrap().to_owned();
    workshop.say(&["edit", &first, "--note", "Better"]).ok();
    workshop
}

/// Changes the data directory, which nobody else has in hand.
fn write(workshop: &Workshop, job: fn(&Transaction<'_>) -> Result<(), Error>) {
    let options = Options { mode: Mode::Inline, ..Options::new(workshop.path("data"), |_| {}) };
    let store = Store::open(options, NOON).unwrap().store;
    store.write_blocking(job).unwrap();
    store.close();
}

fn deliver(connection: &Transaction<'_>) -> Result<(), Error> {
    let work = target::find(connection, "work")?;
    target::serve(connection, work, Idempotency::NativeKey, Ordering::PerEntry)?;
    let pass = target::open_pass(connection, work, Epoch(7), NOON)?.unwrap();
    let wanted = Wanted { limit: 2, priority_max: Priority::Low, kinds: None, avoid: None };
    let batch = queue::claim(connection, &pass, &wanted, NOON)?.unwrap();
    let serials: Vec<Serial> = batch.items.iter().map(|item| item.serial).collect();
    queue::begin(connection, &batch.lease, &serials, NOON)?;
    let settled =
        |serial, outcome| Settled { serial, outcome, excerpt: Some("POST /entries\n422".to_owned()) };
    let items = [
        settled(Serial(1), refused()),
        settled(Serial(2), Outcome::Delivered { remote_id: Some("77".into()) }),
    ];
    let hold = Hold { reason: HoldReason::NeedsLogin, message: "the key was revoked".into(), since: NOON };
    let plugin = Plugin { name: "redmine".into(), version: "1.2.3".into(), sha256: [9; 32] };
    let settlement = Settlement {
        lease: batch.lease,
        now: NOON,
        items: &items,
        plugin: &plugin,
        writes: &[],
        files: &[],
        pace: None,
        hold: Some(&hold),
    };
    queue::settle(connection, &settlement)?;
    let last = LastPass { at: NOON, result: "held".into(), delivered: 1 };
    target::save_last_pass(connection, work, &last, Some("HTTP 422: no such project"))?;
    target::close_pass(connection, &pass)
}

/// A refusal that fails the item at once.
fn refused() -> Outcome {
    let evidence = Evidence {
        sent: true,
        said_unknown: false,
        said_final: true,
        others_pass: false,
        proven: true,
        alone: true,
        attempts: 4,
        crashes: 0,
        attempts_max: 5,
    };
    let message = "no such project \u{1b}[2J".to_owned();
    let failure = Failure { cause: Cause::Invalid, message, retry_after: None, http_status: Some(422) };
    Outcome::Failed { failure, ruling: rule(Cause::Invalid, &evidence), due: NOON }
}
