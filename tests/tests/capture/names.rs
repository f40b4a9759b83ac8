//! Windows that must not be seen are known by what they say of themselves, however they say it and whenever.

use std::fmt;

use regex::Regex;
use stint_capture::{
    Arrangement, Exclusion, OnExcluded, Rules, Screen, Sight, Source, SourceError, Which, choose, screens,
    shoot,
};
use stint_pixels::{Format, Picture};
use stint_tests::display::{Painter, Pane, Server};

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
    Rules {
        exclude: vec![Exclusion { app: app.map(Into::into), title }],
        on_excluded: OnExcluded::Skip,
        areas: Vec::new(),
        blur: 0,
        width_max: 16_384,
        format: Format::Png,
        skip_unchanged: true,
    }
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
