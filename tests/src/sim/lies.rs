//! Lies about who holds what: receipts that hostile hosts make up.
//!
//! What may come of it: a hostile member is counted although it holds nothing. Nothing else.

use protocol::frontier::Head;
use protocol::id::{DeviceId, EntryId};
use protocol::receipt::Receipt;
use protocol::session::frame::Frame;

use super::fault::Fault;
use super::host::HostId;
use super::world::World;

impl World {
    /// Gives a peer receipts, true and false ones among each other.
    pub fn lie_about_holding(&mut self, host: HostId) {
        let links = self.links_of(host);
        let Some(&link) = self.random.pick(&links) else {
            return;
        };
        let count = 1 + self.random.index(6);
        let receipts: Vec<Receipt> = (0..count).filter_map(|_| self.lie(host)).collect();
        if receipts.is_empty() {
            return;
        }
        self.faults.count(Fault::FalseReceipt);
        let frame = Frame::Receipts {
            kept: self.random.below(1 << 50),
            after: 0,
            number: self.random.below(1 << 50),
            receipts,
        };
        self.send_bytes(link, host, frame.to_bytes());
    }

    fn lie(&mut self, host: HostId) -> Option<Receipt> {
        let victim = self.random.index(self.hosts.len());
        let log = self.hosts[victim].device_id();
        let one = &self.hosts[host];
        let entries = one.memory.entries().iter();
        let of_log: Vec<Head> = entries
            .filter(|stored| stored.entry.header.device == log)
            .map(|stored| Head {
                seq: stored.entry.header.seq,
                entry: stored.entry.id,
            })
            .collect();
        let mut head = *self.random.pick(&of_log)?;
        let (key, member) = (one.device.clone(), one.member());
        let other = self.random.index(self.hosts.len());
        let (other_device, other_member) =
            (self.hosts[other].device_id(), self.hosts[other].member());
        let space = self.space;
        let issue = |log, head, member| Receipt::issue(space, &key, member, log, head);
        Some(match self.random.below(7) {
            // It may be true, or say less than was said before.
            0 => issue(log, head, member),
            // In somebody else's name.
            1 => {
                let mut receipt = issue(log, head, other_member);
                receipt.device = other_device;
                receipt
            }
            2 => issue(log, head, other_member),
            // Of a log that does not exist.
            3 => issue(DeviceId(self.random.bytes()), head, member),
            // Of an entry that does not exist, or stands elsewhere.
            4 => {
                head.seq += 1 + self.random.below(1 << 40);
                issue(log, head, member)
            }
            5 => {
                head.entry = EntryId(self.random.bytes());
                issue(log, head, member)
            }
            _ => {
                let mut receipt = issue(log, head, member);
                receipt.signature.0[self.random.index(64)] ^= 1;
                receipt
            }
        })
    }
}
