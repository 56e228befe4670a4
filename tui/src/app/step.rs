//! What a screen answers to an input: tasks for outside, and where to go.

use protocol::api::{Confidential, Request, Settings};
use protocol::id::DocumentId;

use super::{Action, Screen, Undo};
use crate::host::HostOrder;

/// What came of an input.
#[derive(Debug, Default)]
pub struct Step {
    /// Whether the screen had a use for the input. What it ignores, the front end may use.
    pub ignored: bool,
    /// Questions to the node, each with the screen's own number for it.
    pub questions: Vec<(u32, Request)>,
    /// Orders to the host, each with the screen's own number for it.
    pub orders: Vec<(u32, HostOrder)>,
    /// Where to go.
    pub go: Option<Go>,
    /// What to tell the person, in the status line.
    pub remark: Option<String>,
    /// What it did that may be taken back.
    pub undo: LastThing,
    /// Settings that count from here on.
    pub settings: Option<Settings>,
    /// A contact that belongs to a draft, by the draft's name; none is there when it is empty.
    pub contact: Option<(String, Confidential)>,
}

/// The last thing that was done, to be taken back by one key.
#[derive(Debug, Default)]
pub enum LastThing {
    /// Nothing was done: it is what it was before.
    #[default]
    Before,
    /// It was done, and this takes it back.
    Undoable(Undo),
    /// It was done and stays, and nothing older is taken back in its place.
    Final,
}

/// Where to go.
#[derive(Debug)]
pub enum Go {
    /// To another screen, on top of this one.
    Open(Box<dyn Screen>),
    /// To another screen, in place of this one.
    Replace(Box<dyn Screen>),
    /// Back to the screen below.
    Back,
    /// Back, and let the screen below do something.
    BackAnd(Action),
    /// Back, and let the screen below take a text: what was chosen or typed here.
    BackWith(String),
    /// Back to where what was just written is listed: the screen below, or the main screen of its
    /// kind where the one below lists something else.
    Posted {
        /// The document's kind.
        kind: &'static str,
        /// The document.
        document: DocumentId,
    },
    /// To the main screens, with everything else closed: the home is open.
    Begin,
    /// Out of the program.
    Quit,
}

impl Step {
    /// Nothing but a changed screen.
    pub fn stay() -> Self {
        Self::default()
    }

    /// The screen has no use for the input.
    pub fn ignored() -> Self {
        Self {
            ignored: true,
            ..Self::default()
        }
    }

    /// Goes somewhere.
    pub fn go(go: Go) -> Self {
        Self {
            go: Some(go),
            ..Self::default()
        }
    }

    /// Opens a screen on top.
    pub fn open(screen: impl Screen + 'static) -> Self {
        Self::go(Go::Open(Box::new(screen)))
    }

    /// Asks the node.
    #[must_use]
    pub fn ask(mut self, tag: u32, request: Request) -> Self {
        self.questions.push((tag, request));
        self
    }

    /// Gives the host an order.
    #[must_use]
    pub fn order(mut self, tag: u32, order: HostOrder) -> Self {
        self.orders.push((tag, order));
        self
    }

    /// Tells the person something.
    #[must_use]
    pub fn remark(mut self, text: impl Into<String>) -> Self {
        self.remark = Some(text.into());
        self
    }

    /// Says what takes it back.
    #[must_use]
    pub fn undo(self, request: Request) -> Self {
        self.undo_by(Undo::Request(request))
    }

    /// Says how it is taken back.
    #[must_use]
    pub fn undo_by(mut self, undo: Undo) -> Self {
        self.undo = LastThing::Undoable(undo);
        self
    }

    /// Says that something was done for good.
    #[must_use]
    pub fn done_for_good(mut self) -> Self {
        self.undo = LastThing::Final;
        self
    }

    /// Keeps the contact of a draft for as long as the program runs.
    #[must_use]
    pub fn keep_contact(mut self, draft: String, contact: Confidential) -> Self {
        self.contact = Some((draft, contact));
        self
    }

    /// Goes back as well.
    #[must_use]
    pub fn and_back(mut self) -> Self {
        self.go = Some(Go::Back);
        self
    }
}
