//! Reads what is on a screen, strip by strip: the strip is all that is in memory beside the picture, and between two
//! strips the server serves others.

use stint_pixels::{Bounds, Picture};
use x11rb_protocol::protocol::xproto::{GetImageRequest, ImageFormat};

use super::{
    connection::{AT_ONCE, Connection, Refusal},
    layout::Layout,
};
use crate::{
    glance::Glance,
    source::{Screen, SourceError},
};

/// About so many bytes are asked for at once.
const STRIP_BYTES: usize = 1 << 20;
const WHAT: &str = "the pixels of a screen";

/// What is on a screen.
pub(super) fn grab(connection: &mut Connection, screen: &Screen) -> Result<Picture, SourceError> {
    Bounds::default().check(screen.width, screen.height)?;
    let (width, height) = (screen.width as usize, screen.height as usize);
    let mut pixels = Vec::with_capacity(width * height * 4);
    let rows_at_once = (STRIP_BYTES / (width * 4)).clamp(1, height);
    let mut strip = Vec::new();
    for top in (0..height).step_by(rows_at_once) {
        let rows = rows_at_once.min(height - top);
        append_strip(connection, screen, top, rows, &mut strip, &mut pixels)?;
    }
    Ok(Picture::from_rgba(screen.width, screen.height, pixels)?)
}

/// Whether the display's pixels are of the kind that nearly all have.
pub(super) fn is_usual(connection: &Connection) -> bool {
    let screen = connection.screen();
    Layout::of(connection.setup(), screen.root_depth, screen.root_visual)
        .is_ok_and(|layout| layout.is_usual())
}

/// A few rows of what is on a screen, asked for together, so that there are few waits instead of hundreds. Nothing comes
/// of it where the screen isn't as it was, or is of a strange kind: who looks at it as a whole then finds out more.
pub(super) fn glance(connection: &mut Connection, screen: &Screen) -> Result<Option<Glance>, SourceError> {
    let (root, width) = (connection.screen(), screen.width as usize);
    let Ok(layout) = Layout::of(connection.setup(), root.root_depth, root.root_visual) else {
        return Ok(None);
    };
    let rows: Vec<u32> = Glance::rows(screen.height).collect();
    let mut row = vec![0; layout.row(width)];
    let mut pixels = Vec::with_capacity(rows.len() * width * 4);
    for rows in rows.chunks(AT_ONCE) {
        let requests = rows.iter().filter_map(|y| request(connection, screen, *y as usize, 1));
        for number in connection.send_all(requests.collect::<Vec<_>>())? {
            match connection.head(WHAT, number)? {
                Ok((_, bytes)) if bytes == row.len() => {
                    connection.read(&mut row)?;
                    layout.append(&row, width, &mut pixels);
                }
                Ok((_, bytes)) => connection.skip(bytes)?,
                Err(Refusal(_)) => {}
            }
        }
    }
    Ok(Glance::new(screen.width, screen.height, pixels))
}

fn append_strip(
    connection: &mut Connection,
    screen: &Screen,
    top: usize,
    rows: usize,
    strip: &mut Vec<u8>,
    pixels: &mut Vec<u8>,
) -> Result<(), SourceError> {
    let changed = || SourceError::Changed { name: screen.name.clone() };
    let request = request(connection, screen, top, rows).ok_or_else(changed)?;
    let (head, bytes) = match connection.open_reply(WHAT, request)? {
        Ok(reply) => reply,
        // What is asked for lies outside of what is there now.
        Err(Refusal(_)) => return Err(changed()),
    };
    let visual = u32::from_ne_bytes([head[8], head[9], head[10], head[11]]);
    let layout = Layout::of(connection.setup(), head[1], visual);
    // The pixels stay where they are: nothing else can be read after that.
    let layout = layout.map_err(|error| connection.broken(error))?;
    let width = screen.width as usize;
    let row = layout.row(width);
    if bytes < row * rows {
        let reason = format!("it has {bytes} bytes for {rows} rows of {row}");
        return Err(connection.broken(SourceError::Strange { request: WHAT, reason }));
    }
    strip.resize(row * rows, 0);
    connection.read(strip)?;
    connection.skip(bytes - row * rows)?;
    for row in strip.chunks_exact(row) {
        layout.append(row, width, pixels);
    }
    Ok(())
}

/// The request, unless the place is beyond what the protocol can name.
fn request(connection: &Connection, screen: &Screen, top: usize, rows: usize) -> Option<GetImageRequest> {
    Some(GetImageRequest {
        format: ImageFormat::Z_PIXMAP,
        drawable: connection.screen().root,
        x: i16::try_from(screen.x).ok()?,
        y: i16::try_from(i64::from(screen.y) + i64::try_from(top).ok()?).ok()?,
        width: u16::try_from(screen.width).ok()?,
        height: u16::try_from(rows).ok()?,
        plane_mask: u32::MAX,
    })
}
