//! A sync stream: an open libp2p stream to a peer, before it is split for reading and writing.
//!
//! It does not answer anything by itself, and does not reopen what is lost.

use std::fmt;
use std::sync::Arc;

use libp2p::{PeerId, Stream};
use tokio::sync::OwnedSemaphorePermit;

use super::frame_reader::FrameReader;
use super::frame_writer::FrameWriter;
use super::halves::{self, ConnectionEnd};

/// The places that an inbound stream takes among the streams of its connection and of the node;
/// given back when both halves are gone.
pub(super) type Places = Arc<[OwnedSemaphorePermit; 2]>;

/// An open stream to a peer. The connection stays open while it, or a half of it, lives.
pub struct SyncStream {
    peer: PeerId,
    stream: Stream,
    places: Option<Places>,
    end: ConnectionEnd,
}

impl SyncStream {
    pub(super) fn new(
        peer: PeerId,
        stream: Stream,
        places: Option<Places>,
        end: ConnectionEnd,
    ) -> Self {
        Self {
            peer,
            stream,
            places,
            end,
        }
    }

    /// The transport identity at the other end, proven by the connection's handshake.
    pub fn peer(&self) -> PeerId {
        self.peer
    }

    /// The bare stream, to send what no honest writer would.
    #[cfg(test)]
    pub(super) fn into_raw(self) -> Stream {
        self.stream
    }

    /// The two directions, which may live on different tasks.
    pub fn split(self) -> (FrameReader, FrameWriter) {
        let (source, sink) = halves::split(self.stream, self.end);
        let reader = FrameReader::new(source).holding(self.places.clone());
        let writer = FrameWriter::new(sink).holding(self.places);
        (reader, writer)
    }
}

impl fmt::Debug for SyncStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SyncStream({})", self.peer)
    }
}
