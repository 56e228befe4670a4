//! A host: one machine with its disk, clock, keys and replica, honest or hostile.
//!
//! It holds state only; what a host does and when is decided by `world`, `scenario` and `mischief`.

use std::collections::{BTreeMap, BTreeSet};

use protocol::id::{DeviceId, EntryId, InvitationId, MemberId};
use protocol::key::SecretKey;
use protocol::replica::Replica;

use super::memory::Memory;
use super::network::LinkId;

/// Position of a host in the world.
pub type HostId = usize;

/// Whether a host keeps the rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conduct {
    /// It runs the program as it is.
    Honest,
    /// It signs whatever it likes and sends what it likes.
    Hostile,
}

/// How a host comes to be part of the neighbourhood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entrance {
    /// It founds the neighbourhood.
    Founder,
    /// It holds an invitation and asks the inviter's node.
    Invited,
    /// Somebody who may admits it face to face.
    Vouched,
    /// It is a further device of the household of another host.
    Sibling(HostId),
    /// It belongs to an organisation.
    Office,
    /// It is a relay and belongs to no member.
    Relay,
    /// It copies a hostile host's key: one log, two writers.
    Twin(HostId),
    /// It never becomes part of it.
    Stranger,
}

/// An invitation that the host has made.
#[derive(Clone, Debug)]
pub struct Issued {
    /// How often it may be used.
    pub uses: u32,
    /// How often it was used.
    pub used: u32,
    /// Until when, by the host's own clock.
    pub expires_ms: i64,
}

/// An invitation that the host holds and has not used.
#[derive(Clone, Debug)]
pub struct Held {
    /// Its one-time key.
    pub one_time: SecretKey,
    /// Who made it.
    pub inviter: HostId,
}

/// One machine.
#[derive(Debug)]
pub struct Host {
    /// Whether it keeps the rules.
    pub conduct: Conduct,
    /// How it comes in.
    pub entrance: Entrance,
    /// The member's key: recovery words on paper, at hand whenever the simulator wants.
    pub household: SecretKey,
    /// The device's key.
    pub device: SecretKey,
    /// What a crash does not destroy, and what it does.
    pub memory: Memory,
    /// The running replica; none while the host is down or has not begun.
    pub replica: Option<Replica>,
    /// How wrong its clock is.
    pub skew_ms: i64,
    /// Whether the host has begun: it knows the space's secret.
    pub begun: bool,
    /// Which start this is: what was under way before a crash is lost.
    pub boot: u64,
    /// Frames that wait until what they tell of is durable.
    pub waiting: Vec<(LinkId, Vec<u8>)>,
    /// Own entries that are not durable yet and not acknowledged to the user.
    pub unacknowledged: Vec<EntryId>,
    /// Own entries that the user was told are saved.
    pub acknowledged: Vec<EntryId>,
    /// Whether a sync of the disk is under way.
    pub syncing: bool,
    /// Whether receipts wait until it is quiet.
    pub settling: bool,
    /// Invitations made.
    pub issued: BTreeMap<InvitationId, Issued>,
    /// Invitation held.
    pub invitation: Option<Held>,
    /// Earlier devices of this host that were given up.
    pub retired: BTreeSet<DeviceId>,
    /// Whether the device's key was seen to have written elsewhere.
    pub key_is_spent: bool,
    /// Whether a backup was restored, so that a fork is nobody's fault in the program.
    pub was_restored: bool,
    /// Entries frames that a hostile host has seen, to replay.
    pub heard: Vec<Vec<u8>>,
    /// Entries that a hostile host keeps back.
    pub pocket: Vec<protocol::entry::Entry>,
    /// Whether a hostile host sends no entries at present.
    pub is_silent: bool,
}

impl Host {
    /// Makes a host with fresh keys.
    pub fn new(
        conduct: Conduct,
        entrance: Entrance,
        household: SecretKey,
        device: SecretKey,
    ) -> Self {
        Self {
            conduct,
            entrance,
            household,
            device,
            memory: Memory::default(),
            replica: None,
            skew_ms: 0,
            begun: false,
            boot: 0,
            waiting: Vec::new(),
            unacknowledged: Vec::new(),
            acknowledged: Vec::new(),
            syncing: false,
            settling: false,
            issued: BTreeMap::new(),
            invitation: None,
            retired: BTreeSet::new(),
            key_is_spent: false,
            was_restored: false,
            heard: Vec::new(),
            pocket: Vec::new(),
            is_silent: false,
        }
    }

    /// Returns the member that the host's device writes for.
    pub fn member(&self) -> Option<MemberId> {
        match self.entrance {
            Entrance::Relay => None,
            _ => Some(MemberId(self.household.public())),
        }
    }

    /// Returns the device.
    pub fn device_id(&self) -> DeviceId {
        DeviceId(self.device.public())
    }

    /// Tells whether the host keeps the rules.
    pub fn is_honest(&self) -> bool {
        self.conduct == Conduct::Honest
    }

    /// Tells whether the host runs.
    pub fn is_up(&self) -> bool {
        self.replica.is_some()
    }
}
