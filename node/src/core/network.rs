//! The network's side of the core: transport events become inputs of the core's thread, and the
//! core's frames go out on streams. It decides whom to dial and when, and nothing else.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::Instant;

use crate::transport::{
    DialBackoff, Event, FrameReader, FrameWriter, Multiaddr, PeerId, SyncStream, Topic, Transport,
};

/// Inputs that wait for the core; a full queue holds back the streams that fill it.
pub const INPUTS_MAX: usize = 32;
/// Frames that wait for a stream. The core keeps far below it; whoever lets it fill is too slow.
pub const FRAMES_MAX: usize = 256;
/// How long a peer may say nothing before its stream is closed; the core asks more often.
const INACTIVITY_MAX: Duration = Duration::from_secs(150);
/// How long a stream is quiet before its compression window is given up.
const REST_AFTER: Duration = Duration::from_secs(2);

/// Names one stream for as long as this process lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct StreamId(pub u64);

/// What the network tells the core.
#[derive(Debug)]
pub enum Input {
    /// A stream to a peer is open.
    Opened {
        /// The stream.
        stream: StreamId,
        /// Whether this node opened it.
        opener: bool,
        /// The peer's transport name.
        peer: Vec<u8>,
        /// The address at which the peer was reached, or from which it came.
        address: String,
        /// The address at which this node reached the peer, where it did.
        reached: Option<String>,
        /// Takes frames for the peer.
        frames: mpsc::Sender<Vec<u8>>,
    },
    /// A dial reached a peer that was connected already.
    Reached {
        /// The peer's transport name.
        peer: Vec<u8>,
        /// The address.
        address: String,
    },
    /// A frame came.
    Frame {
        /// The stream.
        stream: StreamId,
        /// The frame's bytes.
        bytes: Vec<u8>,
    },
    /// Most of the frames handed over have been written.
    Drained {
        /// The stream.
        stream: StreamId,
    },
    /// The stream has ended.
    Closed {
        /// The stream.
        stream: StreamId,
    },
    /// A peer passed on a hint.
    Hint {
        /// The hint.
        bytes: Vec<u8>,
    },
    /// The node can be reached at an address, or no longer.
    Listening {
        /// The address.
        address: String,
        /// Whether it can.
        up: bool,
    },
    /// Connections of others are refused for memory, or no longer.
    Memory {
        /// Whether they are.
        short: bool,
    },
    /// A dial came to nothing.
    DialFailed {
        /// The address.
        address: String,
    },
}

/// What the core tells the network.
#[derive(Debug)]
pub enum Order {
    /// Keep a connection to an address.
    Dial(Multiaddr),
    /// Pass a hint on.
    Hint(Vec<u8>),
    /// Let gossip from and to the peer through.
    Admit(Vec<u8>),
    /// The space's secret has become known: hints are passed on under its topic.
    Learn([u8; 32]),
    /// Dial nobody, or go on: at once, whatever failed before.
    SetDialling(bool),
}

/// An address to which a connection is kept.
#[derive(Debug, Default)]
struct Target {
    backoff: DialBackoff,
    due: Option<Instant>,
    peer: Option<PeerId>,
}

/// The task between the transport and the core.
#[derive(Debug)]
pub struct Network {
    transport: Transport,
    topic: Topic,
    inputs: mpsc::Sender<Input>,
    targets: BTreeMap<Multiaddr, Target>,
    addresses: BTreeMap<PeerId, Multiaddr>,
    /// Where this node itself reached peers.
    reached: BTreeMap<PeerId, Multiaddr>,
    dials: bool,
    streams: Arc<std::sync::atomic::AtomicU64>,
}

impl Network {
    /// Makes the task's state.
    pub fn new(transport: Transport, topic: Topic, inputs: mpsc::Sender<Input>) -> Self {
        Self {
            transport,
            topic,
            inputs,
            targets: BTreeMap::new(),
            addresses: BTreeMap::new(),
            reached: BTreeMap::new(),
            dials: true,
            streams: Arc::default(),
        }
    }

    /// Runs until the core or the transport ends.
    pub async fn run(
        mut self,
        mut events: mpsc::Receiver<Event>,
        mut orders: mpsc::Receiver<Order>,
    ) {
        // A topic that cannot be subscribed to costs hints, which are only hints (rule R16).
        let _ = self.transport.subscribe(self.topic).await;
        loop {
            let due = self.next_due();
            tokio::select! {
                event = events.recv() => match event {
                    Some(event) => self.on_event(event).await,
                    None => break,
                },
                order = orders.recv() => match order {
                    Some(order) => self.on_order(order).await,
                    None => break,
                },
                () = sleep_until(due) => self.dial_due().await,
            }
        }
        self.transport.shutdown().await;
    }

    async fn on_order(&mut self, order: Order) {
        match order {
            Order::Dial(address) => {
                let target = self.targets.entry(address).or_default();
                if target.peer.is_none() {
                    target.due = Some(Instant::now());
                }
            }
            Order::Hint(bytes) => {
                let _lost = self.transport.publish(self.topic, bytes).await;
            }
            Order::Admit(peer) => {
                if let Ok(peer) = PeerId::from_bytes(&peer) {
                    let _gone = self.transport.admit(peer).await;
                }
            }
            Order::Learn(secret) => {
                self.topic = topic_of(&secret);
                let _only_hints = self.transport.subscribe(self.topic).await;
            }
            Order::SetDialling(dials) => self.set_dialling(dials),
        }
    }

    fn set_dialling(&mut self, dials: bool) {
        self.dials = dials;
        let alone = self
            .targets
            .values_mut()
            .filter(|target| target.peer.is_none());
        for target in alone {
            target.backoff.succeed();
            target.due = Some(Instant::now());
        }
    }

    async fn on_event(&mut self, event: Event) {
        match event {
            Event::Listening { address } => self.listening(&address, true).await,
            Event::ListeningEnded { address } => self.listening(&address, false).await,
            Event::Connected {
                peer,
                address,
                outbound,
            } => {
                self.addresses.insert(peer, address.clone());
                if outbound {
                    self.reached_at(peer, &address);
                    self.open(peer);
                }
            }
            Event::AlsoAt { peer, address } => {
                let address = self.reached_at(peer, &address).to_string();
                let peer = peer.to_bytes();
                self.tell(Input::Reached { peer, address }).await;
            }
            Event::Disconnected { peer } => {
                self.addresses.remove(&peer);
                self.reached.remove(&peer);
                for target in self.targets.values_mut() {
                    if target.peer == Some(peer) {
                        target.peer = None;
                        target.backoff.fail();
                        target.due = Some(Instant::now() + delay(target.backoff));
                    }
                }
            }
            Event::Inbound { peer, stream } => {
                let serving = self.serving(peer);
                serve(serving, self.transport.clone(), stream, false).await;
            }
            Event::Hint { bytes, .. } => self.tell(Input::Hint { bytes }).await,
            Event::Discovered { peer, address } => {
                // Both ends discover each other; one of them dials.
                let is_ours = self.transport.local_peer_id() < peer;
                if self.dials && is_ours && !self.addresses.contains_key(&peer) {
                    let _failed = self.transport.dial(address).await;
                }
            }
            Event::Memory { short } => self.tell(Input::Memory { short }).await,
            Event::DialFailed { address, .. } => {
                let address = without_peer(&address);
                if let Some(target) = self.targets.get_mut(&address) {
                    target.backoff.fail();
                    target.due = Some(Instant::now() + delay(target.backoff));
                }
                self.tell(Input::DialFailed {
                    address: address.to_string(),
                })
                .await;
            }
        }
    }

    /// Notes who answers at an address, without its name there, which changes at every start.
    fn reached_at(&mut self, peer: PeerId, address: &Multiaddr) -> Multiaddr {
        let address = without_peer(address);
        self.reached.insert(peer, address.clone());
        if let Some(target) = self.targets.get_mut(&address) {
            target.peer = Some(peer);
            target.due = None;
            target.backoff.succeed();
        }
        address
    }

    async fn listening(&self, address: &Multiaddr, up: bool) {
        self.tell(Input::Listening {
            address: address.to_string(),
            up,
        })
        .await;
    }

    fn next_due(&self) -> Option<Instant> {
        if !self.dials {
            return None;
        }
        self.targets.values().filter_map(|target| target.due).min()
    }

    async fn dial_due(&mut self) {
        let now = Instant::now();
        let due: Vec<Multiaddr> = self
            .targets
            .iter()
            .filter(|(_, target)| target.due.is_some_and(|due| due <= now))
            .map(|(address, _)| address.clone())
            .collect();
        for address in due {
            let began = self.transport.dial(address.clone()).await.is_ok();
            if let Some(target) = self.targets.get_mut(&address) {
                target.due = None;
                if !began {
                    target.backoff.fail();
                    target.due = Some(Instant::now() + delay(target.backoff));
                }
            }
        }
    }

    /// Opens a stream on a task of its own: a peer may take its time to agree.
    fn open(&self, peer: PeerId) {
        let transport = self.transport.clone();
        let serving = self.serving(peer);
        tokio::spawn(async move {
            match transport.open_stream(peer).await {
                Ok(stream) => serve(serving, transport, stream, true).await,
                Err(_) => {
                    let _gone = transport.disconnect(peer).await;
                }
            }
        });
    }

    fn serving(&self, peer: PeerId) -> Serving {
        let number = self
            .streams
            .fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        Serving {
            stream: StreamId(number),
            address: self
                .addresses
                .get(&peer)
                .map_or_else(String::new, |address| without_peer(address).to_string()),
            reached: self.reached.get(&peer).map(Multiaddr::to_string),
            inputs: self.inputs.clone(),
        }
    }

    async fn tell(&self, input: Input) {
        // A core that has ended takes this task with it at the next order.
        let _ended = self.inputs.send(input).await;
    }
}

/// What a new stream needs to know.
struct Serving {
    stream: StreamId,
    address: String,
    reached: Option<String>,
    inputs: mpsc::Sender<Input>,
}

/// Tells the core of a stream, and reads and writes it until it ends.
async fn serve(serving: Serving, transport: Transport, stream: SyncStream, opener: bool) {
    let Serving {
        stream: id,
        address,
        reached,
        inputs,
    } = serving;
    let peer = stream.peer();
    let (frames_in, frames) = mpsc::channel(FRAMES_MAX);
    let opened = Input::Opened {
        stream: id,
        opener,
        peer: peer.to_bytes(),
        address,
        reached,
        frames: frames_in,
    };
    if inputs.send(opened).await.is_err() {
        return;
    }
    let (reader, writer) = stream.split();
    tokio::spawn(write(id, writer, frames, inputs.clone()));
    tokio::spawn(async move {
        read(id, reader, inputs).await;
        // A connection without a stream is of no use: whoever opened it dials anew.
        if opener {
            let _gone = transport.disconnect(peer).await;
        }
    });
}

async fn read(stream: StreamId, mut reader: FrameReader, inputs: mpsc::Sender<Input>) {
    loop {
        match reader.read(INACTIVITY_MAX).await {
            Ok(bytes) => {
                if inputs.send(Input::Frame { stream, bytes }).await.is_err() {
                    return;
                }
            }
            Err(error) => {
                tracing::debug!(%error, "a stream ended");
                break;
            }
        }
    }
    let _ended = inputs.send(Input::Closed { stream }).await;
}

async fn write(
    stream: StreamId,
    mut writer: FrameWriter,
    mut frames: mpsc::Receiver<Vec<u8>>,
    inputs: mpsc::Sender<Input>,
) {
    let mut rested = true;
    loop {
        let frame = if rested {
            frames.recv().await
        } else {
            match tokio::time::timeout(REST_AFTER, frames.recv()).await {
                Ok(frame) => frame,
                // The burst is over: neither end keeps a compression window for it.
                Err(_) if writer.rest().await.is_ok() => {
                    rested = true;
                    continue;
                }
                Err(_) => break,
            }
        };
        let Some(frame) = frame else { break };
        rested = false;
        if writer.send(&frame).await.is_err() {
            break;
        }
        if frames.is_empty() && writer.flush().await.is_err() {
            break;
        }
        if frames.len() <= 1 && inputs.send(Input::Drained { stream }).await.is_err() {
            break;
        }
    }
    let _peer_gone = writer.close().await;
    let _ended = inputs.send(Input::Closed { stream }).await;
}

/// Returns the topic of a space's hints: it derives from the space's secret.
pub fn topic_of(secret: &[u8; 32]) -> Topic {
    Topic(protocol::key::hash(b"linli topic    1", &[secret]))
}

/// Tells whether two addresses name one place, whichever peer they expect there.
pub(super) fn is_same_place(one: &str, other: &str) -> bool {
    let parsed = |address: &str| address.parse().map(|address| without_peer(&address));
    match (parsed(one), parsed(other)) {
        (Ok(one), Ok(other)) => one == other,
        _ => one == other,
    }
}

/// Returns the address without the peer's transport name, which changes at every start.
fn without_peer(address: &Multiaddr) -> Multiaddr {
    address
        .iter()
        .filter(|part| !matches!(part, libp2p::multiaddr::Protocol::P2p(_)))
        .collect()
}

fn delay(backoff: DialBackoff) -> Duration {
    let mut jitter = [0; 4];
    // Without random bytes every node waits the same time, which is only less kind.
    let _even = getrandom::fill(&mut jitter);
    backoff.delay(u32::from_le_bytes(jitter))
}

/// Sleeps until a time; for good when there is none.
pub(super) async fn sleep_until(due: Option<Instant>) {
    match due {
        Some(due) => tokio::time::sleep_until(due).await,
        None => std::future::pending().await,
    }
}
