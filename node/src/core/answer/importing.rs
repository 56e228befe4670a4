//! Importing documents: help requests from a people's table, and what an export made. All of a file
//! is imported, or nothing.

use std::collections::{BTreeMap, BTreeSet};

use protocol::api::{Answer, Draft, ImportReport, ImportRowError};
use protocol::id::{DocumentId, EntryId};
use protocol::kind::{self, FOR_HOUSEHOLD};
use protocol::replica::Body;
use protocol::roster::Recorded;
use protocol::storage::Batch;
use serde_json::Value;
use tui::language::Language;

use super::Outcome;
use super::writing::Fields;
use crate::core::worker::{Worker, WorkerError};
use crate::exchange::{self, Records};
use crate::import::Encoding;
use crate::import::requests::{self, ImportError, RowFault};
use crate::refusal::{self, Refusal, RowRefusal};
use crate::store::Alongside;

/// Characters of one line of an imported file.
const LINE_CHARS_MAX: usize = 8_192;

/// Domain of the keys by which a document is known of which a part was written so far.
const BEGUN_CONTEXT: &str = "linli import 1: key of a document that was begun";

/// What an earlier import left of a document.
enum Left {
    /// Nothing.
    Nothing,
    /// Its first entry, and perhaps more.
    Begun(DocumentId),
    /// All of it.
    Whole,
}

/// A document that goes on beyond its first entry.
struct Unfinished {
    key: [u8; 32],
    document: DocumentId,
    rest: Fields,
}

/// A document that a file asks for.
struct Wanted {
    /// By what it is known that it was imported before.
    key: [u8; 32],
    /// The name that it had where it was exported.
    id: Option<DocumentId>,
    draft: Draft,
    /// What keeps this household from posting it for whom it names.
    for_nobody: Option<RowFault>,
    row: u64,
    line: u64,
}

impl Worker {
    /// Imports all requests of a file, or none: of a table that people have, or of what an export
    /// made.
    pub(super) fn import(&mut self, file: &[u8], preview: bool, language: Language) -> Outcome {
        let request = self.parts.replica.kinds().by_name("request");
        match exchange::read(file, request) {
            Ok(Some(records)) => return self.import_records(records, preview, language),
            Ok(None) => {}
            Err(error) => return Ok(Err(Refusal::Table(error))),
        }
        let read = match requests::read(file, clean_line) {
            Ok(read) => read,
            Err(error) => return Ok(Err(Refusal::Table(error))),
        };
        let wanted = read.rows.iter().map(|row| Wanted {
            key: row.key,
            id: None,
            draft: Draft {
                kind: "request".to_owned(),
                fields: fields_of(row),
            },
            for_nobody: None,
            row: row.row,
            line: 0,
        });
        let wanted = wanted.collect();
        let report = report(read.encoding, &read.errors, language);
        self.import_wanted(wanted, preview, report, language)
    }

    /// Imports all documents of a file that an export made, or none.
    pub(super) fn import_documents(
        &mut self,
        file: &[u8],
        kind: Option<&str>,
        preview: bool,
        language: Language,
    ) -> Outcome {
        let known = kind.and_then(|name| self.parts.replica.kinds().by_name(name));
        if let (Some(name), None) = (kind, known) {
            let name = name.to_owned();
            return Ok(Err(Refusal::NoKind { name }));
        }
        match exchange::read(file, known) {
            Ok(Some(records)) => self.import_records(records, preview, language),
            Ok(None) => Ok(Err(Refusal::Table(ImportError::NoDocuments))),
            Err(error) => Ok(Err(Refusal::Table(error))),
        }
    }

    fn import_records(&mut self, read: Records, preview: bool, language: Language) -> Outcome {
        let report = report(read.encoding, &read.errors, language);
        let wanted = read.records.into_iter().map(|mut record| {
            // First, so that a document is known again whether digits or a name were written.
            let for_nobody = self.find_household(&mut record.fields);
            Wanted {
                key: record.key(),
                id: record.id,
                draft: Draft {
                    kind: record.kind.name.to_owned(),
                    fields: record.fields,
                },
                for_nobody,
                row: record.row,
                line: record.line,
            }
        });
        let wanted = wanted.collect();
        self.import_wanted(wanted, preview, report, language)
    }

    /// Puts the name in digits of the household without a device for which a document is to be
    /// posted in the place of what it is called; or tells why it cannot be posted for it.
    fn find_household(&self, fields: &mut BTreeMap<String, Value>) -> Option<RowFault> {
        // What is no text is the draft's to object to.
        let said = fields.get(FOR_HOUSEHOLD.name)?.as_str()?.to_owned();
        let roster = self.parts.replica.roster();
        let all = roster.recorded();
        let digits = said.parse::<EntryId>().ok();
        let meant = |recorded: &&Recorded| Some(recorded.id) == digits || recorded.name == said;
        let meant = all.iter().filter(meant);
        // A record that has ended gives way to one that stands.
        let (ended, standing): (Vec<&Recorded>, _) =
            meant.partition(|recorded| recorded.ended.is_some());
        let found = [standing, ended]
            .into_iter()
            .find(|found| !found.is_empty());
        let household = match found.as_deref() {
            Some([household]) => household.id,
            None => return Some(RowFault::HouseholdUnknown),
            Some(_) => return Some(RowFault::HouseholdUnclear),
        };
        fields.insert(FOR_HOUSEHOLD.name.to_owned(), household.to_string().into());
        let member = self.parts.replica.member();
        let standing = member.and_then(|member| roster.standing_now(&member));
        let acts = standing.is_some_and(|standing| standing.acts_for.contains(&household));
        (!acts).then_some(RowFault::NotItsProxy)
    }

    /// Drafts what is not here yet, and posts all of it unless something is wrong.
    fn import_wanted(
        &mut self,
        wanted: Vec<Wanted>,
        preview: bool,
        mut report: ImportReport,
        language: Language,
    ) -> Outcome {
        let Some(member) = self.parts.replica.member() else {
            return Ok(Err(Refusal::RelayWrites));
        };
        let standing = self.parts.replica.roster().standing_now(&member);
        if standing.is_none() {
            return Ok(Err(Refusal::Pending));
        }
        let mut new = Vec::new();
        let mut unfinished = Vec::new();
        let mut known = BTreeSet::new();
        for one in wanted {
            let left = match known.insert(one.key) {
                true => self.left_of(&one)?,
                false => Left::Whole,
            };
            if matches!(left, Left::Whole) {
                report.skipped += 1;
                continue;
            }
            if let Some(what) = one.for_nobody {
                report.errors.push(ImportRowError {
                    row: one.row,
                    line: one.line,
                    column: FOR_HOUSEHOLD.name.to_owned(),
                    what: refusal::row(language, &RowRefusal::Form(what)),
                });
                continue;
            }
            let editor = kind::Editor {
                member,
                standing: standing.as_ref(),
                time_ms: crate::core::now_ms(),
                creates: true,
            };
            match kind::create(self.parts.replica.kinds(), &one.draft, &editor) {
                Ok(drafted) => {
                    let (key, rest) = (one.key, drafted.rest);
                    match left {
                        Left::Begun(document) => unfinished.push(Unfinished {
                            key,
                            document,
                            rest,
                        }),
                        _ => {
                            let body = Body::Creation {
                                kind: drafted.kind,
                                intents: drafted.finished.intents,
                            };
                            new.push((body, key, rest));
                        }
                    }
                    let title = one.draft.fields.get("title").and_then(Value::as_str);
                    report.titles.push(title.unwrap_or_default().to_owned());
                }
                Err(error) => report.errors.push(ImportRowError {
                    row: one.row,
                    line: one.line,
                    column: error.field.clone(),
                    what: refusal::row(language, &RowRefusal::Draft(error)),
                }),
            }
        }
        let imported = u32::try_from(new.len() + unfinished.len()).unwrap_or(u32::MAX);
        if preview || !report.errors.is_empty() {
            report.imported = if preview { imported } else { 0 };
            return Ok(Ok(Answer::Import(report)));
        }
        report.titles.clear();
        report.imported = imported;
        unfinished.extend(self.import_new(new)?);
        self.finish(unfinished, Answer::Import(report))
    }

    /// Tells what is here of a document: it was imported before, or is the one that was exported.
    fn left_of(&mut self, wanted: &Wanted) -> Result<Left, WorkerError> {
        if let Some(id) = wanted.id {
            // Nothing is read of a document that is projected.
            if self.parts.store.view(id)?.is_some() || self.read(id)?.is_some() {
                return Ok(Left::Whole);
            }
        }
        if self.parts.store.imported(&wanted.key)?.is_some() {
            return Ok(Left::Whole);
        }
        let begun = self.parts.store.imported(&begun(&wanted.key))?;
        Ok(begun.map_or(Left::Nothing, Left::Begun))
    }

    /// Creates documents, all or none, and returns those that go on beyond their first entry. Until
    /// such a document is whole, it is known as begun: if the power goes before that, importing
    /// the file again goes on with it.
    fn import_new(
        &mut self,
        new: Vec<(Body, [u8; 32], Fields)>,
    ) -> Result<Vec<Unfinished>, WorkerError> {
        if new.is_empty() {
            return Ok(Vec::new());
        }
        let (bodies, known): (Vec<Body>, Vec<_>) = new
            .into_iter()
            .map(|(body, key, rest)| (body, (key, rest)))
            .unzip();
        let appended =
            self.parts
                .replica
                .append_all(&self.parts.store, crate::core::now_ms(), &bodies);
        // Rows are in memory by now: on an error everything is opened anew, and nothing was stored.
        let (ids, mut received) =
            appended.map_err(|error| WorkerError::Storage(Box::new(error)))?;
        let documents = ids.into_iter().map(DocumentId::from);
        let mut imported = Vec::new();
        let mut unfinished = Vec::new();
        for ((key, rest), document) in known.into_iter().zip(documents) {
            if rest.is_empty() {
                imported.push((key, document));
                continue;
            }
            imported.push((begun(&key), document));
            unfinished.push(Unfinished {
                key,
                document,
                rest,
            });
        }
        let alongside = Alongside {
            imported: &imported,
            ..Alongside::default()
        };
        self.commit_own(&mut received, &alongside)?;
        Ok(unfinished)
    }

    /// Writes what is left of documents, each of which is known as imported from then on.
    fn finish(&mut self, unfinished: Vec<Unfinished>, mut answer: Answer) -> Outcome {
        for one in unfinished {
            answer = match self.write_rest(one.document, one.rest, answer)? {
                Ok(answer) => answer,
                Err(refusal) => return Ok(Err(refusal)),
            };
            let imported = [(one.key, one.document)];
            let alongside = Alongside {
                imported: &imported,
                ..Alongside::default()
            };
            let nothing = Batch::default();
            self.parts.store.commit_with(&nothing, &alongside)?;
        }
        Ok(Ok(answer))
    }
}

/// Returns the key by which a document is known of which a part was written so far.
fn begun(key: &[u8; 32]) -> [u8; 32] {
    blake3::derive_key(BEGUN_CONTEXT, key)
}

fn report(encoding: Encoding, errors: &[requests::RowError], language: Language) -> ImportReport {
    let errors = errors.iter().map(|error| row_error(error, language));
    ImportReport {
        encoding: encoding.to_string(),
        errors: errors.collect(),
        ..ImportReport::default()
    }
}

fn row_error(error: &requests::RowError, language: Language) -> ImportRowError {
    ImportRowError {
        row: error.row,
        line: error.line,
        column: error.column.clone(),
        what: refusal::row(language, &RowRefusal::Form(error.what)),
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
