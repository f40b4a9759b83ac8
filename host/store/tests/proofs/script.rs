//! The script: a person's verbs, items with and without content, deliveries. It writes a line for everything that was
//! acknowledged, after it was, and for everything that was refused.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use stint_store::{
    Error, Mode, NewBlob, Options, Store, Synchronous,
    queue::{self, NewItem},
    target,
};

use crate::jobs::{claim, record, settle, verb};
use crate::plan;

/// How much the script does.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Size {
    /// How often the store is opened and closed.
    pub(crate) sessions: usize,
    /// How many threads record items; none: everything happens in turn, on one thread.
    pub(crate) threads: usize,
    /// How many steps each does in a session.
    pub(crate) steps: usize,
}

/// Where the script writes its lines.
pub(crate) struct Lines(File);

/// What the script works on.
struct Script<'a> {
    store: &'a Store,
    lines: &'a Lines,
    size: Size,
}

impl Lines {
    /// Lines are appended to this file.
    pub(crate) fn open(path: &Path) -> Self {
        Self(OpenOptions::new().append(true).create(true).open(path).unwrap())
    }

    /// Writes one line in one call.
    pub(crate) fn write(&self, line: &str) {
        (&self.0).write_all(format!("{line}\n").as_bytes()).unwrap();
    }

    fn write_result<T>(&self, what: &str, result: Result<T, Error>) -> Option<T> {
        match result {
            Ok(value) => {
                self.write(&format!("done {what}"));
                Some(value)
            }
            Err(error) => {
                self.write(&format!("refused {what}: {error}"));
                None
            }
        }
    }
}

/// How the script opens its store. The log is taken into the database often, because that is where the order of
/// writes matters most.
fn eager_options(dir: &Path, synchronous: Synchronous) -> Options {
    Options { checkpoint_pages: 200, ..options(dir, synchronous) }
}

/// How a store is opened otherwise.
pub(crate) fn options(dir: &Path, synchronous: Synchronous) -> Options {
    let options = Options::new(dir, |alert| panic!("the script's own file is damaged: {alert}"));
    Options { synchronous, mode: Mode::Threaded, quota_bytes: 1 << 30, ..options }
}

/// Does all of it.
pub(crate) fn run(dir: &Path, lines: &Lines, size: Size, synchronous: Synchronous) {
    for session in 0..size.sessions {
        let opened = match Store::open(eager_options(dir, synchronous), plan::moment(0).wall) {
            Ok(opened) => opened,
            Err(error) => {
                lines.write(&format!("refused open: {error}"));
                continue;
            }
        };
        assert!(opened.alerts.is_empty(), "{:?}", opened.alerts);
        let script = Script { store: &opened.store, lines, size };
        script.session(session);
        opened.store.close();
    }
}

/// Commits one small item after another, between two lines. Every tenth line says how far it is.
pub(crate) fn singles(dir: &Path, lines: &Lines, size: Size) {
    let opened = Store::open(options(dir, Synchronous::Full), plan::moment(0).wall).unwrap();
    let now = plan::moment(0).wall;
    opened.store.write_blocking(move |tx| target::sync(tx, &plan::targets(), now)).unwrap();
    lines.write("begin");
    for step in (0..).filter(|step| step % 4 > 0).take(size.steps) {
        let item = NewItem::of(&plan::item(0, step)).unwrap();
        opened.store.write_blocking(move |tx| record(tx, &item, None, step)).unwrap();
    }
    lines.write("end");
    opened.store.close();
}

impl Script<'_> {
    fn session(&self, session: usize) {
        let now = plan::moment(0).wall;
        let specs = plan::targets();
        let synced = self.store.write_blocking(move |tx| target::sync(tx, &specs, now));
        if self.lines.write_result("targets", synced).is_none() {
            return;
        }
        let steps = session * self.size.steps..(session + 1) * self.size.steps;
        if self.size.threads == 0 {
            for step in steps {
                self.verb(step);
                self.record(0, step);
                self.deliver(session, step);
            }
            return;
        }
        let running = AtomicUsize::new(self.size.threads);
        thread::scope(|scope| {
            scope.spawn(|| steps.clone().for_each(|step| self.verb(step)));
            for producer in 0..self.size.threads {
                let (steps, running) = (steps.clone(), &running);
                scope.spawn(move || {
                    steps.for_each(|step| self.record(producer, step));
                    running.fetch_sub(1, Ordering::Relaxed);
                });
            }
            scope.spawn(|| {
                let mut step = 0;
                while running.load(Ordering::Relaxed) > 0 {
                    self.deliver(session, step);
                    step += 1;
                }
            });
        });
    }

    fn verb(&self, step: usize) {
        let done = self.store.write_blocking(move |tx| verb(tx, step));
        self.lines.write_result(&format!("verb {step}"), done);
    }

    fn record(&self, producer: usize, step: usize) {
        let recorded = self.put(producer, step).and_then(|blob| {
            let item = NewItem::of(&plan::item(producer, step))?;
            self.store.write_blocking(move |tx| record(tx, &item, blob.as_ref(), step))
        });
        self.lines.write_result(&format!("item {producer} {step}"), recorded);
    }

    fn put(&self, producer: usize, step: usize) -> Result<Option<NewBlob>, Error> {
        let Some(content) = plan::blob(producer, step) else { return Ok(None) };
        let put = self.store.blobs().put(content.bytes.clone());
        // The store's own error has no case for it: the caller of both has.
        put.map(Some).map_err(|error| Error::Strange { what: "a blob", text: error.to_string() })
    }

    fn deliver(&self, session: usize, step: usize) {
        let Ok(serials) = self.store.write_blocking(move |tx| claim(tx, session, step)) else { return };
        let Some((lease, serials)) = serials else { return };
        let claimed = serials.clone();
        if self
            .store
            .write_blocking(move |tx| queue::begin(tx, &lease, &claimed, plan::moment(step).wall))
            .is_err()
        {
            return;
        }
        let settled = self.store.write_blocking(move |tx| settle(tx, lease, &serials, step));
        for serial in settled.into_iter().flatten() {
            self.lines.write(&format!("done sent {serial}"));
        }
    }
}
