//! The task that owns the swarm: commands and swarm events in, events out.
//!
//! It translates and keeps count; it decides nothing about peers. A slow owner stops the network
//! from being polled, but commands are always answered, so an owner may await a command on the
//! task that receives the events.

use std::collections::{BTreeMap, VecDeque};
use std::time::Instant;

use futures::StreamExt;
use libp2p::swarm::dial_opts::{DialOpts, PeerCondition};
use libp2p::swarm::{ConnectionId, DialError as SwarmDialError, SwarmEvent};
use libp2p::{Multiaddr, PeerId, Swarm, gossipsub, mdns, multiaddr::Protocol, ping};
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Duration, MissedTickBehavior, interval, timeout};

use super::TransportLimits;
use super::behaviour::{Behaviour, BehaviourEvent, connection_limits};
use super::error::{DialError, DialFailure, SubscribeError};
use super::event::{Event, Topic};
use super::handle::Command;
use super::hint_budget::HintBudget;
use super::streams::InboundStream;
use crate::limits::{HINT_BYTES_MAX, HINT_TOPICS_MAX, SHUTDOWN_MAX, TRANSPORT_OUTBOX_MAX};

/// How often finished hint windows are looked for.
const TICK: Duration = Duration::from_secs(10);

pub(super) struct Task {
    swarm: Swarm<Behaviour>,
    commands: mpsc::Receiver<Command>,
    /// Events that did not fit the channel yet.
    outbox: VecDeque<Event>,
    /// The addresses of the dials in progress.
    dials: BTreeMap<ConnectionId, Multiaddr>,
    hint_budget: HintBudget,
    limits: TransportLimits,
    /// Whether connections of others were last refused for memory.
    memory_is_short: bool,
    /// Those who wait until the last connection is closed.
    closing: Vec<oneshot::Sender<()>>,
}

/// Whether the loop goes on.
enum Flow {
    Continue,
    /// Nobody is left to work for, or shutdown was asked for and is to be acknowledged.
    Stop(Option<oneshot::Sender<()>>),
}

impl Task {
    pub(super) fn new(
        swarm: Swarm<Behaviour>,
        limits: TransportLimits,
        commands: mpsc::Receiver<Command>,
    ) -> Self {
        Self {
            swarm,
            commands,
            outbox: VecDeque::new(),
            dials: BTreeMap::new(),
            hint_budget: HintBudget::default(),
            limits,
            memory_is_short: false,
            closing: Vec::new(),
        }
    }

    /// Runs until it is told to stop or nobody is left to work for.
    pub(super) async fn run(mut self, events: mpsc::Sender<Event>) {
        let mut ticks = interval(TICK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let acknowledge = loop {
            let flow = tokio::select! {
                command = self.commands.recv() => self.on_command(command),
                permit = events.reserve(), if !self.outbox.is_empty() => match permit {
                    Ok(permit) => {
                        let event = self.outbox.pop_front();
                        permit.send(event.expect("the branch runs only when an event waits"));
                        Flow::Continue
                    }
                    Err(_) => Flow::Stop(None),
                },
                event = self.swarm.select_next_some(),
                    if self.outbox.len() < TRANSPORT_OUTBOX_MAX => self.on_swarm_event(event),
                () = events.closed() => Flow::Stop(None),
                _ = ticks.tick() => self.on_tick(),
            };
            if let Flow::Stop(acknowledge) = flow {
                break acknowledge;
            }
        };
        self.close_connections().await;
        // The listeners go with the swarm, before anyone is told.
        drop(self);
        if let Some(acknowledge) = acknowledge {
            let _ = acknowledge.send(());
        }
    }

    // An owner that does not wait for an answer does not miss it, so failed replies are ignored.
    fn on_command(&mut self, command: Option<Command>) -> Flow {
        match command {
            None => return Flow::Stop(None),
            Some(Command::Shutdown(acknowledge)) => return Flow::Stop(Some(acknowledge)),
            Some(Command::Dial(address, reply)) => {
                let _ = reply.send(self.dial(address));
            }
            Some(Command::OpenStream(peer, reply)) => {
                self.swarm.behaviour_mut().streams.open(peer, reply);
            }
            Some(Command::Admit(peer, reply)) => {
                let behaviour = self.swarm.behaviour_mut();
                let is_connected = behaviour.hints.admit(peer);
                if is_connected {
                    behaviour.strangers.admit(peer);
                }
                let _ = reply.send(is_connected);
            }
            Some(Command::Subscribe(topic, reply)) => {
                let _ = reply.send(self.subscribe(topic));
            }
            Some(Command::Unsubscribe(topic)) => {
                let gossip = self.swarm.behaviour_mut().hints.gossip();
                gossip.unsubscribe(&RawTopic::from(topic));
            }
            Some(Command::Publish(topic, hint)) => self.publish(topic, hint),
            Some(Command::Listeners(reply)) => {
                let _ = reply.send(self.swarm.listeners().cloned().collect());
            }
            Some(Command::Disconnect(peer)) => {
                // The error says that the peer is not connected, which is what was asked for.
                let _ = self.swarm.disconnect_peer_id(peer);
            }
            Some(Command::SetOpen(open, reply)) => self.set_open(open, reply),
        }
        Flow::Continue
    }

    fn set_open(&mut self, open: bool, reply: oneshot::Sender<()>) {
        let limits = match open {
            true => connection_limits(&self.limits),
            false => connection_limits(&TransportLimits::closed()),
        };
        *self.swarm.behaviour_mut().connection_limits.limits_mut() = limits;
        if !open {
            self.disconnect_all();
            self.closing.push(reply);
            self.tell_closed();
        } else {
            let _ = reply.send(());
        }
    }

    fn disconnect_all(&mut self) {
        let peers: Vec<PeerId> = self.swarm.connected_peers().copied().collect();
        for peer in peers {
            let _ = self.swarm.disconnect_peer_id(peer);
        }
    }

    /// Tells those who wait for it when no connection is left.
    fn tell_closed(&mut self) {
        if self.swarm.network_info().num_peers() == 0 {
            for reply in self.closing.drain(..) {
                let _ = reply.send(());
            }
        }
    }

    fn dial(&mut self, address: Multiaddr) -> Result<(), DialError> {
        let options = match address.iter().last() {
            Some(Protocol::P2p(peer)) => DialOpts::peer_id(peer)
                .addresses(vec![address.clone()])
                .condition(PeerCondition::Disconnected)
                .build(),
            _ => DialOpts::unknown_peer_id().address(address.clone()).build(),
        };
        let peer = options.get_peer_id();
        if peer == Some(*self.swarm.local_peer_id()) {
            return Err(DialError::Refused(DialFailure::Myself));
        }
        let connection = options.connection_id();
        match (self.swarm.dial(options), peer) {
            (Ok(()), _) => {
                self.dials.insert(connection, address);
                Ok(())
            }
            (Err(SwarmDialError::DialPeerConditionFalse(_)), Some(peer)) => {
                Err(DialError::AlreadyConnected(peer))
            }
            (Err(error), _) => Err(DialError::Refused(DialFailure::from(error))),
        }
    }

    fn subscribe(&mut self, topic: Topic) -> Result<(), SubscribeError> {
        let gossip = self.swarm.behaviour_mut().hints.gossip();
        let too_many = SubscribeError::TooMany {
            limit: HINT_TOPICS_MAX,
        };
        if gossip.topics().count() >= HINT_TOPICS_MAX {
            return Err(too_many);
        }
        match gossip.subscribe(&RawTopic::from(topic)) {
            Ok(_) => Ok(()),
            Err(_) => Err(too_many),
        }
    }

    fn publish(&mut self, topic: Topic, hint: Vec<u8>) {
        let gossip = self.swarm.behaviour_mut().hints.gossip();
        // A hint may be lost: nobody listens yet, or every queue is full.
        if let Err(error) = gossip.publish(topic.hash(), hint) {
            tracing::debug!(%topic, %error, "a hint was not sent");
        }
    }

    fn on_swarm_event(&mut self, event: SwarmEvent<BehaviourEvent>) -> Flow {
        match event {
            SwarmEvent::Behaviour(event) => self.on_behaviour_event(event),
            SwarmEvent::NewListenAddr { address, .. } => {
                self.outbox.push_back(Event::Listening { address });
            }
            SwarmEvent::ExpiredListenAddr { address, .. } => {
                self.outbox.push_back(Event::ListeningEnded { address });
            }
            SwarmEvent::ListenerClosed {
                addresses, reason, ..
            } => {
                if let Err(error) = reason {
                    tracing::warn!(%error, "a listener failed");
                }
                let ended = addresses
                    .into_iter()
                    .map(|address| Event::ListeningEnded { address });
                self.outbox.extend(ended);
            }
            SwarmEvent::ConnectionEstablished {
                peer_id: peer,
                connection_id,
                endpoint,
                num_established,
                ..
            } => {
                self.dials.remove(&connection_id);
                self.note_memory();
                let address = endpoint.get_remote_address().clone();
                let outbound = endpoint.is_dialer();
                if num_established.get() == 1 {
                    self.outbox.push_back(Event::Connected {
                        peer,
                        address,
                        outbound,
                    });
                } else if outbound {
                    self.outbox.push_back(Event::AlsoAt { peer, address });
                }
            }
            SwarmEvent::ConnectionClosed {
                peer_id: peer,
                num_established: 0,
                ..
            } => {
                self.outbox.push_back(Event::Disconnected { peer });
                self.tell_closed();
            }
            SwarmEvent::OutgoingConnectionError {
                connection_id,
                error,
                ..
            } => {
                if let Some(address) = self.dials.remove(&connection_id) {
                    let reason = DialFailure::from(error);
                    self.outbox.push_back(Event::DialFailed { address, reason });
                }
            }
            SwarmEvent::IncomingConnectionError { error, .. } => {
                tracing::debug!(%error, "an inbound connection came to nothing");
                self.note_memory();
            }
            _ => {}
        }
        Flow::Continue
    }

    fn on_behaviour_event(&mut self, event: BehaviourEvent) {
        match event {
            BehaviourEvent::Streams(InboundStream(stream)) => {
                let peer = stream.peer();
                self.outbox.push_back(Event::Inbound { peer, stream });
            }
            BehaviourEvent::Hints(gossipsub::Event::Message {
                propagation_source,
                message,
                ..
            }) => self.on_hint(propagation_source, message),
            BehaviourEvent::Mdns(mdns::Event::Discovered(found)) => {
                for (peer, address) in found {
                    self.offer(Event::Discovered { peer, address });
                }
            }
            BehaviourEvent::Ping(ping::Event {
                peer,
                connection,
                result: Err(error),
            }) if !matches!(error, ping::Failure::Unsupported) => {
                tracing::debug!(%peer, %error, "a connection does not answer");
                self.swarm.close_connection(connection);
            }
            _ => {}
        }
    }

    fn on_hint(&mut self, peer: PeerId, message: gossipsub::Message) {
        if !self.hint_budget.count(peer, Instant::now()) {
            // Its messages are then dropped before they are remembered or passed on.
            let gossip = self.swarm.behaviour_mut().hints.gossip();
            gossip.blacklist_peer(&peer);
            return;
        }
        let Some(topic) = Topic::from_hash(&message.topic) else {
            return;
        };
        if message.data.len() <= HINT_BYTES_MAX {
            let bytes = message.data;
            self.offer(Event::Hint { topic, peer, bytes });
        }
    }

    /// Queues an event that may be dropped.
    fn offer(&mut self, event: Event) {
        if self.outbox.len() < TRANSPORT_OUTBOX_MAX / 2 {
            self.outbox.push_back(event);
        }
    }

    fn on_tick(&mut self) -> Flow {
        self.note_memory();
        for peer in self.hint_budget.expire(Instant::now()) {
            let gossip = self.swarm.behaviour_mut().hints.gossip();
            gossip.remove_blacklisted_peer(&peer);
        }
        Flow::Continue
    }

    /// Says once when connections of others begin to be refused for memory, and when that ends.
    fn note_memory(&mut self) {
        let short = self.swarm.behaviour_mut().memory.is_shut();
        if short == self.memory_is_short {
            return;
        }
        self.memory_is_short = short;
        let bytes_max = self.limits.process_bytes_max;
        if short {
            tracing::warn!(
                bytes_max,
                "this process holds too much memory: no connections of others are taken"
            );
        } else {
            tracing::info!("there is memory again: connections of others are taken");
        }
        self.outbox.push_back(Event::Memory { short });
    }

    /// Says goodbye on every connection, so that no peer waits for a timeout to learn it.
    async fn close_connections(&mut self) {
        self.disconnect_all();
        let closed = async {
            while self.swarm.network_info().num_peers() > 0 {
                self.swarm.select_next_some().await;
            }
        };
        let _ = timeout(SHUTDOWN_MAX, closed).await;
    }
}

/// A topic whose name is used as it is, for the calls of gossipsub that hash names themselves.
type RawTopic = gossipsub::IdentTopic;

impl From<Topic> for RawTopic {
    fn from(topic: Topic) -> Self {
        RawTopic::new(topic.to_string())
    }
}
