//! The windows that can be seen, each with its frame. A window manager puts a frame of its own around a program's
//! window: what the program says of itself is then found further inside, and the frame shows the title.

use x11rb_protocol::protocol::xproto::{
    GetGeometryRequest, GetWindowAttributesRequest, MapState, QueryTreeRequest, Window as WindowId,
};

use super::{connection::Connection, properties::words};
use crate::source::{SourceError, Window};

/// So far inside a frame a program's window is looked for.
const DEPTH: usize = 4;

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
            apps: Vec::new(),
            titles: Vec::new(),
            renames: 0,
            x: place.x.into(),
            y: place.y.into(),
            width: u32::from(place.width) + border,
            height: u32::from(place.height) + border,
        });
    }
    let asked = ask(connection, level, &mut all)?;
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

/// Asks what the windows say and what those inside of them do, down to the programs' own windows, and who was asked.
/// Each is noted with the place of the window that it is in. All windows of one depth are asked together.
fn ask(
    connection: &mut Connection,
    mut level: Vec<(usize, WindowId)>,
    all: &mut [Window],
) -> Result<Vec<(usize, WindowId)>, SourceError> {
    let mut asked = Vec::new();
    for _ in 0..DEPTH {
        if level.is_empty() {
            break;
        }
        let windows: Vec<WindowId> = level.iter().map(|(_, window)| *window).collect();
        // Watched first: what changes after its title was read is heard.
        connection.watch_names(&windows)?;
        let said = words(connection, &windows)?;
        let frames: Vec<(usize, WindowId)> =
            level.iter().zip(&said).filter(|(_, said)| !said.is_client).map(|(window, _)| *window).collect();
        for ((owner, _), said) in level.iter().zip(said) {
            all[*owner].apps.extend(said.apps);
            all[*owner].titles.extend(said.titles);
        }
        asked.append(&mut level);
        let requests = frames.iter().map(|(_, window)| QueryTreeRequest { window: *window });
        let trees = connection.ask_all("a window's parts", requests.collect::<Vec<_>>())?;
        for ((owner, _), tree) in frames.into_iter().zip(trees) {
            level.extend(tree.into_iter().flat_map(|tree| tree.children).map(|window| (owner, window)));
        }
    }
    Ok(asked)
}
