//! A day's digest: what is urgent, what waits for the household, what is new, and who needs help.

use protocol::api::{DocumentView, Waiting};
use tui::digest::{Digest, why};

use super::requests::table;
use super::{Pen, flag, number, text};
use crate::paper::{Block, Sheet, Table};

/// Says a digest.
pub fn digest(digest: &Digest, day: &str, pen: &Pen) -> Sheet {
    let words = pen.words;
    let mut blocks = Vec::new();
    for notice in &digest.notices {
        let level = words.choice("level", text(notice, "level"));
        blocks.push(Block::Banner(format!(
            "{level} · {}",
            text(notice, "title")
        )));
        let mut said = vec![pen.speaker(notice)];
        // A sheet hangs for days: it says dates, not today and tomorrow.
        let until = number(notice, "expires_ms").map(|until_ms| pen.time(until_ms));
        said.extend(until.map(|until| words.with("moment-until", &[("moment", (&until).into())])));
        blocks.push(Block::Note(said.join(" · ")));
        if !text(notice, "body").is_empty() {
            blocks.push(Block::Text(text(notice, "body").to_owned()));
        }
    }
    if !digest.waiting.is_empty() {
        blocks.push(Block::Heading(words.text("paper-waiting")));
        let mut table = Table::of([
            (words.text("paper-what"), 5),
            (words.text("paper-why"), 5),
            (words.text("paper-until"), 3),
        ]);
        table.rows = digest
            .waiting
            .iter()
            .map(|waiting| asked(waiting, pen))
            .collect();
        blocks.push(Block::Table(table));
    }
    if !digest.news.is_empty() {
        blocks.push(Block::Heading(words.text("paper-news")));
        blocks.push(Block::Table(listed(&digest.news, pen)));
    }
    if !digest.requests.is_empty() {
        blocks.push(Block::Heading(words.text("paper-requests")));
        if digest.requests.iter().any(|view| flag(view, "urgent")) {
            blocks.push(pen.emergency());
        }
        blocks.push(Block::Table(table(&digest.requests, pen)));
    }
    if !digest.plans.is_empty() {
        blocks.push(Block::Heading(words.kinds("plan")));
        blocks.push(Block::Table(listed(&digest.plans, pen)));
    }
    if digest.is_empty() {
        blocks.push(Block::Text(words.text(match digest.is_past {
            true => "digest-nothing",
            false => "paper-nothing-new",
        })));
    }
    Sheet {
        title: words.with("paper-digest", &[("day", day.into())]),
        language: words.language().code().to_owned(),
        blocks,
        foot: pen.foot(),
    }
}

fn asked(waiting: &Waiting, pen: &Pen) -> Vec<String> {
    let household = waiting.for_household.as_ref();
    let until = waiting.until_ms;
    vec![
        text(&waiting.document, "title").to_owned(),
        why(waiting.why, household, pen.words),
        until.map_or_else(String::new, |until_ms| pen.time(until_ms)),
    ]
}

/// Lists documents of one kind.
pub fn list(kind: &str, views: &[DocumentView], pen: &Pen) -> Sheet {
    let words = pen.words;
    let table = match kind {
        "request" => table(views, pen),
        _ => listed(views, pen),
    };
    Sheet {
        title: words.kinds(kind),
        language: words.language().code().to_owned(),
        blocks: [Block::Table(table)]
            .into_iter()
            .chain(for_others(views, pen).into_iter().flatten())
            .collect(),
        foot: pen.foot(),
    }
}

/// For which households without a device documents were written, if any were, and the names by
/// which an import knows them.
fn for_others(views: &[DocumentView], pen: &Pen) -> Option<[Block; 2]> {
    let words = pen.words;
    let mut table = Table::of([
        (words.text("paper-what"), 5),
        (words.text("paper-for-whom"), 4),
        (words.text("paper-household-name"), 8),
    ]);
    let rows = views.iter().filter_map(|view| {
        let household = view.for_household.as_ref()?;
        Some(vec![
            text(view, "title").to_owned(),
            words.recorded(household),
            household.id.to_string(),
        ])
    });
    table.rows = rows.collect();
    let heading = Block::Heading(words.text("paper-for-others"));
    (!table.rows.is_empty()).then_some([heading, Block::Table(table)])
}

fn listed(views: &[DocumentView], pen: &Pen) -> Table {
    let words = pen.words;
    let mut table = Table::of([
        (words.text("paper-what"), 6),
        (words.text("paper-kind"), 2),
        (words.text("paper-by"), 3),
        (words.text("paper-state"), 2),
    ]);
    let rows = views.iter().map(|view| {
        vec![
            text(view, "title").to_owned(),
            words.kind(&view.kind),
            pen.speaker(view),
            pen.state(view).unwrap_or_default(),
        ]
    });
    table.rows = rows.collect();
    table
}
