//! What can go wrong in each operation of the transport, one type for each.

use std::io;

use libp2p::core::transport::TransportError;
use libp2p::swarm::DialError as SwarmDialError;
use libp2p::{Multiaddr, PeerId, noise};
use thiserror::Error;

/// Why the transport did not start. Nothing keeps running.
#[derive(Debug, Error)]
pub enum StartError {
    #[error("the transport key is unusable")]
    Key(#[source] noise::Error),
    #[error("cannot listen on {address}")]
    Listen {
        address: Multiaddr,
        #[source]
        source: TransportError<io::Error>,
    },
    #[error("another program listens on {address}")]
    InUse { address: Multiaddr },
    #[error("local discovery cannot watch the network interfaces")]
    Discovery(#[source] io::Error),
}

/// The transport's task has ended, after a shutdown or because its events are no longer received.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the transport has stopped")]
pub struct Stopped;

/// Why a dial did not begin. What goes wrong later is [`super::Event::DialFailed`].
#[derive(Debug, Error)]
pub enum DialError {
    #[error(transparent)]
    Stopped(#[from] Stopped),
    #[error("{0} is connected already")]
    AlreadyConnected(PeerId),
    #[error(transparent)]
    Refused(DialFailure),
}

/// Why a dial failed.
#[derive(Debug, Error)]
pub enum DialFailure {
    /// Worth another try after a while.
    #[error("nobody can be reached there")]
    Unreachable(#[source] Box<SwarmDialError>),
    /// Somebody answers there who is not the peer that the address names; for a home this is what
    /// its restart looks like, since its transport key is new.
    #[error("{obtained} answers there")]
    OtherPeer { obtained: PeerId },
    /// Our own address.
    #[error("the address leads back to this node")]
    Myself,
    /// One of our limits on connections or memory; worth another try when others have left.
    #[error("this node has as many connections as it allows")]
    Limit(#[source] Box<SwarmDialError>),
    /// Never worth another try.
    #[error("the address is of a kind that this node cannot dial")]
    Unsupported(#[source] Box<SwarmDialError>),
}

impl From<SwarmDialError> for DialFailure {
    fn from(error: SwarmDialError) -> Self {
        match error {
            // We always name an address; libp2p leaves out those at which we listen.
            SwarmDialError::LocalPeerId { .. } | SwarmDialError::NoAddresses => Self::Myself,
            SwarmDialError::WrongPeerId { obtained, .. } => Self::OtherPeer { obtained },
            SwarmDialError::Denied { .. } => Self::Limit(Box::new(error)),
            SwarmDialError::Transport(ref attempts)
                if attempts
                    .iter()
                    .all(|(_, e)| matches!(e, TransportError::MultiaddrNotSupported(_))) =>
            {
                Self::Unsupported(Box::new(error))
            }
            _ => Self::Unreachable(Box::new(error)),
        }
    }
}

/// Why a sync stream was not opened.
#[derive(Debug, Error)]
pub enum OpenError {
    #[error(transparent)]
    Stopped(#[from] Stopped),
    /// Dial first.
    #[error("{0} is not connected")]
    NotConnected(PeerId),
    #[error("{0} does not speak Linli's sync protocol")]
    NotOurProtocol(PeerId),
    #[error("{0} did not answer in time")]
    TimedOut(PeerId),
    #[error("the connection to {0} was lost")]
    Lost(PeerId),
    #[error("the connection to {peer} failed")]
    Connection {
        peer: PeerId,
        #[source]
        source: io::Error,
    },
}

/// Why a topic was not subscribed to.
#[derive(Debug, Error)]
pub enum SubscribeError {
    #[error(transparent)]
    Stopped(#[from] Stopped),
    #[error("more than {limit} topics")]
    TooMany { limit: usize },
}

/// Why a hint was not accepted for sending. That nobody listens is not an error.
#[derive(Debug, Error)]
pub enum PublishError {
    #[error(transparent)]
    Stopped(#[from] Stopped),
    #[error("a hint of {bytes} bytes is longer than {limit}")]
    TooLong { bytes: usize, limit: usize },
}
