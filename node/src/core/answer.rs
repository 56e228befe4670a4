//! Answers: what the core does for each request of the local interface.
//!
//! A refusal says what happened, what was kept and what to do next. Everything that was written is
//! durable before the answer is given.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD as BASE64;
use protocol::api::{
    Answer, DocumentView, Draft, ImportReport, ImportRowError, ListQuery, PeerView, Refusal,
    Request, SpaceExport, Status,
};
use protocol::id::{DocumentId, EntryId};
use protocol::kind::{self, DraftError};
use protocol::replica::{Body, ReadDocument};
use protocol::session::frame::RefusedReason;
use serde_json::Value;

use super::worker::{Worker, WorkerError};
use crate::import::requests;
use crate::store::{Alongside, Cursor, Extent, Filter, Order, SavedPeer, SearchError, ViewRow};

/// Documents that one list holds at most.
const LIST_MAX: usize = 500;
/// Documents that one list holds when nothing is said.
const LIST_DEFAULT: usize = 200;
/// Characters of one line of an imported file.
const LINE_CHARS_MAX: usize = 8_192;
/// Comments that are shown with a document.
const COMMENTS_MAX: usize = 1_000;

/// New values by field name.
type Fields = BTreeMap<String, Value>;

/// One change that was written.
struct Changed {
    id: EntryId,
    warnings: Vec<String>,
    rest: Fields,
}

/// An answer, or why there is none.
pub(super) type Outcome = Result<Result<Answer, Refusal>, WorkerError>;

impl Worker {
    /// Answers one request.
    pub(super) fn answer(&mut self, request: Request) -> Outcome {
        match request {
            Request::Status => self.status(),
            Request::Post(draft) => self.post(&draft),
            Request::Edit { document, fields } => self.edit(document, &fields),
            Request::List(query) => self.list(&query),
            Request::Show { document } => self.show(document),
            Request::Search { words, limit } => self.search(&words, limit),
            Request::Roster => Ok(Ok(Answer::Roster(Box::new(self.roster_view())))),
            Request::Invite {
                uses,
                lifetime_ms,
                invited_as,
                addresses,
            } => self.invite(uses, lifetime_ms, invited_as, addresses),
            Request::Appoint {
                member,
                role,
                office,
                building,
            } => self.appoint(member, &role, office, building),
            Request::AddOffice { name } => self.add_office(name),
            Request::Cut { target, reason } => self.cut(target, reason),
            Request::Peers => self.peers(),
            Request::Dial { address } => self.dial(address),
            Request::ImportRequests { file, preview } => self.import(&file, preview),
            Request::ImportBundle { file } => self.import_bundle(&file),
            Request::ExportBundle => {
                let base64 = BASE64.encode(self.export_bundle()?);
                Ok(Ok(Answer::Bundle { base64 }))
            }
            Request::ExportSpace => self.export_space(),
            Request::ExportAutomerge { document } => self.export_automerge(document),
            Request::Doctor => self.doctor(),
        }
    }

    fn status(&mut self) -> Outcome {
        let (device, member) = (self.parts.replica.device(), self.parts.replica.member());
        let waiting: usize = self.waiting.len() + self.parts.replica.roster().missing().len();
        let own = self.parts.replica.head_seq(&device);
        self.project_all()?;
        let status = Status {
            neighbourhood: self.neighbourhood(),
            space: self.parts.replica.space(),
            member: member.map(|member| self.member_ref(member)),
            device,
            mode: if self.parts.relay { "relay" } else { "home" }.to_owned(),
            pending: self.parts.joining.is_some(),
            join_refused: self.refused.map(join_refusal),
            peers: u32::try_from(self.meetings.devices_met()).unwrap_or(u32::MAX),
            listening: self.listening.iter().cloned().collect(),
            frontier_digest: hex(&self.parts.replica.frontier_digest()),
            view_digest: hex(&self.view_digest()?),
            entries: self.parts.store.entries_total()?,
            documents: self.parts.store.count(&Filter {
                hidden: true,
                ..Filter::default()
            })?,
            unsent: own.saturating_sub(self.held_seq),
            unprojected: self.parts.store.dirty(LIST_MAX)?.len() as u64,
            waiting: waiting as u64,
            store_bytes: self.parts.store.store_bytes(),
        };
        Ok(Ok(Answer::Status(Box::new(status))))
    }

    /// Hashes everything that is shown: documents and roster (rule R2).
    fn view_digest(&mut self) -> Result<[u8; 32], WorkerError> {
        let documents = self.parts.store.view_digest()?;
        let roster = self.parts.replica.roster().digest();
        Ok(protocol::key::hash(
            b"linli view     1",
            &[&documents, &roster],
        ))
    }

    /// Projects what waits, so that an answer shows everything that is held.
    fn project_all(&mut self) -> Result<(), WorkerError> {
        while self.project_slice(LIST_MAX)? > 0 {}
        Ok(())
    }

    fn post(&mut self, draft: &Draft) -> Outcome {
        let Some(member) = self.parts.replica.member() else {
            return Ok(Err(not_allowed("A relay writes no documents.")));
        };
        let standing = self.parts.replica.roster().standing_now(&member);
        let editor = kind::Editor {
            member,
            standing: standing.as_ref(),
            time_ms: super::now_ms(),
            creates: true,
        };
        if standing.is_none() {
            return Ok(Err(pending()));
        }
        let drafted = match kind::create(self.parts.replica.kinds(), draft, &editor) {
            Ok(drafted) => drafted,
            Err(error) => return Ok(Err(draft_refusal(&error))),
        };
        let warnings = drafted.warnings.iter().map(ToString::to_string).collect();
        let body = Body::Creation {
            kind: drafted.kind,
            intents: drafted.finished.intents,
        };
        match self.append(&body, &Alongside::default())? {
            Ok(id) => {
                let written = Answer::Written { id, warnings };
                self.write_rest(id.into(), drafted.rest, written)
            }
            Err(refusal) => Ok(Err(refusal)),
        }
    }

    /// A long text goes out in several entries: whatever is left is written as further changes.
    fn write_rest(&mut self, document: DocumentId, mut rest: Fields, written: Answer) -> Outcome {
        while !rest.is_empty() {
            match self.change(document, &rest)? {
                Ok(Some(drafted)) => rest = drafted.rest,
                Ok(None) => break,
                Err(refusal) => return Ok(Err(refusal)),
            }
        }
        Ok(Ok(written))
    }

    fn edit(&mut self, document: DocumentId, fields: &Fields) -> Outcome {
        match self.change(document, fields)? {
            Ok(Some(changed)) => {
                let written = Answer::Written {
                    id: changed.id,
                    warnings: changed.warnings,
                };
                self.write_rest(document, changed.rest, written)
            }
            Ok(None) => Ok(Ok(Answer::Written {
                id: document.into(),
                warnings: Vec::new(),
            })),
            Err(refusal) => Ok(Err(refusal)),
        }
    }

    /// Writes one change of a document; none when it would change nothing.
    fn change(
        &mut self,
        document: DocumentId,
        fields: &Fields,
    ) -> Result<Result<Option<Changed>, Refusal>, WorkerError> {
        let Some(member) = self.parts.replica.member() else {
            return Ok(Err(not_allowed("A relay writes no documents.")));
        };
        let Some(read) = self.read(document)? else {
            return Ok(Err(not_found()));
        };
        let standing = self.parts.replica.roster().standing_now(&member);
        let editor = kind::Editor {
            member,
            standing: standing.as_ref(),
            time_ms: super::now_ms(),
            creates: false,
        };
        if standing.is_none() {
            return Ok(Err(pending()));
        }
        let own = self.parts.replica.device();
        let owner = |entry: EntryId| read.authors.get(&entry).and_then(|author| author.member);
        let drafted = kind::edit(
            self.parts.replica.kinds(),
            read.kind,
            &read.document,
            fields,
            &editor,
            owner,
            read.last_of(&own),
        );
        let drafted = match drafted {
            Ok(Some(drafted)) => drafted,
            Ok(None) => return Ok(Ok(None)),
            Err(error) => return Ok(Err(draft_refusal(&error))),
        };
        let warnings = drafted.warnings.iter().map(ToString::to_string).collect();
        let body = Body::Change {
            document,
            deps: drafted.finished.deps,
            intents: drafted.finished.intents,
        };
        Ok(self.append(&body, &Alongside::default())?.map(|id| {
            Some(Changed {
                id,
                warnings,
                rest: drafted.rest,
            })
        }))
    }

    fn read(&mut self, document: DocumentId) -> Result<Option<ReadDocument>, WorkerError> {
        let read = self
            .parts
            .replica
            .read_document(&self.parts.store, document)
            .map_err(WorkerError::Storage)?;
        Ok(read.filter(|read| read.counts))
    }

    fn list(&mut self, query: &ListQuery) -> Outcome {
        self.project_all()?;
        let kind = match &query.kind {
            None => None,
            Some(name) => match self.parts.replica.kinds().by_name(name) {
                Some(kind) => Some(kind.code),
                None => {
                    return Ok(Err(invalid(
                        "kind",
                        format!("There is no kind of document called {name:?}."),
                    )));
                }
            },
        };
        let after = match &query.after {
            None => None,
            Some(text) => match read_cursor(text) {
                Some(cursor) => Some(cursor),
                None => return Ok(Err(invalid("after", "This is no place in a list.".into()))),
            },
        };
        let names = match query.prefix.as_deref().map(names_beginning) {
            None => None,
            Some(Some(names)) => Some(names),
            Some(None) => {
                let what = "A name begins with up to 64 hexadecimal digits.";
                return Ok(Err(invalid("prefix", what.to_owned())));
            }
        };
        let filter = Filter {
            kind,
            about: query.about,
            names,
            ..Filter::default()
        };
        let limit = query
            .limit
            .map_or(LIST_DEFAULT, |limit| limit as usize)
            .clamp(1, LIST_MAX);
        let mut rows =
            self.parts
                .store
                .list(&filter, Order::NewestFirst, after.as_ref(), limit + 1)?;
        let next = (rows.len() > limit).then(|| {
            rows.truncate(limit);
            rows.last().map(write_cursor).unwrap_or_default()
        });
        let mut items = self.views(&rows)?;
        // A state may depend on the reader's clock, so it is compared when it is read (rule R11).
        if let Some(state) = &query.state {
            items.retain(|view| view.state.as_ref() == Some(state));
        }
        Ok(Ok(Answer::Documents { items, next }))
    }

    /// Makes the answers of rows, as they are shown on this node.
    fn views(&mut self, rows: &[ViewRow]) -> Result<Vec<DocumentView>, WorkerError> {
        let mut views = self.shared_views(rows)?;
        self.add_delivery(&mut views)?;
        Ok(views)
    }

    /// Makes the answers of rows without what concerns this household alone.
    fn shared_views(&self, rows: &[ViewRow]) -> Result<Vec<DocumentView>, WorkerError> {
        let now_ms = super::now_ms();
        rows.iter().map(|row| self.view_of(row, now_ms)).collect()
    }

    fn show(&mut self, document: DocumentId) -> Outcome {
        self.project_all()?;
        let Some(row) = self.parts.store.view(document)? else {
            return Ok(Err(not_found()));
        };
        let about = Filter {
            about: Some(document),
            ..Filter::default()
        };
        let comments = self
            .parts
            .store
            .list(&about, Order::OldestFirst, None, COMMENTS_MAX)?;
        let mut document = self.view_of(&row, super::now_ms())?;
        self.add_delivery(std::slice::from_mut(&mut document))?;
        Ok(Ok(Answer::Document {
            document: Box::new(document),
            comments: self.views(&comments)?,
        }))
    }

    fn search(&mut self, words: &str, limit: u32) -> Outcome {
        self.project_all()?;
        let limit = (limit as usize).clamp(1, LIST_MAX);
        match self
            .parts
            .store
            .search(words, &Filter::default(), None, limit)
        {
            Ok(rows) => Ok(Ok(Answer::Documents {
                items: self.views(&rows)?,
                next: None,
            })),
            Err(SearchError::Fault(fault)) => Err(fault.into()),
            Err(error) => Ok(Err(invalid("words", error.to_string()))),
        }
    }

    fn peers(&mut self) -> Outcome {
        let mut peers: Vec<PeerView> = self
            .meetings
            .slots()
            .filter_map(|slot| {
                let (device, member) = slot.met?;
                Some(PeerView {
                    device: Some(device),
                    member: member.map(|member| self.member_ref(member)),
                    address: slot.address.clone(),
                    connected: true,
                    in_step: slot.session.is_in_step(),
                    seen_ms: Some(super::now_ms()),
                })
            })
            .collect();
        for saved in self.parts.store.peers()? {
            if peers.iter().any(|peer| peer.address == saved.address) {
                continue;
            }
            peers.push(PeerView {
                device: saved.device,
                member: None,
                address: saved.address,
                connected: false,
                in_step: false,
                seen_ms: (saved.seen_ms > 0).then_some(saved.seen_ms),
            });
        }
        Ok(Ok(Answer::Peers { peers }))
    }

    fn dial(&mut self, address: String) -> Outcome {
        let Ok(parsed) = address.parse() else {
            return Ok(Err(invalid(
                "address",
                "This is no address; one looks like /ip4/192.168.1.5/tcp/4101.".to_owned(),
            )));
        };
        self.parts.store.put_peer(&SavedPeer {
            address,
            device: None,
            seen_ms: 0,
            failures: 0,
        })?;
        let _full = self
            .parts
            .orders
            .try_send(super::network::Order::Dial(parsed));
        self.peers()
    }

    /// Imports all rows of a file, or none.
    fn import(&mut self, file: &[u8], preview: bool) -> Outcome {
        let read = match requests::read(file, clean_line) {
            Ok(read) => read,
            Err(error) => return Ok(Err(invalid("file", error.to_string()))),
        };
        let mut report = ImportReport {
            encoding: read.encoding.to_string(),
            errors: read.errors.iter().map(row_error).collect(),
            ..ImportReport::default()
        };
        let Some(member) = self.parts.replica.member() else {
            return Ok(Err(not_allowed("A relay writes no documents.")));
        };
        let standing = self.parts.replica.roster().standing_now(&member);
        if standing.is_none() {
            return Ok(Err(pending()));
        }
        let mut bodies = Vec::new();
        let mut keys = Vec::new();
        for row in &read.rows {
            if self.parts.store.imported(&row.key)?.is_some() || keys.contains(&row.key) {
                report.skipped += 1;
                continue;
            }
            let editor = kind::Editor {
                member,
                standing: standing.as_ref(),
                time_ms: super::now_ms(),
                creates: true,
            };
            let draft = Draft {
                kind: "request".to_owned(),
                fields: fields_of(row),
            };
            match kind::create(self.parts.replica.kinds(), &draft, &editor) {
                Ok(drafted) => {
                    bodies.push(Body::Creation {
                        kind: drafted.kind,
                        intents: drafted.finished.intents,
                    });
                    keys.push(row.key);
                    report.titles.push(row.title.clone());
                }
                Err(error) => report.errors.push(ImportRowError {
                    row: row.row,
                    line: 0,
                    column: error.field.to_string(),
                    what: error.to_string(),
                }),
            }
        }
        if preview || !report.errors.is_empty() {
            report.imported = if preview {
                u32::try_from(bodies.len()).unwrap_or(u32::MAX)
            } else {
                0
            };
            return Ok(Ok(Answer::Import(report)));
        }
        report.titles.clear();
        report.imported = u32::try_from(bodies.len()).unwrap_or(u32::MAX);
        self.import_bodies(&bodies, &keys, report)
    }

    fn import_bodies(
        &mut self,
        bodies: &[Body],
        keys: &[[u8; 32]],
        report: ImportReport,
    ) -> Outcome {
        if bodies.is_empty() {
            return Ok(Ok(Answer::Import(report)));
        }
        let appended = self
            .parts
            .replica
            .append_all(&self.parts.store, super::now_ms(), bodies);
        match appended {
            Ok((ids, mut received)) => {
                let imported: Vec<([u8; 32], DocumentId)> = keys
                    .iter()
                    .copied()
                    .zip(ids.into_iter().map(DocumentId::from))
                    .collect();
                let alongside = Alongside {
                    imported: &imported,
                    ..Alongside::default()
                };
                self.commit_with(&mut received, &alongside)?;
                Ok(Ok(Answer::Import(report)))
            }
            // Rows are in memory by now: everything is opened anew, and nothing was stored.
            Err(error) => Err(WorkerError::Storage(Box::new(error))),
        }
    }

    fn export_space(&mut self) -> Outcome {
        self.project_all()?;
        let mut documents = Vec::new();
        let mut after: Option<Cursor> = None;
        let filter = Filter {
            hidden: true,
            ..Filter::default()
        };
        loop {
            let rows =
                self.parts
                    .store
                    .list(&filter, Order::OldestFirst, after.as_ref(), LIST_MAX)?;
            let Some(last) = rows.last() else { break };
            after = Some(Cursor::from(last));
            documents.extend(self.shared_views(&rows)?);
        }
        Ok(Ok(Answer::Space(Box::new(SpaceExport {
            format: "linli-space-1".to_owned(),
            space: self.parts.replica.space(),
            neighbourhood: self.neighbourhood(),
            frontier_digest: hex(&self.parts.replica.frontier_digest()),
            view_digest: hex(&self.view_digest()?),
            roster: self.roster_view(),
            documents,
        }))))
    }

    fn export_automerge(&mut self, document: DocumentId) -> Outcome {
        match self.read(document)? {
            Some(read) => Ok(Ok(Answer::Automerge {
                base64: BASE64.encode(read.document.save()),
            })),
            None => Ok(Err(not_found())),
        }
    }

    fn doctor(&mut self) -> Outcome {
        let report = self.parts.store.integrity_check(Extent::Full)?;
        let checks = vec![
            format!("{} entries and their names", report.entries_checked),
            "pages, indexes and sums of the store".to_owned(),
        ];
        let mut findings = report.problems;
        if self.retire {
            findings
                .push("This device's key was used elsewhere: cut it and enrol another.".to_owned());
        }
        Ok(Ok(Answer::Doctor { findings, checks }))
    }
}

/// Makes a refusal.
pub(super) fn refusal(code: &str, message: &str) -> Refusal {
    Refusal {
        code: code.to_owned(),
        message: message.to_owned(),
        field: None,
    }
}

/// Refuses a value.
pub(super) fn invalid(field: &str, message: String) -> Refusal {
    Refusal {
        code: "invalid".to_owned(),
        message,
        field: Some(field.to_owned()),
    }
}

/// Refuses an act without a right.
pub(super) fn not_allowed(message: &str) -> Refusal {
    refusal("not-allowed", message)
}

fn not_found() -> Refusal {
    refusal(
        "not-found",
        "There is no such document here. It may not have arrived yet.",
    )
}

fn pending() -> Refusal {
    refusal(
        "pending",
        "Your household has not been admitted yet. Nothing was written; keep this node connected \
         to the neighbour who invited you.",
    )
}

fn draft_refusal(error: &DraftError) -> Refusal {
    invalid(&error.field, error.to_string())
}

fn row_error(error: &requests::RowError) -> ImportRowError {
    ImportRowError {
        row: error.row,
        line: error.line,
        column: error.column.clone(),
        what: error.what.to_string(),
    }
}

/// Returns a row of an imported file as a draft's fields.
fn fields_of(row: &requests::RequestRow) -> BTreeMap<String, Value> {
    let mut fields = BTreeMap::new();
    let mut text = |field: &str, value: &str| {
        if !value.is_empty() {
            fields.insert(field.to_owned(), Value::from(value));
        }
    };
    text("title", &row.title);
    text("body", &row.body);
    text("category", &row.category);
    text("place", &row.building);
    if row.urgent {
        fields.insert("urgent".to_owned(), Value::from(true));
    }
    if let Some(expires_ms) = row.expires_ms {
        fields.insert("expires_ms".to_owned(), Value::from(expires_ms));
    }
    fields
}

/// Neutralises a line of an imported file.
fn clean_line(line: &str) -> String {
    protocol::text::Text::line(line, LINE_CHARS_MAX).into_string()
}

/// Says why the inviter's node refused.
fn join_refusal(reason: RefusedReason) -> Refusal {
    let (code, message) = match reason {
        RefusedReason::InvitationExpired => (
            "expired",
            "The invitation has expired. Your keys were kept; ask for another one and join again.",
        ),
        RefusedReason::InvitationUsedUp => (
            "used-up",
            "The invitation was used by all whom it was made for. Your keys were kept; ask for \
             another one and join again.",
        ),
        RefusedReason::InvitationUnknown => (
            "unknown-invitation",
            "The node that answered did not make this invitation. Your keys were kept; connect to \
             the household that invited you.",
        ),
        RefusedReason::Removed => (
            "not-allowed",
            "Your household or this device was removed from the neighbourhood. What is stored here \
             was kept; talk to a steward.",
        ),
        RefusedReason::Version => (
            "invalid",
            "The other node speaks another version. Nothing was changed; update the older one.",
        ),
        RefusedReason::NotAdmitted | RefusedReason::InvalidRequest | RefusedReason::Unable => (
            "not-allowed",
            "The other node could not admit you. Your keys were kept; ask for another invitation \
             and join again.",
        ),
    };
    refusal(code, message)
}

fn hex(bytes: &[u8; 32]) -> String {
    EntryId(*bytes).to_string()
}

/// The least and the greatest name that begin with these hexadecimal digits.
fn names_beginning(digits: &str) -> Option<(DocumentId, DocumentId)> {
    if digits.len() > 64 || !digits.is_ascii() {
        return None;
    }
    let least = format!("{digits:0<64}").parse().ok()?;
    let greatest = format!("{digits:f<64}").parse().ok()?;
    Some((least, greatest))
}

fn write_cursor(row: &ViewRow) -> String {
    format!("{}-{}", row.created_ms, row.document)
}

fn read_cursor(text: &str) -> Option<Cursor> {
    let (created_ms, document) = text.rsplit_once('-')?;
    Some(Cursor {
        created_ms: created_ms.parse().ok()?,
        document: document.parse().ok()?,
    })
}
