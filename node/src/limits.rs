//! Every limit of the node, each with its unit and the reason for its value.
//!
//! Limits of the protocol itself (what an entry or a roster may hold) live in the `protocol`
//! crate; here are the bounds of sockets, queues and buffers. Nothing here is computed.

use std::time::Duration;

// ---- frames of a sync stream --------------------------------------------------------------

/// Bytes of a frame's body on the wire. Four full segments (256 KiB each); what a hostile peer
/// can make a receiver hold for one stream before anything is decoded.
pub const FRAME_BYTES_MAX: usize = 1 << 20;

/// Bytes of a frame after decompression. Four times the wire size: intents compress about that
/// well, and a bomb gains no more than this factor.
pub const FRAME_PLAIN_BYTES_MAX: usize = 4 << 20;

/// Bytes below which a frame is sent as it is. A zstd block costs 3 bytes and a flush; requests
/// and digests this small do not earn them.
pub const FRAME_COMPRESS_BYTES_MIN: usize = 64;

/// Bytes a frame must have to *open* a compression context. A context costs 2.6 MB at the
/// sender and 1.5 MB at the receiver, which a single live entry does not earn.
pub const FRAME_CONTEXT_BYTES_MIN: usize = 1024;

/// zstd level of a sync stream: 256 intents together take half of their raw size at level 3,
/// and higher levels cost more time than the network saves.
pub const FRAME_ZSTD_LEVEL: i32 = 3;

/// Base-2 logarithm of the compression window in bytes (1 MiB). A receiver allocates the window,
/// so this bounds its memory; level 3 remembers 2^17 positions, about as far back as 1 MiB.
pub const FRAME_ZSTD_WINDOW_LOG: u32 = 20;

/// Bytes of queued frames that are written without waiting for an explicit flush; also how far
/// a sender runs ahead of its peer. Four writes of the multiplexer (16 KiB each).
pub const FRAME_COALESCE_BYTES: usize = 64 << 10;

/// Bytes by which a receiver's buffer grows while a frame's body arrives: a length is a claim,
/// memory follows the bytes that came.
pub const FRAME_READ_STEP_BYTES: usize = 64 << 10;

/// Time a begun frame may take to arrive whole. 1 MiB in 5 min is 28 kbit/s; a peer that drips
/// one byte a minute to hold a session open fails here.
pub const FRAME_ARRIVAL_MAX: Duration = Duration::from_secs(300);

/// Time a write may stand still before the peer counts as stuck. Longer than a phone's walk
/// through a lift, shorter than anyone's patience.
pub const FRAME_WRITE_STALL_MAX: Duration = Duration::from_secs(60);

// ---- connections ---------------------------------------------------------------------------

/// Connections open at once, both directions. A neighbourhood of 100 households fits; each costs
/// about 150 KiB of cryptography and multiplexer buffers.
pub const CONNECTIONS_MAX: u32 = 128;

/// Connections that others opened: leaves room to dial out while strangers fill the rest.
pub const CONNECTIONS_INBOUND_MAX: u32 = 96;

/// Connections to one peer: both sides may dial at once, and one may still be dying.
pub const CONNECTIONS_PER_PEER_MAX: u32 = 3;

/// Inbound connections that have not finished their handshake: a few kilobytes each, and more than
/// strangers at a handful of addresses can take.
pub const CONNECTIONS_PENDING_INBOUND_MAX: u32 = 128;

/// Inbound connections from one network address (of IPv6, one network of 64 bits) that have not
/// finished their handshake. A street behind one address returns to its relay in a few rounds.
pub const HANDSHAKES_PER_ADDRESS_MAX: usize = 16;

/// Inbound connections whose peers have not shown that they belong here: a third of the places.
/// Neighbours show it within seconds; beyond this number the oldest has to go.
pub const STRANGERS_MAX: usize = 32;

/// Time a peer has to show that it belongs here: an admission chain of 64 KiB at 28 kbit/s takes
/// 20 s.
pub const STRANGER_TIME_MAX: Duration = Duration::from_secs(60);

/// Dials in progress: saved peers are dialled in batches of this size.
pub const CONNECTIONS_PENDING_OUTBOUND_MAX: u32 = 16;

/// Bytes of resident memory of the process beyond which no connection is accepted; the node itself
/// still dials, few at a time. Four times what a node should use when idle.
pub const PROCESS_BYTES_MAX: usize = 256 << 20;

/// Time a connection on which no stream is open is kept. Long enough that a phone in the hand
/// finds it open again.
pub const CONNECTION_IDLE_MAX: Duration = Duration::from_secs(600);

/// Time a connection may take from the first packet to the end of its handshake.
pub const CONNECTION_HANDSHAKE_MAX: Duration = Duration::from_secs(10);

/// Time between two pings on a connection; two that fail in a row close it.
pub const PING_INTERVAL: Duration = Duration::from_secs(15);

/// Time between two identify exchanges: nothing in ours changes, so rarely.
pub const IDENTIFY_INTERVAL: Duration = Duration::from_secs(3600);

/// Time for connections to say goodbye at shutdown.
pub const SHUTDOWN_MAX: Duration = Duration::from_secs(1);

/// Streams of all protocols on one connection: sync, two for hints, identify, two for pings,
/// with room for those that are just ending.
pub const MULTIPLEXED_STREAMS_MAX: usize = 32;

/// Bytes a QUIC stream may have in flight: 100 Mbit/s at a round trip of 80 ms.
pub const QUIC_STREAM_WINDOW_BYTES: u32 = 1 << 20;

/// Bytes a QUIC connection may have in flight over all its streams.
pub const QUIC_CONNECTION_WINDOW_BYTES: u32 = 2 << 20;

/// Time after which a silent QUIC connection is dead; its keep-alive packets come every 5 s.
pub const QUIC_IDLE_MAX: Duration = Duration::from_secs(30);

/// Longest wait before an unreachable peer is dialled again.
pub const DIAL_BACKOFF_MAX: Duration = Duration::from_secs(300);

/// Wait after the first failed dial.
pub const DIAL_BACKOFF_MIN: Duration = Duration::from_secs(1);

// ---- sync streams --------------------------------------------------------------------------

/// Sync streams that one connection's peer may hold open here: a session for each space that two
/// neighbours share, and a few that are just ending.
pub const STREAMS_PER_CONNECTION_MAX: usize = 8;

/// Sync streams that all peers together may hold open here. A hostile peer can make each cost
/// 2 MiB (a full window and a body that never ends), so all of them 256 MiB.
pub const STREAMS_INBOUND_MAX: usize = 128;

/// Streams being negotiated on one connection.
pub const STREAMS_NEGOTIATING_MAX: usize = 16;

/// Time to open a sync stream on a connection that is up.
pub const STREAM_OPEN_MAX: Duration = Duration::from_secs(10);

// ---- hints -----------------------------------------------------------------------------------

/// Bytes of one hint: it names signed heads, and sync carries the rest.
pub const HINT_BYTES_MAX: usize = 4 << 10;

/// Bytes of a gossip message as libp2p counts it: the hint, its topic, author and signature, and
/// room for a greeting that names HINT_TOPICS_MAX topics.
pub const HINT_RPC_BYTES_MAX: usize = 8 << 10;

/// Topics a peer may subscribe to: one for each space, and someone in more is a machine.
pub const HINT_TOPICS_MAX: usize = 64;

/// Hints one peer may bring in HINT_WINDOW; beyond it the peer is not listened to until the
/// window ends. Ten a second is more than a neighbourhood writes.
pub const HINTS_PER_WINDOW_MAX: u32 = 600;

/// The time over which a peer's hints are counted.
pub const HINT_WINDOW: Duration = Duration::from_secs(60);

/// Hints that may wait to be sent to one peer; more are dropped, for sync is the truth.
pub const HINT_QUEUE_MAX: usize = 128;

/// Time for which a hint's id is remembered so that it is not passed on twice.
pub const HINT_SEEN: Duration = Duration::from_secs(30);

// ---- discovery -------------------------------------------------------------------------------

/// Time between two mDNS questions. libp2p's own default is 5 min, too long to wait for someone
/// who has just opened the program beside you.
pub const MDNS_QUERY_INTERVAL: Duration = Duration::from_secs(60);

// ---- channels between the transport and its owner --------------------------------------------

/// Commands that may wait for the transport's task.
pub const TRANSPORT_COMMANDS_MAX: usize = 64;

/// Events that may wait in the channel to the transport's owner.
pub const TRANSPORT_EVENTS_MAX: usize = 256;

/// Events that may wait in front of that channel while commands are still answered; at this
/// number the network is no longer polled, and at half of it hints and discoveries are dropped.
pub const TRANSPORT_OUTBOX_MAX: usize = 256;
