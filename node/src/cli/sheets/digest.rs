//! A day's digest: what is urgent, what waits for the household, what is new, and who needs help.

use std::collections::BTreeSet;

use protocol::api::{DocumentView, Today, Waiting};
use serde::Serialize;

use super::requests::table;
use super::{Pen, number, text};
use crate::paper::{Block, Sheet, Table};

/// What a digest tells.
#[derive(Debug, Serialize)]
pub struct Digest {
    /// The day, as in `2026-11-26`.
    pub day: String,
    /// Notices in force that are urgent or important, urgent ones first.
    pub notices: Vec<DocumentView>,
    /// What waits for the household, what is most pressing first.
    pub waiting: Vec<Waiting>,
    /// What was written or changed on that day and stands in no other list of documents.
    pub news: Vec<DocumentView>,
    /// Requests that somebody may still answer.
    pub requests: Vec<DocumentView>,
    /// Plans that are under way.
    pub plans: Vec<DocumentView>,
}

impl Digest {
    /// Puts together what a day brought; `from_ms` is its beginning, `until_ms` its end.
    pub fn of(
        day: String,
        (from_ms, until_ms): (i64, i64),
        today: Today,
        documents: Vec<DocumentView>,
    ) -> Self {
        let of_kind = |kind: &'static str, states: &'static [&'static str]| {
            let shown = move |view: &&DocumentView| {
                let state = view.state.as_deref().unwrap_or_default();
                view.kind == kind && view.moderation.is_none() && states.contains(&state)
            };
            documents.iter().filter(shown)
        };
        let pressing = of_kind("notice", &["published", "corrected"]);
        let mut notices: Vec<DocumentView> = pressing
            .filter(|view| matches!(text(view, "level"), "urgent" | "important"))
            .cloned()
            .collect();
        notices.sort_by_key(|view| text(view, "level") != "urgent");
        let requests: Vec<DocumentView> =
            of_kind("request", &["open", "offered"]).cloned().collect();
        let plans = of_kind("plan", &["planning", "published", "running"]);
        let plans: Vec<DocumentView> = plans.cloned().collect();
        let told = notices.iter().chain(&requests).chain(&plans);
        let told: BTreeSet<_> = told.map(|view| view.id).collect();
        let in_day = |view: &&DocumentView| {
            let changed_ms = view.updated_ms.max(view.created_ms);
            (from_ms..until_ms).contains(&changed_ms)
        };
        let news = documents.iter().filter(in_day);
        let news = news.filter(|view| view.moderation.is_none() && !told.contains(&view.id));
        Self {
            day,
            waiting: today.waiting,
            news: news.cloned().collect(),
            requests,
            plans,
            notices,
        }
    }

    fn is_empty(&self) -> bool {
        let lists = [&self.notices, &self.news, &self.requests, &self.plans];
        self.waiting.is_empty() && lists.iter().all(|list| list.is_empty())
    }
}

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
        let mut said = vec![pen.author(notice)];
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
        blocks.push(Block::Table(table(&digest.requests, pen)));
    }
    if !digest.plans.is_empty() {
        blocks.push(Block::Heading(words.kinds("plan")));
        blocks.push(Block::Table(listed(&digest.plans, pen)));
    }
    if digest.is_empty() {
        blocks.push(Block::Text(words.text("paper-nothing-new")));
    }
    Sheet {
        title: words.with("paper-digest", &[("day", day.into())]),
        language: words.language().code().to_owned(),
        blocks,
        foot: pen.foot(),
    }
}

fn asked(waiting: &Waiting, pen: &Pen) -> Vec<String> {
    let why = serde_json::to_value(waiting.why);
    let why = why.ok().and_then(|why| why.as_str().map(str::to_owned));
    let until = waiting.until_ms;
    vec![
        text(&waiting.document, "title").to_owned(),
        pen.words
            .text(&format!("waiting-{}", why.unwrap_or_default())),
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
        blocks: vec![Block::Table(table)],
        foot: pen.foot(),
    }
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
            pen.author(view),
            pen.state(view).unwrap_or_default(),
        ]
    });
    table.rows = rows.collect();
    table
}
