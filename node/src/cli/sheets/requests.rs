//! The requests for the stairwell: what neighbours need, without anything that was told in
//! confidence.

use protocol::api::DocumentView;

use super::{Pen, flag, number, text};
use crate::paper::{Block, Sheet, Table};

/// Characters of a request's text on a list.
const BODY_CHARS_MAX: usize = 80;

/// Lists requests, urgent ones first, then those that end first.
pub fn requests(views: &[DocumentView], pen: &Pen) -> Sheet {
    let words = pen.words;
    let mut blocks = vec![pen.emergency()];
    match views.is_empty() {
        true => blocks.push(Block::Text(words.text("paper-no-requests"))),
        false => blocks.push(Block::Table(table(views, pen))),
    }
    blocks.push(Block::Note(words.text("paper-how-to-help")));
    Sheet {
        title: words.text("paper-requests"),
        language: words.language().code().to_owned(),
        blocks,
        foot: pen.foot(),
    }
}

/// What is needed, where and when, and how far it has come.
pub(super) fn table(views: &[DocumentView], pen: &Pen) -> Table {
    let words = pen.words;
    let mut table = Table::of([
        (words.text("paper-request"), 6),
        (words.field("request", "category"), 2),
        (words.text("paper-building"), 2),
        (words.field("request", "when"), 3),
        (words.text("paper-state"), 2),
    ]);
    let mut views: Vec<&DocumentView> = views.iter().collect();
    views.sort_by_key(|view| (!flag(view, "urgent"), number(view, "expires_ms")));
    table.rows = views.into_iter().map(|view| row(view, pen)).collect();
    table
}

fn row(view: &DocumentView, pen: &Pen) -> Vec<String> {
    let words = pen.words;
    let mut what = Pen::called(view);
    if flag(view, "urgent") {
        what = format!("【{}】{what}", words.choice("level", "urgent"));
    }
    let body: String = text(view, "body").chars().take(BODY_CHARS_MAX).collect();
    let body = body.split_whitespace().collect::<Vec<_>>().join(" ");
    if !body.is_empty() {
        what = format!("{what}\n{body}");
    }
    // Where help is wanted: at the household for which it was asked.
    let household = view.for_household.as_ref();
    let building = match household {
        Some(household) => household.building.clone(),
        None => view.author.building.clone(),
    };
    let building = building.unwrap_or_default();
    let when = match text(view, "when") {
        "" => number(view, "from_ms").map_or_else(String::new, |from_ms| {
            let until_ms = number(view, "until_ms").unwrap_or(from_ms);
            pen.clock.span(words, from_ms, until_ms)
        }),
        when => when.to_owned(),
    };
    vec![
        what,
        words.choice("category", text(view, "category")),
        building,
        when,
        pen.state(view).unwrap_or_default(),
    ]
}
