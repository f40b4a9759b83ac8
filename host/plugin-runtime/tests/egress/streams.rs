//! Attachments arrive as they are: raw, in a form, in base64 inside a text.

use std::sync::Arc;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use crate::server::{Server, answer};
use crate::stage::{Stage, request};
use stint_plugin_runtime::services::{HttpBody, HttpChunk, HttpError, HttpPart, HttpRequest};
use stint_plugin_runtime::{Attachment, MemoryAttachment};

fn file() -> (Vec<u8>, Arc<MemoryAttachment>) {
    let bytes: Vec<u8> = (0..300_001_u32).map(|place| u8::try_from(place % 251).unwrap()).collect();
    (bytes.clone(), Arc::new(MemoryAttachment::new("a b\".jpg", "image/jpeg", bytes)))
}

async fn sent(body: HttpBody) -> (Vec<u8>, String) {
    let server = Server::new(|_| answer(200, &[], "")).await;
    let stage = Stage::new(&[&server.url("")]);
    stage.send(HttpRequest { body, ..request("POST", &server.url("/")) }).await.unwrap();
    let seen = server.only();
    assert_eq!(seen.header("content-length"), seen.body.len().to_string());
    let written = seen.header("content-type");
    (seen.body, written)
}

#[tokio::test]
async fn raw_and_in_base64() {
    let (bytes, file) = file();
    assert_eq!(sent(HttpBody::Content(vec![HttpChunk::Attachment(file.clone())])).await.0, bytes);
    let chunks = vec![
        HttpChunk::Bytes(b"{\"imageData\":\"data:image/jpeg;base64,".to_vec()),
        HttpChunk::Base64(file),
        HttpChunk::Bytes(b"\"}".to_vec()),
    ];
    let (body, _) = sent(HttpBody::Content(chunks)).await;
    let json: serde_json::Value = serde_json::from_slice(&body).unwrap();
    let image = json["imageData"].as_str().unwrap().strip_prefix("data:image/jpeg;base64,").unwrap();
    assert_eq!(BASE64_STANDARD.decode(image).unwrap(), bytes);
}

#[tokio::test]
async fn in_a_form() {
    let (bytes, file) = file();
    let part = HttpPart {
        name: "file".into(),
        filename: Some(file.name().to_owned()),
        mime: Some("image/jpeg".into()),
        content: vec![HttpChunk::Attachment(file)],
    };
    let (body, written) = sent(HttpBody::Multipart(vec![part])).await;
    let boundary = written.strip_prefix("multipart/form-data; boundary=").unwrap();
    let head = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a b\\\".jpg\"\r\nContent-Type: image/jpeg\r\n\r\n"
    );
    let foot = format!("\r\n--{boundary}--\r\n");
    assert_eq!(String::from_utf8_lossy(&body[..head.len()]), head);
    assert_eq!(&body[head.len()..body.len() - foot.len()], bytes);
}

#[tokio::test]
async fn an_attachment_that_changed_its_length_is_not_sent_as_if_it_were_whole() {
    struct Changed(u64);
    impl Attachment for Changed {
        fn name(&self) -> &'static str {
            "a"
        }
        fn mime(&self) -> &'static str {
            "a/b"
        }
        fn size(&self) -> u64 {
            self.0
        }
        fn sha256(&self) -> &'static str {
            ""
        }
        fn read_at(&self, offset: u64, length: usize) -> std::io::Result<Vec<u8>> {
            let left = usize::try_from(100_000_u64.saturating_sub(offset)).unwrap();
            Ok(vec![b'x'; left.min(length)])
        }
    }
    let server = Server::new(|_| answer(200, &[], "")).await;
    let stage = Stage::new(&[&server.url("")]);
    for size in [99_999, 100_001] {
        let body = HttpBody::Content(vec![HttpChunk::Attachment(Arc::new(Changed(size)))]);
        let error = stage.send(HttpRequest { body, ..request("POST", &server.url("/")) }).await.unwrap_err();
        let text = format!("no longer the {size} bytes it was made with");
        assert!(matches!(&error, HttpError::Protocol(told) if told.contains(&text)), "{error}");
    }
    assert!(server.seen().is_empty(), "no request was whole");
}
