//! The screens as people count them: the monitors of the `RandR` extension, else the X screen as one.

use x11rb_protocol::protocol::{
    randr::GetMonitorsRequest,
    xproto::{GetAtomNameRequest, GetGeometryRequest},
};

use super::connection::Connection;
use crate::{
    source::{Screen, SourceError},
    words::tidy,
};

/// The screens, as they are now.
pub(super) fn all(connection: &mut Connection) -> Result<Vec<Screen>, SourceError> {
    let root = connection.screen().root;
    if connection.has::<GetMonitorsRequest>()? {
        let request = GetMonitorsRequest { window: root, get_active: true };
        let monitors = connection.ask("the monitors", request)?.monitors;
        let names = monitors.iter().map(|monitor| GetAtomNameRequest { atom: monitor.name });
        let names = connection.ask_all("the monitors' names", names.collect::<Vec<_>>())?;
        let screens: Vec<Screen> = monitors
            .iter()
            .zip(names)
            .enumerate()
            .map(|(place, (monitor, name))| Screen {
                name: name.map_or_else(|_| format!("monitor-{}", place + 1), |name| tidy(&name.name)),
                // Where one monitor is made of several outputs, any of them stands for it.
                output: monitor.outputs.first().copied(),
                x: monitor.x.into(),
                y: monitor.y.into(),
                width: monitor.width.into(),
                height: monitor.height.into(),
                primary: monitor.primary,
                active: false,
            })
            .collect();
        if !screens.is_empty() {
            return Ok(screens);
        }
    }
    let size = connection.ask("the screen's size", GetGeometryRequest { drawable: root })?;
    let (width, height) = (size.width.into(), size.height.into());
    Ok(vec![Screen {
        name: "screen".into(),
        output: None,
        x: 0,
        y: 0,
        width,
        height,
        primary: true,
        active: true,
    }])
}

/// Whether the place is on the screen.
pub(super) fn holds(screen: &Screen, x: i32, y: i32) -> bool {
    let within =
        |at: i32, from: i32, length: u32| (0..i64::from(length)).contains(&(i64::from(at) - i64::from(from)));
    within(x, screen.x, screen.width) && within(y, screen.y, screen.height)
}
