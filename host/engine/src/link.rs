//! The machine's network: when a link, an address or a route comes, what failed for want of one is tried at once.
//!
//! The kernel tells, so nothing is asked. A machine on which it may not be listened to delivers as well, a little later:
//! a target that rests is tried again when its rest is over.

use std::time::Duration;

use netlink_sys::{AsyncSocket as _, AsyncSocketExt as _, SocketAddr, TokioSocket, protocols::NETLINK_ROUTE};

use crate::{
    desk::Desk,
    supervise::{Stop, stopped},
};

/// Links; addresses and routes of both versions, as `rtnetlink(7)` numbers the groups.
const GROUPS: u32 = 0x1 | 0x10 | 0x40 | 0x100 | 0x400;
/// One change comes as a handful of messages.
const SETTLES: Duration = Duration::from_secs(2);
/// A link that comes and goes all the time makes no target busy.
const APART: Duration = Duration::from_secs(10);

/// Why the kernel can't be listened to any more.
#[derive(Debug, thiserror::Error)]
#[error("failed to listen for changes of the network: {0}")]
pub(crate) struct LinkError(#[from] std::io::Error);

/// Listens until it is told to stop.
pub(crate) async fn listen(desk: Desk, mut stop: Stop) -> Result<(), LinkError> {
    let mut socket = match open() {
        Ok(socket) => socket,
        Err(error) => {
            tracing::info!(target: "stint", "the network can't be watched, which delays retries: {error}");
            stopped(&mut stop).await;
            return Ok(());
        }
    };
    loop {
        tokio::select! {
            () = stopped(&mut stop) => return Ok(()),
            received = socket.recv_from_full() => if !brings_something(&received?.0) { continue },
        }
        tokio::select! {
            () = stopped(&mut stop) => return Ok(()),
            () = settled(&mut socket) => {}
        }
        tracing::info!(target: "stint", "the network changed: what rests is tried again");
        desk.bell().another_chance();
        tokio::select! {
            () = stopped(&mut stop) => return Ok(()),
            () = tokio::time::sleep(APART) => {}
        }
    }
}

fn open() -> std::io::Result<TokioSocket> {
    let mut socket = TokioSocket::new(NETLINK_ROUTE)?;
    socket.socket_mut().bind(&SocketAddr::new(0, GROUPS))?;
    Ok(socket)
}

/// Waits until the messages of one change are through. What is lost on the way belongs to it.
async fn settled(socket: &mut TokioSocket) {
    let drained = async { while socket.recv_from_full().await.is_ok() {} };
    let _either_way = tokio::time::timeout(SETTLES, drained).await;
}

/// Whether a message tells of something new: what goes away helps nobody.
fn brings_something(message: &[u8]) -> bool {
    const NEW_LINK: u16 = 16;
    const NEW_ADDRESS: u16 = 20;
    const NEW_ROUTE: u16 = 24;
    match message {
        [_, _, _, _, low, high, ..] => {
            matches!(u16::from_ne_bytes([*low, *high]), NEW_LINK | NEW_ADDRESS | NEW_ROUTE)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_kernel_lets_itself_be_listened_to() {
        assert!(open().is_ok());
    }

    #[test]
    fn what_comes_is_news_and_what_goes_is_not() {
        let message = |kind: u16| [&32_u32.to_ne_bytes()[..], &kind.to_ne_bytes()[..], &[0; 26][..]].concat();
        assert!([16, 20, 24].into_iter().all(|kind| brings_something(&message(kind))));
        assert!([17, 21, 25, 3].into_iter().all(|kind| !brings_something(&message(kind))));
        assert!(!brings_something(&[]) && !brings_something(&[0; 5]));
    }
}
