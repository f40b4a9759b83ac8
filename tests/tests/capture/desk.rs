//! Idle time and the window in front.

use stint_capture::{Curiosity, bystander};
use stint_domain::time::Millis;
use stint_tests::display::{Painter, Pane, Server};

#[test]
fn a_touch_ends_the_idle_time() {
    let server = Server::start(320, 200).unwrap();
    let mut painter = Painter::connect(server.name()).unwrap();
    let mut bystander = bystander(Some(server.name())).unwrap();
    painter.touch().unwrap();
    let mut before = bystander.look(Curiosity::Idle, Millis(0)).unwrap().idle;
    // The server counts: it is asked until it has counted something, however fast this machine is.
    while before.0 < 20 {
        before = bystander.look(Curiosity::Idle, Millis(0)).unwrap().idle;
    }
    painter.touch().unwrap();
    let after = bystander.look(Curiosity::Idle, Millis(0)).unwrap();
    assert!(after.idle < before, "{after:?} after {before:?}");
    assert!(!after.locked);
}

#[test]
fn the_window_in_front_is_named_to_who_asks() {
    let server = Server::start(320, 200).unwrap();
    let mut painter = Painter::connect(server.name()).unwrap();
    let mut bystander = bystander(Some(server.name())).unwrap();
    assert_eq!(bystander.look(Curiosity::Title, Millis(0)).unwrap().app, None, "no window is in front");
    let pane =
        Pane { app: "Editor", title: "Letter\nto \u{7}Anna", place: (0, 0, 50, 50), colour: [1, 2, 3] };
    let window = painter.show(&pane).unwrap();
    painter.focus(window).unwrap();
    let look = bystander.look(Curiosity::Title, Millis(0)).unwrap();
    assert_eq!((look.app.as_deref(), look.title.as_deref()), (Some("Editor"), Some("Letter to  Anna")));
    let look = bystander.look(Curiosity::App, Millis(0)).unwrap();
    assert_eq!((look.app.as_deref(), look.title), (Some("Editor"), None));
    let look = bystander.look(Curiosity::Idle, Millis(0)).unwrap();
    assert_eq!((look.app, look.title), (None, None));
}

#[test]
fn a_rule_sees_all_names_around_and_inside_of_the_window_in_front() {
    let server = Server::start(320, 200).unwrap();
    let mut painter = Painter::connect(server.name()).unwrap();
    let mut bystander = bystander(Some(server.name())).unwrap();
    let pane = |app, title| Pane { app, title, place: (0, 0, 90, 90), colour: [1, 2, 3] };
    // As programs that show others in tabs do: the window around has the name of what is inside.
    let around = painter.show(&pane("Tabbed", "letter.pdf")).unwrap();
    let inside = painter.show_in(around, &pane("Reader", "secret.pdf")).unwrap();
    for front in [around, inside] {
        painter.focus(front).unwrap();
        let names = bystander.look(Curiosity::Title, Millis(0)).unwrap().names;
        for app in ["Tabbed", "Reader"] {
            assert!(names.apps.iter().any(|name| name == app), "{app} in {names:?}");
        }
        for title in ["letter.pdf", "secret.pdf"] {
            assert!(names.titles.iter().any(|name| name == title), "{title} in {names:?}");
        }
        let names = bystander.look(Curiosity::App, Millis(0)).unwrap().names;
        assert!(names.titles.is_empty() && !names.apps.is_empty(), "{names:?}");
    }
}
