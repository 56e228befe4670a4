//! Meetings: the sessions with peers, one for each open stream, and who stands behind each.
//!
//! A slot carries a session's frames to its stream. What a session wants done is carried out by
//! the worker.

use std::collections::BTreeMap;

use protocol::id::{DeviceId, MemberId};
use protocol::session::frame::Frame;
use protocol::session::{Session, Side};
use tokio::sync::mpsc;

use super::network::{FRAMES_MAX, StreamId};

/// Frames of entries that wait for one stream before no more are made.
const FRAMES_AHEAD: usize = 3;

/// One session with the way to its peer.
#[derive(Debug)]
pub struct Slot {
    /// The session.
    pub session: Session,
    /// Which side of the stream this node is.
    pub side: Side,
    /// The peer's transport name.
    pub peer: Vec<u8>,
    /// Where the peer was reached, or came from.
    pub address: String,
    /// Where this node itself reached the peer, if it did: there it can be reached again.
    pub reached: Option<String>,
    /// Whether the peer was met: its device is proven and served.
    pub met: Option<(DeviceId, Option<MemberId>)>,
    frames: mpsc::Sender<Vec<u8>>,
}

impl Slot {
    /// Makes a slot.
    pub fn new(
        session: Session,
        side: Side,
        peer: Vec<u8>,
        (address, reached): (String, Option<String>),
        frames: mpsc::Sender<Vec<u8>>,
    ) -> Self {
        Self {
            session,
            side,
            peer,
            address,
            reached,
            met: None,
            frames,
        }
    }

    /// Hands a frame to the stream. False when the peer takes nothing: the session is to be ended.
    pub fn send(&self, frame: &Frame) -> bool {
        self.frames.try_send(frame.to_bytes()).is_ok()
    }

    /// Tells whether another frame of entries may be made.
    pub fn has_room(&self) -> bool {
        self.frames.capacity() + FRAMES_AHEAD > FRAMES_MAX
    }
}

/// All sessions.
#[derive(Debug, Default)]
pub struct Meetings {
    slots: BTreeMap<StreamId, Slot>,
}

impl Meetings {
    /// Adds a session.
    pub fn insert(&mut self, stream: StreamId, slot: Slot) {
        self.slots.insert(stream, slot);
    }

    /// Tells whether some peer is not known to hold the same: entries are or may be under way.
    pub fn is_any_under_way(&self) -> bool {
        let mut sessions = self.slots.values().map(|slot| &slot.session);
        sessions.any(|session| session.is_syncing() && !session.is_in_step())
    }

    /// Returns a session's slot.
    pub fn slot(&mut self, stream: StreamId) -> Option<&mut Slot> {
        self.slots.get_mut(&stream)
    }

    /// Ends a session: its stream closes when the frames handed over have been written.
    pub fn remove(&mut self, stream: StreamId) -> Option<Slot> {
        self.slots.remove(&stream)
    }

    /// Returns the streams of all sessions.
    pub fn streams(&self) -> Vec<StreamId> {
        self.slots.keys().copied().collect()
    }

    /// Returns the streams to a peer, by its transport name.
    pub fn streams_to(&self, peer: &[u8]) -> Vec<StreamId> {
        let slots = self.slots.iter();
        let of_peer = slots.filter(|(_, slot)| slot.peer == peer);
        of_peer.map(|(stream, _)| *stream).collect()
    }

    /// Returns all slots.
    pub fn slots(&self) -> impl Iterator<Item = &Slot> {
        self.slots.values()
    }

    /// Returns how many distinct devices are met.
    pub fn devices_met(&self) -> usize {
        let mut devices: Vec<DeviceId> = self
            .slots
            .values()
            .filter_map(|slot| slot.met.map(|(device, _)| device))
            .collect();
        devices.sort_unstable();
        devices.dedup();
        devices.len()
    }

    /// Returns the stream that is one too many, when two reach the same device: both ends keep the
    /// one that the device with the lower name opened.
    pub fn superfluous(&self, own: DeviceId, newest: StreamId) -> Option<StreamId> {
        let slot = self.slots.get(&newest)?;
        let (device, _) = slot.met?;
        let other = self
            .slots
            .iter()
            .find(|(stream, other)| {
                **stream != newest && other.met.is_some_and(|(met, _)| met == device)
            })
            .map(|(stream, other)| (*stream, other.side));
        let (other, other_side) = other?;
        if other_side == slot.side {
            return Some(other.min(newest));
        }
        let lower_opens = if own < device {
            Side::Opener
        } else {
            Side::Answerer
        };
        Some(if slot.side == lower_opens {
            other
        } else {
            newest
        })
    }
}
