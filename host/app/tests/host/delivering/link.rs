//! A network that comes back: what rests for the want of one is tried at once.

use std::process::Command;

use netlink_sys::{Socket, SocketAddr, protocols::NETLINK_ROUTE};

use super::stage::{Stage, backend};
use crate::{
    desk::until,
    gaps::{permitted, unshared},
};

/// Says that this process is to switch the loopback device of its network on, and nothing else.
const SWITCH: &str = "STINT_TEST_LINK";

#[test]
fn a_network_that_comes_back_ends_a_targets_rest() {
    if std::env::var_os(SWITCH).is_some() {
        return switch_on();
    }
    if !permitted(&["--net"]) {
        return;
    }
    // In a network of its own, which begins switched off, nothing can be reached.
    let stage = Stage::one(&backend());
    stage.desk.stint(&["start"]).ok();
    let command = unshared(&stage.desk, &["--net"], "", &["run"]);
    let host = stage.desk.start(command).unwrap();
    let news = "the network changed: what rests is tried again";
    until("it was tried", || stage.desk.json(&["queue", "show", "1"])["deliveries"][0]["error"].is_string());
    assert!(!stage.desk.log().contains(news));

    let name = "delivering::link::a_network_that_comes_back_ends_a_targets_rest";
    let pid = host.pid().to_string();
    let mut switch = Command::new("nsenter");
    switch.args(["--net", "--target", &pid]).arg(std::env::current_exe().unwrap()).args(["--exact", name]);
    let switched = switch.env(SWITCH, "1").output().unwrap();
    assert!(switched.status.success(), "{}", String::from_utf8_lossy(&switched.stdout));
    until("it heard of that", || stage.desk.log().contains(news));
    assert_eq!(host.end(), 0);
}

/// Tells the kernel what `ip link set lo up` tells it.
fn switch_on() {
    const NEW_LINK: u16 = 16;
    const REQUEST_AND_ACKNOWLEDGE: u16 = 1 | 4;
    const UP: u32 = 1;
    let mut message = Vec::new();
    message.extend(32_u32.to_ne_bytes());
    message.extend(NEW_LINK.to_ne_bytes());
    message.extend(REQUEST_AND_ACKNOWLEDGE.to_ne_bytes());
    // Its number and sender; then the family, the type, and the first device, which is this one in every network.
    message.extend([0; 12]);
    message.extend(1_i32.to_ne_bytes());
    message.extend(UP.to_ne_bytes());
    message.extend(UP.to_ne_bytes());
    let mut socket = Socket::new(NETLINK_ROUTE).unwrap();
    socket.bind_auto().unwrap();
    socket.send_to(&message, &SocketAddr::new(0, 0), 0).unwrap();
    let (answer, _) = socket.recv_from_full().unwrap();
    // An acknowledgement is an error of number 0.
    assert_eq!((&answer[4..6], &answer[16..20]), (&2_u16.to_ne_bytes()[..], &[0; 4][..]), "{answer:?}");
}
