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

use stint_engine::Lost;
use tokio::net::{UnixListener, UnixStream, unix::SocketAddr};

const NAME: &str = "control.sock";

/// Why the socket can't be served.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SocketError {
    /// Something else has its place.
    #[error("failed to make the socket {}: a folder has its place; move it away, then start stint again", path.display())]
    Folder {
        /// The socket.
        path: PathBuf,
    },
    /// It can't be made.
    #[error("failed to make the socket {}: {source}", path.display())]
    Make {
        /// The socket.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The directory that it is made in was lost.
    #[error("failed to make the socket again: {source}")]
    Lost {
        /// What became of it.
        source: Lost,
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
        if fs::symlink_metadata(self.dir.join(NAME)).is_ok_and(|found| found.is_dir()) {
            return Err(SocketError::Folder { path: self.dir.join(NAME) });
        }
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
        let path = self.dir.join(NAME);
        let number = number(&path).map_err(make)?;
        Ok(Socket { listener, owner, mark: Mark { path, number } })
    }
}

/// The host's end of the socket.
#[derive(Debug)]
pub(crate) struct Socket {
    listener: UnixListener,
    owner: u32,
    mark: Mark,
}

/// By which a socket is known: a name can be given to another one.
#[derive(Clone, Debug)]
pub(super) struct Mark {
    path: PathBuf,
    number: (u64, u64),
}

impl Mark {
    /// Whether the socket still has its name.
    pub(super) fn is_there(&self) -> bool {
        number(&self.path).is_ok_and(|number| number == self.number)
    }
}

impl Socket {
    pub(super) fn mark(&self) -> Mark {
        self.mark.clone()
    }
}

fn number(path: &Path) -> io::Result<(u64, u64)> {
    fs::symlink_metadata(path).map(|found| (found.dev(), found.ino()))
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
        // What stays is removed by the next host; another's stays its own.
        if self.mark.is_there() {
            let _ = fs::remove_file(&self.mark.path);
        }
    }
}
