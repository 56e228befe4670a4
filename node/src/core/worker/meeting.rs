//! The worker and its peers: what comes over streams goes into sessions, and what sessions want
//! done is carried out.

use protocol::api::Event;
use protocol::id::{DeviceId, MemberId};
use protocol::replica::PeerStanding;
use protocol::session::frame::RefusedReason;
use protocol::session::{Output, Purpose, Session, SessionError, Side};
use tokio::sync::mpsc;

use super::{Worker, WorkerError};
use crate::core::hint;
use crate::core::meetings::Slot;
use crate::core::network::{Input, Order, StreamId, is_same_place};
use crate::refusal::Refusal;
use crate::store::SavedPeer;

/// How often it is noted that a device is in step, in milliseconds.
const SYNCED_NOTE_MS: i64 = 60_000;

impl Worker {
    pub(super) fn take(&mut self, input: Input) -> Result<(), WorkerError> {
        match input {
            Input::Opened {
                stream,
                opener,
                peer,
                address,
                reached,
                frames,
            } => self.opened(stream, opener, peer, (address, reached), frames),
            Input::Reached { peer, address } => {
                for stream in self.meetings.streams_to(&peer) {
                    if let Some(slot) = self.meetings.slot(stream) {
                        slot.reached = Some(address.clone());
                    }
                    self.note_seen(stream)?;
                }
                Ok(())
            }
            Input::Frame { stream, bytes } => self.frame(stream, &bytes),
            Input::Drained { .. } => Ok(()),
            Input::Closed { stream } => {
                self.note_seen(stream)?;
                self.end(stream);
                Ok(())
            }
            Input::Hint { bytes } => {
                self.hinted(&bytes);
                Ok(())
            }
            Input::Listening { address, up } => {
                if up {
                    self.listening.insert(address);
                } else {
                    self.listening.remove(&address);
                }
                Ok(())
            }
            Input::Memory { short } => {
                self.memory_is_short = short;
                Ok(())
            }
            Input::DialFailed { address } => {
                tracing::debug!(address, "a dial came to nothing");
                Ok(())
            }
        }
    }

    pub(super) fn opened(
        &mut self,
        stream: StreamId,
        opener: bool,
        peer: Vec<u8>,
        address: (String, Option<String>),
        frames: mpsc::Sender<Vec<u8>>,
    ) -> Result<(), WorkerError> {
        let side = if opener { Side::Opener } else { Side::Answerer };
        let purpose = match &self.parts.joining {
            Some(joining) if opener => joining.purpose.clone(),
            _ => Purpose::Meet,
        };
        let codes = match opener {
            true => Vec::new(),
            false => self.codes()?,
        };
        let mut session = Session::new(
            side,
            purpose,
            &self.parts.secret,
            &self.parts.transport_name,
            &peer,
        )
        .with_codes(codes);
        let outputs = session.open();
        self.meetings
            .insert(stream, Slot::new(session, side, peer, address, frames));
        self.carry_out(stream, outputs)
    }

    pub(super) fn frame(&mut self, stream: StreamId, bytes: &[u8]) -> Result<(), WorkerError> {
        let Some(slot) = self.meetings.slot(stream) else {
            return Ok(());
        };
        let handled = slot
            .session
            .handle(bytes, &mut self.parts.replica, &self.parts.store);
        match handled {
            Ok(outputs) => self.carry_out(stream, outputs),
            Err(SessionError::Storage(error)) => Err(WorkerError::Storage(error)),
            Err(error) => {
                tracing::info!(%error, "a session ended");
                self.end(stream);
                Ok(())
            }
        }
    }

    pub(in crate::core) fn carry_out(
        &mut self,
        stream: StreamId,
        outputs: Vec<Output>,
    ) -> Result<(), WorkerError> {
        for output in outputs {
            match output {
                Output::Send(frame) => {
                    let sent = self
                        .meetings
                        .slot(stream)
                        .is_some_and(|slot| slot.send(&frame));
                    if !sent {
                        self.end(stream);
                        return Ok(());
                    }
                }
                Output::Commit(mut received) => self.commit(&mut received)?,
                Output::JoinRequested(request) => {
                    let judged = self.admit(&request)?;
                    self.let_in(stream, judged)?;
                }
                Output::EnrolmentRequested(enrolment) => {
                    let judged = self.enrol(&enrolment)?;
                    self.let_in(stream, judged)?;
                }
                Output::Met { device, member } => self.met(stream, device, member)?,
                Output::InStep => {
                    self.held_seq = self.parts.replica.head_seq(&self.parts.replica.device());
                    self.joined();
                    self.served();
                    self.in_step(stream)?;
                    self.delivering.stir();
                    self.tell_peer(stream, true);
                }
                Output::Held { seq } => self.held_seq = self.held_seq.max(seq),
                Output::Refused(reason) => {
                    self.refused_by(stream, reason);
                    self.end(stream);
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    pub(super) fn met(
        &mut self,
        stream: StreamId,
        device: DeviceId,
        member: Option<MemberId>,
    ) -> Result<(), WorkerError> {
        tracing::info!(device = %device.short(), "met a peer");
        let own = self.parts.replica.device();
        if let Some(slot) = self.meetings.slot(stream) {
            slot.met = Some((device, member));
            let _gone = self.parts.orders.try_send(Order::Admit(slot.peer.clone()));
        }
        self.note_seen(stream)?;
        if let Some(stream) = self.meetings.superfluous(own, stream) {
            self.end(stream);
        }
        self.tell_peer(stream, true);
        Ok(())
    }

    /// Notes when a device was seen, and that it answers at a saved address, so that it has a name
    /// when it is away. Where a peer came from tells nothing of where it can be reached.
    fn note_seen(&mut self, stream: StreamId) -> Result<(), WorkerError> {
        let Some(slot) = self.meetings.slot(stream) else {
            return Ok(());
        };
        let Some((device, _)) = slot.met else {
            return Ok(());
        };
        let reached = slot.reached.clone();
        let now_ms = crate::core::now_ms();
        self.seen.insert(device, now_ms);
        let Some(address) = reached else {
            return Ok(());
        };
        let saved = self.parts.store.peers()?;
        let at_address = |peer: &SavedPeer| is_same_place(&peer.address, &address);
        for saved in saved.into_iter().filter(at_address) {
            self.parts.store.put_peer(&SavedPeer {
                device: Some(device),
                seen_ms: now_ms,
                failures: 0,
                ..saved
            })?;
        }
        Ok(())
    }

    /// A request to join is over once the roster names the own device, and holds all that the
    /// inviter had seen.
    pub(super) fn joined(&mut self) {
        let Some(joining) = &self.parts.joining else {
            return;
        };
        if self.parts.replica.is_admitted_after(&joining.heads) {
            self.parts.joining = None;
            self.refused = None;
            self.learn_secret();
        }
    }

    /// Who is let in is told by whoever serves it.
    fn served(&mut self) {
        if self.parts.joining.is_none() {
            self.refused = None;
        }
    }

    /// Notes why a peer refuses this node. Whoever is in hears it only from a device that it knows
    /// itself, and while nobody serves it: one neighbour that errs or lies is no reason for alarm.
    fn refused_by(&mut self, stream: StreamId, reason: RefusedReason) {
        let peer = self
            .meetings
            .slot(stream)
            .and_then(|slot| slot.session.peer());
        let is_known = peer.is_some_and(|(device, member)| {
            self.parts.replica.peer_standing(device, member) == PeerStanding::Admitted
        });
        let is_served = self.meetings.slots().any(|slot| slot.session.is_syncing());
        let is_removed = reason == RefusedReason::Removed && is_known && !is_served;
        let is_believed = self.parts.joining.is_some() || is_removed;
        if is_believed && self.refused != Some(reason) {
            self.refused = Some(reason);
            let code = Refusal::Join(reason).code();
            tracing::warn!(code, "this node is refused by its neighbours");
        }
    }

    /// Why this node is refused, if it is.
    pub(in crate::core) fn refusal(&self) -> Option<Refusal> {
        if self.parts.joining.is_some() {
            return self.refused.map(Refusal::Join);
        }
        if self.knows_it_was_removed() {
            return Some(Refusal::Join(RefusedReason::Removed));
        }
        self.refused.map(|_| Refusal::NotServed)
    }

    /// Tells whether the own roster says that this device or its household was removed.
    pub(in crate::core) fn knows_it_was_removed(&self) -> bool {
        let (device, member) = (self.parts.replica.device(), self.parts.replica.member());
        self.parts.replica.peer_standing(device, member) == PeerStanding::Removed
    }

    /// A device that was enrolled by a code knows the space's secret from the founding alone.
    fn learn_secret(&mut self) {
        let Some(founding) = self.parts.replica.roster().founding() else {
            return;
        };
        let secret = founding.secret();
        if secret != self.parts.secret {
            self.parts.secret = secret;
            let _gone = self.parts.orders.try_send(Order::Learn(secret));
        }
    }

    /// Welcomes who asked to be let in, or says why not.
    fn let_in(
        &mut self,
        stream: StreamId,
        judged: Result<(), RefusedReason>,
    ) -> Result<(), WorkerError> {
        let outputs = match judged {
            Ok(()) => match self.meetings.slot(stream) {
                Some(slot) => slot.session.admit(&mut self.parts.replica),
                None => Vec::new(),
            },
            Err(reason) => match self.meetings.slot(stream) {
                Some(slot) => slot.session.refuse(reason),
                None => Vec::new(),
            },
        };
        self.carry_out(stream, outputs)
    }

    pub(super) fn hinted(&mut self, bytes: &[u8]) {
        let Some((device, seq)) = hint::read(bytes) else {
            return;
        };
        if self.parts.replica.head_seq(&device) < seq {
            self.check();
        }
    }

    /// Asks every peer whether it holds the same.
    pub(in crate::core) fn check(&mut self) {
        for stream in self.meetings.streams() {
            if let Some(slot) = self.meetings.slot(stream) {
                let outputs = slot.session.check(&mut self.parts.replica);
                let sent = outputs.iter().all(|output| match output {
                    Output::Send(frame) => slot.send(frame),
                    _ => true,
                });
                if !sent {
                    self.end(stream);
                }
            }
        }
    }

    /// Sends what sessions have to send, as far as their streams take it.
    pub(super) fn pump(&mut self) -> Result<(), WorkerError> {
        for stream in self.meetings.streams() {
            while let Some(slot) = self.meetings.slot(stream) {
                if !slot.has_room() {
                    break;
                }
                let polled = slot
                    .session
                    .poll(&mut self.parts.replica, &self.parts.store);
                match polled {
                    Ok(Some(frame)) => {
                        if !slot.send(&frame) {
                            self.end(stream);
                        }
                    }
                    Ok(None) => break,
                    Err(SessionError::Storage(error)) => return Err(WorkerError::Storage(error)),
                    Err(_) => self.end(stream),
                }
            }
        }
        Ok(())
    }

    pub(super) fn end(&mut self, stream: StreamId) {
        self.tell_peer(stream, false);
        self.meetings.remove(stream);
    }

    pub(super) fn tell_peer(&mut self, stream: StreamId, connected: bool) {
        let Some(slot) = self.meetings.slot(stream) else {
            return;
        };
        let Some(met) = slot.met else {
            return;
        };
        let (address, in_step) = (slot.address.clone(), slot.session.is_in_step());
        let view = self.met_view(met, address, connected, in_step);
        self.parts.inbox.tell(Event::Peer(Box::new(view)));
    }

    /// Notes that a peer holds what is held here, so that it is known after a restart how fresh
    /// the peer was. Not every time: in a lively neighbourhood that is many times a second.
    fn in_step(&mut self, stream: StreamId) -> Result<(), WorkerError> {
        let met = self.meetings.slot(stream).and_then(|slot| slot.met);
        let Some((device, _)) = met else {
            return Ok(());
        };
        let now_ms = crate::core::now_ms();
        let noted_ms = self.synced.get(&device).copied();
        if noted_ms.is_none_or(|noted| (now_ms - noted).abs() >= SYNCED_NOTE_MS) {
            self.parts.store.put_synced(device, now_ms)?;
            self.synced.insert(device, now_ms);
        }
        Ok(())
    }
}
