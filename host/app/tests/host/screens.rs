//! Real screens, from the display to the list of what is kept, by the program as people have it.

use std::{cell::RefCell, os::unix::net::UnixListener, process::Stdio};

use rustix::process::{Pid, Signal, kill_process};
use stint_tests::display::{Painter, Pane, Server};

use crate::{
    canary::files,
    desk::{Desk, Host, ONE_TARGET, until},
};

const RED: [u8; 3] = [200, 30, 40];

fn vault() -> Pane<'static> {
    Pane {
        app: "Vault",
        title: "my \u{1b}[31msecret\u{7}\u{9b}2J title",
        place: (50, 50, 200, 100),
        colour: RED,
    }
}

#[test]
fn a_screen_is_taken_by_the_program_beside_stint() {
    let (server, desk) = (Server::start(640, 480).unwrap(), Desk::new());
    desk.configure(&format!("[capture]\nenabled = true\nformat = \"png\"\n{ONE_TARGET}"));
    let mut command = desk.command(&["run"]);
    command.env("DISPLAY", server.name());
    let _host = desk.start(command).unwrap();
    let taken = desk.json(&["capture", "now"]);
    assert_eq!(taken["screens"][0]["seen"], "kept", "{taken}");
    let list = desk.json(&["capture", "list"]);
    assert_eq!(list["screenshots"][0]["width"], 640);

    drop(server);
    let said = desk.stint(&["capture", "now"]);
    assert_eq!(said.code, 75, "{said:?}");
    assert!(said.stderr.contains("failed to reach display"), "{said:?}");
}

/// A host that looks at a display whose focus has the window that it is all about.
struct Guarding {
    desk: Desk,
    host: Host,
    _display: (Server, Painter),
}

fn guarding(config: &str) -> Guarding {
    let (server, desk) = (Server::start(640, 480).unwrap(), Desk::new());
    let mut painter = Painter::connect(server.name()).unwrap();
    let window = painter.show(&vault()).unwrap();
    painter.focus(window).unwrap();
    desk.configure(&format!("[log]\nlevel = \"trace\"\n{config}{ONE_TARGET}"));
    let mut command = desk.command(&["run"]);
    command.env("DISPLAY", server.name());
    let host = desk.start(command).unwrap();
    Guarding { desk, host, _display: (server, painter) }
}

#[test]
fn nothing_of_an_excluded_window_is_said_or_written_anywhere() {
    let Guarding { desk, host, _display } =
        guarding("[capture]\nenabled = true\nexclude = [{ title = \"secret\" }]\n");
    let taken = desk.json(&["capture", "now"]);
    assert_eq!(taken["screens"][0]["seen"], "excluded", "{taken}");
    let shown = desk.stint(&["capture", "now"]).ok();
    assert!(shown.contains("not taken, a window is on it that must not be seen"), "{shown}");
    let status = desk.stint(&["status"]).ok();
    assert_eq!(desk.json(&["capture", "list"])["screenshots"].as_array().unwrap().len(), 0);
    assert_eq!(host.end(), 0);
    for text in [taken.to_string(), shown, status, desk.log()] {
        assert!(!text.contains("secret") && !text.contains('\u{1b}'), "{text}");
    }
    for (name, bytes) in files(&desk.data()) {
        assert!(!bytes.windows(6).any(|six| six == b"secret"), "{name}");
    }
}

#[test]
fn a_title_reaches_a_terminal_without_its_orders() {
    let Guarding { desk, host, _display } =
        guarding("[activity]\nenabled = true\ntitles = true\nsample = \"1s\"\n");
    // What was seen is told at the end; it is looked at once a second.
    until("a look at the desk", || desk.log().contains("looked at the desk"));
    assert_eq!(host.end(), 0);
    let said = desk.stint(&["queue", "show", "1"]).ok();
    assert!(said.contains("my  [31msecret  2J title"), "{said}");
    assert!(!said.contains(['\u{1b}', '\u{9b}', '\u{7}']), "{said:?}");
}

#[test]
fn a_display_that_hangs_holds_nobody_up() {
    let (server, desk) = (Server::start(640, 480).unwrap(), Desk::new());
    desk.configure(&format!(
        "[capture]\nenabled = true\nonly_while = \"always\"\ninterval = \"1s\"\njitter = \"0s\"\n{ONE_TARGET}"
    ));
    let mut command = desk.command(&["run"]);
    command.env("DISPLAY", server.name());
    let host = desk.start(command).unwrap();
    until("a screenshot that came by itself", || desk.items() > 0);
    let display = Pid::from_raw(server.pid().cast_signed()).unwrap();
    kill_process(display, Signal::STOP).unwrap();
    let mut looking =
        desk.command(&["capture", "now"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    for verb in ["start", "pause", "resume", "stop"] {
        assert!(desk.json(&[verb])["changed"].as_bool().unwrap());
    }
    assert_eq!(desk.json(&["capture", "list"])["version"], 1);
    assert_eq!(host.end(), 0, "nor does it keep the host from ending");
    kill_process(display, Signal::CONT).unwrap();
    looking.wait().unwrap();
}

#[test]
fn a_bus_that_never_speaks_keeps_no_host_from_ending() {
    let (server, desk) = (Server::start(640, 480).unwrap(), Desk::new());
    desk.configure(&format!("[log]\nlevel = \"debug\"\n{ONE_TARGET}"));
    let socket = desk.path("bus");
    let bus = UnixListener::bind(&socket).unwrap();
    let mut command = desk.command(&["run"]);
    command.env("DISPLAY", server.name());
    command.env("DBUS_SYSTEM_BUS_ADDRESS", format!("unix:path={}", socket.display()));
    let mut host = desk.start(command).unwrap();
    let (_line, _) = bus.accept().unwrap();
    host.signal(Signal::TERM);
    let child = RefCell::new(&mut host.child);
    until("the host's end", || child.borrow_mut().try_wait().unwrap().is_some());
    assert_eq!(child.borrow_mut().wait().unwrap().code(), Some(0), "{}", desk.log());
    assert!(desk.log().contains("stint has ended"));
}

#[test]
fn a_wayland_session_is_refused_what_it_can_not_keep() {
    let (server, desk) = (Server::start(640, 480).unwrap(), Desk::new());
    for rule in ["exclude = [{ app = \"Vault\" }]", "blur = 5", "hide = [{ width = 5, height = 5 }]"] {
        desk.configure(&format!("[capture]\nenabled = true\n{rule}\n{ONE_TARGET}"));
        let mut command = desk.command(&["run"]);
        command.env("DISPLAY", server.name()).env("WAYLAND_DISPLAY", "wayland-0");
        let host = desk.start(command).unwrap();
        for args in [&["capture", "now"][..], &["capture", "now", "--json"]] {
            let said = desk.stint(args);
            assert_eq!(said.code, 75, "no screen was seen: {said:?}");
            assert!(said.stdout.contains("hide anything on a Wayland session"), "{rule}: {said:?}");
            assert!(
                said.stderr.contains("failed to see any screen: what is in the way is said above"),
                "{said:?}"
            );
            assert!(said.stderr.contains("`stint doctor` says what to do about it"), "{said:?}");
        }
        let status = desk.json(&["status"]);
        assert!(status["capture"]["error"].as_str().unwrap().contains("log in with an X11 session"));
        assert_eq!(host.end(), 0);
    }
}
