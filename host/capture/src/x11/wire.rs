//! How an X server is reached and greeted, within one deadline.

use std::io::{self, BufReader, Read as _, Write as _};
use std::net::{TcpStream, ToSocketAddrs as _};
use std::os::unix::net::UnixStream;
use std::time::Duration;

use rustix::net::{AddressFamily, SocketAddrUnix, SocketFlags, SocketType, socket_with};
use x11rb_protocol::{
    connect::Connect,
    parse_display::{ConnectAddress, ParsedDisplay, parse_display},
    protocol::xproto::Setup,
    xauth::{Family, get_auth},
};

use crate::{
    deadline::{Deadline, Socket, Timed, is_over},
    source::SourceError,
};

/// Connects to the display of this name. With it come what the server says of itself, and which of its X screens is
/// meant.
pub(super) fn open(name: &str, patience: Duration) -> Result<(BufReader<Timed>, Setup, usize), SourceError> {
    let bad = || SourceError::BadName { name: name.to_owned() };
    let unreachable = |reason: String| SourceError::Unreachable { display: name.to_owned(), reason };
    let display = parse_display(Some(name)).map_err(|_| bad())?;
    let deadline = Deadline::after(patience).map_err(|error| unreachable(error.to_string()))?;
    let socket = reach(&display, &deadline).map_err(|error| unreachable(words(&error, &deadline)))?;
    let mut wire = BufReader::new(Timed { socket, deadline });
    let (authority, data) = authority(display.display);
    let setup = shake_hands(&mut wire, authority, data).map_err(unreachable)?;
    let screen = usize::from(display.screen);
    if setup.roots.get(screen).is_none() {
        return Err(bad());
    }
    Ok((wire, setup, screen))
}

/// What an error says to a person.
pub(super) fn words(error: &io::Error, deadline: &Deadline) -> String {
    if is_over(error) {
        format!("it took longer than {} seconds", deadline.patience().as_secs())
    } else {
        error.to_string()
    }
}

/// Tries the addresses that a display's name stands for.
fn reach(display: &ParsedDisplay, deadline: &Deadline) -> io::Result<Box<dyn Socket>> {
    let mut last = io::Error::new(io::ErrorKind::NotFound, "it has no address");
    for address in display.connect_instruction() {
        match connect(&address, deadline) {
            Ok(stream) => return Ok(stream),
            Err(error) => last = error,
        }
    }
    Err(last)
}

fn connect(address: &ConnectAddress<'_>, deadline: &Deadline) -> io::Result<Box<dyn Socket>> {
    match address {
        ConnectAddress::Socket(path) => {
            // Where /tmp is another one, for example in a service, the socket has a name outside the file system too.
            let stream = connect_here(&SocketAddrUnix::new(path.as_str())?).or_else(|error| {
                let aside = SocketAddrUnix::new_abstract_name(path.as_bytes())?;
                connect_here(&aside).map_err(|_| error)
            })?;
            Ok(Box::new(stream))
        }
        ConnectAddress::Hostname(host, port) => {
            let mut last = io::Error::new(io::ErrorKind::NotFound, "its host has no address");
            for address in (*host, *port).to_socket_addrs()? {
                match TcpStream::connect_timeout(&address, deadline.left()?) {
                    Ok(stream) => {
                        stream.set_nodelay(true)?;
                        return Ok(Box::new(stream));
                    }
                    Err(error) => last = error,
                }
            }
            Err(last)
        }
        _ => Err(io::Error::new(io::ErrorKind::Unsupported, "its kind of address isn't known")),
    }
}

/// A connection on this machine is made at once or, where too many wait already, not at all.
fn connect_here(address: &SocketAddrUnix) -> io::Result<UnixStream> {
    let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
    let socket = socket_with(AddressFamily::UNIX, SocketType::STREAM, flags, None)?;
    rustix::net::connect(&socket, address)?;
    let stream = UnixStream::from(socket);
    stream.set_nonblocking(false)?;
    Ok(stream)
}

/// What the server wants to see, from the file that XAUTHORITY names. Without it, it may let us in all the same.
fn authority(display: u16) -> (Vec<u8>, Vec<u8>) {
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let found = get_auth(Family::LOCAL, host.trim_end().as_bytes(), display);
    found.ok().flatten().unwrap_or_default()
}

fn shake_hands(wire: &mut BufReader<Timed>, authority: Vec<u8>, data: Vec<u8>) -> Result<Setup, String> {
    let deadline = wire.get_ref().deadline.clone();
    let failed = |error: io::Error| words(&error, &deadline);
    let (mut connect, request) = Connect::with_authorization(authority, data);
    wire.get_mut().write_all(&request).map_err(failed)?;
    loop {
        let count = wire.read(connect.buffer()).map_err(failed)?;
        if count == 0 {
            return Err("it closed the connection".to_owned());
        }
        if connect.advance(count) {
            break;
        }
    }
    connect.into_setup().map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    const SHORT: Duration = Duration::from_millis(50);

    /// A port, and what a display at it is called.
    fn display(port: u16) -> String {
        format!("127.0.0.1:{}", port - 6_000)
    }

    fn error(name: &str) -> String {
        open(name, SHORT).map(drop).unwrap_err().to_string()
    }

    #[test]
    fn a_server_that_takes_nobody_in_is_not_waited_for() {
        let socket = rustix::net::socket(AddressFamily::INET, SocketType::STREAM, None).unwrap();
        let any = std::net::SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        rustix::net::bind(&socket, &any).unwrap();
        rustix::net::listen(&socket, 0).unwrap();
        let listener = std::net::TcpListener::from(socket);
        let address = listener.local_addr().unwrap();
        // As many as find room: the next one is left waiting.
        let waiting: Vec<TcpStream> =
            std::iter::from_fn(|| TcpStream::connect_timeout(&address, SHORT).ok()).take(100).collect();
        assert!((1..100).contains(&waiting.len()), "{}", waiting.len());
        let error = error(&display(address.port()));
        assert!(error.contains("it took longer than 0 seconds"), "{error}");
    }

    #[test]
    fn a_server_that_falls_silent_within_its_greeting_is_not_waited_for() {
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            stream.write_all(&[1, 0, 11, 0, 0, 0, 0xff, 0xff, 0]).unwrap();
            let mut end = [0; 512];
            while stream.read(&mut end).is_ok_and(|count| count > 0) {}
        });
        let error = error(&display(port));
        assert!(error.contains("it took longer than 0 seconds"), "{error}");
        server.join().unwrap();
    }
}
