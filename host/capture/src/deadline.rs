//! The end of a wait that has many parts: to connect, to greet, to read piece by piece. Whoever sends one byte from time
//! to time doesn't make it longer.

use std::{
    fmt::Debug,
    io::{self, Read, Write},
    net::TcpStream,
    os::{fd::OwnedFd, unix::net::UnixStream},
    sync::Arc,
    time::Duration,
};

use rustix::time::{
    Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, Timespec, timerfd_create, timerfd_gettime,
    timerfd_settime,
};

/// A moment after which nobody waits any more. The kernel counts down to it: no clock is read here.
#[derive(Clone, Debug)]
pub(crate) struct Deadline {
    timer: Arc<OwnedFd>,
    patience: Duration,
}

impl Deadline {
    /// So long from now on.
    pub(crate) fn after(patience: Duration) -> io::Result<Self> {
        let timer = timerfd_create(TimerfdClockId::Monotonic, TimerfdFlags::CLOEXEC)?;
        let it_value = Timespec::try_from(patience).map_err(io::Error::other)?;
        let once = Itimerspec { it_interval: Timespec::default(), it_value };
        timerfd_settime(&timer, TimerfdTimerFlags::empty(), &once)?;
        Ok(Self { timer: Arc::new(timer), patience })
    }

    /// How long there was to wait when it began.
    pub(crate) fn patience(&self) -> Duration {
        self.patience
    }

    /// What is left of it; an error when nothing is.
    pub(crate) fn left(&self) -> io::Result<Duration> {
        let left = Duration::try_from(timerfd_gettime(&self.timer)?.it_value).map_err(io::Error::other)?;
        if left.is_zero() { Err(io::ErrorKind::TimedOut.into()) } else { Ok(left) }
    }
}

/// Whether it is what a wait ends with: a socket has another word for it than a timer.
pub(crate) fn is_over(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut)
}

/// Something that can be waited for.
pub(crate) trait Socket: Read + Write + Debug + Send {
    /// From now on it is waited for at most so long each time.
    fn wait_at_most(&self, time: Duration) -> io::Result<()>;
}

impl Socket for UnixStream {
    fn wait_at_most(&self, time: Duration) -> io::Result<()> {
        self.set_read_timeout(Some(time)).and_then(|()| self.set_write_timeout(Some(time)))
    }
}

impl Socket for TcpStream {
    fn wait_at_most(&self, time: Duration) -> io::Result<()> {
        self.set_read_timeout(Some(time)).and_then(|()| self.set_write_timeout(Some(time)))
    }
}

/// A socket that is waited for until a deadline, however often it is read and written.
#[derive(Debug)]
pub(crate) struct Timed {
    pub(crate) socket: Box<dyn Socket>,
    pub(crate) deadline: Deadline,
}

impl Read for Timed {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.socket.wait_at_most(self.deadline.left()?)?;
        self.socket.read(into)
    }
}

impl Write for Timed {
    fn write(&mut self, from: &[u8]) -> io::Result<usize> {
        self.socket.wait_at_most(self.deadline.left()?)?;
        self.socket.write(from)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.socket.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_ends_though_bytes_come_without_an_end() {
        let (ours, mut theirs) = UnixStream::pair().unwrap();
        // It writes until nobody reads any more.
        let talker = std::thread::spawn(move || while theirs.write_all(b"x").is_ok() {});
        let deadline = Deadline::after(Duration::from_millis(20)).unwrap();
        let mut timed = Timed { socket: Box::new(ours), deadline };
        assert!(is_over(&io::copy(&mut timed, &mut io::sink()).unwrap_err()));
        assert!(is_over(&timed.write(b"x").unwrap_err()), "and stays over");
        drop(timed);
        talker.join().unwrap();
    }

    #[test]
    fn a_wait_ends_in_silence() {
        let (ours, _theirs) = UnixStream::pair().unwrap();
        let deadline = Deadline::after(Duration::from_millis(20)).unwrap();
        let mut timed = Timed { socket: Box::new(ours), deadline };
        assert!(is_over(&timed.read(&mut [0]).unwrap_err()));
        assert!(Deadline::after(Duration::from_hours(1)).unwrap().left().is_ok());
    }
}
