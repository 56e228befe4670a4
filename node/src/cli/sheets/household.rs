//! What was done for a household without a device, for it to keep: who acts for it and on what consent,
//! each request, acknowledgement and comment in its name, and how it takes its consent back.

use std::collections::BTreeMap;

use protocol::api::{DocumentView, MemberRef, RecordedRef, RosterRecorded, StatementRef};
use protocol::id::DocumentId;
use protocol::kind::FOR_HOUSEHOLD;
use serde_json::{Map, Value};
use tui::words::Part;

use super::{Pen, flag, text};
use crate::paper::{Block, Sheet, Table};

/// Characters of a comment on the sheet.
const BODY_CHARS_MAX: usize = 200;

/// What a sheet for a household is made from.
#[derive(Debug)]
pub struct InItsName<'a> {
    /// The household.
    pub household: &'a RosterRecorded,
    /// What the roster calls members.
    pub members: BTreeMap<protocol::id::MemberId, String>,
    /// Every document that is no comment.
    pub documents: &'a [DocumentView],
    /// Every comment.
    pub comments: &'a [DocumentView],
}

/// Puts on paper what was done in a household's name.
pub fn household(told: &InItsName<'_>, pen: &Pen) -> Sheet {
    let words = pen.words;
    let name = words.recorded(&told.household.shown());
    let mut blocks = vec![pen.emergency()];
    if told.household.ended.is_some() {
        blocks.push(Block::Banner(words.text("recorded-ended")));
    }
    blocks.push(Block::Text(words.text("paper-in-your-name")));
    blocks.push(Block::Fields(standing(told, pen)));
    let tables = [
        ("paper-proxies", "paper-proxies-nobody", proxies(told, pen)),
        ("paper-asked", "paper-asked-nothing", requests(told, pen)),
        (
            "paper-taken-note",
            "paper-taken-note-nothing",
            acknowledgements(told, pen),
        ),
        (
            "paper-commented",
            "paper-commented-nothing",
            comments(told, pen),
        ),
    ];
    for (heading, nothing, table) in tables {
        blocks.push(Block::Heading(words.text(heading)));
        blocks.push(match table.rows.is_empty() {
            true => Block::Text(words.text(nothing)),
            false => Block::Table(table),
        });
    }
    blocks.push(Block::Heading(words.text("paper-how-to-end")));
    let called = told.household.name.as_str();
    let how = words.with("paper-how-to-end-said", &[("name", called.into())]);
    blocks.push(Block::Text(how));
    let mut signing = Table::of([
        (words.text("paper-read-aloud"), 4),
        (words.text("paper-signature"), 4),
        (words.text("paper-date"), 2),
    ]);
    signing.rows = vec![Vec::new()];
    blocks.push(Block::Table(signing));
    Sheet {
        title: words.with("paper-done-for", &[("name", (&name).into())]),
        language: words.language().code().to_owned(),
        blocks,
        foot: pen.foot(),
    }
}

/// On what consent it was recorded, by whom and when, and since when no more.
fn standing(told: &InItsName<'_>, pen: &Pen) -> Vec<(String, String)> {
    let words = pen.words;
    let household = told.household;
    let mut said = vec![
        (words.text("paper-consent"), household.consent.clone()),
        (
            words.text("paper-named"),
            by(&household.recorded, told, pen).join(&words.text("between-names")),
        ),
    ];
    if let Some(ended) = &household.ended {
        let ended = by(ended, told, pen).join(&words.text("between-names"));
        said.push((words.text("recorded-ended"), ended));
    }
    said
}

fn proxies(told: &InItsName<'_>, pen: &Pen) -> Table {
    let words = pen.words;
    let mut table = Table::of([
        (words.text("paper-proxy"), 3),
        (words.text("paper-consent"), 4),
        (words.text("paper-named"), 3),
        (words.text("paper-now"), 3),
    ]);
    let proxies = told.household.proxies.iter();
    table.rows = proxies
        .map(|proxy| {
            let state = match &proxy.ended {
                None => words.text("paper-acts"),
                Some(ended) => {
                    let over = words.text("recorded-proxy-ended");
                    format!("{over}\n{}", by(ended, told, pen).join("\n"))
                }
            };
            vec![
                pen.member(&proxy.member),
                proxy.consent.clone(),
                by(&proxy.named, told, pen).join("\n"),
                state,
            ]
        })
        .collect();
    table
}

/// Who made a statement, when, and why.
fn by(statement: &StatementRef, told: &InItsName<'_>, pen: &Pen) -> Vec<String> {
    let by = statement.by.and_then(|by| told.members.get(&by).cloned());
    let acted_as = pen.words.acted_as(&statement.acted_as);
    let time = statement.time_ms.map(|time_ms| pen.time(time_ms));
    let reason = statement.reason.clone().filter(|reason| !reason.is_empty());
    let parts = by.into_iter().chain([acted_as]).chain(time).chain(reason);
    parts.collect()
}

fn requests(told: &InItsName<'_>, pen: &Pen) -> Table {
    let words = pen.words;
    let mut table = Table::of([
        (words.text("paper-request"), 8),
        (words.text("paper-recorded-by"), 7),
        (words.text("paper-state"), 4),
        (words.text("paper-next"), 7),
    ]);
    let mut own: Vec<&DocumentView> = told
        .documents
        .iter()
        .filter(|view| view.kind == "request" && is_for(view.for_household.as_ref(), told))
        .collect();
    own.sort_by_key(|view| view.created_ms);
    table.rows = own
        .into_iter()
        .map(|view| {
            let mut what = Pen::called(view);
            if flag(view, "urgent") {
                what = format!("【{}】{what}", words.choice("level", "urgent"));
            }
            vec![
                what,
                recorded(&view.author, view.created_ms, pen),
                pen.state(view).unwrap_or_default(),
                next(view, pen),
            ]
        })
        .collect();
    table
}

/// Who acts next, and by when.
fn next(view: &DocumentView, pen: &Pen) -> String {
    let words = pen.words;
    let state = view.state.as_deref().unwrap_or_default();
    let said = words.next(&view.kind, state, Part::Other);
    let members = view.next.iter().flat_map(|next| &next.members);
    let members: Vec<String> = members.map(|member| pen.member(member)).collect();
    let by_ms = view.next.iter().filter_map(|next| next.by_ms).min();
    let by_ms = by_ms.map(|by_ms| pen.clock.deadline(words, by_ms));
    let parts = [said].into_iter().chain(members).chain(by_ms);
    let parts: Vec<String> = parts.filter(|part| !part.is_empty()).collect();
    parts.join("\n")
}

fn acknowledgements(told: &InItsName<'_>, pen: &Pen) -> Table {
    let words = pen.words;
    let mut table = Table::of([
        (words.text("paper-notice"), 5),
        (words.text("paper-recorded-by"), 3),
        (words.text("paper-way"), 2),
    ]);
    let mut given: Vec<(i64, Vec<String>)> = Vec::new();
    for notice in told.documents.iter().filter(|view| view.kind == "notice") {
        let facts = notice
            .fields
            .get("acknowledgements")
            .and_then(Value::as_array);
        let facts = facts.into_iter().flatten().filter_map(Value::as_object);
        for fact in facts.filter(|fact| is_for(household_of(fact).as_ref(), told)) {
            let by = fact.get("by").cloned().unwrap_or_default();
            let Ok(by) = serde_json::from_value::<MemberRef>(by) else {
                continue;
            };
            let time_ms = fact.get("time_ms").and_then(Value::as_i64);
            let time_ms = time_ms.unwrap_or_default();
            // Nobody speaks as somebody else.
            let way = match fact.get("way").and_then(Value::as_str) {
                Some("paper") => "paper",
                _ => "proxy",
            };
            let row = vec![
                Pen::called(notice),
                recorded(&by, time_ms, pen),
                words.choice("way", way),
            ];
            given.push((time_ms, row));
        }
    }
    given.sort();
    table.rows = given.into_iter().map(|(_, row)| row).collect();
    table
}

fn comments(told: &InItsName<'_>, pen: &Pen) -> Table {
    let words = pen.words;
    let mut table = Table::of([
        (words.text("paper-comment"), 5),
        (words.text("paper-about"), 3),
        (words.text("paper-recorded-by"), 3),
    ]);
    let titles: BTreeMap<DocumentId, &str> = told
        .documents
        .iter()
        .map(|view| (view.id, text(view, "title")))
        .collect();
    let mut own: Vec<&DocumentView> = told
        .comments
        .iter()
        .filter(|view| is_for(view.for_household.as_ref(), told))
        .collect();
    own.sort_by_key(|view| view.created_ms);
    table.rows = own
        .into_iter()
        .map(|view| {
            let about = view.about.and_then(|about| titles.get(&about).copied());
            let body: String = text(view, "body").chars().take(BODY_CHARS_MAX).collect();
            vec![
                body.split_whitespace().collect::<Vec<_>>().join(" "),
                about.unwrap_or_default().to_owned(),
                recorded(&view.author, view.created_ms, pen),
            ]
        })
        .collect();
    table
}

fn recorded(by: &MemberRef, time_ms: i64, pen: &Pen) -> String {
    format!("{}\n{}", pen.member(by), pen.time(time_ms))
}

fn is_for(household: Option<&RecordedRef>, told: &InItsName<'_>) -> bool {
    household.is_some_and(|household| household.id == told.household.id)
}

fn household_of(fact: &Map<String, Value>) -> Option<RecordedRef> {
    let household = fact.get(FOR_HOUSEHOLD.name)?.clone();
    serde_json::from_value(household).ok()
}
