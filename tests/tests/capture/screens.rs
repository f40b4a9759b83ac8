//! What is seen of a display, and what isn't.

use regex::Regex;
use stint_capture::{
    Area, Exclusion, Glance, OnExcluded, Rules, Screen, Shot, Sight, Source, Which, choose, screens, shoot,
};
use stint_pixels::{Bounds, Picture, Region, decode};
use stint_tests::display::{Painter, Pane, Server};

use crate::rules::rules;

const RED: [u8; 3] = [200, 30, 40];
const GREEN: [u8; 3] = [20, 180, 60];
const BLUE: [u8; 3] = [10, 40, 220];

fn pane(
    app: &'static str,
    title: &'static str,
    place: (i16, i16, u16, u16),
    colour: [u8; 3],
) -> Pane<'static> {
    Pane { app, title, place, colour }
}

fn all(server: &Server) -> (Box<dyn Source>, Vec<Screen>) {
    let mut source = screens(Some(server.name())).unwrap();
    let screens = choose(&mut *source, &Which::All).unwrap();
    (source, screens)
}

fn taken(sight: Sight) -> Shot {
    match sight {
        Sight::Taken(shot) => shot,
        other => panic!("nothing was taken: {other:?}"),
    }
}

fn picture(shot: &Shot) -> Picture {
    decode(&shot.file, &Bounds::default()).unwrap()
}

fn colour(picture: &Picture, x: u32, y: u32) -> [u8; 3] {
    let at = ((y * picture.width() + x) * 4) as usize;
    picture.as_rgba()[at..at + 3].try_into().unwrap()
}

#[test]
fn pixels_are_read_as_they_are_on_one_monitor_and_on_two() {
    let server = Server::start(800, 600).unwrap();
    let mut painter = Painter::connect(server.name()).unwrap();
    painter.show(&pane("editor", "a letter", (10, 20, 100, 50), RED)).unwrap();
    painter.show(&pane("browser", "news", (500, 300, 40, 40), GREEN)).unwrap();
    let (mut source, screens) = all(&server);
    assert_eq!(screens.len(), 1);
    assert_eq!((screens[0].width, screens[0].height), (800, 600));
    let whole = picture(&taken(shoot(&mut *source, &screens[0], &rules(), None).unwrap()));
    for (x, y, seen) in [(10, 20, RED), (109, 69, RED), (500, 300, GREEN), (539, 339, GREEN)] {
        assert_eq!(colour(&whole, x, y), seen, "at {x}, {y}");
    }
    for (x, y) in [(9, 20), (10, 19), (110, 69), (499, 300), (540, 340)] {
        assert_eq!(colour(&whole, x, y), [0, 0, 0], "at {x}, {y}");
    }

    painter.add_monitor("left", true, (0, 0, 400, 600)).unwrap();
    painter.add_monitor("right", false, (400, 0, 400, 500)).unwrap();
    let mut source = stint_capture::screens(Some(server.name())).unwrap();
    let named = Which::Named(vec!["left".into(), "right".into()]);
    let screens = choose(&mut *source, &named).unwrap();
    let sizes: Vec<_> =
        screens.iter().map(|screen| (screen.name.as_str(), screen.x, screen.height)).collect();
    assert_eq!(sizes, [("left", 0, 600), ("right", 400, 500)]);
    let shots: Vec<_> = screens
        .iter()
        .map(|screen| picture(&taken(shoot(&mut *source, screen, &rules(), None).unwrap())))
        .collect();
    assert_eq!((shots[0].width(), shots[0].height()), (400, 600));
    assert_eq!(colour(&shots[0], 10, 20), RED);
    assert_eq!(colour(&shots[1], 100, 300), GREEN, "its own left edge is where it begins");
    assert_eq!(colour(&shots[1], 99, 300), [0, 0, 0]);
    let main = choose(&mut *source, &Which::Primary).unwrap();
    assert_eq!(main[0].name, "left");
}

#[test]
fn a_glance_shows_what_the_picture_shows_and_spares_it_where_nothing_changed() {
    let server = Server::start(800, 600).unwrap();
    let mut painter = Painter::connect(server.name()).unwrap();
    for (place, colour) in [((10, 10, 300, 200), RED), ((400, 301, 77, 99), GREEN)] {
        painter.show(&pane("any", "any", place, colour)).unwrap();
    }
    let (mut source, screens) = all(&server);
    let whole = source.grab(&screens[0]).unwrap();
    assert_eq!(source.glance(&screens[0]).unwrap(), Some(Glance::of(&whole)));

    let before = taken(shoot(&mut *source, &screens[0], &rules(), None).unwrap()).likeness;
    let again = shoot(&mut *source, &screens[0], &rules(), Some(&before)).unwrap();
    assert!(matches!(again, Sight::Unchanged), "{again:?}");
    painter.show(&pane("any", "any", (0, 400, 500, 150), [255, 255, 255])).unwrap();
    taken(shoot(&mut *source, &screens[0], &rules(), Some(&before)).unwrap());

    let beyond = Screen { height: 601, ..screens[0].clone() };
    assert_eq!(source.glance(&beyond).unwrap(), None, "its last row isn't there");
    assert!(source.glance(&screens[0]).unwrap().is_some(), "and the connection goes on");
}

#[test]
fn a_window_that_must_not_be_seen_is_on_no_picture() {
    let server = Server::start(640, 480).unwrap();
    let mut painter = Painter::connect(server.name()).unwrap();
    painter.add_monitor("left", true, (0, 0, 320, 480)).unwrap();
    painter.add_monitor("right", false, (320, 0, 320, 480)).unwrap();
    painter.show(&pane("editor", "a letter", (20, 20, 100, 100), GREEN)).unwrap();
    let vault = painter.show(&pane("Vault", "My \u{1b}passwords", (200, 200, 100, 80), RED)).unwrap();
    let by_app = Exclusion { app: Some("vault".into()), title: None };
    let by_title = Exclusion { app: None, title: Some(Regex::new("passwords$").unwrap()) };
    for exclusion in [by_app, by_title] {
        let skip = Rules { exclude: vec![exclusion], ..rules() };
        let mut source = screens(Some(server.name())).unwrap();
        let named = Which::Named(vec!["left".into(), "right".into()]);
        let screens = choose(&mut *source, &named).unwrap();
        assert!(matches!(shoot(&mut *source, &screens[0], &skip, None).unwrap(), Sight::Excluded));
        let right = picture(&taken(shoot(&mut *source, &screens[1], &skip, None).unwrap()));
        assert!(!right.as_rgba().chunks(4).any(|pixel| pixel[..3] == RED));

        let hide = Rules { on_excluded: OnExcluded::Hide, ..skip };
        let shot = taken(shoot(&mut *source, &screens[0], &hide, None).unwrap());
        assert_eq!(shot.treated.iter().map(|done| done.word()).collect::<Vec<_>>(), ["window-hidden"]);
        assert_eq!(colour(&picture(&shot), 50, 50), GREEN, "what may be seen is seen");
    }
    painter.close(vault).unwrap();
    let (mut source, screens) = all(&server);
    let skip = Rules { exclude: vec![Exclusion { app: Some("vault".into()), title: None }], ..rules() };
    taken(shoot(&mut *source, &screens[0], &skip, None).unwrap());
}

#[test]
fn a_program_is_found_in_a_frame_that_has_names_of_its_own() {
    let server = Server::start(320, 200).unwrap();
    let mut painter = Painter::connect(server.name()).unwrap();
    let frame = painter.show(&pane("frame-drawer", "", (10, 10, 200, 100), GREEN)).unwrap();
    painter.show_in(frame, &pane("Vault", "", (5, 20, 190, 75), RED)).unwrap();
    let (mut source, screens) = all(&server);
    let skip = Rules { exclude: vec![Exclusion { app: Some("vault".into()), title: None }], ..rules() };
    assert!(matches!(shoot(&mut *source, &screens[0], &skip, None).unwrap(), Sight::Excluded));
}

#[test]
fn windows_that_come_go_or_move_are_counted() {
    let server = Server::start(320, 200).unwrap();
    let mut painter = Painter::connect(server.name()).unwrap();
    let mut source = screens(Some(server.name())).unwrap();
    let mut moves = || source.arrangement().unwrap().moves;
    let still = moves();
    assert_eq!(moves(), still, "looking moves nothing");
    let window = painter.show(&pane("flash", "", (0, 0, 50, 50), RED)).unwrap();
    let shown = moves();
    assert!(shown > still);
    painter.close(window).unwrap();
    let closed = moves();
    assert!(closed > shown);
    let brief = painter.show(&pane("flash", "", (0, 0, 50, 50), RED)).unwrap();
    painter.close(brief).unwrap();
    assert!(moves() > closed, "one that was there only between two lists is told, too");
}

#[test]
fn the_widest_monitor_is_read_to_its_last_pixel_and_a_larger_one_is_refused() {
    let server = Server::start(16_384, 64).unwrap();
    let mut painter = Painter::connect(server.name()).unwrap();
    painter.show(&pane("edge", "", (16_380, 60, 4, 4), GREEN)).unwrap();
    let (mut source, screens) = all(&server);
    let shot = taken(shoot(&mut *source, &screens[0], &rules(), None).unwrap());
    assert_eq!((shot.width, shot.height), (16_384, 64));
    let picture = picture(&shot);
    assert_eq!((colour(&picture, 16_383, 63), colour(&picture, 16_379, 63)), (GREEN, [0, 0, 0]));

    let server = Server::start(16_400, 64).unwrap();
    let (mut source, screens) = all(&server);
    let error = shoot(&mut *source, &screens[0], &rules(), None).unwrap_err().to_string();
    assert!(error.contains("16400 × 64 pixels"), "{error}");
}

#[test]
fn text_in_a_hidden_window_or_area_is_gone() {
    let server = Server::start(400, 300).unwrap();
    let mut painter = Painter::connect(server.name()).unwrap();
    painter.show(&pane("Vault", "", (100, 100, 128, 96), [255, 255, 255])).unwrap();
    for line in 0..12 {
        // The strokes belong to the same application, as parts of its text do.
        painter.show(&pane("Vault", "", (104 + line * 10, 110, 4, 70), [0, 0, 0])).unwrap();
        painter.show(&pane("clock", "", (4 + line * 8, 4, 4, 20), [255, 255, 255])).unwrap();
    }
    let region = Region { x: 0, y: 0, width: 110, height: 30 };
    let rules = Rules {
        exclude: vec![Exclusion { app: Some("Vault".into()), title: None }],
        on_excluded: OnExcluded::Hide,
        areas: vec![Area { screen: None, region }],
        ..rules()
    };
    let (mut source, screens) = all(&server);
    let shot = taken(shoot(&mut *source, &screens[0], &rules, None).unwrap());
    let words: Vec<_> = shot.treated.iter().map(|done| done.word()).collect();
    assert_eq!(words, ["window-hidden", "area-hidden"]);
    let picture = picture(&shot);
    let strokes = |y: u32, from: u32, to: u32| {
        let jump = |x: &u32| colour(&picture, *x, y)[0].abs_diff(colour(&picture, x + 1, y)[0]) > 24;
        (from..to).filter(jump).count()
    };
    assert_eq!(strokes(140, 102, 226), 0, "no stroke of the text is left");
    assert_eq!(strokes(14, 2, 108), 0, "nor of the clock");
}

#[test]
fn a_monitor_that_changes_or_goes_is_an_error_and_the_next_shot_is_right() {
    let server = Server::start(800, 600).unwrap();
    let mut painter = Painter::connect(server.name()).unwrap();
    painter.show(&pane("editor", "", (0, 0, 800, 600), BLUE)).unwrap();
    painter.add_monitor("desk", true, (0, 0, 800, 600)).unwrap();
    let which = Which::Named(vec!["desk".into()]);
    let mut source = screens(Some(server.name())).unwrap();
    let before = choose(&mut *source, &which).unwrap().remove(0);
    let first = taken(shoot(&mut *source, &before, &rules(), None).unwrap());
    assert!(matches!(
        shoot(&mut *source, &before, &rules(), Some(&first.likeness)).unwrap(),
        Sight::Unchanged
    ));

    painter.remove_monitor("desk").unwrap();
    painter.add_monitor("desk", true, (100, 100, 640, 400)).unwrap();
    let after = choose(&mut *source, &which).unwrap().remove(0);
    let second = taken(shoot(&mut *source, &after, &rules(), Some(&first.likeness)).unwrap());
    assert_eq!((second.width, second.height), (640, 400), "another size is another picture");
    assert_eq!(colour(&picture(&second), 639, 399), BLUE);

    let beyond = Screen { x: 700, ..before };
    let error = shoot(&mut *source, &beyond, &rules(), None).unwrap_err().to_string();
    assert_eq!(error, "look at screen desk: it went away or changed its size at that moment");
    taken(shoot(&mut *source, &after, &rules(), None).unwrap());
    painter.remove_monitor("desk").unwrap();
    let error = choose(&mut *source, &which).unwrap_err().to_string();
    assert!(error.starts_with("find screen desk: the screens here are "), "{error}");
}

#[test]
fn a_display_that_goes_is_told_and_the_next_connection_finds_it_back() {
    let server = Server::start(320, 200).unwrap();
    let name = server.name().to_owned();
    let mut source = screens(Some(&name)).unwrap();
    let screen = choose(&mut *source, &Which::All).unwrap().remove(0);
    drop(server);
    let error = shoot(&mut *source, &screen, &rules(), None).unwrap_err().to_string();
    assert!(error.starts_with("hear from the display: "), "{error}");
    let error = screens(Some(&name)).unwrap_err().to_string();
    assert!(error.starts_with(&format!("reach display {name}: ")), "{error}");
    assert!(error.contains("is the X server running"), "{error}");
    assert!(screens(Some("nonsense")).unwrap_err().to_string().contains("it has to look like :0"));
}
