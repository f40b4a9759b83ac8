//! All loops: one for each target that there is, each kept running by itself. A target that leaves the configuration
//! takes its loop along; what it still has in hand is settled first.

use std::{collections::BTreeMap, sync::Arc};

use stint_domain::time::Millis;
use stint_store::{Epoch, begin_epoch, queue, target};
use tokio::sync::watch;

use super::{DeliverError, courier::Courier, station::Station};
use crate::{
    desk::Desk,
    supervise::{Stop, Supervisor, TaskReport, stopped},
    wiring::{Line, Lines},
};

/// How long a loop gets to end in its own time: a little longer than its calls do.
const GRACE: Millis = Millis::from_secs(7);

/// One loop that is kept running.
struct Kept {
    line: watch::Sender<Arc<Line>>,
    stop: watch::Sender<bool>,
    supervisor: Supervisor,
}

/// Delivers along these lines, whatever they become, until it is told to stop. Whoever calls it owns the data
/// directory.
pub async fn deliver(
    desk: Desk,
    mut lines: watch::Receiver<Lines>,
    reports: watch::Sender<Vec<TaskReport>>,
    mut stop: Stop,
) -> Result<(), DeliverError> {
    let now = desk.now();
    let store = Arc::clone(desk.store());
    let epoch = store
        .write(move |transaction| {
            let epoch = begin_epoch(transaction)?;
            queue::reclaim_foreign(transaction, epoch, now).map(|_| epoch)
        })
        .await?;
    let mut kept: BTreeMap<String, Kept> = BTreeMap::new();
    let mut questions = desk.pulse.questions();
    loop {
        let now = Arc::clone(&lines.borrow_and_update());
        let gone: Vec<String> = kept.keys().filter(|name| !now.contains_key(*name)).cloned().collect();
        for loop_of in gone.iter().filter_map(|name| kept.remove(name)) {
            loop_of.end().await;
        }
        for name in &gone {
            desk.passes().forget(name);
        }
        for (name, line) in now.iter() {
            match kept.get(name) {
                Some(known) => known.follow(line),
                None => drop(kept.insert(name.clone(), keep(&desk, epoch, line, &reports)?)),
            }
        }
        tokio::select! {
            changed = lines.changed() => if changed.is_err() { break },
            Ok(()) = questions.changed() => desk.pulse.answer(*questions.borrow_and_update()),
            () = stopped(&mut stop) => break,
        }
    }
    // Nobody makes lines any more: the loops go on with those they have until they are told to stop.
    stopped(&mut stop).await;
    // All are told before any is waited for.
    for kept in kept.values() {
        kept.stop.send_replace(true);
    }
    for kept in kept.into_values() {
        kept.end().await;
    }
    Ok(())
}

fn keep(
    desk: &Desk,
    epoch: Epoch,
    line: &Arc<Line>,
    reports: &watch::Sender<Vec<TaskReport>>,
) -> Result<Kept, DeliverError> {
    let id = desk.read(|connection| target::find(connection, &line.target))?;
    let station = Station {
        desk: desk.clone(),
        bell: desk.bell().clone(),
        passes: desk.passes().clone(),
        name: line.target.as_str().into(),
        id,
        epoch,
    };
    let (line, line_seen) = watch::channel(Arc::clone(line));
    let (stop, stop_seen) = watch::channel(false);
    let mut supervisor = Supervisor::new(reports.clone());
    supervisor.keep(format!("delivery to {}", station.name), stop_seen, move |stop| {
        let (station, line) = (station.clone(), line_seen.clone());
        async move { Courier::start(station, line).await?.work(stop).await }
    });
    Ok(Kept { line, stop, supervisor })
}

impl Kept {
    /// Hands a new line to the loop, if it is a new one.
    fn follow(&self, line: &Arc<Line>) {
        self.line.send_if_modified(|known| {
            let is_new = !Arc::ptr_eq(known, line);
            if is_new {
                *known = Arc::clone(line);
            }
            is_new
        });
    }

    async fn end(self) {
        self.stop.send_replace(true);
        self.supervisor.finish(GRACE).await;
    }
}
