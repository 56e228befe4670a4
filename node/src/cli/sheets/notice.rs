//! One document on paper, and the households that have not acknowledged a notice.

use protocol::api::{Acknowledgements, DocumentView, MemberRef};

use super::super::fields;
use super::super::telling::Telling;
use super::{Pen, flag, text};
use crate::paper::{Block, Sheet, Table};

/// Rows for signatures under a notice that asks for them.
const SIGNATURES: usize = 8;

/// Puts a document on paper: who speaks and in which capacity, until when, and what is said.
pub fn document(view: &DocumentView, telling: &Telling<'_>, pen: &Pen) -> Sheet {
    let words = pen.words;
    let body_field = fields::text_field(&view.kind);
    let mut blocks = Vec::new();
    let level = text(view, "level");
    if matches!(level, "urgent" | "important") {
        blocks.push(Block::Banner(words.choice("level", level)));
    }
    if let Some(state) = pen.state(view).filter(|_| is_ended(view)) {
        blocks.push(Block::Banner(state));
    }
    if flag(view, "urgent") {
        blocks.push(pen.emergency());
    }
    let mut said = vec![
        (words.text("paper-by"), pen.author(view)),
        (words.text("paper-at"), pen.time(view.created_ms)),
    ];
    if flag(view, "ack") {
        said.push((words.text("paper-edition"), edition(view).to_string()));
    }
    said.extend(telling.said(view, &["title", body_field, "ack", "level"]));
    blocks.push(Block::Fields(said));
    let body = text(view, body_field);
    if !body.is_empty() {
        blocks.push(Block::Text(body.to_owned()));
    }
    if flag(view, "ack") {
        blocks.push(Block::Heading(words.text("paper-please-sign")));
        let mut table = Table::of([
            (words.text("paper-household"), 3),
            (words.text("paper-signature"), 3),
            (words.text("paper-date"), 2),
        ]);
        table.rows = vec![Vec::new(); SIGNATURES];
        blocks.push(Block::Table(table));
    }
    blocks.extend(pen.code(view.id));
    Sheet {
        title: text(view, "title").to_owned(),
        language: words.language().code().to_owned(),
        blocks,
        foot: pen.foot(),
    }
}

/// The number of a notice's edition: with each correction comes another.
fn edition(view: &DocumentView) -> usize {
    let corrections = view.fields.get("corrections");
    let corrections = corrections.and_then(serde_json::Value::as_array);
    1 + corrections.map_or(0, Vec::len)
}

fn is_ended(view: &DocumentView) -> bool {
    let state = view.state.as_deref().unwrap_or_default();
    matches!(state, "corrected" | "expired" | "withdrawn" | "cancelled")
}

/// Lists whom somebody has to knock at, with room to sign.
pub fn outstanding(view: &DocumentView, told: &Acknowledgements, pen: &Pen) -> Sheet {
    let words = pen.words;
    let mut blocks = vec![
        Block::Text(words.acknowledged(told)),
        Block::Fields(vec![(
            words.text("paper-edition"),
            edition(view).to_string(),
        )]),
    ];
    let mut table = Table::of([
        (words.text("paper-building"), 2),
        (words.text("paper-household"), 3),
        (words.text("paper-signature"), 3),
        (words.text("paper-date"), 2),
    ]);
    let row = |member: &MemberRef| {
        let building = member.building.clone().unwrap_or_default();
        vec![building, member.name.clone()]
    };
    table.rows = told.outstanding.iter().map(row).collect();
    // Whoever knocks learns that a neighbour may sign for the household.
    table
        .rows
        .extend(told.outstanding_recorded.iter().map(|of| {
            let building = of.household.building.clone().unwrap_or_default();
            let acting: Vec<String> = of.proxies.iter().map(|one| pen.member(one)).collect();
            let acting = words.acting(&acting);
            let no_device = words.text("recorded-no-device");
            let name = &of.household.name;
            vec![building, format!("{name}\n{no_device}\n{acting}")]
        }));
    if !table.rows.is_empty() {
        blocks.push(Block::Table(table));
    }
    blocks.extend(words.acknowledged_beside(told).map(Block::Text));
    blocks.push(Block::Note(words.text("paper-hand-back")));
    blocks.extend(pen.code(view.id));
    let title = [("title", text(view, "title").into())];
    Sheet {
        title: words.with("paper-outstanding", &title),
        language: words.language().code().to_owned(),
        blocks,
        foot: pen.foot(),
    }
}
