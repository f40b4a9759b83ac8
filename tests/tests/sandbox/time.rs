//! Endless loops, recursion, panics, traps, and waiting without end.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use stint_plugin_runtime::services::{Clock, FixedClock};
use stint_plugin_runtime::{CallError, Report, Surroundings};

use crate::services::Silence;
use crate::stage::{Stage, around, hurried, item, lines, with_broker, with_limits};

#[tokio::test]
async fn an_endless_loop_ends_with_its_time_on_the_processor() {
    let stage = Stage::new().await;
    for mode in ["loop", "loop-calling-host"] {
        let failed = stage.upload(hurried(around(mode, 0))).await.err().unwrap();
        assert_eq!(failed.error, CallError::OutOfCpu { limit: Duration::from_millis(50) });
        assert_eq!(
            failed.to_string(),
            "the plugin `hostile` failed: it computed for more than 50ms and was ended; raise `cpu` in \
             [limits.plugin.NAME] if it needs that"
        );
    }
    stage.still_works().await;
}

/// A clock on whose machine a plugin gets the processor for nothing at first, and then for an hour at once.
#[derive(Default)]
struct Busy {
    readings: AtomicU64,
}

/// Many more ticks than the little time that a hurried call has.
const READINGS_WITHOUT_PROGRESS: u64 = 40;

impl Clock for Busy {
    fn now_unix_ms(&self) -> i64 {
        0
    }

    fn monotonic_ns(&self) -> u64 {
        0
    }

    fn timezone(&self) -> String {
        "UTC".to_owned()
    }

    fn utc_offset_s(&self, zone: &str, _unix_ms: i64) -> Option<i32> {
        (zone == "UTC").then_some(0)
    }

    fn thread_cpu_ns(&self) -> Option<u64> {
        let reading = self.readings.fetch_add(1, Ordering::Relaxed);
        Some(if reading < READINGS_WITHOUT_PROGRESS { 7 } else { reading * 3_600_000_000_000 })
    }
}

#[tokio::test]
async fn a_busy_machine_takes_nothing_from_a_call() {
    let stage = Stage::new().await;
    let clock = Arc::new(Busy::default());
    let around = Surroundings { clock: Arc::<Busy>::clone(&clock), ..hurried(around("loop", 0)) };
    let failed = stage.upload(around).await.err().unwrap();
    assert_eq!(failed.error, CallError::OutOfCpu { limit: Duration::from_millis(50) });
    assert!(clock.readings.load(Ordering::Relaxed) > READINGS_WITHOUT_PROGRESS);
}

#[tokio::test]
async fn without_a_clock_for_it_ticks_are_counted() {
    let stage = Stage::new().await;
    let around = Surroundings { clock: Arc::new(FixedClock { unix_ms: 0 }), ..hurried(around("loop", 0)) };
    let failed = stage.upload(around).await.err().unwrap();
    assert_eq!(failed.error, CallError::OutOfCpu { limit: Duration::from_millis(50) });
}

#[tokio::test]
async fn a_zone_is_a_short_name() {
    let stage = Stage::new().await;
    let none = "None".to_owned();
    assert_eq!(
        stage.says(around("zones", 0)).await,
        ["Some(0)".to_owned(), none.clone(), none.clone(), none.clone(), none]
    );
}

/// On a single thread: only because the loop is made to yield does the other plugin get its turn.
#[tokio::test(flavor = "current_thread")]
async fn another_plugin_goes_on_while_one_loops() {
    let stage = Stage::new().await;
    let other = stage.another().await;
    let plugin = stage.plugin.clone();
    let task = tokio::spawn(async move { plugin.upload(around("loop", 0), vec![item()]).await.map(drop) });
    while stage.engine.in_use().instances == 0 {
        tokio::task::yield_now().await;
    }
    for _ in 0..10 {
        let answered = other.upload(around("honest", 0), vec![item()]).await;
        assert!(answered.is_ok(), "the other plugin delivers");
    }
    assert!(!task.is_finished(), "the loop is still at it");
    task.abort();
    assert!(task.await.unwrap_err().is_cancelled(), "a call that nobody waits for any more is over");
    stage.is_clean();
    stage.still_works().await;
}

#[tokio::test]
async fn all_three_kinds_are_bounded_alike() {
    let stage = Stage::new().await;
    let cpu = CallError::OutOfCpu { limit: Duration::from_millis(50) };
    let plugin = &stage.plugin;
    assert_eq!(plugin.apply(hurried(around("loop", 0)), item()).await.err().unwrap().error, cpu);
    assert_eq!(plugin.probe(hurried(around("loop", 0))).await.err().unwrap().error, cpu);
    assert_eq!(plugin.lookup(hurried(around("loop", 0)), item()).await.err().unwrap().error, cpu);
    for kind in stint_plugin_runtime::manifest::Kind::ALL {
        let settings = "{\"mode\":\"loop\"}".to_owned();
        assert_eq!(plugin.check(kind, hurried(around("", 0)), settings).await.err().unwrap().error, cpu);
    }
    stage.is_clean();
}

#[tokio::test]
async fn a_recursion_ends_with_the_stack() {
    let stage = Stage::new().await;
    let failed = stage.upload(around("recursion-with-locals", 0)).await.err().unwrap();
    assert_eq!(
        failed.error.to_string(),
        "it trapped: wasm trap: out of bounds memory access, as after a recursion without end; a panic hook that logs at \
         level `error` with the field panic = true would say why"
    );
    let failed = stage.upload(around("recursion", 0)).await.err().unwrap();
    assert_eq!(failed.error, CallError::StackOverflow);
    assert_eq!(
        failed.error.to_string(),
        "its calls were nested too deep: a recursion without end, or one that is too deep for a sandbox"
    );
    stage.still_works().await;
}

#[tokio::test]
async fn a_panic_is_told_in_its_own_words() {
    let stage = Stage::new().await;
    let failed = stage.upload(around("panic", 0)).await.err().unwrap();
    assert_eq!(
        failed.to_string(),
        "the plugin `hostile` failed: it panicked: panicked at src/lib.rs:7:9: no project is set"
    );
    assert_eq!(lines(&failed.report), ["panicked at src/lib.rs:7:9: no project is set"]);
}

#[tokio::test]
async fn a_trap_without_words_says_how_to_get_some() {
    let stage = Stage::new().await;
    for mode in ["trap", "divide"] {
        let failed = stage.upload(around(mode, 0)).await.err().unwrap();
        assert_eq!(
            failed.error.to_string(),
            "it trapped: wasm trap: wasm `unreachable` instruction executed; a panic hook that logs at level `error` with \
             the field panic = true would say why"
        );
        assert!(failed.error.is_plugins_fault());
    }
    stage.still_works().await;
}

#[tokio::test]
async fn waiting_without_end_ends_with_the_time_for_a_call() {
    let stage = Stage::new().await;
    let waiting = with_broker(around("http", 0), Arc::new(Silence));
    let waiting = with_limits(waiting, |limits| {
        limits.call = Duration::from_millis(100);
        limits.cpu = Duration::from_millis(10);
    });
    let failed = stage.upload(waiting).await.err().unwrap();
    assert_eq!(failed.error, CallError::OutOfTime { limit: Duration::from_millis(100) });
    assert_eq!(failed.error.to_string(), "it gave no answer within 100ms and was ended");
    let report = Report {
        requests: 1,
        may_have_arrived: 1,
        memory_bytes: failed.report.memory_bytes,
        cpu: failed.report.cpu,
        log: vec![],
    };
    assert_eq!(failed.report, report, "a request under way may have been heard");
    stage.still_works().await;
}

#[tokio::test]
async fn a_loop_of_short_waits_hides_from_neither_bound() {
    let stage = Stage::new().await;
    let short = with_limits(around("loop-of-waits", 0), |limits| limits.call = Duration::from_millis(100));
    let failed =
        stage.upload(with_limits(short, |limits| limits.cpu = Duration::from_hours(1))).await.err().unwrap();
    assert_eq!(failed.error, CallError::OutOfTime { limit: Duration::from_millis(100) });
    let failed = stage.upload(hurried(around("loop-of-waits", 0))).await.err().unwrap();
    assert_eq!(failed.error, CallError::OutOfCpu { limit: Duration::from_millis(50) });
}
