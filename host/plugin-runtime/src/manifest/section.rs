//! The manifest inside a component: a custom section behind everything else.
//!
//! Finding it walks the headers of sections and skips what they hold, so it takes microseconds and trusts
//! nothing: every length is checked against what is left. Exactly one manifest, at the top, is accepted; a
//! second one, or one inside a nested component, would leave it to a guess which of them speaks for the file.

use super::error::ManifestError;
use super::model::Manifest;

/// The name of the section.
pub const SECTION: &str = "stint:manifest";
/// No manifest larger than this is read.
pub const MANIFEST_BYTES_MAX: usize = 256 * 1024;

const MAGIC: &[u8] = b"\0asm";
const MODULE: &[u8] = &[1, 0, 0, 0];
const COMPONENT: &[u8] = &[0x0d, 0, 1, 0];
const HEADER_BYTES: usize = 8;
/// Section numbers of the component format; a custom section has number 0 in both formats.
const CUSTOM: u8 = 0;
const NESTED_MODULE: u8 = 1;
const NESTED_COMPONENT: u8 = 4;
const DEEPEST: usize = 16;

/// Reads the manifest of a component.
pub fn read(component: &[u8]) -> Result<Manifest, ManifestError> {
    Manifest::from_json(find(component)?)
}

/// Finds the bytes of a component's manifest.
pub fn find(component: &[u8]) -> Result<&[u8], ManifestError> {
    let found = walk(component)?;
    match found.as_slice() {
        [] => Err(ManifestError::Missing),
        [only] if only.len() > MANIFEST_BYTES_MAX => Err(ManifestError::TooLarge { bytes: only.len() }),
        [only] => Ok(only),
        several => Err(ManifestError::Repeated { count: several.len() }),
    }
}

/// Appends a manifest to a component that has none.
pub fn embed(component: &[u8], manifest: &Manifest) -> Result<Vec<u8>, ManifestError> {
    match walk(component)?.len() {
        0 => {}
        count => return Err(ManifestError::Repeated { count: count + 1 }),
    }
    let json = manifest.to_json()?;
    if json.len() > MANIFEST_BYTES_MAX {
        return Err(ManifestError::TooLarge { bytes: json.len() });
    }
    let mut content = leb128(SECTION.len());
    content.extend_from_slice(SECTION.as_bytes());
    content.extend_from_slice(&json);
    let mut whole = component.to_vec();
    whole.push(CUSTOM);
    whole.extend(leb128(content.len()));
    whole.extend(content);
    Ok(whole)
}

/// Every manifest at the top of a component.
fn walk(component: &[u8]) -> Result<Vec<&[u8]>, ManifestError> {
    match header(component) {
        Some(Format::Component) => {}
        Some(Format::Module) => return Err(ManifestError::CoreModule),
        None => return Err(ManifestError::NotWasm),
    }
    let mut found = Vec::new();
    for section in Sections::new(component, 0) {
        let section = section?;
        match section.number {
            CUSTOM => found.extend(manifest_in(&section)?),
            NESTED_MODULE | NESTED_COMPONENT => refuse_nested(section.content, section.offset, 1)?,
            _ => {}
        }
    }
    Ok(found)
}

/// Makes sure that no manifest hides further inside.
fn refuse_nested(inner: &[u8], offset: usize, depth: usize) -> Result<(), ManifestError> {
    if depth > DEEPEST {
        return Err(ManifestError::TooDeep { deepest: DEEPEST });
    }
    let format = header(inner).ok_or(ManifestError::Truncated { offset })?;
    for section in Sections::new(inner, offset) {
        let section = section?;
        match (section.number, format) {
            (CUSTOM, _) if manifest_in(&section)?.is_some() => return Err(ManifestError::Nested),
            (NESTED_MODULE | NESTED_COMPONENT, Format::Component) => {
                refuse_nested(section.content, section.offset, depth + 1)?;
            }
            _ => {}
        }
    }
    Ok(())
}

/// The content of a custom section, if it is a manifest.
fn manifest_in<'a>(section: &Section<'a>) -> Result<Option<&'a [u8]>, ManifestError> {
    let truncated = ManifestError::Truncated { offset: section.offset };
    let Some((length, rest)) = read_leb128(section.content) else { return Err(truncated) };
    match rest.split_at_checked(length) {
        Some((name, content)) => Ok((name == SECTION.as_bytes()).then_some(content)),
        None => Err(truncated),
    }
}

#[derive(Clone, Copy)]
enum Format {
    Module,
    Component,
}

fn header(bytes: &[u8]) -> Option<Format> {
    match bytes.strip_prefix(MAGIC)?.get(..4)? {
        MODULE => Some(Format::Module),
        COMPONENT => Some(Format::Component),
        _ => None,
    }
}

/// One section: its number, what it holds, and where it begins in the file.
struct Section<'a> {
    number: u8,
    content: &'a [u8],
    offset: usize,
}

/// The sections of a module or component, one after the other.
struct Sections<'a> {
    rest: &'a [u8],
    end: usize,
}

impl<'a> Sections<'a> {
    fn new(bytes: &'a [u8], offset: usize) -> Self {
        Self { rest: bytes.get(HEADER_BYTES..).unwrap_or_default(), end: offset + bytes.len() }
    }
}

impl<'a> Iterator for Sections<'a> {
    type Item = Result<Section<'a>, ManifestError>;

    fn next(&mut self) -> Option<Self::Item> {
        let (number, rest) = self.rest.split_first()?;
        let offset = self.end - self.rest.len();
        let section = read_leb128(rest).and_then(|(length, rest)| rest.split_at_checked(length));
        let Some((content, rest)) = section else {
            self.rest = &[];
            return Some(Err(ManifestError::Truncated { offset }));
        };
        self.rest = rest;
        Some(Ok(Section { number: *number, content, offset }))
    }
}

/// Reads a number of at most 32 bits in WebAssembly's variable-length form.
fn read_leb128(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let mut value: u64 = 0;
    for (index, byte) in bytes.iter().take(5).enumerate() {
        value |= u64::from(byte & 0x7f) << (7 * index);
        if byte & 0x80 == 0 {
            return Some((usize::try_from(value).ok()?, &bytes[index + 1..]));
        }
    }
    None
}

/// Writes a number in that form.
fn leb128(mut value: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let low = u8::try_from(value & 0x7f).unwrap_or_default();
        value >>= 7;
        if value == 0 {
            bytes.push(low);
            return bytes;
        }
        bytes.push(low | 0x80);
    }
}

#[cfg(test)]
#[path = "section_tests.rs"]
mod tests;
