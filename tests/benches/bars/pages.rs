//! What open pages cost while nothing happens, and how soon one shows what did.
//!
//! A page is what its script does: it listens to events, and when one comes it asks for the page anew, after a pause of
//! 0.2 s in which more may come. That pause is not the host's, so it isn't in the figure, and the bar is as much less
//! than a second.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::thread;
use std::time::Duration;

use stint_tests::ratio::{Bar, Bench, Failure};

use crate::desk::Desk;

const PAGES: usize = 100;
/// How long the host is watched without pages, and again with them.
const WATCHED: Duration = Duration::from_secs(10);
/// How long it has to come to rest after its start, and after so many pages came.
const REST: Duration = Duration::from_secs(12);
const EVENTS: usize = 50;
const MILLISECONDS_MAX: f64 = 800.0;

pub(crate) fn benches() -> Vec<Bench> {
    vec![
        Bench::count("CPU that 100 open pages add to an idle host", "% of a core", Bar::AtMost(0.1), || {
            added(|desk| desk.idle_cpu(WATCHED))
        }),
        Bench::count(
            "wake-ups that 100 open pages add to an idle host",
            "a second",
            Bar::AtMost(2.0),
            || added(|desk| desk.idle_wakes(WATCHED)),
        ),
        Bench::count(
            "a page follows an event (9 of 10 are faster)",
            "ms",
            Bar::AtMost(MILLISECONDS_MAX),
            followed,
        ),
    ]
}

/// What is more with a hundred pages than without any.
fn added(measure: fn(&Desk) -> Result<f64, Failure>) -> Result<f64, Failure> {
    let desk = Desk::new()?.with_host()?;
    let door = Door::of(&desk)?;
    thread::sleep(REST);
    let without = measure(&desk)?;
    let pages = (0..PAGES).map(|_| door.listen()).collect::<Result<Vec<_>, Failure>>()?;
    thread::sleep(REST);
    let with = measure(&desk)?;
    drop(pages);
    Ok((with - without).max(0.0))
}

/// From the moment a verb is told that it is done to the whole page that shows it.
fn followed() -> Result<f64, Failure> {
    let desk = Desk::new()?.with_host()?;
    let door = Door::of(&desk)?;
    let mut page = door.listen()?;
    let mut times = Vec::with_capacity(EVENTS);
    for nth in 0..EVENTS {
        let (verb, state) = if nth % 2 == 0 { ("start", "running") } else { ("stop", "idle") };
        door.ask("POST", &format!("/api/v1/timer/{verb}"))?;
        let done = now();
        next_event(&mut page)?;
        while !door.ask("GET", "/")?.contains(&format!("<span class=\"state\">{state}</span>")) {
            next_event(&mut page)?;
        }
        times.push(now().saturating_sub(done));
    }
    times.sort_unstable();
    Ok(times[EVENTS * 9 / 10].as_secs_f64() * 1e3)
}

/// The way in over loopback.
struct Door {
    address: String,
    token: String,
}

impl Door {
    fn of(desk: &Desk) -> Result<Self, Failure> {
        let link = desk.json(&["dashboard"])?;
        let address = link["url"].as_str().and_then(|url| url.split('/').nth(2)).ok_or("there is no page")?;
        let token = fs::read_to_string(desk.data().join("control.token"))?;
        Ok(Self { address: address.to_owned(), token: token.trim().to_owned() })
    }

    fn send(&self, method: &str, path: &str) -> Result<TcpStream, Failure> {
        let mut stream = TcpStream::connect(&self.address)?;
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
            self.address, self.token
        )?;
        Ok(stream)
    }

    fn ask(&self, method: &str, path: &str) -> Result<String, Failure> {
        let mut answer = String::new();
        self.send(method, path)?.read_to_string(&mut answer)?;
        if answer.starts_with("HTTP/1.1 200 ") { Ok(answer) } else { Err(answer.into()) }
    }

    /// Listens as an open page does. The answer has begun, so the host knows of it.
    fn listen(&self) -> Result<BufReader<TcpStream>, Failure> {
        let mut page = BufReader::new(self.send("GET", "/api/v1/events")?);
        let mut line = String::new();
        page.read_line(&mut line)?;
        if line.starts_with("HTTP/1.1 200 ") { Ok(page) } else { Err(line.into()) }
    }
}

/// Waits for what happens next.
fn next_event(page: &mut BufReader<TcpStream>) -> Result<(), Failure> {
    let mut line = String::new();
    while !line.starts_with("data:") {
        line.clear();
        if page.read_line(&mut line)? == 0 {
            return Err("the host hung up".into());
        }
    }
    Ok(())
}

fn now() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::Monotonic);
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or_default())
}
