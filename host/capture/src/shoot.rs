//! One shot: look, compare, take out what must not be seen, make smaller, encode. What must not be seen isn't
//! compared either. At most two frames are in memory at once beside what the encoder needs.

use std::fmt;

use stint_domain::item::Treatment;
use stint_pixels::{Bounds, Picture, Region, encode};

use crate::{
    glance::Glance,
    likeness::Likeness,
    privacy,
    rules::{OnExcluded, Rules, Which},
    source::{Arrangement, Screen, Source, SourceError},
};

/// So often a screen is looked at until its windows keep still.
const ATTEMPTS: u32 = 5;

/// What came of looking at a screen.
#[derive(Debug)]
pub enum Sight {
    /// A picture that may be kept.
    Taken(Shot),
    /// It looks as it did when it was kept last.
    Unchanged,
    /// A window is on it that must not be seen, so nobody looked.
    Excluded,
}

/// A picture that may be kept.
pub struct Shot {
    /// The encoded file.
    pub file: Vec<u8>,
    /// Its media type.
    pub mime: &'static str,
    /// Its width in pixels.
    pub width: u32,
    /// Its height in pixels.
    pub height: u32,
    /// What was done to it.
    pub treated: Vec<Treatment>,
    /// What to compare the next one with, once this one is kept.
    pub likeness: Likeness,
}

/// What a person's screen showed is nothing for a log.
impl fmt::Debug for Shot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Shot({} × {}, {}, {} bytes)", self.width, self.height, self.mime, self.file.len())
    }
}

/// The screens that are to be looked at. Those that have no pixels are left out.
pub fn choose(source: &mut dyn Source, which: &Which) -> Result<Vec<Screen>, SourceError> {
    let there: Vec<Screen> =
        source.screens()?.into_iter().filter(|screen| screen.width > 0 && screen.height > 0).collect();
    let names = || there.iter().map(|screen| screen.name.as_str()).collect::<Vec<_>>().join(", ");
    let chosen: Vec<Screen> = match which {
        Which::All => there.clone(),
        Which::Primary => one(&there, |screen| screen.primary),
        Which::Active => one(&there, |screen| screen.active),
        Which::Named(names) => there.iter().filter(|screen| names.contains(&screen.name)).cloned().collect(),
    };
    if chosen.is_empty() {
        let wanted = match which {
            Which::Named(names) => format!("screen {}", names.join(" or ")),
            _ => "a screen".to_owned(),
        };
        let there = if there.is_empty() { "none".to_owned() } else { names() };
        return Err(SourceError::NoScreen { wanted, there });
    }
    Ok(chosen)
}

/// The one that is meant. Where none is, for example because no window has the focus, the main one is.
fn one(there: &[Screen], meant: impl Fn(&Screen) -> bool) -> Vec<Screen> {
    let found = there.iter().find(|screen| meant(screen));
    found
        .or_else(|| there.iter().find(|screen| screen.primary))
        .or(there.first())
        .cloned()
        .into_iter()
        .collect()
}

/// Looks at a screen. `before` is what it looked like when it was kept last.
pub fn shoot(
    source: &mut dyn Source,
    screen: &Screen,
    rules: &Rules,
    before: Option<&Likeness>,
) -> Result<Sight, SourceError> {
    Bounds::default().check(screen.width, screen.height)?;
    if rules.hide_anything() && !source.is_private() {
        return Err(SourceError::Wayland);
    }
    let before = before.filter(|_| rules.skip_unchanged);
    let (mut picture, windows) = match look(source, screen, rules, before)? {
        Seen::Picture(picture, windows) => (picture, windows),
        Seen::Unchanged => return Ok(Sight::Unchanged),
        Seen::Excluded => return Ok(Sight::Excluded),
    };
    let likeness = likeness(Glance::of(&picture), &windows, rules, screen);
    if before.is_some_and(|before| before.is_like(&likeness)) {
        return Ok(Sight::Unchanged);
    }
    let mut treated = privacy::apply(&mut picture, &windows, rules, screen);
    if picture.width() > rules.width_max {
        let height = u64::from(picture.height()) * u64::from(rules.width_max) / u64::from(picture.width());
        let height = u32::try_from(height).unwrap_or(u32::MAX).max(1);
        picture = picture.shrunk(rules.width_max, height)?;
        treated.push(Treatment::Scaled);
    }
    treated.extend(privacy::blur(&mut picture, rules));
    let file = encode(&picture, rules.format)?;
    let (width, height, mime) = (picture.width(), picture.height(), rules.format.mime());
    Ok(Sight::Taken(Shot { file, mime, width, height, treated, likeness }))
}

/// What a look came to.
enum Seen {
    /// A picture, with the windows on it that must not be seen.
    Picture(Picture, Vec<Region>),
    Unchanged,
    Excluded,
}

/// The windows first: where one must not be seen and the whole is to be left out, no pixel is asked for. Then once more:
/// only a picture before and after which the windows lay alike, with no move and no new title between, is one of which it
/// is known where they are. Nobody is kept from moving them meanwhile: the display belongs to the person, not to us.
fn look(
    source: &mut dyn Source,
    screen: &Screen,
    rules: &Rules,
    before: Option<&Likeness>,
) -> Result<Seen, SourceError> {
    for _ in 0..ATTEMPTS {
        let at_first = arrangement(source, rules)?;
        let windows = rules.excluded(&at_first.windows, screen);
        if !windows.is_empty() && rules.on_excluded == OnExcluded::Skip {
            return Ok(Seen::Excluded);
        }
        if let Some(before) = before
            && let Some(glance) = source.glance(screen)?
            && before.is_like(&likeness(glance, &windows, rules, screen))
        {
            // Nothing of it is kept, so it doesn't matter whether a window moved meanwhile.
            return Ok(Seen::Unchanged);
        }
        let picture = source.grab(screen)?;
        let at_last = arrangement(source, rules)?;
        let renames = |seen: &Arrangement| rules.renames(&seen.windows, screen);
        if at_last.moves == at_first.moves
            && renames(&at_last) == renames(&at_first)
            && rules.excluded(&at_last.windows, screen) == windows
        {
            return Ok(Seen::Picture(picture, windows));
        }
    }
    Err(SourceError::Restless { name: screen.name.clone(), attempts: ATTEMPTS })
}

/// The windows, where any matters.
fn arrangement(source: &mut dyn Source, rules: &Rules) -> Result<Arrangement, SourceError> {
    if rules.mind_windows() { source.arrangement() } else { Ok(Arrangement::default()) }
}

/// What a screen looks like without what must not be seen.
fn likeness(glance: Glance, windows: &[Region], rules: &Rules, screen: &Screen) -> Likeness {
    Likeness::of(&glance.without(&[windows, &rules.areas_of(screen)].concat()))
}

#[cfg(test)]
#[path = "shoot_tests.rs"]
mod tests;
