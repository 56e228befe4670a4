//! Forging: entries that a hostile device signs although no honest program would write them.
//!
//! Everything here is really signed, or deliberately not; nothing breaks cryptography.

use protocol::entry::{self, Entry, Header, Subject};
use protocol::id::{DocumentId, EntryId, MemberId, PayloadHash};
use protocol::intent::Intents;
use protocol::segment::{self, Segment};
use protocol::statement::{Act, Authority, Statement};
use protocol::storage::{Storage, StoredLog};

use super::host::HostId;
use super::world::World;

/// What a forged entry is to say.
#[derive(Clone, Debug)]
pub struct Forgery {
    /// What it is about.
    pub subject: Subject,
    /// Its deps.
    pub deps: Vec<EntryId>,
    /// How many atoms it claims.
    pub atoms: u32,
    /// Its payload.
    pub payload: Vec<u8>,
    /// What it claims to have seen; none for no change.
    pub seen: Option<Vec<EntryId>>,
    /// Its claimed time.
    pub time_ms: i64,
}

impl Forgery {
    /// A statement.
    pub fn statement(authority: Authority, act: Act, time_ms: i64) -> Self {
        let statement = Statement::new(authority, act);
        let payload = statement.to_bytes().expect("a known statement");
        Self::roster(payload, time_ms)
    }

    /// Any bytes as a statement.
    pub fn roster(payload: Vec<u8>, time_ms: i64) -> Self {
        Self {
            subject: Subject::Roster,
            deps: Vec::new(),
            atoms: 0,
            payload,
            seen: None,
            time_ms,
        }
    }

    /// A change of a document.
    pub fn change(
        document: DocumentId,
        mut deps: Vec<EntryId>,
        intents: &Intents,
        time_ms: i64,
    ) -> Self {
        deps.sort_unstable();
        deps.dedup();
        deps.truncate(protocol::limits::DEPS_MAX);
        Self {
            subject: Subject::Document { document },
            deps,
            atoms: u32::try_from(intents.atoms()).unwrap_or(u32::MAX),
            payload: entry::write_intents(intents),
            seen: None,
            time_ms,
        }
    }

    /// A new document.
    pub fn creation(kind: u16, intents: &Intents, time_ms: i64) -> Self {
        Self {
            subject: Subject::Creation { kind },
            deps: Vec::new(),
            atoms: u32::try_from(intents.atoms()).unwrap_or(u32::MAX),
            payload: entry::write_intents(intents),
            seen: None,
            time_ms,
        }
    }
}

/// Where forged entries go on.
#[derive(Clone, Debug)]
pub struct Place {
    /// The next seq.
    pub seq: u64,
    /// The entry before it.
    pub backlink: Option<EntryId>,
    /// The member that the log names.
    pub member: Option<MemberId>,
}

impl World {
    /// Returns a log or branch that the host's device has written.
    pub fn own_log(&mut self, host: HostId) -> Option<StoredLog> {
        let device = self.hosts[host].device_id();
        let logs = self.hosts[host].memory.logs().expect("memory can be read");
        let own: Vec<StoredLog> = logs
            .into_iter()
            .filter(|log| log.device == device)
            .collect();
        self.random.pick(&own).cloned()
    }

    /// Returns the end of an own log or branch.
    pub fn own_end(&mut self, host: HostId) -> Place {
        let member = self.hosts[host].member();
        match self.own_log(host) {
            Some(log) => Place {
                seq: log.head_seq + 1,
                backlink: Some(log.head),
                member: log.member,
            },
            None => Place {
                seq: 1,
                backlink: None,
                member,
            },
        }
    }

    /// Returns a place inside an own log, where another entry stands already.
    pub fn own_middle(&mut self, host: HostId) -> Option<Place> {
        let log = self.own_log(host)?;
        let first = log.base.map_or(1, |base| base.seq + 1);
        if log.head_seq < first {
            return None;
        }
        let newest = log.head_seq - log.head_seq.saturating_sub(first).min(self.random.below(6));
        let memory = &self.hosts[host].memory;
        let at = memory.entry_at(log.number, newest).ok()??;
        let header = &memory.find(&at)?.entry.header;
        Some(Place {
            seq: header.seq,
            backlink: header.backlink,
            member: header.member,
        })
    }

    /// Writes forged entries one after the other from a place; only the last is signed.
    pub fn forge(&self, host: HostId, place: &Place, forgeries: &[Forgery]) -> Vec<Entry> {
        let one = &self.hosts[host];
        let mut place = place.clone();
        let mut entries = Vec::new();
        for forgery in forgeries {
            let seen = match (&forgery.seen, place.seq) {
                (None, 1) => Some(Vec::new()),
                (seen, _) => seen.clone(),
            };
            let header = Header {
                version: entry::VERSION,
                space: self.space,
                device: one.device_id(),
                member: place.member,
                seq: place.seq,
                backlink: place.backlink,
                seen,
                time_ms: forgery.time_ms.clamp(0, protocol::limits::TIME_MS_MAX),
                subject: forgery.subject,
                deps: forgery.deps.clone(),
                atoms: forgery.atoms,
                payload_bytes: 0,
                payload: PayloadHash::default(),
            };
            let entry = Entry::new(header, forgery.payload.clone());
            place.seq += 1;
            place.backlink = Some(entry.id);
            entries.push(entry);
        }
        if let Some(last) = entries.last_mut() {
            last.sign(&one.device);
        }
        entries
    }

    /// Puts forged entries into the forger's own store, from where they spread like any others.
    /// Returns whether its own replica took them.
    pub fn plant(&mut self, host: HostId, entries: Vec<Entry>) -> bool {
        let one = &mut self.hosts[host];
        let Some(replica) = one.replica.as_mut() else {
            return false;
        };
        let segments = vec![Segment { entries }];
        match replica.receive(&one.memory, segments) {
            Ok(received) => {
                self.commit(host, received, true);
                true
            }
            Err(error) => {
                self.tell(|| format!("host {host} cannot plant a forgery: {error}"));
                false
            }
        }
    }

    /// Sends forged entries to a peer as they are, past the own replica.
    pub fn push(&mut self, host: HostId, runs: &[Vec<Entry>]) {
        let bytes = segment::write_segments(runs);
        let frame = protocol::session::frame::Frame::Entries { segments: bytes };
        let links = self.links_of(host);
        if let Some(&link) = self.random.pick(&links) {
            self.send_bytes(link, host, frame.to_bytes());
        }
    }
}
