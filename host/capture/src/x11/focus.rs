//! The window in front: the one that the window manager calls active, else the one that has the keyboard.

use x11rb_protocol::protocol::xproto::{
    GetGeometryRequest, GetInputFocusRequest, QueryTreeRequest, TranslateCoordinatesRequest, Window,
};

use super::{
    connection::Connection,
    properties::{number, words},
};
use crate::source::{Names, SourceError};

/// So far outside of the window with the keyboard its application's window is looked for.
const DEPTH: usize = 8;
/// So far outside of a window the one around all is looked for.
const NESTED: usize = 32;
/// Numbers below stand for no window, or for whatever is under the pointer.
const FIRST_WINDOW: Window = 2;

/// What the window in front says of itself.
pub(super) fn front(connection: &mut Connection) -> Result<Option<(Window, Names)>, SourceError> {
    let root = connection.screen().root;
    let active = connection.atom("_NET_ACTIVE_WINDOW")?;
    let named = number(connection, root, active)?.filter(|window| *window >= FIRST_WINDOW);
    let mut window = match named {
        Some(window) => window,
        None => connection.ask("the focus", GetInputFocusRequest)?.focus,
    };
    for _ in 0..DEPTH {
        if window < FIRST_WINDOW || window == root {
            break;
        }
        let said = words(connection, &[window])?.pop().unwrap_or_default();
        if !said.is_empty() {
            return Ok(Some((window, said)));
        }
        window = parent(connection, window)?;
    }
    Ok(None)
}

/// The window around this one that is in no other.
pub(super) fn outermost(connection: &mut Connection, mut window: Window) -> Result<Window, SourceError> {
    let root = connection.screen().root;
    for _ in 0..NESTED {
        let parent = parent(connection, window)?;
        if parent < FIRST_WINDOW || parent == root {
            break;
        }
        window = parent;
    }
    Ok(window)
}

/// The window that this one is in; no window's number for one that has gone.
fn parent(connection: &mut Connection, window: Window) -> Result<Window, SourceError> {
    let tree = connection.ask_all("a window's parent", [QueryTreeRequest { window }])?.pop();
    Ok(tree.and_then(Result::ok).map_or(0, |tree| tree.parent))
}

/// Where the middle of the window in front is.
pub(super) fn middle_of_front(connection: &mut Connection) -> Result<Option<(i32, i32)>, SourceError> {
    let Some((window, _)) = front(connection)? else { return Ok(None) };
    let root = connection.screen().root;
    let request = TranslateCoordinatesRequest { src_window: window, dst_window: root, src_x: 0, src_y: 0 };
    let corner = connection.ask_all("a window's place", [request])?.pop().and_then(Result::ok);
    let size = connection.ask_all("a window's size", [GetGeometryRequest { drawable: window }])?.pop();
    let (Some(corner), Some(Ok(size))) = (corner, size) else { return Ok(None) };
    let middle = |from: i16, length: u16| i32::from(from) + i32::from(length) / 2;
    Ok(Some((middle(corner.dst_x, size.width), middle(corner.dst_y, size.height))))
}
