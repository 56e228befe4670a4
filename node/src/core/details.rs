//! Details: what is told about a document in confidence (rule R17). This node seals its own
//! household's, and lets those read who are to read it: the devices of the own household, those of
//! whoever is accepted to help, and devices that either adds later.
//!
//! Whoever can read cannot be made to forget: what is withdrawn is no longer shared, and what is
//! erased is dropped wherever nodes keep the rules.

use std::collections::{BTreeMap, BTreeSet};

use protocol::api::{Answer, Confidential, DetailView, Draft};
use protocol::id::{DeviceId, DocumentId, EntryId, MemberId};
use protocol::kind::{self, SEALED, SHARES};
use protocol::limits::{CONTACT_BYTES_MAX, SHARES_BYTES_MAX};
use protocol::replica::{Body, Detail};
use protocol::sealing::{Binding, ContentKey, SHARE_BYTES};
use protocol::statement::{Act, Statement};
use protocol::text::Text;
use serde_json::json;

use super::answer::Outcome;
use super::moderation::MODERATION;
use super::worker::{Worker, WorkerError};
use crate::refusal::{ModerationRefusal, Refusal};
use crate::store::{Alongside, Filter, Order};

/// The kind of documents that hold details.
const DETAIL: &str = "detail";
/// Details about one document that are looked at: one for each member that tells something, and
/// those that are replaced.
const DETAILS_MAX: usize = 64;
/// Details in one page when all are gone through.
const PAGE: usize = 256;
/// Documents whose details one idle slice looks at.
const SHARE_SLICE: usize = 64;
/// Shares that a node writes before it is started anew: far more than neighbours ask for.
const SHARED_MAX: usize = 65_536;
/// Shares that one entry takes.
const SHARES_MAX: usize = SHARES_BYTES_MAX / SHARE_BYTES;

/// Documents whose details are to be looked at, since others may have to read them now.
#[derive(Debug)]
pub(super) struct Sharing {
    documents: BTreeSet<DocumentId>,
    all: bool,
    /// What this node has shared with whom since it began: if a share does not count, another would
    /// not either.
    shared: BTreeSet<(DocumentId, DeviceId)>,
}

impl Default for Sharing {
    /// What happened before the node started is not known.
    fn default() -> Self {
        Self {
            documents: BTreeSet::new(),
            all: true,
            shared: BTreeSet::new(),
        }
    }
}

impl Sharing {
    /// Somebody may have been accepted or refused, or told something.
    pub fn note(&mut self, document: DocumentId) {
        if !self.all {
            self.documents.insert(document);
        }
    }

    /// Devices may have been added or cut.
    pub fn note_all(&mut self) {
        self.documents.clear();
        self.all = true;
    }

    /// Tells whether there is nothing to look at.
    pub fn is_done(&self) -> bool {
        !self.all && self.documents.is_empty()
    }
}

impl Worker {
    /// Tells what the household may read of what was told about a document.
    pub(super) fn details(&mut self, about: DocumentId) -> Outcome {
        if self.parts.store.view(about)?.is_none() {
            return Ok(Err(Refusal::NoDocument));
        }
        let mut details = Vec::new();
        for detail in self.details_about(about)? {
            let readers = self.readers_of(&detail);
            details.push(DetailView {
                id: detail.id,
                by: self.member_ref(detail.binding.author),
                time_ms: detail.time_ms,
                text: shown(&detail),
                readers: readers.into_iter().map(|id| self.member_ref(id)).collect(),
            });
        }
        details.sort_by_key(|detail| (std::cmp::Reverse(detail.time_ms), detail.id));
        Ok(Ok(Answer::Details { details }))
    }

    /// Returns the members that can read details, beside their author.
    pub(super) fn readers_of(&self, detail: &Detail) -> BTreeSet<MemberId> {
        let devices = self.parts.replica.roster().devices();
        let readers = devices.into_iter().filter(|device| {
            device.cut.is_none()
                && device.member != detail.binding.author
                && detail.shared_with.contains(&device.id)
        });
        readers.map(|device| device.member).collect()
    }

    /// Seals text about a document, in place of what the own household told before.
    pub(super) fn put_details(&mut self, about: DocumentId, text: &Confidential) -> Outcome {
        let Some(member) = self.parts.replica.member() else {
            return Ok(Err(Refusal::RelayWrites));
        };
        let Some(read) = self.read(about)? else {
            return Ok(Err(Refusal::NoDocument));
        };
        let readers = read.readers(self.parts.replica.kinds(), member);
        self.put_sealed(about, member, text, readers)
    }

    /// Seals text about something for the own household and for readers, in place of what the own
    /// household told about it before.
    pub(super) fn put_sealed(
        &mut self,
        about: DocumentId,
        member: MemberId,
        text: &Confidential,
        readers: BTreeSet<MemberId>,
    ) -> Outcome {
        let text = Confidential::new(Text::paragraphs(text.expose(), usize::MAX).into_string());
        let (bytes, bytes_max) = (text.expose().len(), CONTACT_BYTES_MAX);
        if bytes > bytes_max {
            return Ok(Err(Refusal::DetailsTooLong { bytes, bytes_max }));
        }
        if text.expose().trim().is_empty() {
            return Ok(Err(Refusal::NoDetails));
        }
        let former = self.own_details(about, member)?;
        let written = match self.seal(about, readers, member, &text)? {
            Ok(id) => id,
            Err(refusal) => return Ok(Err(refusal)),
        };
        // Devices for which there was no room in the first entry.
        self.sharing.note(about);
        if !former.is_empty()
            && let Err(refusal) = self.retire(former, Some(member))?
        {
            return Ok(Err(refusal));
        }
        self.project_now(written.into())?;
        Ok(Ok(Answer::written(written)))
    }

    fn seal(
        &mut self,
        about: DocumentId,
        mut readers: BTreeSet<MemberId>,
        member: MemberId,
        text: &Confidential,
    ) -> Result<Result<EntryId, Refusal>, WorkerError> {
        let standing = self.parts.replica.roster().standing_now(&member);
        if standing.is_none() {
            return Ok(Err(Refusal::Pending));
        }
        let binding = Binding {
            space: self.parts.replica.space(),
            about,
            author: member,
        };
        let Some(key) = random().map(ContentKey::from_random) else {
            return Ok(Err(Refusal::Random));
        };
        let sealed = key.seal(&binding, text.expose());
        let sealed = sealed.expect("the length was looked at");
        readers.insert(member);
        // The own devices first: those of others can be given theirs later.
        let mut devices = self.devices_of(&readers);
        devices.sort_by_key(|(of, device)| (*of != member, *device));
        let mut shares = Vec::new();
        for (_, device) in devices.iter().take(SHARES_MAX) {
            let Some(random) = random() else {
                return Ok(Err(Refusal::Random));
            };
            shares.extend(key.share(&binding, &sealed, device, &random).ok());
        }
        let fields = [
            ("about", json!(about)),
            (SEALED, digits(&sealed).into()),
            (SHARES, digits(&shares.concat()).into()),
        ];
        let draft = Draft {
            kind: DETAIL.to_owned(),
            fields: fields.map(|(name, value)| (name.to_owned(), value)).into(),
        };
        let editor = kind::Editor {
            member,
            standing: standing.as_ref(),
            time_ms: super::now_ms(),
            creates: true,
        };
        let drafted = match kind::create(self.parts.replica.kinds(), &draft, &editor) {
            Ok(drafted) => drafted,
            Err(error) => return Ok(Err(Refusal::Draft(error))),
        };
        let body = Body::Creation {
            kind: drafted.kind,
            intents: drafted.finished.intents,
        };
        self.append(&body, &Alongside::default())
    }

    /// Erases what the own household told about a document.
    pub(super) fn erase_details(&mut self, about: DocumentId) -> Outcome {
        let Some(member) = self.parts.replica.member() else {
            return Ok(Err(Refusal::RelayWrites));
        };
        let own = self.own_details(about, member)?;
        if own.is_empty() {
            return Ok(Err(Refusal::NothingToErase));
        }
        Ok(self.retire(own, Some(member))?.map(Answer::written))
    }

    /// Erases a document, with what its author told about it in confidence.
    pub(super) fn erase(&mut self, document: DocumentId) -> Outcome {
        let Some(read) = self.read(document)? else {
            return Ok(Err(Refusal::NoDocument));
        };
        if Some(read.kind) == self.code_of(MODERATION) {
            return Ok(Err(Refusal::Moderation(ModerationRefusal::NotHideable)));
        }
        let creator = read.creator.member;
        let mut documents = match creator {
            Some(creator) => self.own_details(document, creator)?,
            None => BTreeSet::new(),
        };
        documents.insert(document);
        Ok(self.retire(documents, creator)?.map(Answer::written))
    }

    fn retire(
        &mut self,
        documents: BTreeSet<DocumentId>,
        creator: Option<MemberId>,
    ) -> Result<Result<EntryId, Refusal>, WorkerError> {
        let documents: Vec<DocumentId> = documents.into_iter().collect();
        let act = Act::Retire { documents };
        let authority = match self.authority_over(&act, creator) {
            Ok(authority) => authority,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let body = Body::Statement(Statement::new(authority, act));
        self.append(&body, &Alongside::default())
    }

    /// Looks at some of the details that may have to be shared with others now; tells whether all
    /// of them were.
    pub(super) fn share_slice(&mut self) -> Result<bool, WorkerError> {
        let Some(member) = self.parts.replica.member() else {
            self.sharing.documents.clear();
            self.sharing.all = false;
            return Ok(true);
        };
        if std::mem::take(&mut self.sharing.all) {
            self.sharing.documents = self.documents_with_details()?;
        }
        for _ in 0..SHARE_SLICE {
            let Some(about) = self.sharing.documents.pop_first() else {
                break;
            };
            if let Some(author) = self.household_of_door(about) {
                self.share_door(author, member)?;
                continue;
            }
            let details = self.details_about(about)?;
            if details.is_empty() {
                continue;
            }
            let Some(read) = self.read(about)? else {
                continue;
            };
            for detail in details {
                let author = detail.binding.author;
                let readers = read.readers(self.parts.replica.kinds(), author);
                self.share(readers, &detail, member)?;
            }
        }
        Ok(self.sharing.is_done())
    }

    /// Lets those read details who are to read them and cannot yet. The author's devices let
    /// everybody read whom they are for; a reader's only its own household.
    pub(super) fn share(
        &mut self,
        mut readers: BTreeSet<MemberId>,
        detail: &Detail,
        member: MemberId,
    ) -> Result<(), WorkerError> {
        let author = detail.binding.author;
        readers.insert(author);
        if author != member {
            // Who is no longer to read shares with nobody.
            readers.retain(|reader| *reader == member);
        }
        let mut shares = Vec::new();
        for (_, device) in self.devices_of(&readers) {
            let shared = &mut self.sharing.shared;
            if detail.shared_with.contains(&device) || shared.len() >= SHARED_MAX {
                continue;
            }
            if !shared.insert((detail.id, device)) {
                continue;
            }
            let Some(random) = random() else { break };
            shares.extend(detail.share(&device, &random));
        }
        for shares in shares.chunks(SHARES_MAX) {
            let sharing = json!({ SHARES: digits(&shares.concat()) });
            let fields = [("sharings".to_owned(), sharing)].into();
            let changed = self.change(detail.id, &fields, &[], &[])?;
            if let Err(refusal) = changed {
                tracing::warn!(code = refusal.code(), "details could not be shared");
                break;
            }
        }
        Ok(())
    }

    /// Returns the devices that count of some members.
    fn devices_of(&self, members: &BTreeSet<MemberId>) -> Vec<(MemberId, DeviceId)> {
        let devices = self.parts.replica.roster().devices();
        let logs = self.parts.replica.logs();
        devices
            .into_iter()
            .filter(|device| device.cut.is_none() && members.contains(&device.member))
            .filter(|device| logs.known_fork(&device.id).is_none())
            .map(|device| (device.member, device.id))
            .collect()
    }

    /// Returns the details about a document that were not erased: those of its author and of the
    /// own household, however many others there are, and some of the others.
    fn details_about(&mut self, about: DocumentId) -> Result<Vec<Detail>, WorkerError> {
        let row = self.parts.store.view(about)?;
        let author = row.and_then(|row| row.author);
        let own = self.parts.replica.member();
        let mut details: BTreeMap<DocumentId, Detail> = BTreeMap::new();
        for by in [author, own, None] {
            let found = self.details_by(about, by)?;
            details.extend(found.into_iter().map(|detail| (detail.id, detail)));
        }
        Ok(details.into_values().collect())
    }

    /// Returns details about a document by one member, or by anybody.
    pub(super) fn details_by(
        &mut self,
        about: DocumentId,
        author: Option<MemberId>,
    ) -> Result<Vec<Detail>, WorkerError> {
        let kind = self.parts.replica.kinds().by_name(DETAIL);
        let filter = Filter {
            kind: kind.map(|kind| kind.code),
            about: Some(about),
            author,
            hidden: true,
            ..Filter::default()
        };
        let rows = self
            .parts
            .store
            .list(&filter, Order::NewestFirst, None, DETAILS_MAX)?;
        let mut details = Vec::new();
        for row in rows {
            let detail = self
                .parts
                .replica
                .detail(&self.parts.store, row.document)
                .map_err(WorkerError::Storage)?;
            details.extend(detail.filter(|detail| detail.binding.about == about));
        }
        Ok(details)
    }

    fn own_details(
        &mut self,
        about: DocumentId,
        author: MemberId,
    ) -> Result<BTreeSet<DocumentId>, WorkerError> {
        let own = self.details_by(about, Some(author))?;
        Ok(own.iter().map(|detail| detail.id).collect())
    }

    pub(super) fn documents_with_details(&self) -> Result<BTreeSet<DocumentId>, WorkerError> {
        let kind = self.parts.replica.kinds().by_name(DETAIL);
        let filter = Filter {
            kind: kind.map(|kind| kind.code),
            hidden: true,
            ..Filter::default()
        };
        let mut documents = BTreeSet::new();
        let mut after = None;
        loop {
            let order = Order::NewestFirst;
            let rows = self
                .parts
                .store
                .list(&filter, order, after.as_ref(), PAGE)?;
            documents.extend(rows.iter().filter_map(|row| row.about));
            match rows.last() {
                Some(last) if rows.len() == PAGE => after = Some(last.into()),
                _ => return Ok(documents),
            }
        }
    }
}

/// Returns the text as it is shown, where it is for this device.
pub(super) fn shown(detail: &Detail) -> Option<Confidential> {
    let text = detail.text()?;
    let text = Text::paragraphs(&text, CONTACT_BYTES_MAX);
    Some(Confidential::new(text.into_string()))
}

fn random() -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).ok()?;
    Some(bytes)
}

/// Writes bytes as a field takes them.
pub(super) fn digits(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        write!(text, "{byte:02x}").expect("writing to a string cannot fail");
    }
    text
}
