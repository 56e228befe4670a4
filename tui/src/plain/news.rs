//! What came while somebody typed: one line before the next question.

use std::collections::BTreeSet;

use protocol::api::{DocumentView, Today, WaitingReason};
use protocol::id::DocumentId;
use protocol::text::Text;

use crate::app::Context;
use crate::screen::document_row::{author, title};

/// What was told already, and whether there may be more.
#[derive(Debug, Default)]
pub struct News {
    /// Whether something changed since the node was last asked.
    pub is_stale: bool,
    /// Whether the node is being asked.
    pub is_asking: bool,
    /// What was unread or waited when the node was last asked; none before the first time.
    known: Option<BTreeSet<DocumentId>>,
}

impl News {
    /// Takes today's page, and returns a line about what was not on the last one.
    pub fn take(&mut self, today: &Today, context: &Context<'_>) -> Option<String> {
        let waiting = today.waiting.iter().map(|waiting| &waiting.document);
        let all: Vec<&DocumentView> = waiting.chain(&today.news).collect();
        let ids = all.iter().map(|view| view.id).collect();
        let before = self.known.replace(ids)?;
        let mut fresh: Vec<&DocumentView> = Vec::new();
        for view in all {
            let is_known = fresh.iter().any(|known| known.id == view.id);
            if !before.contains(&view.id) && !is_known {
                fresh.push(view);
            }
        }
        let first = fresh.first()?;
        let words = context.words;
        let is_urgent = today.waiting.iter().any(|waiting| {
            waiting.document.id == first.id && waiting.why == WaitingReason::UrgentNotice
        });
        let key = if is_urgent {
            "plain-news-urgent"
        } else {
            "plain-news"
        };
        let what = words.with(
            key,
            &[
                ("kind", words.kind(&first.kind).into()),
                ("title", title(first, context).into()),
                ("name", author(first, context).into()),
            ],
        );
        let what = Text::line(&what, usize::MAX).into_string();
        Some(match fresh.len() - 1 {
            0 => what,
            more => format!(
                "{what} {}",
                words.with("plain-news-more", &[("count", more.into())])
            ),
        })
    }
}
