//! The transport: connections to peers over libp2p, opaque frames, opaque hints.
//!
//! It carries bytes and decides nothing: whom to dial and when, whom to admit, what a frame or a
//! hint means and who a peer is beyond its transport key are the owner's business. It knows no
//! entry, no roster and no space. It refuses only what would exhaust the machine.
//!
//! [`start`] runs one task that owns the swarm by value. Commands go in and events come out by
//! two bounded channels; the bytes of a [`SyncStream`] take neither, but are read and written on
//! the owner's own tasks.
//!
//! | file | what |
//! | --- | --- |
//! | `behaviour` | which libp2p protocols, with which limits |
//! | `task` | the loop: commands and swarm events in, events out |
//! | `handle` | [`Transport`], the sending side of the commands |
//! | `streams` | libp2p behaviour that opens and accepts sync streams |
//! | `sync_stream`, `halves` | an open stream; its two halves for two tasks |
//! | `frame`, `frame_reader`, `frame_writer` | the form of frames; receiving and sending them |
//! | `hint_gate`, `hint_budget` | gossipsub for admitted peers only, and how much from each |
//! | `memory_gate` | no connections of others while memory is short |
//! | `port` | whether an address is taken by another program |
//! | `strangers` | how many connections strangers hold, and for how long |
//! | `dial_backoff` | when to dial again, as arithmetic for the owner |

mod behaviour;
mod dial_backoff;
mod error;
mod event;
mod frame;
mod frame_reader;
mod frame_writer;
mod halves;
mod handle;
mod hint_budget;
mod hint_gate;
mod memory_gate;
mod port;
mod strangers;
mod streams;
mod sync_stream;
mod task;
#[cfg(test)]
mod tests;

use libp2p::identity::Keypair;
pub use libp2p::{Multiaddr, PeerId};
use tokio::sync::mpsc;
use zeroize::Zeroizing;

pub use dial_backoff::DialBackoff;
pub use error::{
    DialError, DialFailure, OpenError, PublishError, StartError, Stopped, SubscribeError,
};
pub use event::{Event, Topic};
pub use frame::{
    DecodeError, EncodeError, FRAME_HEADER_BYTES, FrameDecoder, FrameEncoder, FrameHeader,
};
pub use frame_reader::{FrameReader, ReadError};
pub use frame_writer::{FrameWriter, WriteError};
pub use halves::{ReadHalf, WriteHalf};
pub use handle::Transport;
pub use strangers::StrangerLimits;
pub use sync_stream::SyncStream;

use crate::limits::{
    CONNECTIONS_INBOUND_MAX, CONNECTIONS_MAX, CONNECTIONS_PENDING_INBOUND_MAX,
    CONNECTIONS_PENDING_OUTBOUND_MAX, CONNECTIONS_PER_PEER_MAX, HANDSHAKES_PER_ADDRESS_MAX,
    PROCESS_BYTES_MAX, STRANGER_TIME_MAX, STRANGERS_MAX, STREAMS_INBOUND_MAX,
    STREAMS_PER_CONNECTION_MAX, TRANSPORT_COMMANDS_MAX, TRANSPORT_EVENTS_MAX,
};

/// How a transport is started.
#[derive(Default)]
pub struct Config {
    /// The seed of the transport key. A relay keeps one, so that its address stays valid; a home
    /// passes none and has a new key, and so a new peer id, at every start.
    pub seed: Option<Zeroizing<[u8; 32]>>,
    /// Where to listen, over TCP or QUIC; may be nowhere.
    pub listen: Vec<Multiaddr>,
    /// Whether to look for peers on the local network, and be found there.
    pub mdns: bool,
    pub limits: TransportLimits,
}

/// How much the network may take; the defaults are those of [`crate::limits`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransportLimits {
    pub connections_max: u32,
    pub connections_inbound_max: u32,
    pub connections_per_peer_max: u32,
    pub pending_inbound_max: u32,
    pub pending_outbound_max: u32,
    pub streams_inbound_max: usize,
    pub streams_per_connection_max: usize,
    /// Resident bytes of this process beyond which it accepts no connection.
    pub process_bytes_max: usize,
    pub strangers: StrangerLimits,
}

impl TransportLimits {
    /// Limits that allow no connection at all.
    pub(crate) fn closed() -> Self {
        Self {
            connections_max: 0,
            connections_inbound_max: 0,
            connections_per_peer_max: 0,
            pending_inbound_max: 0,
            pending_outbound_max: 0,
            ..Self::default()
        }
    }
}

impl Default for TransportLimits {
    fn default() -> Self {
        Self {
            connections_max: CONNECTIONS_MAX,
            connections_inbound_max: CONNECTIONS_INBOUND_MAX,
            connections_per_peer_max: CONNECTIONS_PER_PEER_MAX,
            pending_inbound_max: CONNECTIONS_PENDING_INBOUND_MAX,
            pending_outbound_max: CONNECTIONS_PENDING_OUTBOUND_MAX,
            streams_inbound_max: STREAMS_INBOUND_MAX,
            streams_per_connection_max: STREAMS_PER_CONNECTION_MAX,
            process_bytes_max: PROCESS_BYTES_MAX,
            strangers: StrangerLimits {
                connections_max: STRANGERS_MAX,
                time_max: STRANGER_TIME_MAX,
                handshakes_per_address_max: HANDSHAKES_PER_ADDRESS_MAX,
            },
        }
    }
}

/// Starts a transport on the current tokio runtime. It ends at [`Transport::shutdown`], when the
/// last handle is dropped, or when the receiver of its events is.
///
/// # Errors
///
/// [`StartError`], for example when an address is in use; nothing then keeps running.
///
/// # Panics
///
/// Outside a tokio runtime.
pub fn start(config: Config) -> Result<(Transport, mpsc::Receiver<Event>), StartError> {
    let keypair = match &config.seed {
        Some(seed) => {
            let mut seed = seed.clone();
            Keypair::ed25519_from_bytes(&mut seed[..])
                .expect("any 32 bytes are an ed25519 secret key")
        }
        None => Keypair::generate_ed25519(),
    };
    let mut swarm = behaviour::new_swarm(keypair, &config)?;
    if let Some(address) = config.listen.iter().find(|address| port::is_taken(address)) {
        let address = address.clone();
        return Err(StartError::InUse { address });
    }
    for address in config.listen {
        if let Err(source) = swarm.listen_on(address.clone()) {
            return Err(StartError::Listen { address, source });
        }
    }
    let (local_peer_id, limits) = (*swarm.local_peer_id(), config.limits);
    let (commands_in, commands) = mpsc::channel(TRANSPORT_COMMANDS_MAX);
    let (events_in, events) = mpsc::channel(TRANSPORT_EVENTS_MAX);
    tokio::spawn(task::Task::new(swarm, limits, commands).run(events_in));
    Ok((Transport::new(local_peer_id, commands_in), events))
}
