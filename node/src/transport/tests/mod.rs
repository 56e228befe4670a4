//! Tests of the transport: what a peer or the owner can observe, over loopback and in memory.
//!
//! [`Node`] is a running transport with its events; nothing here reaches beyond 127.0.0.1.

mod frames;
mod hints;
mod network;
mod strangers;
mod streams;

use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::timeout;

use super::*;

/// Longer than anything on loopback takes on a loaded machine.
const PATIENCE: Duration = Duration::from_secs(20);

const TCP: &str = "/ip4/127.0.0.1/tcp/0";
const QUIC: &str = "/ip4/127.0.0.1/udp/0/quic-v1";

/// A started transport and what it has to say.
struct Node {
    transport: Transport,
    events: mpsc::Receiver<Event>,
}

impl Node {
    /// Starts a transport that listens nowhere.
    fn silent() -> Self {
        Self::with(Config::default())
    }

    fn with(config: Config) -> Self {
        let (transport, events) = start(config).unwrap();
        Self { transport, events }
    }

    /// Starts a transport that listens on `address`, and says where that is, with its peer id.
    async fn listening(address: &str, limits: TransportLimits) -> (Self, Multiaddr) {
        let mut node = Self::with(Config {
            listen: vec![address.parse().unwrap()],
            limits,
            ..Config::default()
        });
        let address = node
            .next(|event| match event {
                Event::Listening { address } => Some(address),
                _ => None,
            })
            .await;
        let address = address.with_p2p(node.id()).unwrap();
        (node, address)
    }

    fn id(&self) -> PeerId {
        self.transport.local_peer_id()
    }

    /// The first event that `pick` takes; those before it are dropped.
    async fn next<T>(&mut self, mut pick: impl FnMut(Event) -> Option<T>) -> T {
        let found = async {
            loop {
                let event = self.events.recv().await.expect("the transport runs");
                if let Some(found) = pick(event) {
                    return found;
                }
            }
        };
        timeout(PATIENCE, found)
            .await
            .expect("the event was awaited in vain")
    }

    async fn connected(&mut self, to: PeerId) {
        self.next(|event| match event {
            Event::Connected { peer, .. } if peer == to => Some(()),
            _ => None,
        })
        .await;
    }

    async fn disconnected(&mut self, from: PeerId) {
        self.next(|event| match event {
            Event::Disconnected { peer } if peer == from => Some(()),
            _ => None,
        })
        .await;
    }

    async fn inbound(&mut self) -> SyncStream {
        self.next(|event| match event {
            Event::Inbound { stream, .. } => Some(stream),
            _ => None,
        })
        .await
    }
}

fn tcp_port(address: &Multiaddr) -> u16 {
    address
        .iter()
        .find_map(|part| match part {
            libp2p::multiaddr::Protocol::Tcp(port) => Some(port),
            _ => None,
        })
        .unwrap()
}

/// Two nodes with one connection between them, opened by the first.
async fn pair(address: &str) -> (Node, Node) {
    let (mut b, address) = Node::listening(address, TransportLimits::default()).await;
    let mut a = Node::silent();
    a.transport.dial(address).await.unwrap();
    a.connected(b.id()).await;
    b.connected(a.id()).await;
    (a, b)
}

/// A stream from `a` to `b`; its first frame has been received, and says hello.
async fn stream_between(a: &Node, b: &mut Node) -> (SyncEnds, SyncEnds) {
    let (reader, mut writer) = a.transport.open_stream(b.id()).await.unwrap().split();
    writer.send(b"hello").await.unwrap();
    writer.flush().await.unwrap();
    let inbound = b.inbound().await;
    assert_eq!(inbound.peer(), a.id());
    let (mut other_reader, other_writer) = inbound.split();
    assert_eq!(other_reader.read(PATIENCE).await.unwrap(), b"hello");
    ((reader, writer), (other_reader, other_writer))
}

type SyncEnds = (FrameReader, FrameWriter);

/// Sends a frame there and one back.
async fn round_trip(here: &mut SyncEnds, there: &mut SyncEnds) {
    here.1.send(b"ping").await.unwrap();
    here.1.flush().await.unwrap();
    assert_eq!(there.0.read(PATIENCE).await.unwrap(), b"ping");
    there.1.send(b"pong").await.unwrap();
    there.1.flush().await.unwrap();
    assert_eq!(here.0.read(PATIENCE).await.unwrap(), b"pong");
}

/// A small generator (xorshift): the same numbers in every run.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// A frame of up to `bytes_max` bytes, which compresses well, badly or not at all.
    fn frame(&mut self, bytes_max: usize) -> Vec<u8> {
        // Squared, so that small frames are the most frequent.
        let share = (self.next() % 1000) as usize;
        let bytes = bytes_max * share * share / 1_000_000;
        match self.next() % 3 {
            0 => vec![7; bytes],
            1 => "邻里互助".bytes().cycle().take(bytes).collect(),
            _ => self.noise(bytes),
        }
    }

    /// Bytes that do not compress.
    fn noise(&mut self, bytes: usize) -> Vec<u8> {
        (0..bytes).map(|_| self.next().to_le_bytes()[3]).collect()
    }
}
