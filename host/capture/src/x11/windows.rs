//! The windows that can be seen, each with its frame. A window manager puts a frame of its own around a program's
//! window: what the program says of itself is then found further inside, and the frame shows the title.

use x11rb_protocol::protocol::xproto::{
    GetGeometryRequest, GetWindowAttributesRequest, MapState, QueryTreeRequest, Window as WindowId,
};

use super::{
    connection::Connection,
    properties::{Words, words},
};
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
    let mut all = Vec::new();
    for (window, place) in visible.into_iter().zip(geometry) {
        // It has gone since it was listed.
        let Ok(place) = place else { continue };
        let border = 2 * u32::from(place.border_width);
        let said = inside(connection, window)?;
        all.push(Window {
            apps: said.iter().flat_map(|words| words.apps.clone()).collect(),
            titles: said.into_iter().flat_map(|words| words.titles).collect(),
            x: place.x.into(),
            y: place.y.into(),
            width: u32::from(place.width) + border,
            height: u32::from(place.height) + border,
        });
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

/// What is said by the window and by those inside of it, down to the programs' own windows.
fn inside(connection: &mut Connection, window: WindowId) -> Result<Vec<Words>, SourceError> {
    let mut level = vec![window];
    let mut said = Vec::new();
    for _ in 0..DEPTH {
        let words = words(connection, &level)?;
        let frames: Vec<WindowId> = level
            .iter()
            .zip(&words)
            .filter(|(_, words)| !words.is_client)
            .map(|(window, _)| *window)
            .collect();
        said.extend(words.into_iter().filter(|words| !words.is_empty()));
        let requests = frames.into_iter().map(|window| QueryTreeRequest { window });
        let trees = connection.ask_all("a window's parts", requests.collect::<Vec<_>>())?;
        level = trees.into_iter().flatten().flat_map(|tree| tree.children).collect();
        if level.is_empty() {
            break;
        }
    }
    Ok(said)
}
