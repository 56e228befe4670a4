//! The network: streams between two hosts that carry the frames of one session in order, and how
//! they are delayed, cut and tampered with.
//!
//! A stream keeps order and loses nothing while it lives, as TCP and QUIC do. A frame that is
//! dropped, doubled, swapped or changed stands for a peer or a library that does worse.

use std::collections::BTreeSet;

use protocol::session::{Session, Side};

use super::host::HostId;

/// Position of a link in the world.
pub type LinkId = usize;

/// One stream.
#[derive(Debug)]
pub struct Link {
    /// The opener and the answerer.
    pub hosts: [HostId; 2],
    /// Their sessions; none once closed.
    pub sessions: [Option<Session>; 2],
    /// Frames on the way to each end.
    pub in_flight: [u32; 2],
    /// When the newest frame to each end arrives: none overtakes it.
    pub last_arrival_ms: [u64; 2],
    /// A frame that is held back to be swapped with the next.
    pub swapped: [Option<Vec<u8>>; 2],
    /// Whether somebody tampered with it.
    pub is_tampered: bool,
}

impl Link {
    /// Makes a link between two hosts.
    pub fn new(hosts: [HostId; 2], sessions: [Session; 2]) -> Self {
        Self {
            hosts,
            sessions: sessions.map(Some),
            in_flight: [0; 2],
            last_arrival_ms: [0; 2],
            swapped: [None, None],
            is_tampered: false,
        }
    }

    /// Tells whether both ends are open.
    pub fn is_open(&self) -> bool {
        self.sessions.iter().all(Option::is_some)
    }

    /// Returns which end a host is.
    pub fn end_of(&self, host: HostId) -> Option<usize> {
        self.hosts.iter().position(|one| *one == host)
    }

    /// Closes both ends; what is on the way is lost.
    pub fn close(&mut self) {
        self.sessions = [None, None];
        self.swapped = [None, None];
    }
}

/// The side of a session at an end.
pub fn side_of(end: usize) -> Side {
    if end == 0 {
        Side::Opener
    } else {
        Side::Answerer
    }
}

/// Which hosts cannot reach which.
#[derive(Clone, Debug, Default)]
pub struct Partition {
    apart: BTreeSet<HostId>,
}

impl Partition {
    /// Separates some hosts from all others.
    pub fn separate(&mut self, hosts: BTreeSet<HostId>) {
        self.apart = hosts;
    }

    /// Joins all hosts again.
    pub fn heal(&mut self) {
        self.apart.clear();
    }

    /// Tells whether nobody is separated.
    pub fn is_whole(&self) -> bool {
        self.apart.is_empty()
    }

    /// Tells whether two hosts can reach each other.
    pub fn connects(&self, one: HostId, other: HostId) -> bool {
        self.apart.contains(&one) == self.apart.contains(&other)
    }
}
