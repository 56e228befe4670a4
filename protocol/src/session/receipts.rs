//! Receipts in a session: nothing before the owner's clock says that it is quiet, then each end
//! tells how far it has taken the other's receipts, and is given what lies beyond.
//!
//! Short sessions therefore end as if there were no receipts, and entries never wait for one.

use crate::limits;
use crate::receipt::Receipt;
use crate::replica::Replica;
use crate::storage::Storage;

use super::frame::Frame;
use super::{Output, Session, SessionError, State};

/// The numbers of a frame of receipts.
#[derive(Clone, Copy, Debug)]
pub struct Numbers {
    /// Up to which of the own numbers the peer keeps receipts durably.
    pub kept: u64,
    /// Up to which of its numbers the peer gave receipts before these.
    pub after: u64,
    /// The peer's number of the last of these.
    pub number: u64,
}

/// How far the two ends of a session are with each other's receipts.
#[derive(Debug, Default)]
pub struct Exchange {
    /// Whether the owner's clock has said that it is quiet.
    is_quiet: bool,
    /// Whether the peer was told how far its receipts were taken.
    cursor_told: bool,
    /// Up to which own number the peer has everything it wants; none before it has said so.
    given: Option<u64>,
    /// The number that the peer was last given, or has said it has.
    told: u64,
    /// Whether a receipt came too early or was missed: until the next session the cursor stays where it is.
    is_held_back: bool,
}

impl Session {
    /// Takes note that things are quiet: receipts may go out. The owner calls it some time after a
    /// session is in step or something was made durable, once for many entries, after
    /// [`Replica::issue_receipts`] was made durable; then it polls.
    pub fn settle(&mut self) {
        if self.state == State::Syncing {
            self.exchange.is_quiet = true;
        }
    }

    pub(super) fn next_receipts(&mut self, replica: &Replica) -> Option<Frame> {
        let peer = self.peer?;
        if !self.exchange.is_quiet {
            return None;
        }
        let kept = replica.receipt_cursor(&peer.0);
        if let Some(given) = self.exchange.given {
            let rows = replica.receipts_for(peer, given, limits::RECEIPTS_FRAME_MAX);
            if let Some(last) = rows.last() {
                self.exchange.given = Some(last.number);
                self.exchange.cursor_told = true;
                return Some(Frame::Receipts {
                    kept,
                    after: std::mem::replace(&mut self.exchange.told, last.number),
                    number: last.number,
                    receipts: rows.into_iter().map(|row| row.receipt).collect(),
                });
            }
            self.exchange.given = Some(given.max(replica.last_receipt()));
            self.exchange.is_quiet = false;
        }
        if self.exchange.cursor_told {
            return None;
        }
        self.exchange.cursor_told = true;
        Some(Frame::Receipts {
            kept,
            after: 0,
            number: 0,
            receipts: Vec::new(),
        })
    }

    pub(super) fn receipts_came<S: Storage>(
        &mut self,
        numbers: Numbers,
        receipts: &[Receipt],
        replica: &mut Replica,
        storage: &S,
    ) -> Result<Vec<Output>, SessionError> {
        let Numbers {
            kept,
            after,
            number,
        } = numbers;
        if receipts.len() > limits::RECEIPTS_FRAME_MAX || i64::try_from(number).is_err() {
            return Err(SessionError::OutOfTurn { frame: "receipt" });
        }
        // A number beyond the last is of a store that this one was restored without. Only the first
        // word in a session counts, so nobody is made to repeat himself twice.
        let last = replica.last_receipt();
        if self.exchange.given.is_none() {
            self.exchange.told = if kept <= last { kept } else { 0 };
            self.exchange.given = Some(self.exchange.told);
        }
        let Some((device, _)) = self.peer.filter(|_| !receipts.is_empty()) else {
            return Ok(Vec::new());
        };
        // What went before these may have been lost on the way: then all of it comes again.
        self.exchange.is_held_back |= after > replica.receipt_cursor(&device);
        let number = (!self.exchange.is_held_back).then_some(number);
        let received = replica.take_receipts(storage, device, number, receipts)?;
        self.exchange.is_held_back |= received.receipts_early;
        Ok(vec![Output::Commit(Box::new(received))])
    }
}
