//! How much memory a large attachment takes on its way out. Alone in its process, because the process is measured.
#![cfg(test)]

use std::fs;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use stint_plugin_runtime::Attachment;
use stint_plugin_runtime::egress::{Client, EgressBroker, LastExchange, NoTokens, ProxyWay, WayOut};
use stint_plugin_runtime::grants::{Allowed, Grants, HostRule};
use stint_plugin_runtime::manifest::Manifest;
use stint_plugin_runtime::services::{Broker as _, HttpBody, HttpChunk, HttpPart, HttpRequest};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use url::Url;

const SIZE: u64 = 50 << 20;
const EXTRA_KIB_MAX: u64 = 4 << 10;

/// An attachment that is nowhere in memory.
struct Made(u64);

impl Attachment for Made {
    fn name(&self) -> &'static str {
        "large.jpg"
    }

    fn mime(&self) -> &'static str {
        "image/jpeg"
    }

    fn size(&self) -> u64 {
        self.0
    }

    fn sha256(&self) -> &'static str {
        ""
    }

    fn read_at(&self, offset: u64, length: usize) -> io::Result<Vec<u8>> {
        Ok(vec![b'x'; usize::try_from(self.0.saturating_sub(offset)).unwrap().min(length)])
    }
}

fn bodies(size: u64) -> [(&'static str, HttpBody, u64); 3] {
    let file = || Arc::new(Made(size));
    let part = HttpPart {
        name: "file".into(),
        filename: Some("large.jpg".into()),
        mime: Some("image/jpeg".into()),
        content: vec![HttpChunk::Attachment(file())],
    };
    let json =
        vec![HttpChunk::Bytes(b"\"".to_vec()), HttpChunk::Base64(file()), HttpChunk::Bytes(b"\"".to_vec())];
    [
        ("raw", HttpBody::Content(vec![HttpChunk::Attachment(file())]), size),
        ("multipart", HttpBody::Multipart(vec![part]), size),
        ("base64", HttpBody::Content(json), size.div_ceil(3) * 4),
    ]
}

/// Takes what comes, keeps none of it, and answers with how much it was.
async fn count(mut stream: TcpStream) {
    let mut room = vec![0; 16 << 10];
    loop {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let Ok(byte) = stream.read_u8().await else { return };
            head.push(byte);
        }
        let head = String::from_utf8(head).unwrap().to_lowercase();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
        let length: usize = length.parse().unwrap();
        let mut left = length;
        while left > 0 {
            let most = left.min(room.len());
            left -= stream.read(&mut room[..most]).await.unwrap();
        }
        let text = length.to_string();
        let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{text}", text.len());
        stream.write_all(answer.as_bytes()).await.unwrap();
    }
}

fn grants(url: &str) -> Arc<Grants> {
    let text = format!(
        "name = \"dummy\"\nversion = \"0.1.0\"\nkinds = [\"target\"]\ndescription = \"A dummy.\"\nlicence = \"MIT\"\n\
         [target]\nidempotency = \"native-key\"\nordering = \"none\"\naccepts = [\"screenshot\"]\n\
         [[asks.hosts]]\nhost = \"{url}\"\nmethods = [\"POST\"]\nreason = \"To test.\"\n"
    );
    let manifest = Manifest::from_toml(&text, |_| Ok(String::new())).unwrap();
    let allowed = Allowed { hosts: vec![HostRule::parse(url).unwrap()], ..Allowed::default() };
    Arc::new(Grants::new(&manifest, &Value::Null, allowed))
}

/// A line of the kernel's account of this process, in KiB.
fn kib(name: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
    line.trim_start_matches(':').trim().trim_end_matches(" kB").parse().unwrap()
}

#[tokio::test]
async fn a_large_attachment_is_never_whole_in_memory() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://127.0.0.1:{}", listener.local_addr().unwrap().port());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(count(stream));
        }
    });
    let (grants, way) = (grants(&url), WayOut { proxy: ProxyWay::Off, extra_roots: None });
    let client = Client::new(&way, Arc::clone(&grants)).unwrap();
    let send = async |body: HttpBody| {
        let broker = EgressBroker::new(client.clone(), Arc::new(NoTokens), Arc::new(LastExchange::default()));
        let request = HttpRequest {
            method: "POST".to_owned(),
            url: Url::parse(&url).unwrap(),
            headers: Vec::new(),
            body,
            credential: None,
            timeout: Duration::from_mins(10),
            redirects: 0,
            response_bytes_max: 1_024,
            grants: Arc::clone(&grants),
        };
        let answered = broker.send(request).await.unwrap();
        String::from_utf8(answered.body).unwrap().parse::<u64>().unwrap()
    };
    // What is made once, such as the connection and the threads that read, is made before.
    for (_, body, _) in bodies(1 << 20) {
        send(body).await;
    }
    for (name, body, least) in bodies(SIZE) {
        let before = kib("VmRSS");
        // The highest mark is set back to what there is now.
        fs::write("/proc/self/clear_refs", "5").unwrap();
        let arrived = send(body).await;
        let extra = kib("VmHWM").saturating_sub(before);
        println!("{name}: {arrived} bytes with {extra} KiB more than before");
        assert!(arrived >= least, "{name}: {arrived} of {least} bytes");
        assert!(extra <= EXTRA_KIB_MAX, "{name}: {extra} KiB");
    }
}
