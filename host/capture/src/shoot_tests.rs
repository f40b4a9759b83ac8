//! Shots of screens that stand in for real ones.

use regex::Regex;
use stint_pixels::{Format, Picture, Region, decode};

use super::*;
use crate::{
    rules::{
        Exclusion,
        tests::{rules, screen, window},
    },
    source::{Arrangement, Window},
};

/// A desk on paper. It notes what it was asked.
#[derive(Debug)]
struct Paper {
    screens: Vec<Screen>,
    windows: Vec<Window>,
    shade: u8,
    asked: Vec<&'static str>,
    breaks: bool,
    /// After so many grabs the windows are these, and have moved.
    later: Vec<(usize, Vec<Window>)>,
    moves: u64,
    is_public: bool,
    /// Whether it can be glanced at.
    can_glance: bool,
}

impl Paper {
    fn new(windows: Vec<Window>) -> Self {
        let screens = vec![screen("left", 0, 200), screen("right", 200, 100)];
        let (asked, later) = (Vec::new(), Vec::new());
        Self {
            screens,
            windows,
            shade: 10,
            asked,
            breaks: false,
            later,
            moves: 0,
            is_public: false,
            can_glance: false,
        }
    }
}

impl Paper {
    fn draw(&self, screen: &Screen) -> Result<Picture, SourceError> {
        let bytes = (screen.width * screen.height * 4) as usize;
        let mut picture = Picture::from_rgba(screen.width, screen.height, vec![self.shade; bytes])?;
        picture.fill(Some(Region { x: 20, y: 15, width: 1, height: 5 }), [255, 255, 255]);
        Ok(picture)
    }
}

impl Source for Paper {
    fn screens(&mut self) -> Result<Vec<Screen>, SourceError> {
        Ok(self.screens.clone())
    }

    fn arrangement(&mut self) -> Result<Arrangement, SourceError> {
        self.asked.push("windows");
        Ok(Arrangement { windows: self.windows.clone(), moves: self.moves })
    }

    fn is_private(&self) -> bool {
        !self.is_public
    }

    fn glance(&mut self, screen: &Screen) -> Result<Option<Glance>, SourceError> {
        if !self.can_glance {
            return Ok(None);
        }
        self.asked.push("glance");
        Ok(Some(Glance::of(&self.draw(screen)?)))
    }

    fn grab(&mut self, screen: &Screen) -> Result<Picture, SourceError> {
        self.asked.push("grab");
        if self.breaks {
            return Err(SourceError::Changed { name: screen.name.clone() });
        }
        let picture = self.draw(screen)?;
        let grabs = self.asked.iter().filter(|asked| **asked == "grab").count();
        if let Some((_, windows)) = self.later.iter().find(|(after, _)| *after == grabs) {
            self.windows.clone_from(windows);
            self.moves += 1;
        }
        Ok(picture)
    }
}

fn secret() -> Vec<Exclusion> {
    vec![Exclusion { app: None, title: Some(Regex::new("secret").unwrap()) }]
}

fn taken(sight: Sight) -> Shot {
    match sight {
        Sight::Taken(shot) => shot,
        other => panic!("nothing was taken: {other:?}"),
    }
}

#[test]
fn with_a_window_that_must_not_be_seen_no_pixel_is_asked_for() {
    let mut paper = Paper::new(vec![window("any", "a secret", 10, 50)]);
    let rules = Rules { exclude: secret(), ..rules() };
    let [left, right] = &paper.screens.clone()[..] else { panic!("two screens") };
    assert!(matches!(shoot(&mut paper, left, &rules, None).unwrap(), Sight::Excluded));
    assert_eq!(paper.asked, ["windows"]);
    assert_eq!(taken(shoot(&mut paper, right, &rules, None).unwrap()).treated, []);
    assert_eq!(paper.asked[1..], ["windows", "grab", "windows"], "the window is on the other screen");
}

#[test]
fn a_shot_tells_its_size_and_not_what_it_shows() {
    let mut paper = Paper::new(Vec::new());
    let left = paper.screens[0].clone();
    let shot = taken(shoot(&mut paper, &left, &rules(), None).unwrap());
    let size = shot.file.len();
    assert_eq!(format!("{shot:?}"), format!("Shot(200 × 100, image/png, {size} bytes)"));
}

#[test]
fn a_window_that_is_to_be_hidden_is_unreadable_in_the_file() {
    let mut paper = Paper::new(vec![window("any", "a secret", 10, 50)]);
    let rules = Rules { exclude: secret(), on_excluded: OnExcluded::Hide, ..rules() };
    let left = paper.screens[0].clone();
    let shot = taken(shoot(&mut paper, &left, &rules, None).unwrap());
    assert_eq!(shot.treated, [Treatment::WindowHidden]);
    let picture = decode(&shot.file, &Bounds::default()).unwrap();
    let bright = picture.as_rgba().chunks(4).filter(|pixel| pixel[0] > 200).count();
    assert_eq!(bright, 0, "the bright line in the window is gone");
    let plain = taken(shoot(&mut paper, &left, &Rules { exclude: Vec::new(), ..rules }, None).unwrap());
    let picture = decode(&plain.file, &Bounds::default()).unwrap();
    assert_eq!(picture.as_rgba().chunks(4).filter(|pixel| pixel[0] > 200).count(), 5);
}

#[test]
fn a_window_that_comes_or_moves_during_the_look_is_never_in_the_picture() {
    let rules = Rules { exclude: secret(), ..rules() };
    let mut paper = Paper::new(Vec::new());
    paper.later = vec![(1, vec![window("any", "a secret", 10, 50)])];
    let left = paper.screens[0].clone();
    assert!(matches!(shoot(&mut paper, &left, &rules, None).unwrap(), Sight::Excluded));
    assert_eq!(paper.asked, ["windows", "grab", "windows", "windows"], "looked again, and then not at all");

    let hide = Rules { on_excluded: OnExcluded::Hide, ..rules };
    let mut paper = Paper::new(vec![window("any", "a secret", 100, 50)]);
    paper.later = vec![(1, vec![window("any", "a secret", 10, 50)])];
    let shot = taken(shoot(&mut paper, &left, &hide, None).unwrap());
    let picture = decode(&shot.file, &Bounds::default()).unwrap();
    assert_eq!(
        picture.as_rgba().chunks(4).filter(|pixel| pixel[0] > 200).count(),
        0,
        "hidden where it is now"
    );
}

#[test]
fn windows_that_never_keep_still_are_an_error_and_no_picture() {
    let mut paper = Paper::new(Vec::new());
    // Something flashes up during each look and is gone after it: only the count of moves tells.
    paper.later = (1..=5).map(|grabs| (grabs, Vec::new())).collect();
    let left = paper.screens[0].clone();
    let rules = Rules { exclude: secret(), ..rules() };
    let error = shoot(&mut paper, &left, &rules, None).unwrap_err().to_string();
    assert!(
        error.starts_with("look at screen left: windows moved or changed their titles during"),
        "{error}"
    );
    paper.later = vec![(7, Vec::new())];
    taken(shoot(&mut paper, &left, &rules, None).unwrap());
}

#[test]
fn a_source_whose_pictures_pass_through_a_file_hides_nothing_and_says_so() {
    let region = Region { x: 0, y: 0, width: 1, height: 1 };
    let area = vec![crate::rules::Area { screen: None, region }];
    let mut paper = Paper { is_public: true, ..Paper::new(Vec::new()) };
    let left = paper.screens[0].clone();
    for strict in [
        Rules { exclude: secret(), ..rules() },
        Rules { areas: area, ..rules() },
        Rules { blur: 1, ..rules() },
    ] {
        let error = shoot(&mut paper, &left, &strict, None).unwrap_err();
        assert!(matches!(error, SourceError::Wayland), "{error}");
    }
    assert!(paper.asked.is_empty(), "nobody looked");
    taken(shoot(&mut paper, &left, &rules(), None).unwrap());
}

#[test]
fn what_breaks_during_a_look_is_told() {
    let mut paper = Paper { breaks: true, ..Paper::new(Vec::new()) };
    let rules = Rules { exclude: secret(), ..rules() };
    let left = paper.screens[0].clone();
    let error = shoot(&mut paper, &left, &rules, None).unwrap_err();
    assert_eq!(error.to_string(), "look at screen left: it went away or changed its size at that moment");
}

#[test]
fn an_unchanged_screen_is_neither_encoded_nor_kept() {
    let mut paper = Paper::new(Vec::new());
    let left = paper.screens[0].clone();
    let first = taken(shoot(&mut paper, &left, &rules(), None).unwrap());
    let again = shoot(&mut paper, &left, &rules(), Some(&first.likeness)).unwrap();
    assert!(matches!(again, Sight::Unchanged));
    let careless = Rules { skip_unchanged: false, ..rules() };
    taken(shoot(&mut paper, &left, &careless, Some(&first.likeness)).unwrap());
    paper.shade = 60;
    taken(shoot(&mut paper, &left, &rules(), Some(&first.likeness)).unwrap());
}

#[test]
fn a_wide_picture_is_made_smaller_and_says_so() {
    let mut paper = Paper::new(Vec::new());
    let left = paper.screens[0].clone();
    let rules = Rules { width_max: 50, blur: 3, format: Format::Jpeg { quality: 60 }, ..rules() };
    let shot = taken(shoot(&mut paper, &left, &rules, None).unwrap());
    assert_eq!((shot.width, shot.height, shot.mime), (50, 25, "image/jpeg"));
    assert_eq!(shot.treated, [Treatment::Scaled, Treatment::Blurred]);
    let picture = decode(&shot.file, &Bounds::default()).unwrap();
    assert_eq!((picture.width(), picture.height()), (50, 25));
}

#[test]
fn a_screen_of_an_impossible_size_is_refused_before_it_is_looked_at() {
    let mut paper = Paper::new(Vec::new());
    let huge = Screen { width: 20_000, height: 20_000, ..screen("wall", 0, 1) };
    assert!(
        shoot(&mut paper, &huge, &rules(), None).unwrap_err().to_string().contains("20000 × 20000 pixels")
    );
    assert!(paper.asked.is_empty());
    paper.screens = vec![Screen { width: 0, ..screen("gone", 0, 1) }];
    let error = choose(&mut paper, &Which::All).unwrap_err().to_string();
    assert!(error.starts_with("find a screen: the screens here are none"), "{error}");
}

#[test]
fn screens_are_chosen_by_role_or_by_name() {
    let mut paper = Paper::new(Vec::new());
    paper.screens[0].active = false;
    paper.screens[1].active = true;
    let mut names = |which: &Which| -> Vec<String> {
        choose(&mut paper, which).unwrap().into_iter().map(|screen| screen.name).collect()
    };
    assert_eq!(names(&Which::All), ["left", "right"]);
    assert_eq!(names(&Which::Primary), ["left"]);
    assert_eq!(names(&Which::Active), ["right"]);
    assert_eq!(names(&Which::Named(vec!["right".into(), "DP-9".into()])), ["right"]);
    let error = choose(&mut paper, &Which::Named(vec!["DP-9".into()])).unwrap_err().to_string();
    assert!(error.starts_with("find screen DP-9: the screens here are left, right"), "{error}");
}

#[test]
fn a_screen_that_looks_as_it_did_costs_a_glance_and_no_picture() {
    let mut paper = Paper { can_glance: true, ..Paper::new(vec![window("any", "a secret", 10, 50)]) };
    let left = paper.screens[0].clone();
    let rules = Rules { exclude: secret(), on_excluded: OnExcluded::Hide, ..rules() };
    let kept = taken(shoot(&mut paper, &left, &rules, None).unwrap());
    assert_eq!(paper.asked, ["windows", "grab", "windows"], "there is nothing to compare with");
    paper.asked.clear();
    let again = shoot(&mut paper, &left, &rules, Some(&kept.likeness)).unwrap();
    assert!(matches!(again, Sight::Unchanged), "what is hidden is no change either: {again:?}");
    assert_eq!(paper.asked, ["windows", "glance"]);

    paper.asked.clear();
    paper.shade = 100;
    taken(shoot(&mut paper, &left, &rules, Some(&kept.likeness)).unwrap());
    assert_eq!(paper.asked, ["windows", "glance", "grab", "windows"]);

    paper.asked.clear();
    let skip = Rules { on_excluded: OnExcluded::Skip, ..rules.clone() };
    assert!(matches!(shoot(&mut paper, &left, &skip, Some(&kept.likeness)).unwrap(), Sight::Excluded));
    assert_eq!(paper.asked, ["windows"], "not even glanced at");

    paper.asked.clear();
    let all = Rules { skip_unchanged: false, ..rules };
    taken(shoot(&mut paper, &left, &all, Some(&kept.likeness)).unwrap());
    assert_eq!(paper.asked, ["windows", "grab", "windows"], "each is kept");
}
