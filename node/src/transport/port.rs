//! Whether a port to listen on is taken.
//!
//! libp2p shares its TCP ports with whoever shares them too, as another node does: both would listen
//! on one, and the system would deal out connections between them. So a port is bound for a moment
//! as programs do that share nothing.

use std::io::ErrorKind;
use std::net::{IpAddr, Ipv6Addr, SocketAddr, TcpListener, UdpSocket};

use libp2p::Multiaddr;
use libp2p::multiaddr::Protocol;

/// Tells whether another program listens on an address. What else may be wrong with it shows when
/// it is listened on. A port whose connections are still closing is free.
pub(super) fn is_taken(address: &Multiaddr) -> bool {
    let mut parts = address.iter();
    let ip = match parts.next() {
        Some(Protocol::Ip4(ip)) => IpAddr::V4(ip),
        // Bound in this way, all of IPv6 has IPv4 with it, which libp2p leaves to others.
        Some(Protocol::Ip6(Ipv6Addr::UNSPECIFIED)) => IpAddr::V6(Ipv6Addr::LOCALHOST),
        Some(Protocol::Ip6(ip)) => IpAddr::V6(ip),
        _ => return false,
    };
    let bound = match parts.next() {
        Some(Protocol::Tcp(port)) if port != 0 => {
            TcpListener::bind(SocketAddr::new(ip, port)).map(drop)
        }
        Some(Protocol::Udp(port)) if port != 0 => {
            UdpSocket::bind(SocketAddr::new(ip, port)).map(drop)
        }
        _ => return false,
    };
    bound.is_err_and(|error| error.kind() == ErrorKind::AddrInUse)
}
