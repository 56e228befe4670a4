//! The handle by which the transport's owner tells it what to do.

use libp2p::{Multiaddr, PeerId};
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;

use super::error::{DialError, OpenError, PublishError, Stopped, SubscribeError};
use super::event::Topic;
use super::streams::OpenReply;
use super::sync_stream::SyncStream;
use crate::limits::{HINT_BYTES_MAX, SHUTDOWN_MAX, STREAM_OPEN_MAX};

/// What a handle asks of the transport's task.
#[derive(Debug)]
pub(super) enum Command {
    Dial(Multiaddr, oneshot::Sender<Result<(), DialError>>),
    OpenStream(PeerId, OpenReply),
    Admit(PeerId, oneshot::Sender<bool>),
    Subscribe(Topic, oneshot::Sender<Result<(), SubscribeError>>),
    Unsubscribe(Topic),
    Publish(Topic, Vec<u8>),
    Listeners(oneshot::Sender<Vec<Multiaddr>>),
    Disconnect(PeerId),
    SetOpen(bool, oneshot::Sender<()>),
    Shutdown(oneshot::Sender<()>),
}

/// A running transport. Clones speak to the same one.
#[derive(Debug, Clone)]
pub struct Transport {
    local_peer_id: PeerId,
    commands: mpsc::Sender<Command>,
}

impl Transport {
    pub(super) fn new(local_peer_id: PeerId, commands: mpsc::Sender<Command>) -> Self {
        Self {
            local_peer_id,
            commands,
        }
    }

    /// This node's transport identity.
    pub fn local_peer_id(&self) -> PeerId {
        self.local_peer_id
    }

    /// Begins to dial an address, which may end in `/p2p/…` to name who must answer there. What
    /// comes of it is an [`super::Event`]: `Connected`, `AlsoAt` where the peer turns out to be
    /// connected already, or `DialFailed`.
    ///
    /// # Errors
    ///
    /// [`DialError`] where the dial does not even begin.
    pub async fn dial(&self, address: Multiaddr) -> Result<(), DialError> {
        self.ask(|reply| Command::Dial(address, reply)).await?
    }

    /// Opens a sync stream to a connected peer. The peer learns of it with the first frame.
    ///
    /// # Errors
    ///
    /// [`OpenError`]. A peer that does not speak the protocol, or accepts no more streams, may
    /// only show when the stream is read.
    pub async fn open_stream(&self, peer: PeerId) -> Result<SyncStream, OpenError> {
        let (reply, outcome) = oneshot::channel();
        self.send(Command::OpenStream(peer, reply)).await?;
        // The negotiation has its own timer; this one is for a connection that is stuck.
        match timeout(2 * STREAM_OPEN_MAX, outcome).await {
            Ok(Ok(opened)) => opened,
            Ok(Err(_)) if self.commands.is_closed() => Err(OpenError::Stopped(Stopped)),
            Ok(Err(_)) => Err(OpenError::Lost(peer)),
            Err(_) => Err(OpenError::TimedOut(peer)),
        }
    }

    /// Lets hints flow to and from a connected peer, until its last connection closes. Until then
    /// the peer does not learn which topics this node listens to. Says whether the peer was
    /// connected.
    ///
    /// # Errors
    ///
    /// [`Stopped`].
    pub async fn admit(&self, peer: PeerId) -> Result<bool, Stopped> {
        self.ask(|reply| Command::Admit(peer, reply)).await
    }

    /// Listens to hints on a topic and passes them on.
    ///
    /// # Errors
    ///
    /// [`SubscribeError`].
    pub async fn subscribe(&self, topic: Topic) -> Result<(), SubscribeError> {
        self.ask(|reply| Command::Subscribe(topic, reply)).await?
    }

    /// Listens to a topic no more.
    ///
    /// # Errors
    ///
    /// [`Stopped`].
    pub async fn unsubscribe(&self, topic: Topic) -> Result<(), Stopped> {
        self.send(Command::Unsubscribe(topic)).await
    }

    /// Sends a hint to the admitted peers that listen to its topic. It may be lost.
    ///
    /// # Errors
    ///
    /// [`PublishError`]; that nobody listens is none.
    pub async fn publish(&self, topic: Topic, hint: Vec<u8>) -> Result<(), PublishError> {
        if hint.len() > HINT_BYTES_MAX {
            return Err(PublishError::TooLong {
                bytes: hint.len(),
                limit: HINT_BYTES_MAX,
            });
        }
        Ok(self.send(Command::Publish(topic, hint)).await?)
    }

    /// The addresses at which this node listens at the moment.
    ///
    /// # Errors
    ///
    /// [`Stopped`].
    pub async fn listeners(&self) -> Result<Vec<Multiaddr>, Stopped> {
        self.ask(Command::Listeners).await
    }

    /// Closes every connection to a peer, and with them its streams.
    ///
    /// # Errors
    ///
    /// [`Stopped`].
    pub async fn disconnect(&self, peer: PeerId) -> Result<(), Stopped> {
        self.send(Command::Disconnect(peer)).await
    }

    /// Closes every connection and refuses to take or open any, or allows them again. Listeners
    /// stay. Returns when the last connection is closed, or has had the time that a goodbye may
    /// take.
    ///
    /// # Errors
    ///
    /// [`Stopped`].
    pub async fn set_open(&self, open: bool) -> Result<(), Stopped> {
        let set = self.ask(|reply| Command::SetOpen(open, reply));
        // A peer that does not take the goodbye gets nothing else either.
        timeout(SHUTDOWN_MAX, set).await.unwrap_or(Ok(()))
    }

    /// Closes every connection and listener; returns when that is done. Streams that are still
    /// held fail from then on.
    pub async fn shutdown(&self) {
        // If the task is gone already, there is nothing left to do.
        let _ = self.ask(Command::Shutdown).await;
    }

    async fn send(&self, command: Command) -> Result<(), Stopped> {
        self.commands.send(command).await.map_err(|_| Stopped)
    }

    async fn ask<T>(
        &self,
        command: impl FnOnce(oneshot::Sender<T>) -> Command,
    ) -> Result<T, Stopped> {
        let (reply, answer) = oneshot::channel();
        self.send(command(reply)).await?;
        answer.await.map_err(|_| Stopped)
    }
}
