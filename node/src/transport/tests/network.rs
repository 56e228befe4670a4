//! Connections: dialling, limits, ends, and what a stranger on the network can see.

use std::net::{TcpListener, UdpSocket};
use std::str::FromStr;

use futures::StreamExt;
use libp2p::swarm::{NetworkBehaviour, SwarmEvent};
use libp2p::{SwarmBuilder, identify, noise, tcp, yamux};

use super::*;
use crate::limits::{TRANSPORT_EVENTS_MAX, TRANSPORT_OUTBOX_MAX};

fn seeded(seed: u8) -> Node {
    Node::with(Config {
        seed: Some(Zeroizing::new([seed; 32])),
        ..Config::default()
    })
}

#[tokio::test]
async fn a_seed_keeps_the_peer_id_and_without_one_every_start_differs() {
    assert_eq!(seeded(1).id(), seeded(1).id());
    assert_ne!(seeded(1).id(), seeded(2).id());
    assert_ne!(Node::silent().id(), Node::silent().id());
}

#[tokio::test]
async fn both_sides_see_one_connection_and_its_end() {
    for address in [TCP, QUIC] {
        let (mut b, address) = Node::listening(address, TransportLimits::default()).await;
        let mut a = Node::silent();
        a.transport.dial(address.clone()).await.unwrap();
        let (to, outbound) = a
            .next(|event| match event {
                Event::Connected {
                    address, outbound, ..
                } => Some((address, outbound)),
                _ => None,
            })
            .await;
        assert_eq!((to, outbound), (address.clone(), true));
        let inbound = b
            .next(|event| match event {
                Event::Connected { peer, outbound, .. } => Some((peer, !outbound)),
                _ => None,
            })
            .await;
        assert_eq!(inbound, (a.id(), true));
        let again = a.transport.dial(address).await;
        assert!(matches!(again, Err(DialError::AlreadyConnected(peer)) if peer == b.id()));

        a.transport.shutdown().await;
        b.disconnected(a.id()).await;
        assert!(matches!(a.transport.listeners().await, Err(Stopped)));
        assert!(a.events.recv().await.is_none());
    }
}

#[tokio::test]
async fn a_goodbye_is_said_before_shutdown_returns() {
    let (mut b, address) = Node::listening(QUIC, TransportLimits::default()).await;
    let to = b.id();
    let leaving = tokio::task::spawn_blocking(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let mut a = Node::silent();
            a.transport.dial(address).await.unwrap();
            a.connected(to).await;
            a.transport.shutdown().await;
            a.id()
        })
        // Here the runtime goes, and with it whatever was still to be sent.
    });
    let id = leaving.await.unwrap();
    b.disconnected(id).await;
}

#[tokio::test]
async fn a_second_connection_is_no_second_peer() {
    let (mut b, address) = Node::listening(TCP, TransportLimits::default()).await;
    let mut a = Node::silent();
    let mut nameless = address.clone();
    nameless.pop();
    a.transport.dial(address).await.unwrap();
    a.connected(b.id()).await;
    b.connected(a.id()).await;
    a.transport.dial(nameless).await.unwrap();
    // The stream goes over the newest connection, so when it is up the second one has been seen.
    let (_ends, _other_ends) = stream_between(&a, &mut b).await;
    a.transport.disconnect(b.id()).await.unwrap();
    let next = b
        .next(|event| match event {
            Event::Connected { .. } => Some("connected again"),
            Event::Disconnected { .. } => Some("disconnected"),
            _ => None,
        })
        .await;
    assert_eq!(next, "disconnected");
}

#[tokio::test]
async fn listeners_are_named_and_their_port_is_free_after_shutdown() {
    let (node, address) = Node::listening(TCP, TransportLimits::default()).await;
    let listeners = node.transport.listeners().await.unwrap();
    let named: Vec<Multiaddr> = listeners
        .into_iter()
        .map(|listener| listener.with_p2p(node.id()).unwrap())
        .collect();
    assert_eq!(named, vec![address.clone()]);
    node.transport.shutdown().await;
    TcpListener::bind(("127.0.0.1", tcp_port(&address))).unwrap();
}

#[tokio::test]
async fn an_address_in_use_fails_the_start() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    check_in_use(&format!("/ip4/127.0.0.1/tcp/{port}"));
    // Another node would share it.
    for address in [TCP, QUIC] {
        let (_node, address) = Node::listening(address, TransportLimits::default()).await;
        let mut nameless = address;
        nameless.pop();
        check_in_use(&nameless.to_string());
        let anywhere = nameless.to_string().replace("127.0.0.1", "0.0.0.0");
        check_in_use(&anywhere);
    }
}

fn check_in_use(address: &str) {
    let result = start(Config {
        listen: vec![address.parse().unwrap()],
        ..Config::default()
    });
    assert!(
        matches!(result, Err(StartError::InUse { .. })),
        "{address}: {:?}",
        result.err()
    );
}

#[tokio::test]
async fn a_node_takes_its_port_again_at_once_though_connections_are_closing() {
    let (mut b, address) = Node::listening(TCP, TransportLimits::default()).await;
    let mut nameless = address.clone();
    nameless.pop();
    let mut a = Node::silent();
    a.transport.dial(address).await.unwrap();
    a.connected(b.id()).await;
    b.connected(a.id()).await;
    // Whoever closes first keeps the connection's remains.
    b.transport.shutdown().await;
    let (again, _) = Node::listening(&nameless.to_string(), TransportLimits::default()).await;
    assert_eq!(again.transport.listeners().await.unwrap(), [nameless]);
}

#[tokio::test]
async fn a_failed_dial_says_why() {
    let (b, address) = Node::listening(TCP, TransportLimits::default()).await;
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let closed = format!("/ip4/127.0.0.1/tcp/{}", free.local_addr().unwrap().port());
    drop(free);
    let mut impostor = address.clone();
    impostor.pop();
    let impostor = impostor.with_p2p(PeerId::random()).unwrap();

    let mut a = Node::silent();
    type Expect = fn(&DialFailure, PeerId) -> bool;
    let cases: [(Multiaddr, Expect); 2] = [
        (closed.parse().unwrap(), |reason, _| {
            matches!(reason, DialFailure::Unreachable(_))
        }),
        (
            impostor,
            |reason, b| matches!(reason, DialFailure::OtherPeer { obtained } if *obtained == b),
        ),
    ];
    for (address, expect) in cases {
        a.transport.dial(address.clone()).await.unwrap();
        let (failed, reason) = a.dial_failed().await;
        assert_eq!(failed, address);
        assert!(expect(&reason, b.id()), "{address}: {reason:?}");
    }
    a.transport
        .dial("/unix/somewhere".parse().unwrap())
        .await
        .unwrap();
    assert!(matches!(
        a.dial_failed().await.1,
        DialFailure::Unsupported(_)
    ));

    let mut nameless = address.clone();
    nameless.pop();
    for own in [nameless, address] {
        assert!(matches!(
            b.transport.dial(own).await,
            Err(DialError::Refused(DialFailure::Myself))
        ));
    }
}

impl Node {
    /// Waits until the owner is told that memory is short, or no longer.
    async fn memory(&mut self, expected: bool) {
        self.next(|event| match event {
            Event::Memory { short } => (short == expected).then_some(()),
            _ => None,
        })
        .await
    }

    async fn dial_failed(&mut self) -> (Multiaddr, DialFailure) {
        self.next(|event| match event {
            Event::DialFailed { address, reason } => Some((address, reason)),
            _ => None,
        })
        .await
    }
}

#[tokio::test]
async fn connections_beyond_the_limit_are_refused_and_the_others_live() {
    let limits = TransportLimits {
        connections_inbound_max: 1,
        ..TransportLimits::default()
    };
    check_connection_limit(limits).await;
    let limits = TransportLimits {
        connections_max: 1,
        ..TransportLimits::default()
    };
    check_connection_limit(limits).await;
}

async fn check_connection_limit(limits: TransportLimits) {
    let (mut b, address) = Node::listening(TCP, limits).await;
    let mut first = Node::silent();
    first.transport.dial(address.clone()).await.unwrap();
    first.connected(b.id()).await;
    b.connected(first.id()).await;

    let mut excess = Node::silent();
    excess.transport.dial(address).await.unwrap();
    // The refusal comes after the handshake, so the dialler may believe itself connected first.
    excess
        .next(|event| match event {
            Event::Disconnected { .. } | Event::DialFailed { .. } => Some(()),
            _ => None,
        })
        .await;
    let (mut ends, mut other_ends) = stream_between(&first, &mut b).await;
    round_trip(&mut ends, &mut other_ends).await;
    first.transport.shutdown().await;
    let left = b
        .next(|event| match event {
            Event::Connected { peer, .. } => panic!("{peer} was let in"),
            Event::Disconnected { peer } => Some(peer),
            _ => None,
        })
        .await;
    assert_eq!(left, first.id());
}

#[tokio::test]
async fn nobody_is_let_in_when_memory_is_short_and_its_owner_is_told() {
    let limits = TransportLimits {
        process_bytes_max: 1,
        ..TransportLimits::default()
    };
    let (mut b, address) = Node::listening(TCP, limits).await;
    let mut a = Node::silent();
    a.transport.dial(address).await.unwrap();
    a.dial_failed().await;
    b.memory(true).await;

    // It still reaches others by itself.
    let (other, other_address) = Node::listening(TCP, TransportLimits::default()).await;
    b.transport.dial(other_address).await.unwrap();
    b.connected(other.id()).await;
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn with_memory_again_others_are_let_in_and_its_owner_is_told() {
    const SPARE_BYTES: usize = 256 << 20;
    let limits = TransportLimits {
        process_bytes_max: resident_bytes() + SPARE_BYTES,
        ..TransportLimits::default()
    };
    let held = vec![1_u8; 2 * SPARE_BYTES];
    let (mut b, address) = Node::listening(TCP, limits).await;
    let mut a = Node::silent();
    a.transport.dial(address.clone()).await.unwrap();
    a.dial_failed().await;
    b.memory(true).await;

    drop(std::hint::black_box(held));
    loop {
        a.transport.dial(address.clone()).await.unwrap();
        let is_connected = a
            .next(|event| match event {
                Event::Connected { .. } => Some(true),
                Event::DialFailed { .. } => Some(false),
                _ => None,
            })
            .await;
        if is_connected {
            break;
        }
    }
    b.memory(false).await;
}

/// Bytes of resident memory of this process.
#[cfg(target_os = "linux")]
fn resident_bytes() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let size = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = size.unwrap().trim().strip_suffix(" kB").unwrap();
    kib.parse::<usize>().unwrap() * 1024
}

#[tokio::test]
async fn an_owner_that_does_not_listen_is_answered_and_loses_no_event() {
    let mut node = Node::silent();
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let closed = format!("/ip4/127.0.0.1/tcp/{}", free.local_addr().unwrap().port());
    let closed: Multiaddr = closed.parse().unwrap();
    drop(free);
    let mut begun = 0;
    let mut refused_in_a_row = 0;
    while refused_in_a_row < 200 {
        match node.transport.dial(closed.clone()).await {
            Ok(()) => (begun, refused_in_a_row) = (begun + 1, 0),
            Err(DialError::Refused(DialFailure::Limit(_))) => refused_in_a_row += 1,
            Err(other) => panic!("{other}"),
        }
        tokio::task::yield_now().await;
        assert!(begun < 4 * TRANSPORT_EVENTS_MAX, "events are not bounded");
    }
    assert!(begun >= TRANSPORT_EVENTS_MAX + TRANSPORT_OUTBOX_MAX);
    assert!(node.transport.listeners().await.unwrap().is_empty());
    for _ in 0..begun {
        node.dial_failed().await;
    }
}

#[tokio::test]
async fn the_transport_ends_with_its_owner() {
    let (mut b, address) = Node::listening(TCP, TransportLimits::default()).await;
    for drop_events in [true, false] {
        let mut a = Node::silent();
        a.transport.dial(address.clone()).await.unwrap();
        a.connected(b.id()).await;
        let id = a.id();
        b.connected(id).await;
        let Node { transport, events } = a;
        if drop_events {
            drop(events);
            b.disconnected(id).await;
            assert!(matches!(transport.listeners().await, Err(Stopped)));
        } else {
            drop(transport);
            b.disconnected(id).await;
        }
    }
}

/// A stranger's side of identify.
#[derive(NetworkBehaviour)]
struct Curious {
    identify: identify::Behaviour,
}

#[tokio::test]
async fn identify_tells_a_stranger_the_protocol_and_no_address() {
    let (_node, address) = Node::listening(TCP, TransportLimits::default()).await;
    let mut stranger = SwarmBuilder::with_new_identity()
        .with_tokio()
        .with_tcp(
            tcp::Config::default(),
            noise::Config::new,
            yamux::Config::default,
        )
        .unwrap()
        .with_behaviour(|key| Curious {
            identify: identify::Behaviour::new(identify::Config::new(
                "/stranger/1".to_owned(),
                key.public(),
            )),
        })
        .unwrap()
        .build();
    stranger.dial(address).unwrap();
    let told = async {
        loop {
            if let SwarmEvent::Behaviour(CuriousEvent::Identify(identify::Event::Received {
                info,
                ..
            })) = stranger.select_next_some().await
            {
                return info;
            }
        }
    };
    let info = timeout(PATIENCE, told).await.unwrap();
    assert_eq!(info.protocol_version, "/linli/1");
    assert_eq!(info.agent_version, "linli");
    assert_eq!(info.listen_addrs, vec![]);
}

#[tokio::test]
async fn without_mdns_nobody_is_discovered_and_no_socket_is_open() {
    let (mut a, mut b) = pair(TCP).await;
    // Time for an answer to an mDNS question, had one been asked.
    let (mut ends, mut other_ends) = stream_between(&a, &mut b).await;
    for _ in 0..200 {
        round_trip(&mut ends, &mut other_ends).await;
    }
    for node in [&mut a, &mut b] {
        while let Ok(event) = node.events.try_recv() {
            assert!(!matches!(event, Event::Discovered { .. }), "{event:?}");
        }
    }
    if cfg!(target_os = "linux") {
        // A socket of our own shows that the probe sees one where there is one.
        let probe = UdpSocket::bind("127.0.0.1:0").unwrap();
        assert!(has_udp_socket(probe.local_addr().unwrap().port()));
        assert!(!has_udp_socket(5353));
    }
}

/// Whether this process holds a UDP socket on `port`, by Linux's own account.
fn has_udp_socket(port: u16) -> bool {
    let own: Vec<String> = std::fs::read_dir("/proc/self/fd")
        .unwrap()
        .filter_map(|entry| std::fs::read_link(entry.unwrap().path()).ok())
        .map(|target| target.to_string_lossy().into_owned())
        .collect();
    ["/proc/self/net/udp", "/proc/self/net/udp6"]
        .iter()
        .filter_map(|table| std::fs::read_to_string(table).ok())
        .any(|table| {
            table.lines().skip(1).any(|line| {
                let columns: Vec<&str> = line.split_whitespace().collect();
                columns[1].ends_with(&format!(":{port:04X}"))
                    && own.contains(&format!("socket:[{}]", columns[9]))
            })
        })
}

#[tokio::test]
async fn a_closed_transport_has_no_connection_and_gets_none_until_it_is_open_again() {
    for address in [TCP, QUIC] {
        let (mut b, address) = Node::listening(address, TransportLimits::default()).await;
        let mut a = Node::silent();
        a.transport.dial(address.clone()).await.unwrap();
        a.connected(b.id()).await;
        b.connected(a.id()).await;

        b.transport.set_open(false).await.unwrap();
        b.disconnected(a.id()).await;
        a.disconnected(b.id()).await;
        assert!(!b.transport.admit(a.id()).await.unwrap());
        a.transport.dial(address.clone()).await.unwrap();
        let next = a
            .next(|event| match event {
                Event::Connected { .. } => Some("connected"),
                Event::DialFailed { .. } => Some("failed"),
                _ => None,
            })
            .await;
        assert_eq!(next, "failed");
        let out = b.transport.dial(Multiaddr::from_str(TCP).unwrap()).await;
        assert!(matches!(out, Err(DialError::Refused(_))), "{out:?}");

        b.transport.set_open(true).await.unwrap();
        a.transport.dial(address).await.unwrap();
        a.connected(b.id()).await;
        b.connected(a.id()).await;
    }
}
