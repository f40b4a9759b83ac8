//! What windows say of themselves: what their application is called, and their titles.

use x11rb_protocol::protocol::xproto::{AtomEnum, GetPropertyReply, GetPropertyRequest, Window};

use super::connection::{Connection, TITLES};
use crate::{
    source::{Names, SourceError},
    words::readings,
};

/// So many bytes of a property are asked for at first: hardly any is longer.
const USUAL: u32 = 1 << 10;
/// Of longer ones no more than so many are read: a program may set any length.
const LONGEST: u32 = 256 << 10;

/// What these windows say of themselves; nothing for those that have gone.
pub(super) fn words(connection: &mut Connection, windows: &[Window]) -> Result<Vec<Names>, SourceError> {
    let [modern, visible] = TITLES;
    let (modern, visible) = (connection.atom(modern)?, connection.atom(visible)?);
    let classes = texts(connection, windows, AtomEnum::WM_CLASS.into())?;
    let modern = texts(connection, windows, modern)?;
    let old = texts(connection, windows, AtomEnum::WM_NAME.into())?;
    let visible = texts(connection, windows, visible)?;
    let all = classes.into_iter().zip(modern).zip(old).zip(visible);
    Ok(all
        .map(|(((class, modern), old), visible)| Names {
            apps: apps(&class),
            is_app_unknown: class.is_cut,
            is_title_unknown: modern.is_cut || old.is_cut || visible.is_cut,
            titles: titles(&[modern, old, visible]),
        })
        .collect())
}

/// A property that is a number.
pub(super) fn number(
    connection: &mut Connection,
    window: Window,
    property: u32,
) -> Result<Option<u32>, SourceError> {
    let found = get(connection, &[window], property, USUAL)?.pop().flatten();
    Ok(found.and_then(|reply| reply.value32()?.next()))
}

/// A property that is text.
#[derive(Debug, Default)]
struct Text {
    bytes: Vec<u8>,
    is_latin1: bool,
    is_cut: bool,
}

impl From<Option<GetPropertyReply>> for Text {
    fn from(reply: Option<GetPropertyReply>) -> Self {
        reply.map_or_else(Self::default, |reply| Self {
            is_latin1: reply.type_ == u32::from(AtomEnum::STRING),
            is_cut: reply.bytes_after > 0,
            bytes: reply.value,
        })
    }
}

fn texts(connection: &mut Connection, windows: &[Window], property: u32) -> Result<Vec<Text>, SourceError> {
    let replies = get(connection, windows, property, USUAL)?;
    let mut texts: Vec<Text> = replies.into_iter().map(Text::from).collect();
    let long: Vec<usize> = (0..texts.len()).filter(|place| texts[*place].is_cut).collect();
    for place in long {
        // One after the other: together they may be larger than all that is to be in memory.
        let again = get(connection, &windows[place..=place], property, LONGEST)?;
        texts[place] = again.into_iter().next().flatten().into();
    }
    Ok(texts)
}

fn get(
    connection: &mut Connection,
    windows: &[Window],
    property: u32,
    most: u32,
) -> Result<Vec<Option<GetPropertyReply>>, SourceError> {
    let requests = windows.iter().map(|window| GetPropertyRequest {
        delete: false,
        window: *window,
        property,
        type_: AtomEnum::ANY.into(),
        long_offset: 0,
        long_length: most / 4,
    });
    Ok(connection.ask_all("a window's properties", requests)?.into_iter().map(Result::ok).collect())
}

/// Texts that end with a zero byte each.
fn apps(text: &Text) -> Vec<String> {
    // Turned around, and all of them: the application's own name is the last one, as it is shown.
    let names = text.bytes.split(|byte| *byte == 0);
    names.flat_map(|name| readings(name, text.is_latin1).into_iter().rev()).collect()
}

fn titles(texts: &[Text]) -> Vec<String> {
    let mut titles: Vec<String> = Vec::new();
    for title in texts.iter().flat_map(|text| readings(&text.bytes, text.is_latin1)) {
        if !titles.contains(&title) {
            titles.push(title);
        }
    }
    titles
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_application_may_go_by_several_names() {
        let text = |bytes: &[u8]| Text { bytes: bytes.to_vec(), is_latin1: true, is_cut: false };
        assert_eq!(apps(&text(b"keepassxc\0KeePassXC\0")), ["keepassxc", "KeePassXC"]);
        assert_eq!(apps(&text(b"x\0B\xe4nk\0")).last().unwrap(), "Bänk", "as it is shown");
        assert_eq!(titles(&[text(b"same"), text(b"same"), text(b"other")]), ["same", "other"]);
        assert_eq!(titles(&[text(b""), text(b"\0")]), [""; 0]);
        assert_eq!(titles(&[text(b"B\xe4nk")])[0], "Bänk", "as it is shown");
    }
}
