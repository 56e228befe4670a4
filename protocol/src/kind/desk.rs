//! For tests: one document on which several members write, judged as a replica judges it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::api;
use crate::document::{Body, Document, DocumentEntry, Finished, Status, Verdict};
use crate::id::{DeviceId, DocumentId, EntryId, MemberId};
use crate::projection::{self, Projected};
use crate::replica::{Author, ReadDocument};
use crate::roster::Standing;
use crate::statement::{MemberKind, Role};

use super::drafting::Fields;
use super::{DraftError, Drafted, Editor, Kinds, PolicyBreach, create, edit, judge};

/// Somebody who writes.
#[derive(Clone, Debug)]
pub struct Person {
    pub member: MemberId,
    pub standing: Standing,
}

impl Person {
    pub fn new(number: u8, kind: MemberKind) -> Self {
        Self {
            member: MemberId([number; 32]),
            standing: Standing {
                kind,
                roles: Vec::new(),
                founding: None,
                acts_for: Vec::new(),
            },
        }
    }

    pub fn household(number: u8) -> Self {
        Self::new(number, MemberKind::Household)
    }

    pub fn guest(number: u8) -> Self {
        Self::new(number, MemberKind::Guest)
    }

    pub fn with_role(mut self, role: Role, appointment: u8) -> Self {
        self.standing.roles.push((role, EntryId([appointment; 32])));
        self
    }

    pub fn acting_for(mut self, recorded: EntryId) -> Self {
        self.standing.acts_for.push(recorded);
        self
    }

    pub fn editor(&self, time_ms: i64, creates: bool) -> Editor<'_> {
        Editor {
            member: self.member,
            standing: Some(&self.standing),
            time_ms,
            creates,
        }
    }
}

/// A document and who wrote on it.
#[derive(Clone, Debug)]
pub struct Desk {
    pub kinds: Kinds,
    pub kind: u16,
    pub document: Document,
    pub authors: BTreeMap<EntryId, Author>,
    /// How the last entry was judged.
    pub judged: Result<(), PolicyBreach>,
    /// Every entry in the order of its arrival, with its author.
    pub log: Vec<(Person, DocumentEntry)>,
    /// Makes names of entries; desks that are to differ have different ones.
    pub salt: u8,
}

pub const NOW_MS: i64 = 1_700_000_000_000;

impl Desk {
    pub fn create(
        kinds: &Kinds,
        kind: &str,
        who: &Person,
        fields: Value,
    ) -> Result<Self, DraftError> {
        let draft = api::Draft {
            kind: kind.to_owned(),
            fields: fields_of(fields),
        };
        let drafted = create(kinds, &draft, &who.editor(NOW_MS, true))?;
        let mut desk = Self::empty(kinds, drafted.kind);
        desk.write(who, NOW_MS, drafted.finished.clone());
        desk.go_on(who, NOW_MS, drafted);
        Ok(desk)
    }

    pub fn empty(kinds: &Kinds, kind: u16) -> Self {
        Self {
            kinds: kinds.clone(),
            kind,
            document: Document::new(DocumentId([0xD0; 32])),
            authors: BTreeMap::new(),
            judged: Ok(()),
            log: Vec::new(),
            salt: 0,
        }
    }

    pub fn draft(
        &self,
        who: &Person,
        time_ms: i64,
        fields: &Fields,
    ) -> Result<Option<Drafted>, DraftError> {
        edit(
            &self.kinds,
            self.kind,
            &self.document,
            fields,
            &who.editor(time_ms, false),
            |entry| self.authors.get(&entry)?.member,
            self.previous(who),
        )
    }

    /// Writes what an edit drafts, and all that did not fit in one entry. Returns whether anything
    /// was written.
    pub fn edit(&mut self, who: &Person, time_ms: i64, fields: Value) -> Result<bool, DraftError> {
        match self.draft(who, time_ms, &fields_of(fields))? {
            None => Ok(false),
            Some(drafted) => {
                self.write(who, time_ms, drafted.finished.clone());
                self.go_on(who, time_ms, drafted);
                Ok(true)
            }
        }
    }

    fn go_on(&mut self, who: &Person, time_ms: i64, mut drafted: Drafted) {
        while !drafted.rest.is_empty() {
            let next = self
                .draft(who, time_ms, &drafted.rest)
                .expect("the rest can be drafted");
            drafted = next.expect("the rest is not written yet");
            self.write(who, time_ms, drafted.finished.clone());
        }
    }

    /// Adds an entry, as the policy judges it, and returns its name.
    pub fn write(&mut self, who: &Person, time_ms: i64, finished: Finished) -> EntryId {
        let previous = self.previous(who);
        self.write_after(previous, who, time_ms, finished)
    }

    /// Adds an entry of another device of its author, which has not seen the author's others.
    pub fn write_apart(&mut self, who: &Person, time_ms: i64, finished: Finished) -> EntryId {
        self.write_after(None, who, time_ms, finished)
    }

    fn write_after(
        &mut self,
        previous: Option<EntryId>,
        who: &Person,
        time_ms: i64,
        finished: Finished,
    ) -> EntryId {
        let first = self.authors.is_empty();
        let id = match first {
            true => self.document.id().into(),
            false => {
                let mut id = [self.salt; 32];
                id[0] = u8::try_from(self.authors.len() % 251).expect("fits");
                id[1] = u8::try_from(self.authors.len() / 251).expect("fits");
                id[2] = who.member.0[0];
                EntryId(id)
            }
        };
        let entry = DocumentEntry {
            id,
            device: DeviceId(who.member.0),
            previous,
            deps: finished.deps,
            time_ms,
            atoms: finished.atoms,
            bytes: 300,
            body: Body::Intents(finished.intents),
        };
        self.add(who, entry);
        id
    }

    pub fn add(&mut self, who: &Person, entry: DocumentEntry) {
        self.log.push((who.clone(), entry.clone()));
        let (id, time_ms) = (entry.id, entry.time_ms);
        let creator = match entry.id == self.document.id().into() {
            true => who.member,
            false => self.creator(),
        };
        let editor = who.editor(time_ms, entry.deps.is_empty());
        let mut judged = Ok(());
        let authors = &self.authors;
        let status = self.document.add(entry, |_, _, touches| {
            judged = judge(&self.kinds, self.kind, creator, &editor, touches, |entry| {
                authors.get(&entry)?.member
            });
            match judged {
                Ok(()) => Verdict::Counts,
                Err(_) => Verdict::Excluded,
            }
        });
        assert!(
            matches!(status, Ok(Status::Counts | Status::Excluded)),
            "{status:?}"
        );
        self.judged = judged;
        let author = Author {
            device: DeviceId(who.member.0),
            member: Some(who.member),
            time_ms,
        };
        self.authors.insert(id, author);
    }

    pub fn creator(&self) -> MemberId {
        let creation = self.authors.get(&self.document.id().into());
        creation
            .and_then(|author| author.member)
            .expect("the document was created")
    }

    /// The author's last entry that the document's heads do not hide.
    fn previous(&self, who: &Person) -> Option<EntryId> {
        let entries: Vec<EntryId> = self.document.entries().map(|info| info.id).collect();
        entries
            .into_iter()
            .rev()
            .find(|id| self.authors.get(id).and_then(|author| author.member) == Some(who.member))
    }

    /// The entry that was written last.
    pub fn last(&self) -> Option<EntryId> {
        self.document.entries().last().map(|info| info.id)
    }

    pub fn read(&self) -> ReadDocument {
        let creation = self.authors[&self.document.id().into()];
        let counts = |info: &crate::document::EntryInfo| info.status == Status::Counts;
        let times = self
            .document
            .entries()
            .filter(counts)
            .map(|info| info.time_ms);
        ReadDocument {
            document: self.document.clone(),
            kind: self.kind,
            creator: creation,
            created_seq: 1,
            authors: self.authors.clone(),
            updated_ms: times.max().unwrap_or(creation.time_ms),
            left_out: BTreeSet::new(),
            heard: BTreeMap::new(),
            full: BTreeSet::new(),
            missing: BTreeSet::new(),
            counts: self
                .document
                .entry(&self.document.id().into())
                .is_some_and(|info| counts(&info)),
            erased: false,
            unreadable: false,
        }
    }

    pub fn project(&self) -> Projected {
        projection::project(&self.kinds, &self.read())
    }

    /// The state without a clock.
    pub fn state(&self) -> Option<&'static str> {
        let state = self.project().state;
        self.assert_listed(state);
        state
    }

    #[track_caller]
    fn assert_listed(&self, state: Option<&str>) {
        let kind = self.kinds.by_code(self.kind).expect("the kind is known");
        assert!(
            state.is_none_or(|state| kind.states.contains(&state)),
            "{state:?} is not in the table of {}",
            kind.name
        );
    }

    /// The state at a time.
    pub fn state_at(&self, now_ms: i64) -> String {
        let projected = self.project();
        let kind = self.kinds.by_code(self.kind).expect("the kind is known");
        let name = projected.state.expect("the kind has states");
        let state = kind.state_at(name, projected.until_ms, now_ms);
        self.assert_listed(Some(state));
        state.to_owned()
    }

    /// The `id` of a fact, by its list and place.
    pub fn fact(&self, list: &str, at: usize) -> String {
        let view = self.project().view;
        let id = view.fields[list][at]["id"].as_str();
        id.expect("facts have an id").to_owned()
    }
}

pub fn fields_of(fields: Value) -> Fields {
    match fields {
        Value::Object(fields) => fields.into_iter().collect(),
        _ => panic!("fields are an object"),
    }
}
