//! Help that the own household gave and got, and how much there was in the whole neighbourhood.

use protocol::api::{Answer, DocumentView, Event, ListQuery, Request};
use ratatui::layout::Rect;

use super::message;
use super::scrolled::{self, Scrolled};
use crate::app::{Binding, Canvas, Context, Failure, Input, Screen, Step};
use crate::helped::{Help, Helped, hours};
use crate::text::styled::StyledText;

/// Requests that are asked for at once.
const PAGE: u32 = 500;
/// Requests that are read at most: the totals are then those of the newest.
const READ_MAX: usize = 20_000;

/// The page.
#[derive(Debug, Default)]
pub struct HelpGiven {
    read: Reading,
    /// Which reading it is: answers to an earlier one mean nothing.
    tag: u32,
    scrolled: Scrolled,
    failure: Option<String>,
}

/// Requests that are being read, page by page.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    requests: Vec<DocumentView>,
    is_whole: bool,
}

impl Reading {
    /// Begins anew.
    pub(crate) fn begin(&mut self) -> Request {
        *self = Self::default();
        Self::question(None)
    }

    fn question(after: Option<String>) -> Request {
        Request::List(ListQuery {
            limit: Some(PAGE),
            after,
            ..Helped::query()
        })
    }

    /// Takes a page, and returns what to ask for the next one.
    pub(crate) fn take(
        &mut self,
        items: &[DocumentView],
        next: Option<&String>,
    ) -> Option<Request> {
        self.requests.extend_from_slice(items);
        let next = next.filter(|_| self.requests.len() < READ_MAX);
        self.is_whole = next.is_none();
        next.map(|next| Self::question(Some(next.clone())))
    }

    /// What was read, once that is all.
    pub(crate) fn helped(&self, context: &Context<'_>) -> Option<Helped> {
        let me = context.known.me();
        self.is_whole.then(|| Helped::of(&self.requests, me))
    }
}

impl HelpGiven {
    /// Makes the page.
    pub fn new() -> Self {
        Self::default()
    }
}

/// Says it all, a line each; headings stand alone.
pub(crate) fn blocks(helped: &Helped, context: &Context<'_>) -> Vec<StyledText> {
    let (words, theme) = (context.words, context.theme);
    let mut blocks = Vec::new();
    let parts = [
        ("help-given", &helped.given, true),
        ("help-received", &helped.received, false),
    ];
    for (key, helps, is_given) in parts {
        blocks.push(StyledText::new().with(&words.text(key), theme.heading));
        if helps.is_empty() {
            blocks.push(StyledText::new().with(&words.text("help-none"), theme.dim));
        }
        blocks.extend(helps.iter().map(|help| line(help, is_given, context)));
        blocks.push(StyledText::plain(""));
    }
    let values = [
        ("helps", helped.helps.into()),
        ("hours", hours(helped.minutes).into()),
    ];
    blocks.push(StyledText::new().with(&words.text("help-all"), theme.heading));
    blocks.push(StyledText::plain(words.with("help-totals", &values)));
    blocks.push(StyledText::new().with(&words.text("help-no-balance"), theme.dim));
    blocks
}

fn line(help: &Help, is_given: bool, context: &Context<'_>) -> StyledText {
    let (words, theme) = (context.words, context.theme);
    let (key, other) = match (is_given, &help.for_household) {
        (true, Some(household)) => ("help-to", words.recorded(household)),
        (true, None) => ("help-to", words.member(&help.requester)),
        (false, _) => ("help-by", words.member(&help.helper)),
    };
    let other = words.with(key, &[("name", other.into())]);
    let mut parts = vec![help.title.clone(), other];
    parts.extend(help.minutes.map(|minutes| {
        let values = [("hours", hours(minutes).into())];
        words.with("help-hours", &values)
    }));
    let text = parts.join(&format!(" {} ", theme.marks.between));
    StyledText::plain(format!("{} {text}", theme.marks.done))
}

impl Screen for HelpGiven {
    fn title(&self, context: &Context<'_>) -> String {
        context.words.text("helped-title")
    }

    fn keys(&self) -> &'static [Binding] {
        &scrolled::KEYS
    }

    fn update(&mut self, input: Input<'_>, _context: &Context<'_>) -> Step {
        match input {
            Input::Shown | Input::Event(Event::Documents { .. } | Event::Missed) => {
                self.tag = self.tag.wrapping_add(1);
                Step::stay().ask(self.tag, self.read.begin())
            }
            Input::Action(action) => self.scrolled.act(action),
            Input::Answered { tag, outcome } if tag == self.tag => match outcome {
                Ok(Answer::Documents { items, next, .. }) => {
                    match self.read.take(items, next.as_ref()) {
                        Some(question) => Step::stay().ask(tag, question),
                        None => Step::stay(),
                    }
                }
                Err(Failure::Refused(refusal)) => {
                    self.failure = Some(refusal.message.clone());
                    Step::stay()
                }
                _ => Step::stay(),
            },
            Input::Answered { .. } => Step::stay(),
            _ => Step::ignored(),
        }
    }

    fn draw(&mut self, canvas: &mut Canvas<'_>, area: Rect, context: &Context<'_>) {
        canvas.fill(area, context.theme.text);
        let Some(helped) = self.read.helped(context) else {
            let failure = self.failure.clone();
            let text = failure.unwrap_or_else(|| context.words.text("loading"));
            return message::draw(canvas, area, &text, context);
        };
        let blocks = blocks(&helped, context);
        self.scrolled.draw(canvas, area, &blocks, context);
    }
}
