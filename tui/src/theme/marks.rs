//! Marks for states, and borders, in Unicode and in ASCII.
//!
//! Marks are one column wide in every terminal, also in those that draw characters of ambiguous
//! width two columns wide for Chinese: no ●, ▲, ↑, · or …. Lines of borders are ambiguous whatever
//! one chooses, so a terminal that draws them wide needs the ASCII shapes.

use ratatui::symbols::border;

/// Which characters marks and borders are made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shapes {
    /// Unicode.
    #[default]
    Unicode,
    /// ASCII, for terminals and fonts that have no more.
    Ascii,
}

impl Shapes {
    /// The marks.
    pub const fn marks(self) -> &'static Marks {
        match self {
            Self::Unicode => &UNICODE,
            Self::Ascii => &ASCII,
        }
    }
}

/// A mark for each state, one column each, and borders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Marks {
    /// Not read yet.
    pub unread: &'static str,
    /// Urgent.
    pub urgent: &'static str,
    /// Important.
    pub important: &'static str,
    /// Went well, done, acknowledged.
    pub done: &'static str,
    /// Under way, or waiting for something.
    pub waiting: &'static str,
    /// Waits for the reader to act.
    pub awaited: &'static str,
    /// Failed, refused, or over.
    pub failed: &'static str,
    /// Needs care: incomplete, set by several at once.
    pub warning: &'static str,
    /// Written by the reader's own household.
    pub own: &'static str,
    /// The chosen line.
    pub selected: &'static str,
    /// A part that can be opened.
    pub closed: &'static str,
    /// A part that can be closed.
    pub opened: &'static str,
    /// Something was cut off here.
    pub cut: &'static str,
    /// Stands between parts of a line.
    pub between: &'static str,
    /// The part of a scroll bar that is on screen.
    pub scrolled: &'static str,
    /// Frames.
    pub border: border::Set<'static>,
}

impl Marks {
    /// All marks with their names, borders left out.
    pub fn all(&self) -> [(&'static str, &'static str); 15] {
        [
            ("unread", self.unread),
            ("urgent", self.urgent),
            ("important", self.important),
            ("done", self.done),
            ("waiting", self.waiting),
            ("awaited", self.awaited),
            ("failed", self.failed),
            ("warning", self.warning),
            ("own", self.own),
            ("selected", self.selected),
            ("closed", self.closed),
            ("opened", self.opened),
            ("cut", self.cut),
            ("between", self.between),
            ("scrolled", self.scrolled),
        ]
    }
}

const UNICODE: Marks = Marks {
    unread: "◉",
    urgent: "!",
    important: "▴",
    done: "✓",
    waiting: "◔",
    awaited: "➤",
    failed: "✗",
    warning: "?",
    own: "✎",
    selected: "▸",
    closed: "▹",
    opened: "▿",
    cut: "⋯",
    between: "∙",
    scrolled: "▐",
    border: border::PLAIN,
};

const ASCII: Marks = Marks {
    unread: "*",
    urgent: "!",
    important: "^",
    done: "v",
    waiting: "o",
    awaited: "@",
    failed: "x",
    warning: "?",
    own: "&",
    selected: ">",
    closed: "+",
    opened: "-",
    cut: "~",
    between: "|",
    scrolled: "#",
    border: border::Set {
        top_left: "+",
        top_right: "+",
        bottom_left: "+",
        bottom_right: "+",
        vertical_left: "|",
        vertical_right: "|",
        horizontal_top: "-",
        horizontal_bottom: "-",
    },
};
