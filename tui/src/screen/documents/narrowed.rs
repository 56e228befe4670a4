//! What a list of documents is narrowed to, step by step.

use protocol::api::{DocumentView, ListOrder, ListQuery, Request};
use ratatui::layout::Rect;

use crate::app::{Action, Canvas, Click, Context};

/// What a list is narrowed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Narrowed {
    Current,
    Unread,
    Mine,
    All,
}

impl Narrowed {
    const STEPS: [Self; 4] = [Self::Current, Self::Unread, Self::Mine, Self::All];

    pub(crate) fn next(self) -> Self {
        let place = Self::STEPS.iter().position(|step| *step == self);
        Self::STEPS[place.map_or(0, |place| (place + 1) % Self::STEPS.len())]
    }

    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::Current => "filter-current",
            Self::Unread => "filter-unread",
            Self::Mine => "filter-mine",
            Self::All => "filter-all",
        }
    }

    /// Says in a row of its own above a list what it is narrowed to, where that is not the usual, and
    /// returns what is left.
    pub(super) fn draw(self, canvas: &mut Canvas<'_>, area: Rect, context: &Context<'_>) -> Rect {
        let Some(key) = self.heading() else {
            return area;
        };
        let row = Rect { height: 1, ..area };
        let text = format!(" {}", context.words.text(key));
        canvas.line(row, &text, context.theme.dim, context.look());
        canvas.click(row, Click::Action(Action::Filter));
        Rect {
            y: area.y + 1,
            height: area.height - 1,
            ..area
        }
    }

    const fn heading(self) -> Option<&'static str> {
        match self {
            Self::Current => None,
            Self::Unread => Some("only-unread"),
            Self::Mine => Some("only-mine"),
            Self::All => Some("only-not-current"),
        }
    }

    /// What a list says that has nothing in it.
    pub(crate) const fn nothing(self) -> &'static str {
        match self {
            Self::Unread => "nothing-unread",
            Self::Mine => "nothing-mine",
            Self::Current | Self::All => "nothing-here",
        }
    }

    /// Asks for documents of a kind.
    pub(crate) fn query(self, kind: &str, limit: u32, after: Option<String>) -> Request {
        Request::List(ListQuery {
            kind: Some(kind.to_owned()),
            unread: self == Self::Unread,
            mine: self == Self::Mine,
            states: self.states(kind),
            order: ListOrder::Newest,
            limit: Some(limit),
            after,
            ..ListQuery::default()
        })
    }

    /// Tells whether what waits for the own household stands in such a list: whatever state it is in.
    pub(crate) fn holds(self, view: &DocumentView) -> bool {
        match self {
            Self::Unread => view.unread,
            Self::Mine => view.mine,
            Self::Current | Self::All => true,
        }
    }

    /// The states to which the list is narrowed; every state when none.
    fn states(self, kind: &str) -> Vec<String> {
        let current: &[&str] = match (self, kind) {
            (Self::Current, "notice") => &["published", "corrected"],
            (Self::Current, "request") => &[
                "open",
                "offered",
                "matched",
                "double-booked",
                "in-progress",
                "done",
            ],
            (Self::Current, "standing-offer") => &["standing"],
            (Self::Current, "plan") => {
                &["proposed", "planning", "published", "running", "postponed"]
            }
            _ => &[],
        };
        current.iter().map(ToString::to_string).collect()
    }
}
