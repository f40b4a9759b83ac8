//! What is said by what stands in for the log-in service.

use std::os::unix::net::UnixStream;

use zbus::{Guid, blocking, interface};

use super::*;

/// A log-in service, at the other end of a wire.
struct Session {
    locked: bool,
    idle: bool,
    since: u64,
}

#[interface(name = "org.freedesktop.login1.Session")]
impl Session {
    #[zbus(property)]
    fn locked_hint(&self) -> bool {
        self.locked
    }

    #[zbus(property)]
    fn idle_hint(&self) -> bool {
        self.idle
    }

    #[zbus(property)]
    fn idle_since_hint_monotonic(&self) -> u64 {
        self.since
    }
}

/// What is heard from a service like this. The service ends before the answer is read again.
fn heard(session: Session) -> (LogIn, Connection) {
    let (ours, theirs) = UnixStream::pair().unwrap();
    // Each side waits for the other's greeting.
    let service = std::thread::spawn(move || {
        let guid = Guid::generate();
        let service = blocking::connection::Builder::async_io_unix_stream(theirs).server(guid).unwrap().p2p();
        service.serve_at(SESSION, session).unwrap().build().unwrap()
    });
    let bus = connect(Builder::async_io_unix_stream(ours).p2p(), PATIENCE).unwrap();
    (LogIn { bus }, service.join().unwrap())
}

#[test]
fn a_lock_and_an_idle_session_are_heard() {
    let hints = |locked, idle| {
        let (login, _service) = heard(Session { locked, idle, since: 7_000_000 });
        login.hints().unwrap()
    };
    assert_eq!(hints(false, false), Hints::default());
    assert_eq!(hints(true, false), Hints { locked: true, idle_since: None });
    assert_eq!(hints(false, true), Hints { locked: false, idle_since: Some(Millis(7_000)) });
}

#[test]
fn a_service_that_goes_is_an_error() {
    let (login, service) = heard(Session { locked: true, idle: false, since: 0 });
    service.close().unwrap();
    let error = login.hints().unwrap_err().to_string();
    assert!(error.starts_with("ask the log-in service for idle time and lock: "), "{error}");
}

#[test]
fn a_bus_that_takes_the_connection_and_never_speaks_is_an_error() {
    let (ours, _theirs) = UnixStream::pair().unwrap();
    let error = connect(Builder::async_io_unix_stream(ours), Duration::from_millis(20)).unwrap_err();
    let error = lost(&error).to_string();
    assert!(error.contains("it doesn't greet"), "{error}");
}
