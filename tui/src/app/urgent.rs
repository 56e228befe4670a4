//! Urgent notices: the one thing that interrupts, and each only once.

use std::collections::BTreeSet;

use protocol::api::{DocumentView, ListOrder, ListQuery, Request};
use protocol::id::DocumentId;
use serde_json::Value;

/// Unread notices that are looked at.
const NOTICES_MAX: u32 = 50;

/// The urgent notices that are known to be there.
#[derive(Debug, Default)]
pub(super) struct Urgent {
    /// None until the node has answered once.
    known: Option<BTreeSet<DocumentId>>,
}

/// Asks for notices that are unread and stand, the newest first.
pub(super) fn question() -> Request {
    Request::List(ListQuery {
        kind: Some("notice".to_owned()),
        unread: true,
        states: ["published", "corrected"].map(str::to_owned).to_vec(),
        order: ListOrder::Newest,
        limit: Some(NOTICES_MAX),
        ..ListQuery::default()
    })
}

impl Urgent {
    /// Tells whether nothing is known yet.
    pub(super) fn is_new(&self) -> bool {
        self.known.is_none()
    }

    /// Takes the unread notices in, and returns the newest urgent one that was not there before.
    pub(super) fn arrived<'v>(&mut self, unread: &'v [DocumentView]) -> Option<&'v DocumentView> {
        let is_first_time = self.is_new();
        let known = self.known.get_or_insert_default();
        let mut arrived = None;
        for notice in unread.iter().filter(|notice| is_urgent(notice)) {
            if known.insert(notice.id) {
                arrived = arrived.or(Some(notice));
            }
        }
        arrived.filter(|_| !is_first_time)
    }
}

fn is_urgent(notice: &DocumentView) -> bool {
    notice.fields.get("level").and_then(Value::as_str) == Some("urgent")
}
