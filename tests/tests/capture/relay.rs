//! A display behind a wire that once says something strange.

use std::io::{Read as _, Write as _, copy};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use stint_capture::{Sight, Which, choose, screens, shoot};
use stint_tests::display::{Painter, Server};

use crate::rules::rules;

/// An answer to a request that nobody made.
const STRANGE: [u8; 32] = {
    let mut head = [0; 32];
    (head[0], head[2], head[3]) = (1, 0xff, 0xff);
    head
};

/// The name of a display that is this one. When it is told to, it says something strange before the next answer.
fn relay(server: &Server, is_strange: &Arc<AtomicBool>) -> String {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let name = format!("127.0.0.1:{}", listener.local_addr().unwrap().port() - 6_000);
    let path = format!("/tmp/.X11-unix/X{}", server.name().trim_start_matches(':'));
    let is_strange = Arc::clone(is_strange);
    // It ends with the test's process.
    thread::spawn(move || {
        for ours in listener.incoming() {
            let (ours, theirs) = (ours.unwrap(), UnixStream::connect(&path).unwrap());
            let (mut from, mut to) = (ours.try_clone().unwrap(), theirs.try_clone().unwrap());
            thread::spawn(move || {
                let _ = copy(&mut from, &mut to);
                let _ = to.shutdown(Shutdown::Both);
            });
            let is_strange = Arc::clone(&is_strange);
            thread::spawn(move || answer(theirs, ours, &is_strange));
        }
    });
    name
}

fn answer(mut from: UnixStream, mut to: TcpStream, is_strange: &AtomicBool) {
    let mut some = vec![0; 1 << 16];
    while let Ok(count) = from.read(&mut some) {
        let strange = count > 0 && is_strange.swap(false, Ordering::SeqCst);
        let said = if strange { to.write_all(&STRANGE) } else { Ok(()) };
        if count == 0 || said.and_then(|()| to.write_all(&some[..count])).is_err() {
            return;
        }
    }
}

#[test]
fn after_a_strange_answer_the_next_screen_is_seen_by_another_connection() {
    let server = Server::start(400, 200).unwrap();
    let mut painter = Painter::connect(server.name()).unwrap();
    painter.add_monitor("left", false, (0, 0, 200, 200)).unwrap();
    painter.add_monitor("right", false, (200, 0, 200, 200)).unwrap();
    let is_strange = Arc::new(AtomicBool::new(false));
    let mut source = screens(Some(&relay(&server, &is_strange))).unwrap();
    let both = choose(&mut *source, &Which::Named(vec!["left".into(), "right".into()])).unwrap();
    is_strange.store(true, Ordering::SeqCst);
    let error = shoot(&mut *source, &both[0], &rules(), None).unwrap_err().to_string();
    assert!(error.contains("it answers request 65535 instead of"), "{error}");
    for screen in &both {
        let sight = shoot(&mut *source, screen, &rules(), None);
        assert!(matches!(sight, Ok(Sight::Taken(_))), "{sight:?}");
    }
}
