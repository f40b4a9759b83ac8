//! The host's socket: `control.sock` in the data directory. Only the directory's user gets in, whatever the file
//! system's rights say: the kernel tells who is at the other end.
//!
//! A socket's path may have 108 bytes, and a data directory's may be longer: the directory is opened, and the socket
//! is reached through it.

use std::{
    fs::{self, File, Permissions},
    io,
    os::{
        fd::AsRawFd,
        unix::{fs::MetadataExt, fs::PermissionsExt, net},
    },
    path::{Path, PathBuf},
};

use tokio::net::{UnixListener, UnixStream, unix::SocketAddr};

const NAME: &str = "control.sock";

/// Why the socket can't be served.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SocketError {
    /// It can't be made.
    #[error("failed to make the socket {}: {source}", path.display())]
    Make {
        /// The socket.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// It can't be served.
    #[error("failed to serve the socket: {source}")]
    Serve {
        /// What the system said.
        source: io::Error,
    },
}

/// Where a data directory's socket is.
#[derive(Clone, Debug)]
pub(crate) struct Address {
    dir: PathBuf,
}

impl Address {
    pub(crate) fn in_dir(dir: &Path) -> Self {
        Self { dir: dir.to_owned() }
    }

    /// Runs something with a path that is short enough, while the directory is open.
    fn with_short_path<T>(&self, run: impl FnOnce(&Path) -> io::Result<T>) -> io::Result<T> {
        let dir = File::open(&self.dir)?;
        run(&PathBuf::from(format!("/proc/self/fd/{}/{NAME}", dir.as_raw_fd())))
    }

    /// Connects to the host behind it.
    pub(crate) fn connect(&self) -> io::Result<UnixStream> {
        let stream = self.with_short_path(|path| net::UnixStream::connect(path))?;
        stream.set_nonblocking(true)?;
        UnixStream::from_std(stream)
    }

    /// Makes the socket. Whoever does this owns the data directory: a socket that is there was left by a host that
    /// is gone.
    pub(crate) fn listen(&self) -> Result<Socket, SocketError> {
        let make = |source| SocketError::Make { path: self.dir.join(NAME), source };
        let listener = self
            .with_short_path(|path| {
                match fs::remove_file(path) {
                    Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                    _ => {}
                }
                let listener = net::UnixListener::bind(path)?;
                fs::set_permissions(path, Permissions::from_mode(0o600))?;
                listener.set_nonblocking(true)?;
                Ok(listener)
            })
            .map_err(make)?;
        let owner = fs::metadata(&self.dir).map_err(make)?.uid();
        let listener = UnixListener::from_std(listener).map_err(make)?;
        Ok(Socket { listener, owner, path: self.dir.join(NAME) })
    }
}

/// The host's end of the socket.
#[derive(Debug)]
pub(crate) struct Socket {
    listener: UnixListener,
    owner: u32,
    path: PathBuf,
}

impl axum::serve::Listener for Socket {
    type Io = UnixStream;
    type Addr = SocketAddr;

    /// The next connection of the directory's own user. Others are hung up on.
    async fn accept(&mut self) -> (UnixStream, SocketAddr) {
        loop {
            // This one waits where the system is out of file descriptors, instead of failing.
            let (stream, address) = axum::serve::Listener::accept(&mut self.listener).await;
            match stream.peer_cred() {
                Ok(peer) if peer.uid() == self.owner || peer.uid() == 0 => return (stream, address),
                Ok(peer) => {
                    tracing::warn!(target: "stint::api", uid = peer.uid(), "another user was hung up on");
                }
                Err(error) => tracing::warn!(target: "stint::api", %error, "an unknown peer was hung up on"),
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        // What stays is removed by the next host.
        let _ = fs::remove_file(&self.path);
    }
}
