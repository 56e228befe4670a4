//! The libp2p behaviour that opens and accepts sync streams.
//!
//! It negotiates one protocol and hands the bare stream over; it never dials, reads or writes.
//! Why it stands here instead of `libp2p-stream`: docs/decisions/0001-sync-on-streams.md.

use std::collections::{BTreeMap, VecDeque};
use std::convert::Infallible;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures::FutureExt;
use futures::channel::oneshot as lifetime;
use libp2p::core::upgrade::ReadyUpgrade;
use libp2p::core::{Endpoint, transport::PortUse};
use libp2p::swarm::handler::{
    ConnectionEvent, DialUpgradeError, FullyNegotiatedInbound, FullyNegotiatedOutbound,
};
use libp2p::swarm::{
    ConnectionDenied, ConnectionHandler, ConnectionHandlerEvent, ConnectionId, FromSwarm,
    NetworkBehaviour, NotifyHandler, StreamUpgradeError, SubstreamProtocol, THandler,
    THandlerInEvent, THandlerOutEvent, ToSwarm,
};
use libp2p::{Multiaddr, PeerId, Stream, StreamProtocol};
use tokio::sync::{Semaphore, oneshot};

use super::error::OpenError;
use super::halves::ConnectionEnd;
use super::sync_stream::{Places, SyncStream};
use crate::limits::STREAM_OPEN_MAX;

const SYNC_PROTOCOL: StreamProtocol = StreamProtocol::new("/linli/sync/1");

/// Where the outcome of an opening goes.
pub(super) type OpenReply = oneshot::Sender<Result<SyncStream, OpenError>>;

/// A peer opened a sync stream to us.
#[derive(Debug)]
pub(super) struct InboundStream(pub(super) SyncStream);

/// Opens and accepts sync streams on the connections there are.
pub(super) struct Streams {
    /// The connections of each peer, oldest first.
    connections: BTreeMap<PeerId, Vec<ConnectionId>>,
    places: Arc<Semaphore>,
    places_per_connection: usize,
    queue: VecDeque<ToSwarm<InboundStream, OpenRequest>>,
}

impl Streams {
    pub(super) fn new(inbound_max: usize, inbound_per_connection_max: usize) -> Self {
        Self {
            connections: BTreeMap::new(),
            places: Arc::new(Semaphore::new(inbound_max)),
            places_per_connection: inbound_per_connection_max,
            queue: VecDeque::new(),
        }
    }

    /// Opens a stream on the peer's newest connection: an older one may be dead already.
    pub(super) fn open(&mut self, peer: PeerId, reply: OpenReply) {
        let Some(connection) = self.connections.get(&peer).and_then(|all| all.last()) else {
            let _ = reply.send(Err(OpenError::NotConnected(peer)));
            return;
        };
        self.queue.push_back(ToSwarm::NotifyHandler {
            peer_id: peer,
            handler: NotifyHandler::One(*connection),
            event: OpenRequest(reply),
        });
    }

    fn new_handler(&self, peer: PeerId) -> Handler {
        let (alive, end) = lifetime::channel();
        Handler {
            peer,
            _alive: alive,
            end: end.shared(),
            places: Arc::clone(&self.places),
            own_places: Arc::new(Semaphore::new(self.places_per_connection)),
            requests: VecDeque::new(),
            inbound: VecDeque::new(),
        }
    }
}

impl NetworkBehaviour for Streams {
    type ConnectionHandler = Handler;
    type ToSwarm = InboundStream;

    fn handle_established_inbound_connection(
        &mut self,
        _: ConnectionId,
        peer: PeerId,
        _: &Multiaddr,
        _: &Multiaddr,
    ) -> Result<THandler<Self>, ConnectionDenied> {
        Ok(self.new_handler(peer))
    }

    fn handle_established_outbound_connection(
        &mut self,
        _: ConnectionId,
        peer: PeerId,
        _: &Multiaddr,
        _: Endpoint,
        _: PortUse,
    ) -> Result<THandler<Self>, ConnectionDenied> {
        Ok(self.new_handler(peer))
    }

    fn on_swarm_event(&mut self, event: FromSwarm) {
        match event {
            FromSwarm::ConnectionEstablished(established) => {
                let all = self.connections.entry(established.peer_id).or_default();
                all.push(established.connection_id);
            }
            FromSwarm::ConnectionClosed(closed) => {
                if let Some(all) = self.connections.get_mut(&closed.peer_id) {
                    all.retain(|connection| *connection != closed.connection_id);
                    if all.is_empty() {
                        self.connections.remove(&closed.peer_id);
                    }
                }
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
        self.queue.push_back(ToSwarm::GenerateEvent(event));
    }

    fn poll(&mut self, _: &mut Context<'_>) -> Poll<ToSwarm<Self::ToSwarm, THandlerInEvent<Self>>> {
        // Whatever fills the queue is called by the swarm's owner, who polls again afterwards.
        match self.queue.pop_front() {
            Some(event) => Poll::Ready(event),
            None => Poll::Pending,
        }
    }
}

/// Asks one connection to open a stream. A request that is dropped on the way tells its caller
/// so by dropping the reply.
#[derive(Debug)]
pub(super) struct OpenRequest(OpenReply);

/// One connection's share of the work.
pub(super) struct Handler {
    peer: PeerId,
    /// Dropped with the handler, which goes when its connection is closed.
    _alive: lifetime::Sender<()>,
    end: ConnectionEnd,
    places: Arc<Semaphore>,
    own_places: Arc<Semaphore>,
    requests: VecDeque<OpenReply>,
    inbound: VecDeque<InboundStream>,
}

impl Handler {
    fn accept(&mut self, stream: Stream) {
        let own = Arc::clone(&self.own_places).try_acquire_owned();
        let shared = Arc::clone(&self.places).try_acquire_owned();
        match (own, shared) {
            (Ok(own), Ok(shared)) => {
                let places: Places = Arc::new([own, shared]);
                let stream = SyncStream::new(self.peer, stream, Some(places), self.end.clone());
                self.inbound.push_back(InboundStream(stream));
            }
            // Dropping the stream resets it, which the peer's next read or write finds.
            _ => tracing::debug!(peer = %self.peer, "refused one sync stream too many"),
        }
    }
}

impl ConnectionHandler for Handler {
    type FromBehaviour = OpenRequest;
    type ToBehaviour = InboundStream;
    type InboundProtocol = ReadyUpgrade<StreamProtocol>;
    type OutboundProtocol = ReadyUpgrade<StreamProtocol>;
    type InboundOpenInfo = ();
    type OutboundOpenInfo = OpenReply;

    fn listen_protocol(&self) -> SubstreamProtocol<Self::InboundProtocol> {
        SubstreamProtocol::new(ReadyUpgrade::new(SYNC_PROTOCOL), ())
    }

    fn on_behaviour_event(&mut self, OpenRequest(reply): OpenRequest) {
        self.requests.push_back(reply);
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
        match event {
            ConnectionEvent::FullyNegotiatedInbound(FullyNegotiatedInbound {
                protocol, ..
            }) => self.accept(protocol),
            ConnectionEvent::FullyNegotiatedOutbound(FullyNegotiatedOutbound {
                protocol,
                info: reply,
            }) => {
                let stream = SyncStream::new(self.peer, protocol, None, self.end.clone());
                let _ = reply.send(Ok(stream));
            }
            ConnectionEvent::DialUpgradeError(DialUpgradeError { info: reply, error }) => {
                let _ = reply.send(Err(open_error(self.peer, error)));
            }
            _ => {}
        }
    }

    fn poll(
        &mut self,
        _: &mut Context<'_>,
    ) -> Poll<
        ConnectionHandlerEvent<Self::OutboundProtocol, Self::OutboundOpenInfo, Self::ToBehaviour>,
    > {
        // Both queues are filled from the connection's own loop, which polls again afterwards.
        if let Some(stream) = self.inbound.pop_front() {
            return Poll::Ready(ConnectionHandlerEvent::NotifyBehaviour(stream));
        }
        if let Some(reply) = self.requests.pop_front() {
            let protocol = SubstreamProtocol::new(ReadyUpgrade::new(SYNC_PROTOCOL), reply)
                .with_timeout(STREAM_OPEN_MAX);
            return Poll::Ready(ConnectionHandlerEvent::OutboundSubstreamRequest { protocol });
        }
        Poll::Pending
    }
}

fn open_error(peer: PeerId, error: StreamUpgradeError<Infallible>) -> OpenError {
    match error {
        StreamUpgradeError::Timeout => OpenError::TimedOut(peer),
        StreamUpgradeError::NegotiationFailed => OpenError::NotOurProtocol(peer),
        StreamUpgradeError::Io(source) => OpenError::Connection { peer, source },
        StreamUpgradeError::Apply(never) => match never {},
    }
}
