//! What strangers can hold: a few places, for a while, and never those of admitted peers.

use std::io::Read;
use std::net::TcpStream;

use super::*;

async fn with_limits(strangers: StrangerLimits) -> (Node, Multiaddr) {
    let limits = TransportLimits {
        strangers,
        ..TransportLimits::default()
    };
    Node::listening(TCP, limits).await
}

fn limits() -> StrangerLimits {
    TransportLimits::default().strangers
}

async fn connect(to: &mut Node, address: &Multiaddr) -> Node {
    let mut node = Node::silent();
    node.transport.dial(address.clone()).await.unwrap();
    node.connected(to.id()).await;
    to.connected(node.id()).await;
    node
}

#[tokio::test]
async fn the_stranger_that_came_first_makes_room_and_who_was_admitted_stays() {
    let (mut house, address) = with_limits(StrangerLimits {
        connections_max: 2,
        ..limits()
    })
    .await;
    let neighbour = connect(&mut house, &address).await;
    assert!(house.transport.admit(neighbour.id()).await.unwrap());
    let first = connect(&mut house, &address).await;
    let second = connect(&mut house, &address).await;
    let third = connect(&mut house, &address).await;
    house.disconnected(first.id()).await;
    let fourth = connect(&mut house, &address).await;
    house.disconnected(second.id()).await;

    let (mut here, mut there) = stream_between(&neighbour, &mut house).await;
    round_trip(&mut here, &mut there).await;
    let (_here, _there) = stream_between(&third, &mut house).await;
    let (_here, _there) = stream_between(&fourth, &mut house).await;
}

#[tokio::test]
async fn a_strangers_time_is_up_and_an_admitted_peers_is_not() {
    let (mut house, address) = with_limits(StrangerLimits {
        time_max: Duration::from_millis(300),
        ..limits()
    })
    .await;
    let neighbour = connect(&mut house, &address).await;
    assert!(house.transport.admit(neighbour.id()).await.unwrap());
    let mut stranger = connect(&mut house, &address).await;
    house.disconnected(stranger.id()).await;
    stranger.disconnected(house.id()).await;
    let (mut here, mut there) = stream_between(&neighbour, &mut house).await;
    round_trip(&mut here, &mut there).await;

    // An admission ends with the peer's last connection.
    neighbour.transport.disconnect(house.id()).await.unwrap();
    house.disconnected(neighbour.id()).await;
    neighbour.transport.dial(address).await.unwrap();
    house.connected(neighbour.id()).await;
    house.disconnected(neighbour.id()).await;
}

#[tokio::test]
async fn one_address_cannot_begin_handshakes_without_end() {
    let (mut house, address) = with_limits(StrangerLimits {
        handshakes_per_address_max: 2,
        ..limits()
    })
    .await;
    let port = tcp_port(&address);
    let begun = || TcpStream::connect(("127.0.0.1", port)).unwrap();
    let hanging = [begun(), begun()];
    // Connections are taken in the order in which they came, so the third is the one refused.
    let refused = tokio::task::spawn_blocking(move || {
        let mut third = TcpStream::connect(("127.0.0.1", port)).unwrap();
        third.set_read_timeout(Some(PATIENCE)).unwrap();
        let mut nothing = [0; 64];
        match third.read(&mut nothing) {
            Ok(read) => read == 0,
            Err(error) => error.kind() == std::io::ErrorKind::ConnectionReset,
        }
    });
    assert!(refused.await.unwrap());

    drop(hanging);
    let mut neighbour = Node::silent();
    loop {
        neighbour.transport.dial(address.clone()).await.unwrap();
        let is_up = neighbour
            .next(|event| match event {
                Event::Connected { .. } => Some(true),
                Event::DialFailed { .. } => Some(false),
                _ => None,
            })
            .await;
        if is_up {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    house.connected(neighbour.id()).await;
}
