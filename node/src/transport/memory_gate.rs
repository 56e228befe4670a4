//! Whether there is memory for the connections of others.
//!
//! libp2p's limit refuses every connection while the process holds too much memory. Here those are
//! refused that others open: they come without number, while this node itself dials few at a time
//! and only neighbours, and one that takes calls of nobody has no other way to what they wrote.

use std::convert::Infallible;
use std::task::{Context, Poll};

use libp2p::core::{Endpoint, transport::PortUse};
use libp2p::swarm::{
    ConnectionDenied, ConnectionId, FromSwarm, NetworkBehaviour, THandler, THandlerInEvent,
    THandlerOutEvent, ToSwarm, dummy,
};
use libp2p::{Multiaddr, PeerId, memory_connection_limits};

/// The behaviour.
pub(super) struct MemoryGate(memory_connection_limits::Behaviour);

impl MemoryGate {
    pub(super) fn new(process_bytes_max: usize) -> Self {
        let limit = memory_connection_limits::Behaviour::with_max_bytes(process_bytes_max);
        Self(limit)
    }

    /// Tells whether connections of others are refused. The measure is at most a tenth of a second
    /// old.
    pub(super) fn is_shut(&mut self) -> bool {
        // The limit looks at nothing but memory.
        let (nobody, nowhere) = (ConnectionId::new_unchecked(0), Multiaddr::empty());
        let asked = self
            .0
            .handle_pending_inbound_connection(nobody, &nowhere, &nowhere);
        asked.is_err()
    }
}

impl NetworkBehaviour for MemoryGate {
    type ConnectionHandler = dummy::ConnectionHandler;
    type ToSwarm = Infallible;

    fn handle_pending_inbound_connection(
        &mut self,
        connection: ConnectionId,
        local: &Multiaddr,
        remote: &Multiaddr,
    ) -> Result<(), ConnectionDenied> {
        self.0
            .handle_pending_inbound_connection(connection, local, remote)
    }

    fn handle_established_inbound_connection(
        &mut self,
        _: ConnectionId,
        _: PeerId,
        _: &Multiaddr,
        _: &Multiaddr,
    ) -> Result<THandler<Self>, ConnectionDenied> {
        Ok(dummy::ConnectionHandler)
    }

    fn handle_established_outbound_connection(
        &mut self,
        _: ConnectionId,
        _: PeerId,
        _: &Multiaddr,
        _: Endpoint,
        _: PortUse,
    ) -> Result<THandler<Self>, ConnectionDenied> {
        Ok(dummy::ConnectionHandler)
    }

    fn on_swarm_event(&mut self, _: FromSwarm<'_>) {}

    fn on_connection_handler_event(
        &mut self,
        _: PeerId,
        _: ConnectionId,
        event: THandlerOutEvent<Self>,
    ) {
        match event {}
    }

    fn poll(&mut self, _: &mut Context<'_>) -> Poll<ToSwarm<Self::ToSwarm, THandlerInEvent<Self>>> {
        Poll::Pending
    }
}
