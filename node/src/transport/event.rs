//! What the transport tells its owner, and the name of a gossip topic.

use std::fmt;

use libp2p::gossipsub::TopicHash;
use libp2p::{Multiaddr, PeerId};

use super::error::DialFailure;
use super::sync_stream::SyncStream;

/// A gossip topic: 32 bytes that mean nothing to whoever does not know what they derive from.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Topic(pub [u8; 32]);

impl Topic {
    pub(super) fn hash(self) -> TopicHash {
        TopicHash::from_raw(self.to_string())
    }

    /// The topic that gossipsub's name for it stands for; a name of another form is not ours.
    pub(super) fn from_hash(hash: &TopicHash) -> Option<Self> {
        let digits = hash.as_str().as_bytes();
        let mut topic = [0; 32];
        if digits.len() != 2 * topic.len() {
            return None;
        }
        for (byte, pair) in topic.iter_mut().zip(digits.chunks_exact(2)) {
            let high = char::from(pair[0]).to_digit(16)?;
            let low = char::from(pair[1]).to_digit(16)?;
            *byte = u8::try_from(16 * high + low).ok()?;
        }
        Some(Self(topic))
    }
}

impl fmt::Display for Topic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Topic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Something that happened on the network. Hints and discoveries are dropped when their receiver
/// is slow; all others wait.
#[derive(Debug)]
pub enum Event {
    /// This node can be reached at an address.
    Listening { address: Multiaddr },
    /// This node can no longer be reached at an address.
    ListeningEnded { address: Multiaddr },
    /// A peer's first connection is up.
    Connected {
        peer: PeerId,
        address: Multiaddr,
        outbound: bool,
    },
    /// A dial of this node reached a peer that was connected already.
    AlsoAt { peer: PeerId, address: Multiaddr },
    /// A peer's last connection is gone.
    Disconnected { peer: PeerId },
    /// A peer opened a sync stream.
    Inbound { peer: PeerId, stream: SyncStream },
    /// An admitted peer passed on a hint on a topic of ours. Its author may be another; the peer
    /// is the one to ask.
    Hint {
        topic: Topic,
        peer: PeerId,
        bytes: Vec<u8>,
    },
    /// mDNS heard of a peer on the local network. Nothing proves it until it is dialled.
    Discovered { peer: PeerId, address: Multiaddr },
    /// Connections of others are refused because this process holds too much memory, or no longer.
    Memory { short: bool },
    /// A dial that had begun came to nothing.
    DialFailed {
        address: Multiaddr,
        reason: DialFailure,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_topic_survives_its_name_and_other_names_are_not_ours() {
        let topic = Topic(std::array::from_fn(|i| u8::try_from(i * 8 + 3).unwrap()));
        assert_eq!(Topic::from_hash(&topic.hash()), Some(topic));
        let name = topic.to_string();
        for foreign in [
            "",
            "chat",
            &name[1..],
            &format!("+{}", &name[1..]),
            &"邻".repeat(64),
        ] {
            assert_eq!(
                Topic::from_hash(&TopicHash::from_raw(foreign)),
                None,
                "{foreign}"
            );
        }
    }
}
