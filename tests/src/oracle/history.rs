//! History: the entries of one space, what each had seen, and where logs fork or break.
//!
//! Everything here is an immutable fact about the set of entries; nobody is judged.

use std::collections::{BTreeMap, BTreeSet};

use protocol::entry::{Entry, Header, Payload, Subject};
use protocol::id::{DeviceId, DocumentId, EntryId};
use protocol::intent::Intents;
use protocol::statement::{Act, Authority, Statement, Tip};

use super::set::Set;
use super::splinters;

/// What an entry says.
#[derive(Clone, Debug)]
pub enum Said {
    /// Nothing: it joins statements.
    Nothing,
    /// A statement.
    Statement(Box<Statement>),
    /// A change of a document.
    Intents(Intents),
    /// A change of a document that cannot be read here.
    Unreadable,
}

/// One entry.
#[derive(Clone, Debug)]
pub struct Fact {
    /// Its name.
    pub id: EntryId,
    /// Its header.
    pub header: Header,
    /// What it says.
    pub said: Said,
    /// The entry before it in its log.
    pub parent: Option<usize>,
    /// It and all entries before it in its log and branch.
    pub log: Set,
    /// What its author had seen, as far as it is named: the last list written, and the log's own
    /// last statement or join.
    pub standpoint: Vec<EntryId>,
    /// The statements and joins that its author had seen, all of them; none while some are not
    /// held.
    pub seen: Option<Set>,
    /// Whether its log had gone wrong here or before: it named what is no statement, or had seen
    /// less than before.
    pub broken: bool,
}

impl Fact {
    /// Tells whether it is a statement or join.
    pub fn is_roster(&self) -> bool {
        matches!(self.header.subject, Subject::Roster | Subject::Nothing)
    }

    /// Returns its document.
    pub fn document(&self) -> Option<DocumentId> {
        self.header.document(self.id)
    }

    /// Returns the act of a known statement.
    pub fn act(&self) -> Option<&Act> {
        match &self.said {
            Said::Statement(statement) => match &**statement {
                Statement::Known { act, .. } => Some(act),
                Statement::Unknown => None,
            },
            _ => None,
        }
    }

    /// Returns the authority of a known statement.
    pub fn authority(&self) -> Option<Authority> {
        match &self.said {
            Said::Statement(statement) => match &**statement {
                Statement::Known { authority, .. } => Some(*authority),
                Statement::Unknown => None,
            },
            _ => None,
        }
    }

    /// Tells whether it is a statement of a later version.
    pub fn is_unknown(&self) -> bool {
        matches!(&self.said, Said::Statement(statement)
            if matches!(**statement, Statement::Unknown))
    }
}

/// All entries.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// The entries, each after its log's earlier ones.
    pub facts: Vec<Fact>,
    numbers: BTreeMap<EntryId, usize>,
    forks: BTreeMap<DeviceId, u64>,
    /// What devices with very many branches wrote from their forks on, and nobody has built on.
    unheard: Set,
}

impl History {
    /// Reads entries in any order, and forks that are proven besides.
    pub fn new<'a>(
        entries: impl Iterator<Item = &'a Entry>,
        proven: impl Iterator<Item = (DeviceId, u64)>,
    ) -> Self {
        let mut entries: Vec<&Entry> = entries.collect();
        entries.sort_by_key(|entry| (entry.header.seq, entry.id));
        entries.dedup_by_key(|entry| entry.id);
        let mut history = Self::default();
        for (number, entry) in entries.iter().enumerate() {
            history.numbers.insert(entry.id, number);
        }
        for (number, entry) in entries.into_iter().enumerate() {
            let fact = history.read(number, entry);
            history.facts.push(fact);
        }
        history.find_forks(proven);
        let splintered = splinters::splintered(&history);
        history.unheard = splinters::unheard(&history, &splintered);
        history.forks.extend(splintered);
        for number in 0..history.facts.len() {
            history.look(number);
        }
        for number in 0..history.facts.len() {
            history.facts[number].broken = history.breaks(number);
        }
        history
    }

    /// Finds an entry by name.
    pub fn find(&self, id: &EntryId) -> Option<usize> {
        self.numbers.get(id).copied()
    }

    /// Finds a statement or join by name that is heard and whose whole past is held.
    pub fn statement(&self, id: &EntryId) -> Option<usize> {
        self.find(id).filter(|number| self.is_stated(*number))
    }

    fn is_stated(&self, number: usize) -> bool {
        let fact = &self.facts[number];
        fact.is_roster() && fact.seen.is_some() && !self.unheard.holds(number)
    }

    /// Tells whether an entry is not heard: its device has very many branches, and nobody has built
    /// on it.
    pub fn is_unheard(&self, number: usize) -> bool {
        self.unheard.holds(number)
    }

    /// Returns the lowest seq at which a device's log forks, or from which on it is not heard.
    pub fn forked_at(&self, device: &DeviceId) -> Option<u64> {
        self.forks.get(device).copied()
    }

    /// Returns all forks.
    pub fn forks(&self) -> impl Iterator<Item = (DeviceId, u64)> + '_ {
        self.forks.iter().map(|(device, seq)| (*device, *seq))
    }

    /// Finds the entry that a tip names, if it stands where the tip says.
    pub fn tip(&self, tip: &Tip) -> Option<usize> {
        self.find(&tip.entry).filter(|number| {
            let header = &self.facts[*number].header;
            header.device == tip.device && header.seq == tip.seq
        })
    }

    /// Tells whether one entry is the other or stands before it in the same log and branch.
    pub fn leads_to(&self, earlier: usize, later: usize) -> bool {
        self.facts[later].log.holds(earlier)
    }

    /// Returns what an entry had seen, itself included when it is a statement or join.
    pub fn through(&self, number: usize) -> Set {
        let fact = &self.facts[number];
        let mut set = fact.seen.clone().unwrap_or_default();
        if fact.is_roster() {
            set.insert(number);
        }
        set
    }

    /// Returns all statements and joins that are heard and whose pasts are held.
    pub fn everything(&self) -> Set {
        let mut all = Set::default();
        for number in (0..self.facts.len()).filter(|number| self.is_stated(*number)) {
            all.insert(number);
        }
        all
    }

    fn read(&self, number: usize, entry: &Entry) -> Fact {
        let header = &entry.header;
        let parent = header.backlink.and_then(|id| self.find(&id));
        let before = parent.map(|parent| &self.facts[parent]);
        let mut log = before.map(|before| before.log.clone()).unwrap_or_default();
        log.insert(number);
        // After a statement the log's standpoint is that statement, which has seen the rest.
        let inherited = match before {
            None => Vec::new(),
            Some(before) if before.is_roster() => vec![before.id],
            Some(before) => before.standpoint.clone(),
        };
        let standpoint = match &header.seen {
            None => inherited,
            Some(seen) => {
                let own = self.last_roster_entry(parent);
                let mut ids: BTreeSet<EntryId> = seen.iter().copied().collect();
                ids.extend(own.map(|own| self.facts[own].id));
                ids.into_iter().collect()
            }
        };
        Fact {
            id: entry.id,
            header: header.clone(),
            said: said(entry),
            parent,
            log,
            standpoint,
            seen: None,
            broken: false,
        }
    }

    fn last_roster_entry(&self, from: Option<usize>) -> Option<usize> {
        let mut at = from;
        while let Some(number) = at {
            if self.facts[number].is_roster() {
                return Some(number);
            }
            at = self.facts[number].parent;
        }
        None
    }

    fn find_forks(&mut self, proven: impl Iterator<Item = (DeviceId, u64)>) {
        let mut places: BTreeMap<(DeviceId, u64), usize> = BTreeMap::new();
        for fact in &self.facts {
            *places
                .entry((fact.header.device, fact.header.seq))
                .or_default() += 1;
        }
        let double = places.into_iter().filter(|(_, entries)| *entries > 1);
        for (device, seq) in double.map(|(place, _)| place).chain(proven) {
            let lowest = self.forks.entry(device).or_insert(seq);
            *lowest = seq.min(*lowest);
        }
    }

    /// Finds out what an entry had seen.
    fn look(&mut self, number: usize) -> Option<Set> {
        if let Some(seen) = &self.facts[number].seen {
            return Some(seen.clone());
        }
        let mut seen = Set::default();
        for id in self.facts[number].standpoint.clone() {
            let named = self.find(&id)?;
            // Names of what is no statement say nothing; they break the log.
            if !self.facts[named].is_roster() {
                continue;
            }
            seen.unite(&self.look(named)?);
            seen.insert(named);
        }
        self.facts[number].seen = Some(seen.clone());
        Some(seen)
    }

    fn breaks(&self, number: usize) -> bool {
        let fact = &self.facts[number];
        let names_no_statement = fact.standpoint.iter().any(|id| {
            self.find(id)
                .is_some_and(|named| !self.facts[named].is_roster())
        });
        let Some(parent) = fact.parent else {
            return names_no_statement;
        };
        let before = &self.facts[parent];
        let retreats = match (&fact.seen, &before.seen) {
            (Some(seen), Some(_)) => !seen.covers(&self.through(parent)),
            // What nobody holds cannot have been seen by who names only what is held.
            (Some(_), None) => true,
            (None, _) => false,
        };
        before.broken || names_no_statement || retreats
    }
}

fn said(entry: &Entry) -> Said {
    let payload = entry.payload.as_deref();
    match payload.map(|bytes| entry.header.read_payload(bytes)) {
        Some(Ok(Payload::Nothing)) => Said::Nothing,
        Some(Ok(Payload::Statement(statement))) => Said::Statement(statement),
        Some(Ok(Payload::Intents(intents))) => Said::Intents(intents),
        _ => Said::Unreadable,
    }
}
