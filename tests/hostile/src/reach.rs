//! Ways to reach what isn't granted: other hosts, other files, secrets.

use crate::machine::trap;
use crate::stint::plugin::types::{Attachment, Chunk};
use crate::stint::plugin::{clock, credentials, files, http};
use crate::{number, say};

pub fn by(mode: &str) {
    match mode {
        "http" => say(&request("https://backend.test/")),
        "http-flood" => say(&flood()),
        "http-elsewhere" => say(&request("https://elsewhere.test/")),
        "http-in-disguise" => {
            for url in [
                "https://backend.test@elsewhere.test/",
                "https://backend.test.elsewhere.test/",
                "https://backend.test:8443/",
                "http://backend.test/",
                "https://127.0.0.1/",
                "file:///etc/passwd",
                "https://user:password@backend.test/",
                "not an address",
            ] {
                say(&request(url));
            }
        }
        "http-huge" => say(&post(&vec![1; 6 << 20], number())),
        "http-parts" => {
            say(&form(2000, "a"));
            say(&form(1, "a\r\nX-Forged: 1"));
            // The parts' names alone are a mebibyte in each request.
            let name = "n".repeat(1 << 20);
            let sent = (0..number()).take_while(|_| form(1, &name).starts_with("answered")).count();
            say(&format!("{sent} forms"));
        }
        "sign-flood" => {
            let sign = |_: &u64| credentials::sign_webhook("default", b"x");
            let refused = (0..number()).find_map(|n| sign(&n).err());
            say(&refused.unwrap_or_default());
        }
        "zones" => {
            for zone in ["UTC", "../../etc/passwd", "a b", "", &"z".repeat(65)] {
                say(&format!("{:?}", clock::utc_offset(zone, 0)));
            }
        }
        "credential" => {
            say(&with_credential("other"));
            say(&format!("{:?}", credentials::describe("other").is_some()));
            say(&format!("{:?}", credentials::sign_webhook("other", b"x")));
        }
        "files" => {
            for path in [
                "../outside",
                "/etc/passwd",
                "a/../../outside",
                "link/outside",
                "folder",
                "",
                ".",
                "a//b",
                "a\\b",
                "link-to-file",
            ] {
                say(&format!("{path}: {}", write(path)));
            }
        }
        "files-huge" => say(&write_bytes("big", number())),
        "files-append" => {
            say(&format!("{:?}", files::append("log.txt", number(), &[Chunk::Text("line\n".to_owned())])));
        }
        "files-append-and-die" => {
            say(&format!("{:?}", files::append("log.txt", number(), &[Chunk::Text("half\n".to_owned())])));
            trap()
        }
        _ => {}
    }
}

pub fn request(url: &str) -> String {
    answer(http::send(&base("GET", url, http::Body::Empty, None)))
}

fn post(bytes: &[u8], times: u64) -> String {
    let mut last = String::new();
    for _ in 0..times {
        let content = vec![Chunk::Bytes(bytes.to_vec())];
        last = answer(http::send(&base("POST", "https://backend.test/", http::Body::Content(content), None)));
    }
    last
}

fn form(parts: usize, name: &str) -> String {
    let part = |_| http::Part { name: name.to_owned(), filename: None, mime: None, content: Vec::new() };
    let body = http::Body::Multipart((0..parts).map(part).collect());
    answer(http::send(&base("POST", "https://backend.test/", body, None)))
}

fn with_credential(name: &str) -> String {
    answer(http::send(&base("GET", "https://backend.test/", http::Body::Empty, Some(name.to_owned()))))
}

fn flood() -> String {
    for count in 0_u64.. {
        let answer = request("https://backend.test/");
        if answer.starts_with("exhausted") || count > 10_000 {
            return format!("{count} requests, then {answer}");
        }
    }
    String::new()
}

pub fn base<'a>(
    method: &str,
    url: &str,
    body: http::Body<'a>,
    credential: Option<String>,
) -> http::Request<'a> {
    http::Request {
        method: method.to_owned(),
        url: url.to_owned(),
        headers: Vec::new(),
        body,
        credential,
        timeout_ms: None,
        redirects: None,
    }
}

fn answer(answer: Result<http::Response, http::HttpError>) -> String {
    match answer {
        Ok(response) => format!("answered {}", response.status),
        Err(http::HttpError::Offline(text)) => format!("offline: {text}"),
        Err(http::HttpError::Timeout(text)) => format!("timeout: {text}"),
        Err(http::HttpError::Refused(text)) => format!("refused: {text}"),
        Err(http::HttpError::Exhausted(text)) => format!("exhausted: {text}"),
        Err(other) => format!("{other:?}"),
    }
}

fn write(path: &str) -> String {
    match files::write(path, &[Chunk::Text("hostile".to_owned())]) {
        Ok(()) => "written".to_owned(),
        Err(files::FileError::Refused(_)) => "refused".to_owned(),
        Err(files::FileError::Full(_)) => "full".to_owned(),
        Err(files::FileError::Other(text)) => format!("other: {text}"),
    }
}

fn write_bytes(path: &str, times: u64) -> String {
    let bytes = vec![1_u8; 1 << 20];
    let mut length = 0;
    for _ in 0..times {
        match files::append(path, length, &[Chunk::Bytes(bytes.clone())]) {
            Ok(now) => length = now,
            Err(error) => return format!("{length} bytes, then {error:?}"),
        }
    }
    format!("{length} bytes")
}

/// Reads all of an attachment, a little at a time.
pub fn read(file: &Attachment) -> Result<usize, String> {
    let mut length = 0;
    loop {
        match file.read(length as u64, 4096)? {
            piece if piece.is_empty() => return Ok(length),
            piece => length += piece.len(),
        }
    }
}
