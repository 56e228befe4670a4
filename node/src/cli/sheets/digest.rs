//! A day's digest: what is urgent, what waits for the household, what is new, and who needs help.

use std::collections::BTreeSet;

use protocol::api::DocumentView;
use protocol::id::DocumentId;
use tui::digest::{Digest, to_do, why};

use super::requests::table;
use super::{Pen, flag, number, text};
use crate::paper::{Block, Sheet, Table};

/// What stands between the parts of a line.
const BETWEEN: &str = " · ";

/// Says a digest, each thing once: a notice at length, whatever else waits among what waits.
pub fn digest(digest: &Digest, day: &str, pen: &Pen) -> Sheet {
    let words = pen.words;
    let mut blocks = Vec::new();
    for notice in &digest.notices {
        blocks.extend(at_length(notice, digest, pen));
    }
    if digest.requests.iter().any(|view| flag(view, "urgent")) {
        blocks.push(pen.emergency());
    }
    let mut told: BTreeSet<DocumentId> = digest.notices.iter().map(|view| view.id).collect();
    let waiting = digest.waiting.iter();
    let waiting = waiting.filter(|waiting| told.insert(waiting.document.id));
    let mut asked: Vec<Vec<String>> = waiting
        .map(|waiting| asked(&waiting.document, digest, pen))
        .collect();
    let moved = digest.motions.iter();
    asked.extend(moved.map(|motion| {
        let asks = words.moved(&motion.moved, BETWEEN.trim());
        vec![asks, to_do(motion, words), String::new()]
    }));
    if !asked.is_empty() {
        blocks.push(Block::Heading(words.text("paper-waiting")));
        let mut table = Table::of([
            (words.text("paper-what"), 5),
            (words.text("paper-why"), 5),
            (words.text("paper-until"), 3),
        ]);
        table.rows = asked;
        blocks.push(Block::Table(table));
    }
    let rest = |views: &[DocumentView]| -> Vec<DocumentView> {
        let views = views.iter().filter(|view| !told.contains(&view.id));
        views.cloned().collect()
    };
    let [news, requests, plans] =
        [&digest.news, &digest.requests, &digest.plans].map(|of| rest(of));
    if !news.is_empty() {
        blocks.push(Block::Heading(words.text("paper-news")));
        blocks.push(Block::Table(listed(&news, pen)));
    }
    if !requests.is_empty() {
        blocks.push(Block::Heading(words.text("paper-requests")));
        blocks.push(Block::Table(table(&requests, pen)));
    }
    if !plans.is_empty() {
        blocks.push(Block::Heading(words.kinds("plan")));
        blocks.push(Block::Table(listed(&plans, pen)));
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

/// A notice with its text, who issued it, until when it stands and why it waits.
fn at_length(notice: &DocumentView, digest: &Digest, pen: &Pen) -> Vec<Block> {
    let words = pen.words;
    let level = words.choice("level", text(notice, "level"));
    let banner = format!("{level}{BETWEEN}{}", Pen::called(notice));
    let mut said = vec![pen.speaker(notice)];
    // A sheet hangs for days: it says dates, not today and tomorrow.
    let until = number(notice, "expires_ms").map(|until_ms| pen.time(until_ms));
    said.extend(until.map(|until| words.with("moment-until", &[("moment", (&until).into())])));
    said.extend(reasons(notice, digest, pen));
    let mut blocks = vec![Block::Banner(banner), Block::Note(said.join(BETWEEN))];
    if !text(notice, "body").is_empty() {
        blocks.push(Block::Text(text(notice, "body").to_owned()));
    }
    blocks
}

/// A row of what waits: all the reasons, and the nearest end.
fn asked(view: &DocumentView, digest: &Digest, pen: &Pen) -> Vec<String> {
    let waiting = digest.waiting.iter();
    let of_it = waiting.filter(|waiting| waiting.document.id == view.id);
    let until_ms = of_it.filter_map(|waiting| waiting.until_ms).min();
    vec![
        Pen::called(view),
        reasons(view, digest, pen).join(BETWEEN),
        until_ms.map_or_else(String::new, |until_ms| pen.time(until_ms)),
    ]
}

fn reasons(view: &DocumentView, digest: &Digest, pen: &Pen) -> Vec<String> {
    let waiting = digest.waiting.iter();
    let of_it = waiting.filter(|waiting| waiting.document.id == view.id);
    let said = of_it.map(|waiting| why(waiting.why, waiting.for_household.as_ref(), pen.words));
    said.collect()
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
            Pen::called(view),
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
            Pen::called(view),
            words.kind(&view.kind),
            pen.speaker(view),
            pen.state(view).unwrap_or_default(),
        ]
    });
    table.rows = rows.collect();
    table
}
