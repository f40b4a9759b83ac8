//! A test card: a picture that is drawn, for machines without a screen and for trying things out. A bar moves from one
//! second to the next, and the time is written on it, so that every card differs from the one before.

mod digits;

use stint_domain::time::UnixMs;
use stint_pixels::{Picture, Region};

use crate::source::{Arrangement, Screen, Source, SourceError};

const WIDTH: u32 = 1280;
const HEIGHT: u32 = 720;
/// The colours of the card, from left to right.
const STRIPES: [[u8; 3]; 8] = [
    [235, 235, 235],
    [215, 200, 60],
    [60, 190, 200],
    [70, 180, 80],
    [190, 80, 180],
    [200, 70, 60],
    [60, 80, 190],
    [30, 30, 35],
];

/// A source whose only screen is a test card of one moment.
#[derive(Debug)]
pub struct TestCard {
    at: UnixMs,
}

impl TestCard {
    /// The card of this moment. The time on it is UTC.
    pub fn new(at: UnixMs) -> Self {
        Self { at }
    }
}

impl Source for TestCard {
    fn screens(&mut self) -> Result<Vec<Screen>, SourceError> {
        Ok(vec![Screen {
            name: "test-card".to_owned(),
            output: None,
            x: 0,
            y: 0,
            width: WIDTH,
            height: HEIGHT,
            primary: true,
            active: true,
        }])
    }

    fn arrangement(&mut self) -> Result<Arrangement, SourceError> {
        Ok(Arrangement::default())
    }

    fn grab(&mut self, screen: &Screen) -> Result<Picture, SourceError> {
        let bytes = screen.width as usize * screen.height as usize * 4;
        let mut picture = Picture::from_rgba(screen.width, screen.height, vec![u8::MAX; bytes])?;
        let stripe = WIDTH / 8;
        for (place, colour) in (0..).zip(STRIPES) {
            picture.fill(Some(Region { x: place * stripe, y: 0, width: stripe, height: HEIGHT }), colour);
        }
        let seconds = u32::try_from(self.at.0.div_euclid(1_000).rem_euclid(86_400)).unwrap_or_default();
        let bar = Region { x: seconds % 60 * (WIDTH / 60), y: HEIGHT - 120, width: WIDTH / 60, height: 80 };
        picture.fill(Some(bar), [255, 255, 255]);
        let board = Region { x: 160, y: 220, width: WIDTH - 320, height: 240 };
        picture.fill(Some(board), [20, 20, 24]);
        digits::time(&mut picture, seconds, board);
        Ok(picture)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Likeness, glance::Glance};

    fn card(at: i64) -> Picture {
        let mut card = TestCard::new(UnixMs(at));
        let screen = card.screens().unwrap().remove(0);
        card.grab(&screen).unwrap()
    }

    #[test]
    fn every_second_has_a_card_of_its_own() {
        let noon = card(12 * 3_600_000);
        assert_eq!((noon.width(), noon.height()), (WIDTH, HEIGHT));
        assert_eq!(noon, card(12 * 3_600_000 + 999));
        let later = card(12 * 3_600_000 + 1_000);
        let likeness = |card| Likeness::of(&Glance::of(card));
        assert!(!likeness(&noon).is_like(&likeness(&later)), "it is never taken for unchanged");
    }

    #[test]
    fn any_time_can_be_drawn() {
        for at in [i64::MIN, -1, 0, 86_399_999, i64::MAX] {
            assert_eq!(card(at).width(), WIDTH);
        }
    }
}
