//! The libp2p protocols of a node, put together and configured; nothing here reacts to anything.

use libp2p::gossipsub::{
    self, AllowAllSubscriptionFilter, IdentityTransform, MaxCountSubscriptionFilter,
    MessageAuthenticity,
};
use libp2p::identity::Keypair;
use libp2p::swarm::NetworkBehaviour;
use libp2p::swarm::behaviour::toggle::Toggle;
use libp2p::{
    Swarm, SwarmBuilder, connection_limits, core::upgrade, identify, mdns, noise, ping, quic, tcp,
    yamux,
};

use super::error::StartError;
use super::hint_gate::{Gossip, HintGate};
use super::memory_gate::MemoryGate;
use super::strangers::Strangers;
use super::streams::Streams;
use super::{Config, TransportLimits};
use crate::limits::{
    CONNECTION_HANDSHAKE_MAX, CONNECTION_IDLE_MAX, HINT_QUEUE_MAX, HINT_RPC_BYTES_MAX, HINT_SEEN,
    HINT_TOPICS_MAX, IDENTIFY_INTERVAL, MDNS_QUERY_INTERVAL, MULTIPLEXED_STREAMS_MAX,
    PING_INTERVAL, QUIC_CONNECTION_WINDOW_BYTES, QUIC_IDLE_MAX, QUIC_STREAM_WINDOW_BYTES,
    STREAMS_NEGOTIATING_MAX,
};

/// What a stranger may know of this program: its protocol and its name, no version, no system.
const IDENTIFY_PROTOCOL: &str = "/linli/1";
const IDENTIFY_AGENT: &str = "linli";

/// The protocols of a node. The limits stand first: they refuse a connection before the others
/// spend anything on it.
#[derive(NetworkBehaviour)]
pub(super) struct Behaviour {
    pub(super) connection_limits: connection_limits::Behaviour,
    pub(super) memory: MemoryGate,
    pub(super) strangers: Strangers,
    pub(super) streams: Streams,
    pub(super) hints: HintGate,
    mdns: Toggle<mdns::tokio::Behaviour>,
    identify: identify::Behaviour,
    ping: ping::Behaviour,
}

/// A swarm over TCP and QUIC that listens nowhere yet.
pub(super) fn new_swarm(keypair: Keypair, config: &Config) -> Result<Swarm<Behaviour>, StartError> {
    let behaviour = new_behaviour(&keypair, config)?;
    let swarm = SwarmBuilder::with_existing_identity(keypair)
        .with_tokio()
        .with_tcp(
            tcp::Config::default().nodelay(true),
            noise::Config::new,
            yamux_config,
        )
        .map_err(StartError::Key)?
        .with_quic_config(quic_config)
        .with_behaviour(|_| behaviour)
        .unwrap_or_else(|never| match never {})
        .with_swarm_config(|swarm| {
            swarm
                .with_idle_connection_timeout(CONNECTION_IDLE_MAX)
                .with_max_negotiating_inbound_streams(STREAMS_NEGOTIATING_MAX)
                // A protocol's name travels with its first message: a session that opens a
                // stream on an open connection then takes one round trip instead of two.
                .with_substream_upgrade_protocol_override(upgrade::Version::V1Lazy)
        })
        .with_connection_timeout(CONNECTION_HANDSHAKE_MAX)
        .build();
    Ok(swarm)
}

fn new_behaviour(keypair: &Keypair, config: &Config) -> Result<Behaviour, StartError> {
    let limits = &config.limits;
    let peer = keypair.public().to_peer_id();
    let mdns = if config.mdns {
        let mdns_config = mdns::Config {
            query_interval: MDNS_QUERY_INTERVAL,
            ..mdns::Config::default()
        };
        Some(mdns::tokio::Behaviour::new(mdns_config, peer).map_err(StartError::Discovery)?)
    } else {
        None
    };
    // Listen addresses stay here: they are those of private networks, and who may dial back
    // learns where from an invitation, from mDNS or from a saved peer.
    let identify = identify::Config::new(IDENTIFY_PROTOCOL.to_owned(), keypair.public())
        .with_agent_version(IDENTIFY_AGENT.to_owned())
        .with_interval(IDENTIFY_INTERVAL)
        .with_cache_size(0)
        .with_hide_listen_addrs(true);
    Ok(Behaviour {
        connection_limits: connection_limits::Behaviour::new(connection_limits(limits)),
        memory: MemoryGate::new(limits.process_bytes_max),
        strangers: Strangers::new(limits.strangers.clone()),
        streams: Streams::new(
            limits.streams_inbound_max,
            limits.streams_per_connection_max,
        ),
        hints: HintGate::new(new_gossip(keypair)),
        mdns: Toggle::from(mdns),
        identify: identify::Behaviour::new(identify),
        ping: ping::Behaviour::new(ping::Config::new().with_interval(PING_INTERVAL)),
    })
}

/// How many connections may be open and under way.
pub(super) fn connection_limits(limits: &TransportLimits) -> connection_limits::ConnectionLimits {
    connection_limits::ConnectionLimits::default()
        .with_max_established(Some(limits.connections_max))
        .with_max_established_incoming(Some(limits.connections_inbound_max))
        .with_max_established_per_peer(Some(limits.connections_per_peer_max))
        .with_max_pending_incoming(Some(limits.pending_inbound_max))
        .with_max_pending_outgoing(Some(limits.pending_outbound_max))
}

fn new_gossip(keypair: &Keypair) -> Gossip {
    let config = gossipsub::ConfigBuilder::default()
        .max_transmit_size(HINT_RPC_BYTES_MAX)
        .connection_handler_queue_len(HINT_QUEUE_MAX)
        .max_publish_messages(HINT_QUEUE_MAX)
        .max_control_messages_sent(HINT_QUEUE_MAX)
        .max_control_message_size(HINT_RPC_BYTES_MAX)
        .duplicate_cache_time(HINT_SEEN)
        .message_id_fn(hint_id)
        .flood_publish(true)
        .build()
        .expect("the limits of hints satisfy gossipsub's own");
    let filter = MaxCountSubscriptionFilter {
        filter: AllowAllSubscriptionFilter {},
        max_subscribed_topics: HINT_TOPICS_MAX,
        max_subscriptions_per_request: 2 * HINT_TOPICS_MAX,
    };
    Gossip::new_with_subscription_filter_and_transform(
        MessageAuthenticity::Signed(keypair.clone()),
        config,
        filter,
        IdentityTransform,
    )
    .expect("signed messages suit gossipsub's strict validation")
}

/// Author and sequence number as bytes: gossipsub's own text form is twice as long, and a list of
/// as many ids as a peer may ask for has to fit one message.
fn hint_id(message: &gossipsub::Message) -> gossipsub::MessageId {
    let mut id = match message.source {
        Some(author) => author.to_bytes(),
        None => Vec::new(),
    };
    id.extend(message.sequence_number.unwrap_or_default().to_be_bytes());
    gossipsub::MessageId::from(id)
}

fn yamux_config() -> yamux::Config {
    let mut config = yamux::Config::default();
    config.set_max_num_streams(MULTIPLEXED_STREAMS_MAX);
    config
}

fn quic_config(mut config: quic::Config) -> quic::Config {
    config.max_stream_data = QUIC_STREAM_WINDOW_BYTES;
    config.max_connection_data = QUIC_CONNECTION_WINDOW_BYTES;
    config.max_concurrent_stream_limit =
        u32::try_from(MULTIPLEXED_STREAMS_MAX).expect("the limit is small");
    config.max_idle_timeout = u32::try_from(QUIC_IDLE_MAX.as_millis()).expect("the limit is small");
    config.handshake_timeout = CONNECTION_HANDSHAKE_MAX;
    config
}
