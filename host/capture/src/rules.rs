//! What may be seen of a screen, and how it is kept.

use regex::Regex;
use stint_pixels::{Format, Region};

use crate::source::{Names, Screen, Window};

/// What may be seen of a screen, and how it is kept.
#[derive(Clone, Debug)]
pub struct Rules {
    /// Windows that must not be seen.
    pub exclude: Vec<Exclusion>,
    /// What becomes of a screen with one of them on it.
    pub on_excluded: OnExcluded,
    /// Parts of screens that must not be seen.
    pub areas: Vec<Area>,
    /// How strongly the whole is blurred; 0 is not at all.
    pub blur: u32,
    /// Wider pictures are made smaller.
    pub width_max: u32,
    /// How it is encoded.
    pub format: Format,
    /// Whether a screen that looks as it did isn't kept again.
    pub skip_unchanged: bool,
}

/// A window that must not be seen. What isn't said fits every window.
#[derive(Clone, Debug)]
pub struct Exclusion {
    /// Its application; capital and small letters are the same.
    pub app: Option<String>,
    /// What is found in its title.
    pub title: Option<Regex>,
}

/// What becomes of a screen with a window on it that must not be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnExcluded {
    /// Nobody looks at it.
    Skip,
    /// The window is made unreadable.
    Hide,
}

/// A part of a screen that must not be seen, in the screen's own pixels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Area {
    /// The screen; all of them where none is named.
    pub screen: Option<String>,
    /// The part.
    pub region: Region,
}

/// Which screens are looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Which {
    /// All, each on its own.
    All,
    /// The main one.
    Primary,
    /// The one with the window that has the focus.
    Active,
    /// Those with these names.
    Named(Vec<String>),
}

impl Rules {
    /// Whether windows matter at all.
    pub(crate) fn mind_windows(&self) -> bool {
        !self.exclude.is_empty()
    }

    /// Whether anything at all is to be made unreadable.
    pub(crate) fn hide_anything(&self) -> bool {
        self.mind_windows() || !self.areas.is_empty() || self.blur > 0
    }

    /// The parts of the screen on which windows lie that must not be seen.
    pub(crate) fn excluded(&self, windows: &[Window], screen: &Screen) -> Vec<Region> {
        let bad = windows.iter().filter(|window| self.exclude.iter().any(|rule| rule.fits(&window.names)));
        bad.filter_map(|window| on_screen(window, screen)).collect()
    }

    /// So often the titles changed that may decide whether something on the screen must not be seen. Others don't matter:
    /// a terminal that shows its progress in the title would keep every picture from being taken.
    pub(crate) fn renames(&self, windows: &[Window], screen: &Screen) -> u64 {
        let decides = |rule: &Exclusion, window: &Window| rule.title.is_some() && rule.is_for(&window.names);
        let on = windows.iter().filter(|window| on_screen(window, screen).is_some());
        let decisive = on.filter(|window| self.exclude.iter().any(|rule| decides(rule, window)));
        decisive.map(|window| window.renames).sum()
    }

    /// The parts of the screen that are never to be seen.
    pub(crate) fn areas_of(&self, screen: &Screen) -> Vec<Region> {
        let on = |area: &&Area| area.screen.as_ref().is_none_or(|name| *name == screen.name);
        self.areas.iter().filter(on).map(|area| area.region).collect()
    }
}

impl Exclusion {
    /// Whether a window that is called this must not be seen.
    pub fn fits(&self, names: &Names) -> bool {
        let fits_title = |title: &Regex| names.titles.iter().any(|text| title.is_match(text));
        self.is_for(names) && (names.is_title_unknown || self.title.as_ref().is_none_or(fits_title))
    }

    /// Whether it is for the window's application.
    fn is_for(&self, names: &Names) -> bool {
        let lower = |text: &str| text.to_lowercase();
        let fits_app = |app: &String| names.apps.iter().any(|name| lower(name) == lower(app));
        names.is_app_unknown || self.app.as_ref().is_none_or(fits_app)
    }
}

/// The part of the screen that the window covers.
fn on_screen(window: &Window, screen: &Screen) -> Option<Region> {
    let side = |start: i32, length: u32, from: i32, room: u32| {
        let (start, from) = (i64::from(start), i64::from(from));
        let first = (start - from).max(0);
        let end = (start + i64::from(length) - from).min(i64::from(room));
        let length = u32::try_from(end - first).ok().filter(|length| *length > 0)?;
        Some((u32::try_from(first).ok()?, length))
    };
    let (x, width) = side(window.x, window.width, screen.x, screen.width)?;
    let (y, height) = side(window.y, window.height, screen.y, screen.height)?;
    Some(Region { x, y, width, height })
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn rules() -> Rules {
        Rules {
            exclude: Vec::new(),
            on_excluded: OnExcluded::Skip,
            areas: Vec::new(),
            blur: 0,
            width_max: 16_384,
            format: Format::Png,
            skip_unchanged: true,
        }
    }

    pub(crate) fn screen(name: &str, x: i32, width: u32) -> Screen {
        let (primary, active) = (x == 0, x == 0);
        Screen { name: name.into(), output: None, x, y: 0, width, height: 100, primary, active }
    }

    pub(crate) fn window(app: &str, title: &str, x: i32, width: u32) -> Window {
        Window {
            names: Names { apps: vec![app.into()], titles: vec![title.into()], ..Names::default() },
            renames: 0,
            x,
            y: 10,
            width,
            height: 20,
        }
    }

    fn exclusion(app: Option<&str>, title: Option<&str>) -> Exclusion {
        Exclusion { app: app.map(Into::into), title: title.map(|title| Regex::new(title).unwrap()) }
    }

    #[test]
    fn an_exclusion_fits_by_application_by_title_or_by_both() {
        let vault = window("KeePassXC", "Passwords", 0, 10).names;
        let bank = window("firefox", "My Bank - Firefox", 0, 10).names;
        let cases = [
            (exclusion(Some("keepassxc"), None), true, false),
            (exclusion(None, Some("(?i)bank")), false, true),
            (exclusion(Some("Firefox"), Some("Bank")), false, true),
            (exclusion(Some("Firefox"), Some("Passwords")), false, false),
        ];
        for (rule, fits_vault, fits_bank) in cases {
            assert_eq!((rule.fits(&vault), rule.fits(&bank)), (fits_vault, fits_bank), "{rule:?}");
        }
        let renamed = Names { apps: vec!["x".into(), "KEEPASSXC".into()], ..vault };
        assert!(exclusion(Some("KeePassXC"), None).fits(&renamed), "any of its names");
    }

    #[test]
    fn what_could_not_be_read_fits_every_rule() {
        let plain = window("editor", "letter", 0, 10).names;
        let app = Names { is_app_unknown: true, ..plain.clone() };
        let title = Names { is_title_unknown: true, ..plain.clone() };
        for (rule, fits) in [
            (exclusion(Some("vault"), None), [false, true, false]),
            (exclusion(None, Some("bank")), [false, false, true]),
            (exclusion(Some("vault"), Some("bank")), [false, false, false]),
            (exclusion(Some("editor"), Some("bank")), [false, false, true]),
        ] {
            assert_eq!([&plain, &app, &title].map(|names| rule.fits(names)), fits, "{rule:?}");
        }
    }

    #[test]
    fn only_the_part_of_a_window_on_this_screen_counts() {
        let rules = Rules { exclude: vec![exclusion(Some("vault"), None)], ..rules() };
        let windows = [window("vault", "", 80, 50), window("editor", "", 0, 200)];
        let at = |x, width| Region { x, y: 10, width, height: 20 };
        assert_eq!(rules.excluded(&windows, &screen("left", 0, 100)), [at(80, 20)]);
        assert_eq!(rules.excluded(&windows, &screen("right", 100, 100)), [at(0, 30)]);
        assert_eq!(rules.excluded(&windows, &screen("far", 200, 100)), []);
        let outside = [window("vault", "", -40, 30), window("vault", "", i32::MIN, u32::MAX)];
        assert_eq!(rules.excluded(&outside, &screen("left", 0, 100)), [at(0, 100)], "clipped, never wrapped");
    }

    #[test]
    fn a_title_that_changes_counts_where_it_decides() {
        let renamed = |app, x| Window { renames: 3, ..window(app, "news", x, 50) };
        let windows = [renamed("firefox", 0), renamed("xterm", 0), renamed("firefox", 100)];
        let count = |rule| {
            let rules = Rules { exclude: vec![rule], ..rules() };
            rules.renames(&windows, &screen("left", 0, 100))
        };
        assert_eq!(count(exclusion(None, Some("bank"))), 6, "those on this screen");
        assert_eq!(count(exclusion(Some("Firefox"), Some("bank"))), 3, "those of the application");
        assert_eq!(count(exclusion(Some("Firefox"), None)), 0, "no title decides");
    }

    #[test]
    fn an_area_is_of_its_screen_or_of_all() {
        let region = Region { x: 1, y: 2, width: 3, height: 4 };
        let of = |screen: Option<&str>| Area { screen: screen.map(Into::into), region };
        let rules = Rules { areas: vec![of(None), of(Some("left"))], ..rules() };
        assert_eq!(rules.areas_of(&screen("left", 0, 9)).len(), 2);
        assert_eq!(rules.areas_of(&screen("right", 0, 9)).len(), 1);
    }
}
