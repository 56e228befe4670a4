//! Bounds on what strangers hold: places for connections, and handshakes under way.
//!
//! Whoever knows an address can connect, and libp2p's limits count a stranger like a neighbour, so
//! strangers could fill every place and keep it. Here a peer is a stranger until the owner admits
//! it. A stranger's connection is closed when its time is up, and the oldest makes room when there
//! are too many; handshakes that are not finished are bounded for each network address.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::convert::Infallible;
use std::fmt;
use std::net::{IpAddr, Ipv6Addr};
use std::pin::Pin;
use std::task::{Context, Poll};

use libp2p::core::{Endpoint, transport::PortUse};
use libp2p::multiaddr::Protocol;
use libp2p::swarm::{
    CloseConnection, ConnectionDenied, ConnectionId, FromSwarm, NetworkBehaviour, THandler,
    THandlerInEvent, THandlerOutEvent, ToSwarm, dummy,
};
use libp2p::{Multiaddr, PeerId};
use tokio::time::{Duration, Instant, Sleep, sleep_until};

/// How much strangers may take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StrangerLimits {
    /// Connections of strangers at once.
    pub connections_max: usize,
    /// How long a stranger's connection stays open.
    pub time_max: Duration,
    /// Unfinished handshakes from one network address.
    pub handshakes_per_address_max: usize,
}

/// A stranger's connection.
struct Place {
    peer: PeerId,
    connection: ConnectionId,
    until: Instant,
}

/// The behaviour.
pub(super) struct Strangers {
    limits: StrangerLimits,
    admitted: BTreeSet<PeerId>,
    /// The oldest first; all have the same time, so it is also the first to go.
    places: VecDeque<Place>,
    /// Connections that are to be closed.
    leaving: VecDeque<(PeerId, ConnectionId)>,
    handshakes: BTreeMap<ConnectionId, IpAddr>,
    next: Option<Pin<Box<Sleep>>>,
}

impl Strangers {
    pub(super) fn new(limits: StrangerLimits) -> Self {
        Self {
            limits,
            admitted: BTreeSet::new(),
            places: VecDeque::new(),
            leaving: VecDeque::new(),
            handshakes: BTreeMap::new(),
            next: None,
        }
    }

    /// Lets a connected peer stay, until its last connection closes.
    pub(super) fn admit(&mut self, peer: PeerId) {
        self.admitted.insert(peer);
        self.places.retain(|place| place.peer != peer);
    }

    fn came(&mut self, peer: PeerId, connection: ConnectionId) {
        if self.admitted.contains(&peer) {
            return;
        }
        self.places.push_back(Place {
            peer,
            connection,
            until: Instant::now() + self.limits.time_max,
        });
        if self.places.len() > self.limits.connections_max {
            self.close_oldest();
        }
    }

    fn close_oldest(&mut self) {
        if let Some(place) = self.places.pop_front() {
            tracing::debug!(peer = %place.peer, "a stranger had to go");
            self.leaving.push_back((place.peer, place.connection));
        }
    }

    fn went(&mut self, peer: PeerId, connection: ConnectionId, was_last: bool) {
        self.places.retain(|place| place.connection != connection);
        self.leaving.retain(|(_, leaving)| *leaving != connection);
        if was_last {
            self.admitted.remove(&peer);
        }
    }

    /// Closes whoever has been here too long, and wakes the task when the next has.
    fn close_overdue(&mut self, context: &mut Context<'_>) {
        loop {
            let Some(until) = self.places.front().map(|place| place.until) else {
                self.next = None;
                return;
            };
            let next = self
                .next
                .get_or_insert_with(|| Box::pin(sleep_until(until)));
            if next.deadline() != until {
                next.as_mut().reset(until);
            }
            if next.as_mut().poll(context).is_pending() {
                return;
            }
            self.close_oldest();
        }
    }
}

/// Too many handshakes are under way from one address.
#[derive(Debug)]
struct TooManyHandshakes;

impl fmt::Display for TooManyHandshakes {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("too many handshakes are under way from this address")
    }
}

impl std::error::Error for TooManyHandshakes {}

/// Returns the network address that one party can be thought to have: of IPv6, the first 64 bits,
/// for whoever has one has them all.
fn party(address: &Multiaddr) -> Option<IpAddr> {
    address.iter().find_map(|part| match part {
        Protocol::Ip4(address) => Some(IpAddr::V4(address)),
        Protocol::Ip6(address) => {
            let network = address.to_bits() & !u128::from(u64::MAX);
            Some(IpAddr::V6(Ipv6Addr::from_bits(network)))
        }
        _ => None,
    })
}

impl NetworkBehaviour for Strangers {
    type ConnectionHandler = dummy::ConnectionHandler;
    type ToSwarm = Infallible;

    fn handle_pending_inbound_connection(
        &mut self,
        connection: ConnectionId,
        _local: &Multiaddr,
        remote: &Multiaddr,
    ) -> Result<(), ConnectionDenied> {
        let Some(party) = party(remote) else {
            return Ok(());
        };
        let under_way = self.handshakes.values().filter(|from| **from == party);
        if under_way.count() >= self.limits.handshakes_per_address_max {
            return Err(ConnectionDenied::new(TooManyHandshakes));
        }
        self.handshakes.insert(connection, party);
        Ok(())
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

    fn on_swarm_event(&mut self, event: FromSwarm<'_>) {
        match event {
            FromSwarm::ConnectionEstablished(established) => {
                self.handshakes.remove(&established.connection_id);
                if established.endpoint.is_listener() {
                    self.came(established.peer_id, established.connection_id);
                }
            }
            FromSwarm::ConnectionClosed(closed) => {
                let was_last = closed.remaining_established == 0;
                self.went(closed.peer_id, closed.connection_id, was_last);
            }
            FromSwarm::ListenFailure(failure) => {
                self.handshakes.remove(&failure.connection_id);
            }
            _ => {}
        }
    }

    fn on_connection_handler_event(
        &mut self,
        _: PeerId,
        _: ConnectionId,
        event: THandlerOutEvent<Self>,
    ) {
        match event {}
    }

    fn poll(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<ToSwarm<Self::ToSwarm, THandlerInEvent<Self>>> {
        self.close_overdue(context);
        match self.leaving.pop_front() {
            Some((peer_id, connection)) => Poll::Ready(ToSwarm::CloseConnection {
                peer_id,
                connection: CloseConnection::One(connection),
            }),
            None => Poll::Pending,
        }
    }
}
