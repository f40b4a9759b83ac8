//! Falls and new starts, in virtual time.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use super::*;

struct Stage {
    supervisor: Supervisor,
    reports: watch::Receiver<Vec<TaskReport>>,
    stop: watch::Sender<bool>,
    starts: Arc<AtomicU32>,
}

impl Stage {
    fn new() -> Self {
        let (sender, reports) = watch::channel(Vec::new());
        let stop = watch::Sender::new(false);
        Self { supervisor: Supervisor::new(sender), reports, stop, starts: Arc::default() }
    }

    /// Keeps a task that counts its starts and then does this.
    fn keep<F>(&mut self, name: &'static str, act: impl Fn(u32, Stop) -> F + Clone + Send + Sync + 'static)
    where
        F: Future<Output = Result<(), String>> + Send + 'static,
    {
        let starts = Arc::clone(&self.starts);
        self.supervisor.keep(name, self.stop.subscribe(), move |stop| {
            let start = starts.fetch_add(1, Ordering::Relaxed) + 1;
            let act = act.clone();
            async move { act(start, stop).await }
        });
    }

    async fn after(&self, secs: u64) -> u32 {
        tokio::time::sleep(Duration::from_secs(secs)).await;
        self.starts.load(Ordering::Relaxed)
    }

    fn report(&self) -> TaskReport {
        self.reports.borrow()[0].clone()
    }
}

#[tokio::test(start_paused = true)]
async fn a_task_that_falls_is_started_again_later_each_time() {
    let mut stage = Stage::new();
    stage.keep("shaky", |start, _| async move {
        assert!(start != 1, "an accident");
        if start == 2 { Err("no luck".to_owned()) } else { Ok(()) }
    });
    assert_eq!(stage.after(9).await, 1);
    let fallen = stage.report();
    assert_eq!((fallen.falls, fallen.error.as_deref()), (1, Some("the task panicked: an accident")));
    assert_eq!(stage.after(2).await, 2, "after ten seconds");
    assert_eq!(stage.report().error.as_deref(), Some("no luck"));
    assert_eq!(stage.after(18).await, 2);
    assert_eq!(stage.after(2).await, 3, "after twenty more");
    assert_eq!(stage.report().error.as_deref(), Some("the task ended, though nobody told it to"));
    assert_eq!(stage.after(100_000).await, 3 + 4 + 165, "40, 80, 160, 320 seconds, then every ten minutes");
    assert_eq!(stage.report().falls, 172);
}

#[tokio::test(start_paused = true)]
async fn the_others_go_on_and_long_health_makes_up_for_a_fall() {
    let mut stage = Stage::new();
    stage.keep("shaky", |start, _| async move {
        let lasting = if start % 2 == 1 { 5 } else { 1_000 };
        tokio::time::sleep(Duration::from_secs(lasting)).await;
        Err::<(), _>("tired".to_owned())
    });
    let (beats, heard) = watch::channel(0);
    stage.supervisor.keep("steady", stage.stop.subscribe(), move |mut stop| {
        let beats = beats.clone();
        async move {
            while !*stop.borrow() {
                beats.send_modify(|count| *count += 1);
                tokio::select! {
                    () = tokio::time::sleep(Duration::from_secs(1)) => {}
                    _ = stop.wait_for(|stop| *stop) => {}
                }
            }
            Ok::<(), String>(())
        }
    });
    assert_eq!(stage.after(14).await, 1);
    assert_eq!(stage.after(2).await, 2);
    assert_eq!(stage.after(600).await, 2);
    assert_eq!(stage.report(), TaskReport { name: "shaky".into(), falls: 0, error: None });
    assert_eq!(stage.after(411).await, 3, "its next fall counts as the first again: ten seconds");
    assert!(*heard.borrow() > 1_000);
}

#[tokio::test(start_paused = true)]
async fn a_stop_ends_them_all_and_cuts_off_what_does_not_listen() {
    let mut stage = Stage::new();
    stage.keep("polite", |_, mut stop| async move {
        let _ = stop.wait_for(|stop| *stop).await;
        Ok(())
    });
    stage.keep("deaf", |_, _| std::future::pending::<Result<(), String>>());
    assert_eq!(stage.after(1).await, 2);
    stage.stop.send_replace(true);
    stage.supervisor.finish(Millis::from_secs(3)).await;
    assert_eq!(stage.starts.load(Ordering::Relaxed), 2, "nothing was started again");
}

#[tokio::test(start_paused = true)]
async fn a_task_that_does_not_end_in_time_is_really_cut_off() {
    let mut stage = Stage::new();
    let work = Arc::new(());
    let held = Arc::clone(&work);
    stage.keep("deaf", move |_, _| {
        let held = Arc::clone(&held);
        async move {
            std::future::pending::<()>().await;
            drop(held);
            Ok(())
        }
    });
    stage.after(1).await;
    let Stage { supervisor, stop, .. } = stage;
    stop.send_replace(true);
    supervisor.finish(Millis::from_secs(1)).await;
    // What a task that was cut off still held is let go as soon as the others have had their turn.
    tokio::time::sleep(Duration::from_millis(1)).await;
    assert_eq!(Arc::strong_count(&work), 1, "nobody works on");
}
