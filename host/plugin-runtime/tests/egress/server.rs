//! A server that reads whole requests and answers with raw bytes, so that it can be as wrong as it likes.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

/// A request as it arrived.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seen {
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Seen {
    /// The values of a header, one behind the other.
    pub(crate) fn header(&self, name: &str) -> String {
        let values = self.headers.iter().filter(|(given, _)| given.eq_ignore_ascii_case(name));
        values.map(|(_, value)| value.as_str()).collect::<Vec<_>>().join(" | ")
    }
}

/// What is done with a request.
pub(crate) enum Act {
    /// These bytes are the answer, and the connection is kept.
    Answer(Vec<u8>),
    /// These bytes are the answer, one by one.
    OneByOne(Vec<u8>),
    /// The connection is cut after these bytes.
    Cut(Vec<u8>),
    /// These bytes, and then nothing ever.
    Hang(Vec<u8>),
    /// The first bytes, and then the second ones for ever.
    Endless(Vec<u8>, Vec<u8>),
}

/// A server on loopback.
pub(crate) struct Server {
    pub(crate) port: u16,
    seen: Arc<Mutex<Vec<Seen>>>,
    connections: Arc<AtomicUsize>,
}

type Handler = Arc<dyn Fn(&Seen) -> Act + Send + Sync>;

impl Server {
    /// A server that does this with every request.
    pub(crate) async fn new(act: impl Fn(&Seen) -> Act + Send + Sync + 'static) -> Self {
        Self::begun(None, Arc::new(act)).await
    }

    /// The same over TLS.
    pub(crate) async fn tls(
        acceptor: TlsAcceptor,
        act: impl Fn(&Seen) -> Act + Send + Sync + 'static,
    ) -> Self {
        Self::begun(Some(acceptor), Arc::new(act)).await
    }

    async fn begun(acceptor: Option<TlsAcceptor>, act: Handler) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = Self {
            port: listener.local_addr().unwrap().port(),
            seen: Arc::default(),
            connections: Arc::default(),
        };
        let (seen, connections) = (Arc::clone(&server.seen), Arc::clone(&server.connections));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                connections.fetch_add(1, Ordering::SeqCst);
                let (seen, act, acceptor) = (Arc::clone(&seen), Arc::clone(&act), acceptor.clone());
                tokio::spawn(async move {
                    match acceptor {
                        None => serve(stream, &seen, &act).await,
                        Some(acceptor) => {
                            if let Ok(stream) = acceptor.accept(stream).await {
                                serve(stream, &seen, &act).await;
                            }
                        }
                    }
                });
            }
        });
        server
    }

    /// What has arrived so far.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    /// The only request that has arrived.
    pub(crate) fn only(&self) -> Seen {
        let seen = self.seen();
        assert_eq!(seen.len(), 1, "{seen:?}");
        seen[0].clone()
    }

    /// How many connections were made.
    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    /// An address here.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }
}

/// An answer.
pub(crate) fn answer(status: u16, headers: &[(&str, &str)], body: impl AsRef<[u8]>) -> Act {
    Act::Answer(written(status, headers, body))
}

/// An answer as bytes.
pub(crate) fn written(status: u16, headers: &[(&str, &str)], body: impl AsRef<[u8]>) -> Vec<u8> {
    let mut text = format!("HTTP/1.1 {status} Whatever\r\ncontent-length: {}\r\n", body.as_ref().len());
    for (name, value) in headers {
        write!(text, "{name}: {value}\r\n").unwrap();
    }
    text.push_str("\r\n");
    [text.as_bytes(), body.as_ref()].concat()
}

/// A redirect.
pub(crate) fn redirect(status: u16, to: &str) -> Act {
    answer(status, &[("location", to)], "moved")
}

/// Answers requests until one of the two has enough.
pub(crate) async fn serve<S: AsyncRead + AsyncWrite + Unpin>(
    mut stream: S,
    seen: &Mutex<Vec<Seen>>,
    act: &Handler,
) {
    while let Some(request) = read(&mut stream).await {
        seen.lock().unwrap().push(request.clone());
        let goes_on = match act(&request) {
            Act::Answer(bytes) => stream.write_all(&bytes).await.is_ok(),
            Act::OneByOne(bytes) => {
                for byte in bytes {
                    if stream.write_all(&[byte]).await.is_err() || stream.flush().await.is_err() {
                        return;
                    }
                    tokio::task::yield_now().await;
                }
                true
            }
            Act::Cut(bytes) => {
                let _either_way = stream.write_all(&bytes).await;
                false
            }
            Act::Hang(bytes) => {
                let _either_way = stream.write_all(&bytes).await;
                let _either_way = stream.flush().await;
                // Until the other end has gone.
                let _gone = stream.read(&mut [0; 1]).await;
                false
            }
            Act::Endless(first, then) => {
                let _either_way = stream.write_all(&first).await;
                while stream.write_all(&then).await.is_ok() {}
                false
            }
        };
        let _either_way = stream.flush().await;
        if !goes_on {
            let _either_way = stream.shutdown().await;
            return;
        }
    }
}

/// One whole request; nothing at the end.
pub(crate) async fn read(stream: &mut (impl AsyncRead + Unpin)) -> Option<Seen> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
    }
    let text = String::from_utf8(head).unwrap();
    let mut lines = text.lines();
    let mut first = lines.next()?.split(' ');
    let (method, target) = (first.next()?.to_owned(), first.next()?.to_owned());
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let mut seen = Seen { method, target, headers, body: Vec::new() };
    assert_eq!(seen.header("transfer-encoding"), "", "requests say how long they are");
    let length = seen.header("content-length").parse().unwrap_or(0);
    seen.body = vec![0; length];
    stream.read_exact(&mut seen.body).await.ok()?;
    Some(seen)
}
