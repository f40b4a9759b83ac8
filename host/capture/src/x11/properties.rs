//! What windows say of themselves: what their application is called, and their titles.

use x11rb_protocol::protocol::xproto::{AtomEnum, GetPropertyReply, GetPropertyRequest, Window};

use super::connection::Connection;
use crate::{source::SourceError, words::tidy};

/// Titles are cut to so many bytes: a program may set any length.
const LONGEST: u32 = 2_048;

/// What a window says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Words {
    pub(super) apps: Vec<String>,
    pub(super) titles: Vec<String>,
    /// Whether it is a program's own window, as a window manager has it. A frame around one may have names too: those
    /// of who draws frames.
    pub(super) is_client: bool,
}

impl Words {
    pub(super) fn is_empty(&self) -> bool {
        self.apps.is_empty() && self.titles.is_empty()
    }
}

/// What these windows say of themselves; nothing for those that have gone.
pub(super) fn words(connection: &mut Connection, windows: &[Window]) -> Result<Vec<Words>, SourceError> {
    let modern = connection.atom("_NET_WM_NAME")?;
    let classes = get(connection, windows, AtomEnum::WM_CLASS.into())?;
    let names = get(connection, windows, AtomEnum::WM_NAME.into())?;
    let modern_names = get(connection, windows, modern)?;
    let state = connection.atom("WM_STATE")?;
    let states = get(connection, windows, state)?;
    let all = classes.into_iter().zip(names).zip(modern_names).zip(states);
    Ok(all
        .map(|(((class, name), modern), state)| Words {
            apps: parts(class),
            titles: titles([modern, name]),
            is_client: state.is_some_and(|state| state.format != 0),
        })
        .collect())
}

/// A property that is a number.
pub(super) fn number(
    connection: &mut Connection,
    window: Window,
    property: u32,
) -> Result<Option<u32>, SourceError> {
    let found = get(connection, &[window], property)?.pop().flatten();
    Ok(found.and_then(|reply| reply.value32()?.next()))
}

fn get(
    connection: &mut Connection,
    windows: &[Window],
    property: u32,
) -> Result<Vec<Option<GetPropertyReply>>, SourceError> {
    let requests = windows.iter().map(|window| GetPropertyRequest {
        delete: false,
        window: *window,
        property,
        type_: AtomEnum::ANY.into(),
        long_offset: 0,
        long_length: LONGEST / 4,
    });
    Ok(connection.ask_all("a window's properties", requests)?.into_iter().map(Result::ok).collect())
}

/// Texts that end with a zero byte each.
fn parts(reply: Option<GetPropertyReply>) -> Vec<String> {
    let value = reply.map(|reply| reply.value).unwrap_or_default();
    value.split(|byte| *byte == 0).map(tidy).filter(|text| !text.is_empty()).collect()
}

fn titles(replies: [Option<GetPropertyReply>; 2]) -> Vec<String> {
    let mut titles: Vec<String> = replies
        .into_iter()
        .flatten()
        .map(|reply| tidy(&reply.value))
        .filter(|text| !text.is_empty())
        .collect();
    titles.dedup();
    titles
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_application_may_go_by_several_names() {
        let reply = |value: &[u8]| GetPropertyReply {
            value: value.to_vec(),
            format: 8,
            ..GetPropertyReply::default()
        };
        assert_eq!(parts(Some(reply(b"keepassxc\0KeePassXC\0"))), ["keepassxc", "KeePassXC"]);
        assert_eq!(titles([Some(reply(b"same")), Some(reply(b"same"))]), ["same"]);
        assert_eq!(titles([None, Some(reply(b""))]), [""; 0]);
    }
}
