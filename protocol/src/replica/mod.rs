//! The replica: one device's state of one space, without IO (rule R1).
//!
//! It takes verified segments, drafts and rosters' verdicts together: what arrives is attached to
//! logs and folded into the roster, and comes back as a [`Received`] for its owner to make durable
//! (rule R3); what is read is built from storage when asked for (rule R14). Documents are judged
//! when they are built, never when they arrive (rule R9).

mod append;
mod details;
mod flooding;
mod forgetting;
mod introduction;
mod reading;
mod receipts;
mod receive;
mod share;
mod splintered;

use std::collections::{BTreeMap, BTreeSet};

use crate::entry::{Entry, Subject};
use crate::frontier::{Frontier, Head};
use crate::id::{DeviceId, EntryId, MemberId, SpaceId};
use crate::key::{PublicKey, Purpose, SecretKey, Signature};
use crate::kind::Kinds;
use crate::logs::Logs;
use crate::receipts::Receipts;
use crate::roster::{Changes, Roster, StatementEntry, is_roster_entry};
use crate::statement::{Statement, Tip};
use crate::storage::{LogNumber, Storage, StorageError, StoredEntry};
use crate::switches::{Rule, Switches};

pub use append::{AppendError, Appended, Body};
pub use details::Detail;
use flooding::Flooding;
use forgetting::Forgetting;
pub use reading::{Author, ReadDocument};
pub use receipts::Deliveries;
pub use receive::{BUDGET, Gap, Received, Refused};
use splintered::Splintered;

/// Who a replica writes as.
#[derive(Clone, Debug)]
pub struct Identity {
    /// The device's key.
    pub key: SecretKey,
    /// The member that the device writes for; a relay writes for none.
    pub member: Option<MemberId>,
}

/// What a peer's device is here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PeerStanding {
    /// A member's device or a relay, to be served.
    Admitted,
    /// Not known here: it shows its admission chain.
    Unknown,
    /// Removed or cut: not served.
    Removed,
}

/// One device's state of one space.
#[derive(Debug)]
pub struct Replica {
    space: SpaceId,
    identity: Identity,
    kinds: Kinds,
    switches: Switches,
    logs: Logs,
    roster: Roster,
    keys: BTreeMap<DeviceId, PublicKey>,
    /// Statements and joins by place: few entries are.
    places: BTreeMap<LogNumber, BTreeMap<u64, EntryId>>,
    receipts: Receipts,
    /// Entries that are held without what they say, and asked for by name.
    lacking: BTreeMap<EntryId, DeviceId>,
    forgetting: Forgetting,
    flooding: Flooding,
    splintered: Splintered,
    /// What the roster waits for and was looked for in vain: it is looked for again when it comes.
    absent: BTreeSet<EntryId>,
    absent_tips: BTreeMap<EntryId, BTreeSet<Tip>>,
}

impl Replica {
    /// Opens a replica over what storage holds.
    ///
    /// # Errors
    ///
    /// [`StorageError`] when the storage cannot be read.
    pub fn open(
        space: SpaceId,
        identity: Identity,
        kinds: Kinds,
        switches: Switches,
        storage: &impl Storage,
    ) -> Result<Self, StorageError> {
        let mut replica = Self {
            space,
            identity,
            kinds,
            switches,
            logs: Logs::open(storage)?,
            roster: Roster::with_switches(space, switches),
            keys: BTreeMap::new(),
            places: BTreeMap::new(),
            receipts: Receipts::default(),
            lacking: BTreeMap::new(),
            forgetting: Forgetting::default(),
            flooding: Flooding::default(),
            splintered: Splintered::default(),
            absent: BTreeSet::new(),
            absent_tips: BTreeMap::new(),
        };
        replica.receipts = Receipts::open(storage, &replica.logs)?;
        if !switches.holds(Rule::R15) {
            replica.logs.frontier().blind();
        }
        replica.find_forks(storage)?;
        replica.fold_everything(storage)?;
        // Whether what was retired once is still to be dropped, or asked for again, is not stored.
        replica.forgetting = Forgetting::default();
        let retired = replica.roster.retired_once();
        replica.forgetting.look_at(retired);
        // What came without, from somebody who had dropped it, is asked for again, too.
        let lacking = storage.documents_lacking_payloads()?;
        replica.forgetting.look_at(lacking);
        replica.open_budgets();
        Ok(replica)
    }

    /// Notes the forks that storage shows: by branches, or by proofs.
    fn find_forks(&mut self, storage: &impl Storage) -> Result<(), StorageError> {
        let branches = self.logs.iter();
        let mut forks: Vec<(DeviceId, u64)> = branches
            .filter_map(|log| Some((log.device, log.base?.seq + 1)))
            .collect();
        let proofs = storage.fork_proofs()?.into_iter();
        forks.extend(proofs.filter_map(|proof| Some((proof.device()?, proof.seq()?))));
        for (device, seq) in forks {
            self.logs.frontier().note_fork(device, seq);
        }
        Ok(())
    }

    /// Returns the space.
    pub fn space(&self) -> SpaceId {
        self.space
    }

    /// Returns the own device.
    pub fn device(&self) -> DeviceId {
        DeviceId(self.identity.key.public())
    }

    /// Returns the member that the own device writes for.
    pub fn member(&self) -> Option<MemberId> {
        self.identity.member
    }

    /// Goes on as another device, whose log begins with the next entry.
    pub fn identify(&mut self, identity: Identity) {
        self.identity = identity;
    }

    /// Signs a digest with the own device's key.
    pub fn sign(&self, purpose: Purpose, digest: &[u8; 32]) -> Signature {
        self.identity.key.sign(purpose, digest)
    }

    /// Returns the table of kinds.
    pub fn kinds(&self) -> &Kinds {
        &self.kinds
    }

    /// Returns the roster.
    pub fn roster(&self) -> &Roster {
        &self.roster
    }

    /// Returns the roster for questions that fold it first.
    pub fn roster_mut(&mut self) -> &mut Roster {
        &mut self.roster
    }

    /// Returns the logs.
    pub fn logs(&self) -> &Logs {
        &self.logs
    }

    /// Returns the frontier.
    pub fn frontier(&mut self) -> &mut Frontier {
        self.logs.frontier()
    }

    /// Returns the digest of frontier and fork proofs.
    pub fn frontier_digest(&mut self) -> [u8; 32] {
        self.logs.frontier().digest()
    }

    /// Tells whether a rule holds: always, but in the simulator's own test.
    pub(crate) fn holds(&self, rule: Rule) -> bool {
        self.switches.holds(rule)
    }

    /// Returns the arrival number of the newest entry.
    pub fn last_arrival(&self) -> u64 {
        self.logs.last_arrival()
    }

    /// Returns the greatest seq held of a device's log; 0 when none is.
    pub fn head_seq(&self, device: &DeviceId) -> u64 {
        self.logs
            .of_device(device)
            .map(|log| log.head_seq)
            .max()
            .unwrap_or(0)
    }

    /// Returns how a peer's device stands here.
    pub fn peer_standing(&self, device: DeviceId, member: Option<MemberId>) -> PeerStanding {
        let Some(member) = member else {
            let in_service = self.roster.relays().iter().any(|relay| relay.id == device);
            return if in_service {
                PeerStanding::Admitted
            } else {
                PeerStanding::Unknown
            };
        };
        let Some(of) = self.roster.member(&member) else {
            return PeerStanding::Unknown;
        };
        match self.roster.device(device, &member) {
            None => PeerStanding::Unknown,
            Some(device) if device.cut.is_some() || of.removed.is_some() => PeerStanding::Removed,
            Some(_) => PeerStanding::Admitted,
        }
    }

    /// Tells whether a joiner is pending no longer: it has verified everything from the founding to
    /// the heads that its invitation names, and is admitted by that (rule R21). Whoever shows it a
    /// shorter past, in which it was still a member itself, does not get it to begin.
    pub fn is_admitted_after(&mut self, heads: &[EntryId]) -> bool {
        let verified =
            |head: &EntryId| self.roster.judgement(head).is_some() || self.is_held_unheard(head);
        heads.iter().all(verified)
            && self.peer_standing(self.device(), self.identity.member) == PeerStanding::Admitted
    }

    /// Returns entries whose payloads are not held though nobody retired their documents, as far as
    /// was noticed: a peer that left them out may not be the only one that has them.
    pub fn lacking_payloads(&self) -> impl Iterator<Item = (EntryId, DeviceId)> + '_ {
        self.lacking.iter().map(|(entry, device)| (*entry, *device))
    }

    fn note_lacking(&mut self, entry: &Entry) {
        let is_new = !self.lacking.contains_key(&entry.id);
        if is_new && self.lacking.len() < crate::limits::WANTED_MAX {
            self.lacking.insert(entry.id, entry.header.device);
        }
    }

    /// Returns the lowest seq at which a device's log is known to fork.
    pub fn forked_at(&mut self, device: &DeviceId) -> Option<u64> {
        self.logs.frontier().forked_at(device)
    }

    /// Notes a proven fork in the frontier.
    fn note_fork(&mut self, device: DeviceId, seq: u64) {
        self.logs.frontier().note_fork(device, seq);
        self.look_for_splinters(&device);
    }

    /// Hands statements and joins to the roster as far as they are heard, and answers what it asks
    /// about entries held here.
    fn fold<S: Storage>(
        &mut self,
        storage: &S,
        mut stored: Vec<StoredEntry>,
        statements: BTreeMap<EntryId, Statement>,
    ) -> Result<Vec<Changes>, StorageError> {
        for row in &stored {
            let places = self.places.entry(row.log).or_default();
            places.insert(row.entry.header.seq, row.entry.id);
        }
        self.set_aside(&mut stored);
        self.fold_heard(storage, stored, statements)
    }

    fn fold_heard<S: Storage>(
        &mut self,
        storage: &S,
        stored: Vec<StoredEntry>,
        mut statements: BTreeMap<EntryId, Statement>,
    ) -> Result<Vec<Changes>, StorageError> {
        let mut entries = Vec::new();
        for row in stored {
            let id = row.entry.id;
            let statement = match (&row.entry.payload, row.entry.header.subject) {
                (_, Subject::Nothing) => None,
                (Some(payload), _) => {
                    let read = statements.remove(&id);
                    read.or_else(|| Statement::from_bytes(payload).ok())
                }
                (None, _) => None,
            };
            // A statement that cannot be read is missing: what rests on it waits (rule R18). It
            // is no join, which would let what rests on it go on without it.
            if statement.is_none() && row.entry.header.subject == Subject::Roster {
                continue;
            }
            entries.push(StatementEntry::new(
                id,
                row.entry.header,
                statement,
                row.entered,
            ));
        }
        let mut changes = vec![self.roster.insert(entries)];
        self.answer_roster(storage, &mut changes)?;
        self.logs.settle(&self.roster);
        Ok(changes)
    }

    /// Tells the roster which names it waits for are no statements, and what stands at the tips
    /// that cuts name. What was looked for once and is not here is not looked for again: anybody
    /// can name what does not exist.
    fn answer_roster<S: Storage>(
        &mut self,
        storage: &S,
        changes: &mut Vec<Changes>,
    ) -> Result<(), StorageError> {
        let missing = self.roster.missing().into_iter();
        let missing = missing.filter(|id| !self.absent.contains(id)).collect();
        self.look_for_names(storage, missing, changes)?;
        self.look_for_tips(storage, self.new_tips(), changes)?;
        self.roster_moved();
        for changes in changes {
            self.forgetting.look_at(changes.documents.iter().copied());
        }
        Ok(())
    }

    /// Returns tips of which it is neither known what stands there nor that they are not here.
    fn new_tips(&self) -> Vec<Tip> {
        let is_absent = |tip: &Tip| {
            let absent = self.absent_tips.get(&tip.entry);
            absent.is_some_and(|absent| absent.contains(tip))
        };
        let mut tips = self.roster.unresolved();
        tips.retain(|tip| !is_absent(tip));
        tips
    }

    /// Looks for names that statements wait for. Those of no statement let some go on, so that
    /// further tips are named.
    fn look_for_names<S: Storage>(
        &mut self,
        storage: &S,
        missing: Vec<EntryId>,
        changes: &mut Vec<Changes>,
    ) -> Result<(), StorageError> {
        let mut refused = Vec::new();
        for id in missing {
            match storage.entry(&id)? {
                Some(stored) if is_roster_entry(&stored.entry.header) => {}
                Some(_) => refused.push(id),
                None => {
                    self.absent.insert(id);
                }
            }
        }
        if !refused.is_empty() {
            changes.push(self.roster.refuse(refused));
        }
        Ok(())
    }

    fn look_for_tips<S: Storage>(
        &mut self,
        storage: &S,
        tips: Vec<Tip>,
        changes: &mut Vec<Changes>,
    ) -> Result<(), StorageError> {
        let mut resolved = Vec::new();
        for tip in tips {
            let head = Head {
                seq: tip.seq,
                entry: tip.entry,
            };
            match self.logs.locate(storage, &tip.device, head)? {
                Some(place) => resolved.push((tip, self.last_statement(place))),
                None => {
                    self.absent_tips.entry(tip.entry).or_default().insert(tip);
                }
            }
        }
        if !resolved.is_empty() {
            changes.push(self.roster.resolve(resolved));
        }
        Ok(())
    }

    /// Looks again at what the roster waits for, once a batch is durable: an entry that it holds may
    /// turn out to be no statement, or to be the tip of a cut.
    ///
    /// # Errors
    ///
    /// [`StorageError`] when the storage cannot be read.
    pub fn committed<S: Storage>(
        &mut self,
        storage: &S,
        received: &mut Received,
    ) -> Result<(), StorageError> {
        let arrived = received.batch.entries.iter().map(|stored| stored.entry.id);
        let (mut missing, mut tips) = (Vec::new(), Vec::new());
        for id in arrived {
            missing.extend(self.absent.take(&id));
            tips.extend(self.absent_tips.remove(&id).into_iter().flatten());
        }
        let mut changes = Vec::new();
        self.look_for_names(storage, missing, &mut changes)?;
        if !changes.is_empty() {
            tips = self.new_tips();
        }
        self.look_for_tips(storage, tips, &mut changes)?;
        self.hear(storage, &received.batch.entries, &mut changes)?;
        if !changes.is_empty() {
            self.roster_moved();
            self.logs.settle(&self.roster);
        }
        for changes in changes {
            let documents = changes.documents.iter().copied();
            self.forgetting.look_at(documents);
            received.note(changes);
        }
        Ok(())
    }

    /// Returns the last statement or join at or before a place of its log.
    fn last_statement(&self, place: (LogNumber, u64)) -> Option<EntryId> {
        self.logs
            .way(place)
            .into_iter()
            .rev()
            .find_map(|(log, first, last)| {
                let places = self.places.get(&log)?;
                places.range(first..=last).next_back().map(|(_, id)| *id)
            })
    }

    fn key(&mut self, device: DeviceId) -> Option<PublicKey> {
        if let Some(key) = self.keys.get(&device) {
            return Some(key.clone());
        }
        let key = PublicKey::parse_unenrolled(&device.0).ok()?;
        if self.keys.len() < crate::limits::DEVICES_MAX {
            self.keys.insert(device, key.clone());
        }
        Some(key)
    }
}
