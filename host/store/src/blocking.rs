//! Waiting for a future on a thread that may wait, without a runtime. The store's futures are finished by its own
//! threads, so this works anywhere.

use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

/// Wakes the thread that waits.
struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Waits for the future's output.
pub(crate) fn block_on<F: Future>(future: F) -> F::Output {
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut context = Context::from_waker(&waker);
    let mut future = pin!(future);
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(output) => return output,
            // A wake-up between the poll and this makes it return at once.
            Poll::Pending => thread::park(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::sync::oneshot;

    #[test]
    fn it_waits_for_what_another_thread_brings() {
        let (sender, receiver) = oneshot::channel();
        let (asked, ask) = std::sync::mpsc::channel();
        let thread = thread::spawn(move || {
            ask.recv().unwrap();
            sender.send(7).unwrap();
        });
        let answer = block_on(async {
            asked.send(()).unwrap();
            receiver.await
        });
        assert_eq!(answer, Ok(7));
        thread.join().unwrap();
    }
}
