//! Keeps the host's tasks running: one that panics, fails or returns is logged and started again, later each time,
//! while the others go on.

use std::{panic::AssertUnwindSafe, time::Duration};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use stint_domain::time::Millis;
use tokio::{
    sync::watch,
    task::{JoinError, JoinSet},
};

/// How long after its first fall a task is started again.
const FIRST_WAIT: Duration = Duration::from_secs(10);
/// The longest wait.
const LONGEST_WAIT: Duration = Duration::from_mins(10);

/// How one of the host's tasks fares.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TaskReport {
    /// Its name.
    pub name: String,
    /// How often in a row it fell.
    pub falls: u32,
    /// Why it fell last, while it is not running.
    pub error: Option<String>,
}

/// Keeps tasks running until it is told to stop.
#[derive(Debug)]
pub struct Supervisor {
    tasks: JoinSet<()>,
    reports: watch::Sender<Vec<TaskReport>>,
}

/// What a task is told, so that it ends in its own time.
pub type Stop = watch::Receiver<bool>;

/// Waits until the task is told to stop.
pub(crate) async fn stopped(stop: &mut Stop) {
    // An error means that nobody is left to tell it.
    let _either_way = stop.wait_for(|stop| *stop).await;
}

impl Supervisor {
    pub(crate) fn new(reports: watch::Sender<Vec<TaskReport>>) -> Self {
        Self { tasks: JoinSet::new(), reports }
    }

    /// Keeps a task running. It ends well only when it was told to stop; `healthy_after` is how long it has to run
    /// for its earlier falls to be forgotten.
    pub fn keep<W, F, E>(&mut self, name: impl Into<String>, mut stop: Stop, mut work: W)
    where
        W: FnMut(Stop) -> F + Send + 'static,
        F: Future<Output = Result<(), E>> + Send + 'static,
        E: std::fmt::Display + Send + 'static,
    {
        let (name, reports) = (name.into(), self.reports.clone());
        self.tasks.spawn(async move {
            let mut wait = Wait::default();
            report(&reports, &name, 0, None);
            while !*stop.borrow() {
                let lasting = tokio::time::sleep(LONGEST_WAIT);
                tokio::pin!(lasting);
                // A set, so that the task is cut off with whoever keeps it.
                let mut task = JoinSet::new();
                task.spawn(work(stop.clone()));
                let ended = tokio::select! {
                    ended = task.join_next() => ended,
                    () = &mut lasting => {
                        // It has been well for long: its earlier falls count no more.
                        wait = Wait::default();
                        report(&reports, &name, 0, None);
                        task.join_next().await
                    }
                };
                if *stop.borrow() {
                    break;
                }
                let (falls, delay) = wait.next();
                let Some(ended) = ended else { break };
                let why = why(ended);
                tracing::error!(target: "stint::supervise", task = &*name, falls, again_in_s = delay.as_secs(), "{why}");
                report(&reports, &name, falls, Some(why));
                tokio::select! {
                    () = tokio::time::sleep(delay) => {}
                    _ = stop.wait_for(|stop| *stop) => {}
                }
                report(&reports, &name, falls, None);
            }
        });
    }

    /// Waits until every task has ended, for so long at most; what still runs then is cut off.
    pub async fn finish(mut self, grace: Millis) {
        let all = async { while self.tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(Duration::from_millis(grace.0), all).await.is_err() {
            tracing::warn!(target: "stint::supervise", "some tasks didn't end in time and are cut off");
        }
        self.tasks.shutdown().await;
    }
}

/// How long to wait before the next start.
#[derive(Debug, Default)]
struct Wait {
    falls: u32,
}

impl Wait {
    /// How often it fell in a row, and how long to wait now: twice as long each time.
    fn next(&mut self) -> (u32, Duration) {
        let delay = FIRST_WAIT.saturating_mul(1 << self.falls.min(10)).min(LONGEST_WAIT);
        self.falls = self.falls.saturating_add(1);
        (self.falls, delay)
    }
}

fn why<E: std::fmt::Display>(ended: Result<Result<(), E>, JoinError>) -> String {
    match ended {
        Ok(Ok(())) => "the task ended, though nobody told it to".to_owned(),
        Ok(Err(error)) => error.to_string(),
        Err(error) => match error.try_into_panic() {
            Ok(panic) => format!("the task panicked: {}", panic_text(&panic)),
            Err(_) => "the task was cut off".to_owned(),
        },
    }
}

fn panic_text(panic: &Box<dyn std::any::Any + Send>) -> String {
    let panic = AssertUnwindSafe(panic);
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "without a text".to_owned())
}

fn report(reports: &watch::Sender<Vec<TaskReport>>, name: &str, falls: u32, error: Option<String>) {
    reports.send_modify(|all| {
        let report = TaskReport { name: name.to_owned(), falls, error };
        match all.iter_mut().find(|known| known.name == name) {
            Some(known) => *known = report,
            None => all.push(report),
        }
    });
}

#[cfg(test)]
mod tests;
