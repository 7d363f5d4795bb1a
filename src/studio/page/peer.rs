//! Whose program is at the other end of a connection on this machine: the system's table of
//! connections says it. Where there is no such table, it is nobody's.

use std::io::Read;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// Tables of busy machines; one that is longer is not read further.
const TABLE_BYTES_MAX: u64 = 16 << 20;
/// The state of a connection that both ends hold open. Others have lost their owner.
const ESTABLISHED: &str = "01";

/// Returns whether the program that connects from `peer` to our `port` is of our own user.
pub(super) async fn is_ours(peer: SocketAddr, port: u16) -> bool {
    if !peer.ip().is_loopback() {
        return false;
    }
    // The tables are made while they are read, which can take a moment.
    let owner = tokio::task::spawn_blocking(move || {
        let tables = ["/proc/net/tcp", "/proc/net/tcp6"];
        tables.into_iter().find_map(|table| owner_of(&read(table)?, peer, port))
    });
    owner.await.ok().flatten().is_some_and(|owner| Some(owner) == own_user())
}

#[cfg(unix)]
fn own_user() -> Option<u32> {
    Some(rustix::process::getuid().as_raw())
}

#[cfg(not(unix))]
fn own_user() -> Option<u32> {
    None
}

fn read(table: &str) -> Option<String> {
    let mut text = String::new();
    std::fs::File::open(table).ok()?.take(TABLE_BYTES_MAX).read_to_string(&mut text).ok()?;
    Some(text)
}

/// Returns the user of the connection from `peer` to `port`.
fn owner_of(table: &str, peer: SocketAddr, port: u16) -> Option<u32> {
    let from = SocketAddr::new(peer.ip().to_canonical(), peer.port());
    table.lines().skip(1).find_map(|line| {
        let mut fields = line.split_whitespace().skip(1);
        let (local, remote, state) = (fields.next()?, fields.next()?, fields.next()?);
        let owner = fields.nth(3)?;
        let is_it = state == ESTABLISHED && address(local)? == from && address(remote)?.port() == port;
        is_it.then(|| owner.parse().ok())?
    })
}

/// Reads an address such as `0100007F:1F90`: words as the machine keeps them, in hexadecimal.
fn address(text: &str) -> Option<SocketAddr> {
    let (ip, port) = text.split_once(':')?;
    let port = u16::from_str_radix(port, 16).ok()?;
    let words: Vec<[u8; 4]> = (0..ip.len() / 8)
        .map(|at| Some(u32::from_str_radix(ip.get(at * 8..at * 8 + 8)?, 16).ok()?.to_ne_bytes()))
        .collect::<Option<_>>()?;
    let ip: IpAddr = match words.as_slice() {
        [word] => Ipv4Addr::from(*word).into(),
        [a, b, c, d] => {
            let bytes: [u8; 16] = [*a, *b, *c, *d].concat().try_into().ok()?;
            Ipv6Addr::from(bytes).into()
        }
        _ => return None,
    };
    Some(SocketAddr::new(ip.to_canonical(), port))
}

#[cfg(all(test, target_endian = "little"))]
mod tests {
    use super::*;

    const HEAD: &str = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid";

    #[test]
    fn the_owner_is_read_of_a_living_connection_alone() {
        let line = |from: &str, to: &str, state: &str, user: u32| {
            format!(
                "   0: {from} {to} {state} 00000000:00000000 00:00000000 00000000  {user}        0 1076 1"
            )
        };
        let table = [
            HEAD.to_owned(),
            line("0100007F:2253", "00000000:0000", "0A", 7),
            line("0100007F:2253", "0100007F:C001", "01", 8),
            line("0100007F:C002", "0100007F:2253", "06", 0),
            line("0100007F:C001", "0100007F:2253", "01", 1000),
            line(
                "0000000000000000FFFF00000100007F:C003",
                "0000000000000000FFFF00000100007F:2253",
                "01",
                1001,
            ),
        ]
        .join("\n");
        let owner = |peer: &str| owner_of(&table, peer.parse().unwrap(), 0x2253);
        assert_eq!(owner("127.0.0.1:49153"), Some(1000));
        assert_eq!(owner("127.0.0.1:49154"), None);
        assert_eq!(owner("127.0.0.1:49155"), Some(1001));
        assert_eq!(owner("127.0.0.1:49156"), None);
    }

    #[test]
    fn addresses_are_read_in_both_lengths() {
        assert_eq!(address("0100007F:1F90"), Some("127.0.0.1:8080".parse().unwrap()));
        assert_eq!(address("00000000000000000000000001000000:0050"), Some("[::1]:80".parse().unwrap()));
        for odd in ["", "0100007F", "01:1F90", "é100007F:1F90", "0100007F:1F90F"] {
            assert_eq!(address(odd), None, "{odd}");
        }
    }
}
