//! Gossipsub behind a gate: hints flow only to and from peers that the owner has admitted.
//!
//! Gossipsub by itself tells every peer that connects which topics this node listens to and sends
//! it every hint, and a topic says which space a home belongs to. Here the gossip handler of a
//! connection is not polled until its peer is admitted: nothing is sent, and what the peer sends
//! waits in the multiplexer's window. Whom to admit is not decided here.

use std::collections::{BTreeMap, BTreeSet};
use std::task::{Context, Poll};

use libp2p::core::{Endpoint, transport::PortUse};
use libp2p::gossipsub::{
    self, AllowAllSubscriptionFilter, IdentityTransform, MaxCountSubscriptionFilter,
};
use libp2p::swarm::handler::ConnectionEvent;
use libp2p::swarm::{
    ConnectionDenied, ConnectionHandler, ConnectionHandlerEvent, ConnectionId, FromSwarm,
    NetworkBehaviour, NotifyHandler, SubstreamProtocol, THandler, THandlerInEvent,
    THandlerOutEvent, ToSwarm,
};
use libp2p::{Multiaddr, PeerId};

/// Gossipsub with a bound on what a peer may subscribe to.
pub(super) type Gossip =
    gossipsub::Behaviour<IdentityTransform, MaxCountSubscriptionFilter<AllowAllSubscriptionFilter>>;
type GossipHandler = THandler<Gossip>;

/// Gossipsub that sees only admitted peers.
pub(super) struct HintGate {
    gossip: Gossip,
    admitted: BTreeSet<PeerId>,
    connections: BTreeMap<PeerId, BTreeSet<ConnectionId>>,
    /// Connections whose handlers have not been told of their peer's admission yet.
    to_open: BTreeSet<(PeerId, ConnectionId)>,
}

impl HintGate {
    pub(super) fn new(gossip: Gossip) -> Self {
        Self {
            gossip,
            admitted: BTreeSet::new(),
            connections: BTreeMap::new(),
            to_open: BTreeSet::new(),
        }
    }

    /// Gossipsub itself, to publish and to subscribe.
    pub(super) fn gossip(&mut self) -> &mut Gossip {
        &mut self.gossip
    }

    /// Opens the gate for a connected peer until its last connection closes. Says whether the
    /// peer is connected.
    pub(super) fn admit(&mut self, peer: PeerId) -> bool {
        let Some(connections) = self.connections.get(&peer) else {
            return false;
        };
        self.admitted.insert(peer);
        let connections = connections.iter().map(|connection| (peer, *connection));
        self.to_open.extend(connections);
        true
    }

    fn gated(&self, peer: PeerId, handler: GossipHandler) -> GateHandler {
        GateHandler {
            handler,
            open: self.admitted.contains(&peer),
        }
    }

    fn note(&mut self, event: &FromSwarm<'_>) {
        match event {
            FromSwarm::ConnectionEstablished(established) => {
                let all = self.connections.entry(established.peer_id).or_default();
                all.insert(established.connection_id);
            }
            FromSwarm::ConnectionClosed(closed) => {
                self.to_open.remove(&(closed.peer_id, closed.connection_id));
                if let Some(all) = self.connections.get_mut(&closed.peer_id) {
                    all.remove(&closed.connection_id);
                }
                if closed.remaining_established == 0 {
                    self.connections.remove(&closed.peer_id);
                    self.admitted.remove(&closed.peer_id);
                }
            }
            _ => {}
        }
    }
}

impl NetworkBehaviour for HintGate {
    type ConnectionHandler = GateHandler;
    type ToSwarm = gossipsub::Event;

    fn handle_established_inbound_connection(
        &mut self,
        connection: ConnectionId,
        peer: PeerId,
        local: &Multiaddr,
        remote: &Multiaddr,
    ) -> Result<THandler<Self>, ConnectionDenied> {
        let handler = self
            .gossip
            .handle_established_inbound_connection(connection, peer, local, remote)?;
        Ok(self.gated(peer, handler))
    }

    fn handle_established_outbound_connection(
        &mut self,
        connection: ConnectionId,
        peer: PeerId,
        address: &Multiaddr,
        role: Endpoint,
        port_use: PortUse,
    ) -> Result<THandler<Self>, ConnectionDenied> {
        let handler = self
            .gossip
            .handle_established_outbound_connection(connection, peer, address, role, port_use)?;
        Ok(self.gated(peer, handler))
    }

    fn on_swarm_event(&mut self, event: FromSwarm) {
        self.note(&event);
        self.gossip.on_swarm_event(event);
    }

    fn on_connection_handler_event(
        &mut self,
        peer: PeerId,
        connection: ConnectionId,
        event: THandlerOutEvent<Self>,
    ) {
        self.gossip
            .on_connection_handler_event(peer, connection, event);
    }

    fn poll(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<ToSwarm<Self::ToSwarm, THandlerInEvent<Self>>> {
        if let Some((peer, connection)) = self.to_open.pop_first() {
            return Poll::Ready(ToSwarm::NotifyHandler {
                peer_id: peer,
                handler: NotifyHandler::One(connection),
                event: GateEvent::Open,
            });
        }
        self.gossip
            .poll(cx)
            .map(|event| event.map_in(GateEvent::Gossip))
    }
}

/// What the gate's behaviour tells the handler of one connection.
#[derive(Debug)]
pub(super) enum GateEvent {
    /// The peer is admitted.
    Open,
    Gossip(THandlerInEvent<Gossip>),
}

/// Gossipsub's handler of one connection, at rest until the gate opens.
pub(super) struct GateHandler {
    handler: GossipHandler,
    open: bool,
}

impl ConnectionHandler for GateHandler {
    type FromBehaviour = GateEvent;
    type ToBehaviour = <GossipHandler as ConnectionHandler>::ToBehaviour;
    type InboundProtocol = <GossipHandler as ConnectionHandler>::InboundProtocol;
    type OutboundProtocol = <GossipHandler as ConnectionHandler>::OutboundProtocol;
    type InboundOpenInfo = <GossipHandler as ConnectionHandler>::InboundOpenInfo;
    type OutboundOpenInfo = <GossipHandler as ConnectionHandler>::OutboundOpenInfo;

    fn listen_protocol(&self) -> SubstreamProtocol<Self::InboundProtocol, Self::InboundOpenInfo> {
        self.handler.listen_protocol()
    }

    fn connection_keep_alive(&self) -> bool {
        self.open && self.handler.connection_keep_alive()
    }

    fn on_behaviour_event(&mut self, event: GateEvent) {
        match event {
            // The connection polls its handlers after every event, and so this one now.
            GateEvent::Open => self.open = true,
            GateEvent::Gossip(event) => self.handler.on_behaviour_event(event),
        }
    }

    fn on_connection_event(
        &mut self,
        event: ConnectionEvent<
            Self::InboundProtocol,
            Self::OutboundProtocol,
            Self::InboundOpenInfo,
            Self::OutboundOpenInfo,
        >,
    ) {
        self.handler.on_connection_event(event);
    }

    fn poll(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<
        ConnectionHandlerEvent<Self::OutboundProtocol, Self::OutboundOpenInfo, Self::ToBehaviour>,
    > {
        if !self.open {
            return Poll::Pending;
        }
        self.handler.poll(cx)
    }
}
