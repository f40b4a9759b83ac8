//! The windows that can be seen, each with its frame. A window manager puts a frame of its own around a program's
//! window, and programs put windows into each other: what is inside of one counts as said by the outermost.

use x11rb_protocol::protocol::xproto::{
    GetGeometryRequest, GetWindowAttributesRequest, MapState, QueryTreeRequest, Window as WindowId,
};

use super::{connection::Connection, properties::words};
use crate::source::{Names, SourceError, Window};

/// So far inside of a window others are looked for.
const DEPTH: usize = 32;
/// A window inside of another one that is no larger on both sides is an icon in a tray, and not its program's window.
/// Otherwise no picture would have the task bar as long as the program runs.
const ICON: u16 = 48;

/// All windows that can be seen.
pub(super) fn all(connection: &mut Connection) -> Result<Vec<Window>, SourceError> {
    let root = connection.screen().root;
    let there = connection.ask("the windows", QueryTreeRequest { window: root })?.children;
    let visible = visible(connection, &there)?;
    let geometry = visible.iter().map(|window| GetGeometryRequest { drawable: *window });
    let geometry = connection.ask_all("the windows' places", geometry.collect::<Vec<_>>())?;
    let (mut all, mut level) = (Vec::new(), Vec::new());
    for (window, place) in visible.into_iter().zip(geometry) {
        // It has gone since it was listed.
        let Ok(place) = place else { continue };
        let border = 2 * u32::from(place.border_width);
        level.push((all.len(), window));
        all.push(Window {
            names: Names::default(),
            renames: 0,
            x: place.x.into(),
            y: place.y.into(),
            width: u32::from(place.width) + border,
            height: u32::from(place.height) + border,
        });
    }
    let mut names = vec![Names::default(); all.len()];
    let asked = ask(connection, level, &mut names, true)?;
    for (window, names) in all.iter_mut().zip(names) {
        window.names = names;
    }
    // Counted last: a title that was read is the one of the last change that counts here.
    for (owner, window) in asked {
        all[owner].renames += connection.renames(window);
    }
    Ok(all)
}

fn visible(connection: &mut Connection, windows: &[WindowId]) -> Result<Vec<WindowId>, SourceError> {
    let requests = windows.iter().map(|window| GetWindowAttributesRequest { window: *window });
    let attributes = connection.ask_all("the windows' states", requests.collect::<Vec<_>>())?;
    let seen = |state: &Result<_, _>| {
        let state: &Result<x11rb_protocol::protocol::xproto::GetWindowAttributesReply, _> = state;
        state.as_ref().is_ok_and(|attributes| attributes.map_state == MapState::VIEWABLE)
    };
    Ok(windows.iter().zip(attributes).filter(|(_, state)| seen(state)).map(|(window, _)| *window).collect())
}

/// What a window is called, and all those inside of it.
pub(super) fn names(connection: &mut Connection, window: WindowId) -> Result<Names, SourceError> {
    let mut names = [Names::default()];
    ask(connection, vec![(0, window)], &mut names, false)?;
    let [names] = names;
    Ok(names)
}

/// Asks what the windows say and what all those inside of them do, and who was asked. Each is noted with the place of
/// the window that it is in. All windows of one depth are asked together.
fn ask(
    connection: &mut Connection,
    mut level: Vec<(usize, WindowId)>,
    all: &mut [Names],
    is_watched: bool,
) -> Result<Vec<(usize, WindowId)>, SourceError> {
    let mut asked = Vec::new();
    for depth in 0..DEPTH {
        if level.is_empty() {
            break;
        }
        let windows: Vec<WindowId> = level.iter().map(|(_, window)| *window).collect();
        if is_watched {
            // First: what changes after its title was read is heard.
            connection.watch_names(&windows)?;
        }
        let mut said = words(connection, &windows)?;
        if depth > 0 {
            forget_icons(connection, &windows, &mut said)?;
        }
        for ((owner, _), said) in level.iter().zip(said) {
            let names = &mut all[*owner];
            names.apps.extend(said.apps);
            names.titles.extend(said.titles);
            names.is_app_unknown |= said.is_app_unknown;
            names.is_title_unknown |= said.is_title_unknown;
        }
        let requests = windows.iter().map(|window| QueryTreeRequest { window: *window });
        let trees = connection.ask_all("a window's parts", requests.collect::<Vec<_>>())?;
        let mut next = Vec::new();
        for ((owner, _), tree) in level.iter().zip(trees) {
            next.extend(tree.into_iter().flat_map(|tree| tree.children).map(|window| (*owner, window)));
        }
        asked.append(&mut level);
        level = next;
    }
    for (owner, _) in level {
        // Nobody knows what is further inside.
        let names = &mut all[owner];
        (names.is_app_unknown, names.is_title_unknown) = (true, true);
    }
    Ok(asked)
}

fn forget_icons(
    connection: &mut Connection,
    windows: &[WindowId],
    said: &mut [Names],
) -> Result<(), SourceError> {
    let says = |said: &Names| !said.is_empty() || said.is_app_unknown || said.is_title_unknown;
    let named: Vec<usize> = (0..said.len()).filter(|place| says(&said[*place])).collect();
    let requests = named.iter().map(|place| GetGeometryRequest { drawable: windows[*place] });
    let sizes = connection.ask_all("the windows' sizes", requests.collect::<Vec<_>>())?;
    for (place, size) in named.into_iter().zip(sizes) {
        if size.is_ok_and(|size| size.width <= ICON && size.height <= ICON) {
            said[place] = Names::default();
        }
    }
    Ok(())
}
