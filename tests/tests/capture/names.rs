//! Windows that must not be seen are known by what they say of themselves, however they say it and whenever.

use std::fmt;

use regex::Regex;
use stint_capture::{
    Arrangement, Exclusion, Rules, Screen, Sight, Source, SourceError, Which, choose, screens, shoot,
};
use stint_pixels::Picture;
use stint_tests::display::{Painter, Pane, Server};

use crate::rules::rules;

/// A display on which something happens while it is looked at.
struct During<'a> {
    source: Box<dyn Source>,
    before: Box<dyn FnMut() + Send + 'a>,
    grabs: usize,
}

impl fmt::Debug for During<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "During({:?})", self.source)
    }
}

impl Source for During<'_> {
    fn screens(&mut self) -> Result<Vec<Screen>, SourceError> {
        self.source.screens()
    }

    fn arrangement(&mut self) -> Result<Arrangement, SourceError> {
        self.source.arrangement()
    }

    fn grab(&mut self, screen: &Screen) -> Result<Picture, SourceError> {
        self.grabs += 1;
        (self.before)();
        self.source.grab(screen)
    }
}

fn excluding(app: Option<&str>, title: Option<&str>) -> Rules {
    let title = title.map(|title| Regex::new(title).unwrap());
    Rules { exclude: vec![Exclusion { app: app.map(Into::into), title }], ..rules() }
}

/// What comes of a shot during which this happens, and how often the screen was looked at for it.
fn shot_while(
    server: &Server,
    rules: &Rules,
    before: impl FnMut() + Send,
) -> (Result<Sight, SourceError>, usize) {
    let source = screens(Some(server.name())).unwrap();
    let mut during = During { source, before: Box::new(before), grabs: 0 };
    let screen = choose(&mut during, &Which::All).unwrap().remove(0);
    let sight = shoot(&mut during, &screen, rules, None);
    let grabs = during.grabs;
    drop(during);
    (sight, grabs)
}

fn pane(app: &'static str, title: &'static str) -> Pane<'static> {
    Pane { app, title, place: (10, 10, 200, 100), colour: [200, 30, 40] }
}

#[test]
fn a_title_that_changes_and_changes_back_during_a_shot_spoils_it() {
    let server = Server::start(320, 200).unwrap();
    let mut painter = Painter::connect(server.name()).unwrap();
    let plain = painter.show(&pane("browser", "news")).unwrap();
    let frame = painter.show(&pane("frame", "")).unwrap();
    let framed = painter.show_in(frame, &pane("browser", "news")).unwrap();
    for window in [plain, framed] {
        for (property, kind) in
            [("WM_NAME", "STRING"), ("_NET_WM_NAME", "UTF8_STRING"), ("_NET_WM_VISIBLE_NAME", "UTF8_STRING")]
        {
            let mut flicker = || {
                painter.say(window, property, kind, b"bank").unwrap();
                painter.say(window, property, kind, b"news").unwrap();
            };
            let (sight, grabs) = shot_while(&server, &excluding(None, Some("bank")), &mut flicker);
            assert!(matches!(sight, Err(SourceError::Restless { .. })), "{property}: {sight:?}");
            assert_eq!(grabs, 5);
            let (sight, grabs) = shot_while(&server, &excluding(Some("vault"), None), &mut flicker);
            assert!(matches!(sight, Ok(Sight::Taken(_))), "no title decides: {sight:?}");
            assert_eq!(grabs, 1);
        }
    }
    let flicker = || {
        painter.say(plain, "WM_CLASS", "STRING", b"vault\0vault\0").unwrap();
        painter.say(plain, "WM_CLASS", "STRING", b"browser\0browser\0").unwrap();
    };
    let (sight, _) = shot_while(&server, &excluding(Some("vault"), None), flicker);
    assert!(matches!(sight, Err(SourceError::Restless { .. })), "{sight:?}");
}

#[test]
fn a_window_that_gets_into_another_one_during_a_shot_spoils_it_and_a_move_inside_does_not() {
    let server = Server::start(320, 200).unwrap();
    let mut painter = Painter::connect(server.name()).unwrap();
    let frame = painter.show(&pane("frame", "")).unwrap();
    let inside = painter.show_in(frame, &pane("button", "")).unwrap();
    let rules = excluding(Some("vault"), None);
    let come_and_go = || {
        let vault = painter.show_in(frame, &pane("vault", "")).unwrap();
        painter.close(vault).unwrap();
    };
    let (sight, _) = shot_while(&server, &rules, come_and_go);
    assert!(matches!(sight, Err(SourceError::Restless { .. })), "{sight:?}");
    let mut place = 0;
    let wander = || {
        place += 1;
        painter.move_to(inside, place, place).unwrap();
    };
    let (sight, grabs) = shot_while(&server, &rules, wander);
    assert!(matches!(sight, Ok(Sight::Taken(_))), "{sight:?}");
    assert_eq!(grabs, 1);
}

/// Whether a shot leaves this out, by what is shown meanwhile.
fn is_excluded(server: &Server, rules: &Rules) -> bool {
    match shot_while(server, rules, || {}).0.unwrap() {
        Sight::Excluded => true,
        Sight::Taken(_) => false,
        Sight::Unchanged => panic!("there is nothing to compare with"),
    }
}

#[test]
fn a_name_is_read_however_it_is_written() {
    let server = Server::start(320, 200).unwrap();
    let mut painter = Painter::connect(server.name()).unwrap();
    let window = painter.show(&pane("browser", "news")).unwrap();
    let title = excluding(None, Some("B\u{e4}nk$"));
    let (latin1, composed, decomposed) = (&b"B\xe4nk"[..], "B\u{e4}nk".as_bytes(), "Ba\u{308}nk".as_bytes());
    let (old, modern, shown) = ("WM_NAME", "_NET_WM_NAME", "_NET_WM_VISIBLE_NAME");
    let long = [vec![b'x'; 100_000], composed.to_vec()].concat();
    for (property, kind, text) in [
        (old, "STRING", latin1),
        (old, "COMPOUND_TEXT", latin1),
        (old, "STRING", composed),
        (modern, "UTF8_STRING", composed),
        (modern, "UTF8_STRING", decomposed),
        (modern, "UTF8_STRING", &long),
        (shown, "UTF8_STRING", composed),
    ] {
        assert!(!is_excluded(&server, &title), "{property}");
        painter.say(window, property, kind, text).unwrap();
        assert!(is_excluded(&server, &title), "{property} of type {kind}, {} bytes", text.len());
        painter.say(window, property, kind, b"news").unwrap();
    }

    let app = excluding(Some("b\u{e4}nk"), None);
    let long = [&[b'x'; 3_000], &b"\0B\xe4nk\0"[..]].concat();
    for class in [&b"x\0B\xe4nk\0"[..], &long] {
        assert!(!is_excluded(&server, &app));
        painter.say(window, "WM_CLASS", "STRING", class).unwrap();
        assert!(is_excluded(&server, &app), "{} bytes", class.len());
        painter.say(window, "WM_CLASS", "STRING", b"x\0x\0").unwrap();
    }
}

#[test]
fn a_name_without_an_end_fits_every_rule_of_its_kind() {
    let server = Server::start(320, 200).unwrap();
    let mut painter = Painter::connect(server.name()).unwrap();
    let window = painter.show(&pane("browser", "news")).unwrap();
    let (title, app) = (excluding(None, Some("bank")), excluding(Some("vault"), None));
    let part = vec![b'x'; 200_000];
    painter.say(window, "_NET_WM_NAME", "UTF8_STRING", &part).unwrap();
    assert!(!is_excluded(&server, &title), "all of it was read");
    painter.append(window, "_NET_WM_NAME", "UTF8_STRING", &part).unwrap();
    assert!(is_excluded(&server, &title) && !is_excluded(&server, &app));
}

#[test]
fn a_window_is_found_as_far_inside_of_others_as_it_may_be() {
    let server = Server::start(320, 200).unwrap();
    let mut painter = Painter::connect(server.name()).unwrap();
    let rules = excluding(Some("vault"), None);
    let tabs = painter.show(&pane("tabs", "")).unwrap();
    painter.say(tabs, "WM_STATE", "WM_STATE", &[1, 0, 0, 0, 0, 0, 0, 0]).unwrap();
    let mut inner = tabs;
    for _ in 0..10 {
        inner = painter.show_in(inner, &pane("", "")).unwrap();
    }
    assert!(!is_excluded(&server, &rules));
    let icon = painter.show_in(inner, &Pane { place: (0, 0, 48, 48), ..pane("vault", "") }).unwrap();
    assert!(!is_excluded(&server, &rules), "an icon in a tray is not the program's window");
    painter.close(icon).unwrap();
    let vault = painter.show_in(inner, &Pane { place: (0, 0, 49, 10), ..pane("vault", "") }).unwrap();
    assert!(is_excluded(&server, &rules));
    painter.close(vault).unwrap();
    for _ in 0..40 {
        inner = painter.show_in(inner, &pane("", "")).unwrap();
    }
    assert!(is_excluded(&server, &rules), "what is further inside isn't known");
}
