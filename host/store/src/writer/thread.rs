//! The thread that writes. It takes whatever is waiting, up to a bound, and hands it to the core as one batch.

use std::io;
use std::thread::{self, JoinHandle};
use tokio::sync::mpsc::{self, Receiver, Sender};

use super::core::{Batch, Core};
use super::job::Job;

/// How many jobs share a transaction at most: a failing commit refuses them all, and each waits for the whole.
const BATCH: usize = 256;

/// How many jobs may wait. Past that, callers wait for room: a store that can't keep up slows its callers down
/// instead of filling the memory.
const QUEUE: usize = 1_024;

/// How often the thread lets others run in vain before it stops waiting for those it expects.
const TURNS: usize = 32;

/// What the thread is told.
pub(crate) enum Message {
    /// Do this.
    Work(Box<dyn Job>),
    /// Do what came before, then end.
    Stop,
}

/// Starts the thread. It ends when it is told to, or when nobody is left to tell it anything.
pub(super) fn spawn(core: Core) -> io::Result<(Sender<Message>, JoinHandle<()>)> {
    let (sender, receiver) = mpsc::channel(QUEUE);
    let thread = thread::Builder::new().name("stint-store".into()).spawn(move || work(core, receiver))?;
    Ok((sender, thread))
}

fn work(mut core: Core, mut receiver: Receiver<Message>) {
    let mut answered = 0;
    while let Some(first) = receiver.blocking_recv() {
        let mut batch = Batch::new();
        take(first, &mut batch, &mut receiver);
        gather(&mut batch, &mut receiver, answered);
        answered = batch.len();
        core.run(batch);
    }
}

/// Takes what is waiting. When several callers write at once, those who were just `answered` are about to write again:
/// without letting them run first, every commit would hold only those who came during the commit before it, half of
/// them. So as many are expected as wait already and were just answered, for a few turns of letting others run. A
/// caller who was answered alone is not waited for, so a single one is never kept waiting.
fn gather(batch: &mut Batch, receiver: &mut Receiver<Message>, answered: usize) {
    drain(batch, receiver);
    let expected = if answered > 1 { (batch.len() + answered).min(BATCH) } else { 0 };
    let mut turns = TURNS;
    while batch.len() < expected && turns > 0 {
        thread::yield_now();
        turns = if drain(batch, receiver) { TURNS } else { turns - 1 };
    }
}

/// Takes what is there, up to the bound. Says whether there was anything.
fn drain(batch: &mut Batch, receiver: &mut Receiver<Message>) -> bool {
    let before = batch.len();
    while batch.len() < BATCH
        && let Ok(message) = receiver.try_recv()
    {
        take(message, batch, receiver);
    }
    batch.len() > before
}

/// After the word to stop nothing more is let in; what is in the queue is still handed out.
fn take(message: Message, batch: &mut Batch, receiver: &mut Receiver<Message>) {
    match message {
        Message::Work(job) => batch.push(job),
        Message::Stop => receiver.close(),
    }
}
