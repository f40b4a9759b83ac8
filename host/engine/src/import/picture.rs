//! A screenshot's picture: a data URL in base64. What the bytes are counts, not what the URL calls them: the old
//! program called every picture a JPEG, PNG files too.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use stint_pixels::{Bounds, Measure, measure};

use super::left::Left;

/// The picture, and what its head says of it.
pub(super) fn unpack(url: &str) -> Result<(Vec<u8>, Measure), Left> {
    let rest = strip_prefix_ignoring_case(url, "data:").ok_or(Left::NoDataUrl)?;
    let (head, data) = rest.split_once(',').ok_or(Left::NoDataUrl)?;
    let (mime, encoding) = head.rsplit_once(';').ok_or(Left::NoDataUrl)?;
    if !encoding.trim().eq_ignore_ascii_case("base64") {
        return Err(Left::NoDataUrl);
    }
    strip_prefix_ignoring_case(mime, "image/").ok_or(Left::NoImage)?;
    let bytes = STANDARD.decode(data).map_err(|error| Left::Base64 { at: place(&error, data.len()) })?;
    let measure = measure(&bytes, &Bounds::default())?;
    Ok((bytes, measure))
}

fn strip_prefix_ignoring_case<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let (head, rest) = text.split_at_checked(prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then_some(rest)
}

fn place(error: &base64::DecodeError, length: usize) -> usize {
    use base64::DecodeError::{InvalidByte, InvalidLastSymbol, InvalidLength, InvalidPadding};
    match error {
        InvalidByte(at, _) | InvalidLastSymbol(at, _) => at + 1,
        InvalidLength(_) | InvalidPadding => length,
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use stint_pixels::{Format, Picture, encode};

    /// A picture of one colour, and of that size.
    pub(in crate::import) fn picture(width: u32, height: u32, shade: u8) -> Vec<u8> {
        let pixels = vec![shade; (width * height * 4) as usize];
        encode(&Picture::from_rgba(width, height, pixels).unwrap(), Format::Png).unwrap()
    }

    pub(in crate::import) fn data_url(bytes: &[u8]) -> String {
        format!("data:image/jpeg;base64,{}", STANDARD.encode(bytes))
    }

    #[test]
    fn a_picture_is_what_its_bytes_are() {
        let png = picture(3, 2, 9);
        let (bytes, measure) = unpack(&data_url(&png)).unwrap();
        assert_eq!(bytes, png);
        assert_eq!(measure, Measure { mime: "image/png", width: 3, height: 2 });
        let odd = format!("DATA:Image/PNG;charset=utf-8;Base64,{}", STANDARD.encode(&png));
        assert_eq!(unpack(&odd).unwrap().0, png);
    }

    #[test]
    fn what_is_no_picture_is_refused_without_showing_it() {
        for (url, text) in [
            ("", "its imageData is no data URL such as data:image/png;base64,…"),
            ("iVBORw0KGgo=", "its imageData is no data URL such as data:image/png;base64,…"),
            ("data:image/png;base64", "its imageData is no data URL such as data:image/png;base64,…"),
            ("data:image/png,canary", "its imageData is no data URL such as data:image/png;base64,…"),
            ("data:image/png;hex,canary", "its imageData is no data URL such as data:image/png;base64,…"),
            ("data:ä", "its imageData is no data URL such as data:image/png;base64,…"),
            ("data:text/html;base64,aGk=", "its imageData is of another type than image/…"),
            ("data:image/png;base64,can ary", "its imageData is no base64 from its character 4 on"),
            ("data:image/png;base64,aGk", "its imageData is no base64 from its character 3 on"),
            (
                "data:image/gif;base64,R0lGODlh",
                "its imageData can't be used: failed to decode the picture: it is neither PNG, JPEG nor WebP",
            ),
        ] {
            assert_eq!(unpack(url).unwrap_err().to_string(), text, "{url}");
        }
    }
}
