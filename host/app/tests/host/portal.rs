//! The Wayland portal: a bus, a portal that answers or doesn't, and the program that asks it. The X server stands for
//! the one that a Wayland session runs for old programs.

use std::{
    collections::HashMap,
    io::{BufRead as _, BufReader, Read as _},
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::mpsc::{self, Receiver, Sender},
    thread,
    time::Duration,
};

use stint_tests::display::{Painter, Server};
use zbus::{
    blocking::{Connection, connection::Builder},
    interface,
    zvariant::{ObjectPath, OwnedObjectPath, Value},
};

const SIZE: (u32, u32) = (64, 48);
const CONFIGURATION: &str = r#"<busconfig><type>session</type><listen>unix:path=SOCKET</listen>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy>
</busconfig>"#;

/// A bus of the test. It ends with its owner.
struct Bus {
    daemon: Child,
    address: String,
    folder: tempfile::TempDir,
}

impl Bus {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (socket, file) = (folder.path().join("bus"), folder.path().join("bus.conf"));
        std::fs::write(&file, CONFIGURATION.replace("SOCKET", &socket.display().to_string())).unwrap();
        // `make test` installs it.
        let mut daemon = Command::new("dbus-daemon")
            .args(["--nofork", "--print-address=1", "--config-file"])
            .arg(file)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut address = String::new();
        BufReader::new(daemon.stdout.take().unwrap()).read_line(&mut address).unwrap();
        Self { daemon, address: address.trim().to_owned(), folder }
    }
}

impl Drop for Bus {
    fn drop(&mut self) {
        let _ = self.daemon.kill();
        let _ = self.daemon.wait();
    }
}

/// A portal that says who asked, and answers with this picture if it has one.
struct Portal {
    picture: Option<PathBuf>,
    asked: Sender<()>,
}

#[interface(name = "org.freedesktop.portal.Screenshot")]
impl Portal {
    fn screenshot(
        &self,
        parent: &str,
        mut options: HashMap<String, Value<'_>>,
        #[zbus(header)] header: zbus::message::Header<'_>,
        #[zbus(connection)] bus: &zbus::Connection,
    ) -> OwnedObjectPath {
        assert_eq!(parent, "", "it asks for no window of its own");
        let token: String = options.remove("handle_token").unwrap().try_into().unwrap();
        let sender = header.sender().unwrap().trim_start_matches(':').replace('.', "_");
        drop(header);
        let path = format!("/org/freedesktop/portal/desktop/request/{sender}/{token}");
        let handle = ObjectPath::try_from(path).unwrap();
        if let Some(picture) = self.picture.clone() {
            let (bus, handle) = (Connection::from(bus.clone()), handle.clone().into_owned());
            thread::spawn(move || answer(&bus, &handle, &picture));
        }
        self.asked.send(()).unwrap();
        handle.into()
    }
}

/// Says it until the bus is gone: whoever asked may begin to listen only after it has asked.
fn answer(bus: &Connection, handle: &ObjectPath<'_>, picture: &std::path::Path) {
    let uri = format!("file://{}", picture.display());
    let interface = "org.freedesktop.portal.Request";
    let body = (0_u32, HashMap::from([("uri", Value::from(uri))]));
    let (_nobody, pause) = mpsc::channel::<()>();
    while bus.emit_signal(None::<()>, handle, interface, "Response", &body).is_ok() {
        let _ = pause.recv_timeout(Duration::from_millis(50));
    }
}

/// A portal on the bus.
fn portal(bus: &Bus, picture: Option<PathBuf>) -> (Connection, Receiver<()>) {
    let (asked, hears) = mpsc::channel();
    let connection = Builder::address(bus.address.as_str())
        .unwrap()
        .serve_at("/org/freedesktop/portal/desktop", Portal { picture, asked })
        .unwrap()
        .name("org.freedesktop.portal.Desktop")
        .unwrap()
        .build()
        .unwrap();
    (connection, hears)
}

/// The program that looks at the display's only monitor, as a Wayland session's.
fn look(bus: &Bus, server: &Server) -> Command {
    let output = Painter::connect(server.name()).unwrap().output().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_stint-screen"));
    command
        .arg(output.to_string())
        .env_clear()
        .env("DISPLAY", server.name())
        .env("XDG_SESSION_TYPE", "wayland")
        .env("WAYLAND_DISPLAY", "wayland-of-a-test")
        .env("XDG_RUNTIME_DIR", bus.folder.path())
        .env("TMPDIR", bus.folder.path())
        .env("DBUS_SESSION_BUS_ADDRESS", &bus.address)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

fn server() -> Server {
    Server::start(u16::try_from(SIZE.0).unwrap(), u16::try_from(SIZE.1).unwrap()).unwrap()
}

#[test]
fn a_portals_picture_is_read_and_its_file_removed() {
    let (bus, server) = (Bus::start(), server());
    let file = bus.folder.path().join("Screenshot from a test.png");
    let pixels = (0..SIZE.0 * SIZE.1).flat_map(|at| [at.to_le_bytes()[0], 7, 9, 255]).collect();
    let picture = stint_pixels::Picture::from_rgba(SIZE.0, SIZE.1, pixels).unwrap();
    std::fs::write(&file, stint_pixels::encode(&picture, stint_pixels::Format::Png).unwrap()).unwrap();
    let (_portal, asked) = portal(&bus, Some(file.clone()));
    let done = look(&bus, &server).output().unwrap();
    assert!(asked.try_recv().is_ok(), "the portal was asked");
    assert!(done.status.success(), "{done:?}");
    assert_eq!(done.stdout[..8], [SIZE.0.to_le_bytes(), SIZE.1.to_le_bytes()].concat());
    assert_eq!(&done.stdout[8..], picture.as_rgba());
    assert!(!file.exists(), "nothing is left of it");
}

#[test]
fn a_portal_that_never_answers_is_waited_for_in_a_process_that_can_be_ended() {
    let (bus, server) = (Bus::start(), server());
    let (_portal, asked) = portal(&bus, None);
    let mut looking = look(&bus, &server).spawn().unwrap();
    assert!(asked.recv_timeout(Duration::from_mins(2)).is_ok(), "the portal is asked");
    assert!(looking.try_wait().unwrap().is_none(), "it waits for the answer");
    looking.kill().unwrap();
    let mut said = Vec::new();
    looking.stdout.take().unwrap().read_to_end(&mut said).unwrap();
    assert!(said.is_empty() && !looking.wait().unwrap().success());
}

#[test]
fn without_a_portal_it_says_so_at_once() {
    let (bus, server) = (Bus::start(), server());
    let done = look(&bus, &server).output().unwrap();
    assert!(!done.status.success() && done.stdout.is_empty(), "{done:?}");
    assert!(!done.stderr.is_empty(), "it says why");
}
