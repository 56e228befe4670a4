//! What a screen is. Screens live in `crate::screen`, one file each.

use std::fmt::Debug;

use protocol::api::{self, Answer, Event, Refusal, Settings};
use protocol::id::DocumentId;
use ratatui::crossterm::event::KeyEvent;
use ratatui::layout::Rect;

use super::{Action, Binding, Canvas, Failure, FieldSort, Known, Step};
use crate::host::{HostAnswer, Stage};
use crate::text::AmbiguousWidth;
use crate::theme::Theme;
use crate::widget::Look;
use crate::words::{Clock, Values, Words};

/// Names a screen of the stack for as long as the program runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ScreenId(pub u64);

/// What every screen may look at.
#[derive(Debug)]
pub struct Context<'a> {
    /// The texts of the language.
    pub words: &'a Words,
    /// Colours and symbols.
    pub theme: &'a Theme,
    /// What the person has chosen.
    pub settings: &'a Settings,
    /// The reader's clock and time zone.
    pub clock: &'a Clock,
    /// What is known of the node.
    pub known: &'a Known,
    /// The demonstration's households.
    pub stage: Option<&'a Stage>,
    /// Columns of the terminal.
    pub width: u16,
    /// Lines of the terminal.
    pub height: u16,
}

impl Context<'_> {
    /// Says what the values of fields mean.
    pub fn values(&self) -> Values<'_> {
        Values {
            words: self.words,
            names: &self.known.names,
            clock: self.clock,
        }
    }

    /// How this terminal is drawn on.
    pub fn look(&self) -> Look {
        Look {
            ambiguous: match self.settings.ambiguous_width {
                api::AmbiguousWidth::Wide => AmbiguousWidth::Wide,
                api::AmbiguousWidth::Auto | api::AmbiguousWidth::Narrow => AmbiguousWidth::Narrow,
            },
            ascii: self.settings.ascii_borders || self.known.hints.ascii,
            large: self.settings.large_type,
        }
    }
}

/// What a screen is told.
#[derive(Clone, Copy, Debug)]
pub enum Input<'a> {
    /// The screen was opened, or is on top again, or the node can be reached again: it asks for
    /// what it shows.
    Shown,
    /// A key of the keymap, a click or the palette.
    Action(Action),
    /// A key for the field that has the focus.
    Key(&'a KeyEvent),
    /// Text was pasted.
    Paste(&'a str),
    /// A place that the screen made clickable.
    Clicked(u32),
    /// The screen on top has closed with a text.
    Chosen(&'a str),
    /// The screen on top has closed because a document was published: it is to be seen here.
    Posted(DocumentId),
    /// The node's answer to a question.
    Answered {
        /// The question's number.
        tag: u32,
        /// The answer.
        outcome: &'a Result<Answer, Failure>,
    },
    /// The host's answer to an order.
    Hosted {
        /// The order's number.
        tag: u32,
        /// The answer.
        outcome: &'a Result<HostAnswer, Refusal>,
    },
    /// The node told of something.
    Event(&'a Event),
    /// Time went on.
    Tick,
    /// The terminal goes away: what is begun must be saved.
    HangUp,
}

/// How much of the terminal a screen takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layer {
    /// All between the title and the status line.
    Full,
    /// A popup of this size at most, over what lies below.
    Popup {
        /// Columns with the border.
        width: u16,
        /// Lines with the border.
        height: u16,
    },
}

/// One screen: its state, what it does with inputs, how it looks.
pub trait Screen: Debug + Send {
    /// The title, in the language.
    fn title(&self, context: &Context<'_>) -> String;

    /// The screen's own keys.
    fn keys(&self) -> &'static [Binding];

    /// Whether a field has the focus, so that characters are text.
    fn is_typing(&self) -> bool {
        false
    }

    /// What sort of field has the focus, while one has it.
    fn field(&self) -> FieldSort {
        FieldSort::Line
    }

    /// How much of the terminal it takes.
    fn layer(&self) -> Layer {
        Layer::Full
    }

    /// Whether the bar of main screens is shown and its keys work.
    fn shows_tabs(&self) -> bool {
        true
    }

    /// Whether an action of its own keys comes to something as things stand: what does not is not
    /// hinted.
    fn avails(&self, _action: Action, _context: &Context<'_>) -> bool {
        true
    }

    /// Takes an input. It does no input or output itself.
    fn update(&mut self, input: Input<'_>, context: &Context<'_>) -> Step;

    /// Draws. It may remember the layout it chose (how far a list is scrolled), and nothing else.
    fn draw(&mut self, canvas: &mut Canvas<'_>, area: Rect, context: &Context<'_>);
}
