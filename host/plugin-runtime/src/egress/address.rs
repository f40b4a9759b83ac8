//! Which addresses are the public internet's. Everything else — this machine, its neighbours, the metadata services of
//! clouds — is connected to only where the configuration names the very address or a block with it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Whether an address is one of the public internet.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_broadcast()
        || address.is_documentation()
        // "This network", shared by carriers, protocol assignments, relays of tunnels, benchmarks, and what is reserved.
        || a == 0
        || (a == 100 && (64..128).contains(&b))
        || (a, b, c) == (192, 0, 0)
        || (a, b, c) == (192, 88, 99)
        || (a == 198 && (18..20).contains(&b))
        || a >= 240;
    !special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    if let Some(inner) = v4_inside(address) {
        return is_public_v4(inner);
    }
    let [first, second, ..] = address.segments();
    // What isn't in the block that is given out is special; of that, protocol assignments (tunnels and benchmarks among
    // them) and what is for documentation are too.
    let special = first == 0x2001 && (second < 0x0200 || second == 0x0db8);
    (first & 0xe000) == 0x2000 && !special && first != 0x3fff
}

/// The IPv4 address that an IPv6 address leads to: mapped, translated, or that of a tunnel.
fn v4_inside(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let segments = address.segments();
    let v4 = |high: u16, low: u16| Ipv4Addr::from((u32::from(high) << 16) | u32::from(low));
    match segments {
        [0, 0, 0, 0, 0, 0xffff, high, low]
        | [0x0064, 0xff9b, 0, 0, 0, 0, high, low]
        | [0x2002, high, low, ..] => Some(v4(high, low)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_special_is_not_public() {
        let special = [
            "127.0.0.1",
            "127.1.2.3",
            "0.0.0.0",
            "10.1.2.3",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "192.0.0.1",
            "192.0.2.7",
            "198.18.0.1",
            "203.0.113.9",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "fe80::1",
            "fc00::1",
            "fd12::1",
            "ff02::1",
            "2001:db8::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "3fff::1",
            "100::1",
            "2001:0:1234::80ff:fffe",
            "2001:0:1234::fefe:fefe",
            "2001:2::1",
            "192.88.99.1",
            "fec0::1",
            "::127.0.0.1",
            "64:ff9b:1::1",
        ];
        for address in special {
            assert!(!is_public(address.parse().unwrap()), "{address}");
        }
    }

    #[test]
    fn what_is_given_out_is_public() {
        let public =
            ["1.1.1.1", "9.9.9.9", "172.32.0.1", "100.128.0.1", "198.20.0.1", "2606:4700::1111", "2a00::1"];
        for address in public.into_iter().chain(["::ffff:1.1.1.1", "64:ff9b::101:101", "2002:101:101::"]) {
            assert!(is_public(address.parse().unwrap()), "{address}");
        }
    }
}
