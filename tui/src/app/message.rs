//! What happens to the front end, and what it asks for: plain values on both sides.

use std::path::PathBuf;

use protocol::api::{Answer, Event, Refusal, Request};
use ratatui::crossterm::event::{KeyEvent, MouseEvent};

use super::ScreenId;
use crate::host::{HostAnswer, HostOrder};

/// Something that happened.
#[derive(Clone, Debug)]
pub enum Message {
    /// A key was pressed.
    Key(KeyEvent),
    /// The mouse did something.
    Mouse(MouseEvent),
    /// Text was pasted.
    Paste(String),
    /// The terminal has another size.
    Resized {
        /// Columns.
        width: u16,
        /// Lines.
        height: u16,
    },
    /// Time went on: milliseconds since 1970.
    Tick(i64),
    /// The node told of something.
    Event(Event),
    /// The node answered a screen.
    Answered {
        /// Whom.
        ticket: Ticket,
        /// What.
        outcome: Result<Answer, Failure>,
    },
    /// The host carried an order out, or could not.
    Hosted {
        /// Whom it concerns.
        ticket: Ticket,
        /// What came of it.
        outcome: Result<HostAnswer, Refusal>,
    },
    /// The node can be reached, or no longer.
    Reachable(bool),
    /// Something beside the front end failed by a fault of the program.
    Fault {
        /// The file that it is recorded in; without one it is shown at the end.
        file: Option<PathBuf>,
    },
    /// The terminal goes away: what is begun must be kept.
    HangUp,
}

/// Something to be done outside.
#[derive(Clone, Debug, PartialEq)]
pub enum Task {
    /// Ask the node.
    Ask {
        /// Who wants the answer.
        ticket: Ticket,
        /// What to ask.
        request: Request,
    },
    /// Let the host do something.
    Host {
        /// Who wants the answer.
        ticket: Ticket,
        /// What to do.
        order: HostOrder,
    },
    /// Ring the terminal's bell.
    Bell,
    /// Give the terminal back until the person returns.
    Suspend,
    /// End.
    Quit,
}

/// Names a question: the screen that asked, and what it calls the question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ticket {
    /// The screen; none for the front end itself.
    pub screen: Option<ScreenId>,
    /// The screen's own number for it.
    pub tag: u32,
}

/// Why a question brought no answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Failure {
    /// The node refused.
    Refused(Refusal),
    /// No node can be reached. The front end asks again when there is one.
    Unreachable,
}
