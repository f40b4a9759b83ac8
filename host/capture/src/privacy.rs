//! Makes parts of a picture unreadable. A mean over coarse squares comes first: of what a square held, one colour is
//! left, which no sharpening brings back. The blur after it only makes that look less rough.

use stint_domain::item::Treatment;
use stint_pixels::{Picture, Region};

use crate::{rules::Rules, source::Screen};

/// The side of the squares: a line of large text is as high.
const SQUARE: u32 = 32;
const SOFTEN: u32 = 12;

/// Takes out of the picture what the rules forbid. `windows` are the parts with windows that must not be seen.
pub(crate) fn apply(
    picture: &mut Picture,
    windows: &[Region],
    rules: &Rules,
    screen: &Screen,
) -> Vec<Treatment> {
    let mut done = Vec::new();
    let areas = rules.areas_of(screen);
    for (regions, treatment) in [(windows, Treatment::WindowHidden), (&areas[..], Treatment::AreaHidden)] {
        for region in regions {
            hide(picture, *region);
        }
        if !regions.is_empty() {
            done.push(treatment);
        }
    }
    done
}

/// Blurs the whole, where that is asked for.
pub(crate) fn blur(picture: &mut Picture, rules: &Rules) -> Option<Treatment> {
    (rules.blur > 0).then(|| {
        picture.blur(None, rules.blur);
        Treatment::Blurred
    })
}

fn hide(picture: &mut Picture, region: Region) {
    picture.pixelate(Some(region), SQUARE);
    picture.blur(Some(region), SOFTEN);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::{
        Area,
        tests::{rules, screen},
    };

    /// Thin lines, as text has them: black and white in turn.
    fn lines(width: u32, height: u32) -> Picture {
        let bytes = (0..height).flat_map(|_| {
            (0..width).flat_map(|x| [if x % 2 == 0 { 0 } else { 255 }; 3].into_iter().chain([255]))
        });
        Picture::from_rgba(width, height, bytes.collect()).unwrap()
    }

    fn red(picture: &Picture, x: u32, y: u32) -> u8 {
        picture.as_rgba()[((y * picture.width() + x) * 4) as usize]
    }

    #[test]
    fn nothing_can_be_read_inside_and_nothing_changes_outside() {
        let mut picture = lines(200, 100);
        let window = Region { x: 20, y: 10, width: 100, height: 50 };
        let area = Area { screen: None, region: Region { x: 190, y: 90, width: 50, height: 50 } };
        let rules = Rules { areas: vec![area], ..rules() };
        let done = apply(&mut picture, &[window], &rules, &screen("left", 0, 200));
        assert_eq!(done, [Treatment::WindowHidden, Treatment::AreaHidden]);
        let before = lines(200, 100);
        for y in 0..100 {
            for x in 0..200 {
                let inside = ((20..120).contains(&x) && (10..60).contains(&y)) || (x >= 190 && y >= 90);
                let now = red(&picture, x, y);
                if inside {
                    assert!((100..156).contains(&now), "a line is left at {x}, {y}: {now}");
                } else {
                    assert_eq!(now, red(&before, x, y), "at {x}, {y}");
                }
            }
        }
    }

    #[test]
    fn what_nothing_is_asked_of_stays_as_it_is() {
        let mut picture = lines(40, 40);
        assert_eq!(apply(&mut picture, &[], &rules(), &screen("left", 0, 40)), []);
        assert_eq!(blur(&mut picture, &rules()), None);
        assert_eq!(picture, lines(40, 40));
        assert_eq!(blur(&mut picture, &Rules { blur: 20, ..rules() }), Some(Treatment::Blurred));
        assert!((100..156).contains(&red(&picture, 20, 20)));
    }
}
