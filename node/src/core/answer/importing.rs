//! Importing help requests from a people's table: all rows of a file, or none.

use std::collections::BTreeMap;

use protocol::api::{Answer, Draft, ImportReport, ImportRowError};
use protocol::id::DocumentId;
use protocol::kind;
use protocol::replica::Body;
use serde_json::Value;

use super::{Outcome, invalid, not_allowed, pending};
use crate::core::worker::{Worker, WorkerError};
use crate::import::requests;
use crate::store::Alongside;

/// Characters of one line of an imported file.
const LINE_CHARS_MAX: usize = 8_192;

impl Worker {
    /// Imports all rows of a file, or none.
    pub(super) fn import(&mut self, file: &[u8], preview: bool) -> Outcome {
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
                time_ms: crate::core::now_ms(),
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
                self.commit_with(&mut received, &alongside)?;
                Ok(Ok(Answer::Import(report)))
            }
            // Rows are in memory by now: everything is opened anew, and nothing was stored.
            Err(error) => Err(WorkerError::Storage(Box::new(error))),
        }
    }
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
