//! Importing documents: help requests from a people's table, and what an export made. All of a file
//! is imported, or nothing.

use std::collections::{BTreeMap, BTreeSet};

use protocol::api::{Answer, Draft, ImportReport, ImportRowError};
use protocol::id::{DocumentId, EntryId};
use protocol::kind::{self, FOR_HOUSEHOLD};
use protocol::replica::Body;
use protocol::roster::Recorded;
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
        let mut bodies = Vec::new();
        let mut keys = Vec::new();
        let mut rests = Vec::new();
        let mut known = BTreeSet::new();
        for one in wanted {
            if !known.insert(one.key) || self.is_here(&one)? {
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
                    bodies.push(Body::Creation {
                        kind: drafted.kind,
                        intents: drafted.finished.intents,
                    });
                    keys.push(one.key);
                    rests.push(drafted.rest);
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
        let imported = u32::try_from(bodies.len()).unwrap_or(u32::MAX);
        if preview || !report.errors.is_empty() {
            report.imported = if preview { imported } else { 0 };
            return Ok(Ok(Answer::Import(report)));
        }
        report.titles.clear();
        report.imported = imported;
        self.import_bodies(&bodies, &keys, rests, report)
    }

    /// Tells whether a document was imported before, or is the one that was exported.
    fn is_here(&mut self, wanted: &Wanted) -> Result<bool, WorkerError> {
        if let Some(id) = wanted.id
            && self.read(id)?.is_some()
        {
            return Ok(true);
        }
        Ok(self.parts.store.imported(&wanted.key)?.is_some())
    }

    fn import_bodies(
        &mut self,
        bodies: &[Body],
        keys: &[[u8; 32]],
        rests: Vec<Fields>,
        report: ImportReport,
    ) -> Outcome {
        if bodies.is_empty() {
            return Ok(Ok(Answer::Import(report)));
        }
        let appended =
            self.parts
                .replica
                .append_all(&self.parts.store, crate::core::now_ms(), bodies);
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
                self.commit_own(&mut received, &alongside)?;
                let mut answer = Answer::Import(report);
                for ((_, document), rest) in imported.into_iter().zip(rests) {
                    answer = match self.write_rest(document, rest, answer)? {
                        Ok(answer) => answer,
                        Err(refusal) => return Ok(Err(refusal)),
                    };
                }
                Ok(Ok(answer))
            }
            // Rows are in memory by now: everything is opened anew, and nothing was stored.
            Err(error) => Err(WorkerError::Storage(Box::new(error))),
        }
    }
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
