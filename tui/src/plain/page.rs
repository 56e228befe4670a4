//! What a page of the line mode is, and what it may say, ask and do.

use std::fmt::Debug;

use protocol::api::{Answer, Confidential, Event, Refusal, Request, Settings};
use protocol::text::Text;

use super::command::Command;
use crate::app::{Context, Failure, Go as ScreenGo, LastThing, Step};
use crate::host::{HostAnswer, HostOrder};

/// Unicode scalar values of a question at most.
const QUESTION_CHARS_MAX: usize = 400;

/// A question to the person: one line that ends where the answer begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The question.
    pub text: String,
    /// Whether the answer must not be shown.
    pub is_secret: bool,
    /// Whether the answer is text, in which no letter is a command.
    pub is_text: bool,
}

impl Question {
    /// A question that numbers and letters answer. What others wrote in it is made harmless (rule
    /// R20).
    pub fn choice(text: String) -> Self {
        Self {
            text: Text::line(&text, QUESTION_CHARS_MAX).into_string(),
            is_secret: false,
            is_text: false,
        }
    }

    /// A question that text answers.
    pub fn text(text: String) -> Self {
        Self {
            is_text: true,
            ..Self::choice(text)
        }
    }

    /// A question whose answer is not shown.
    pub fn secret(text: String) -> Self {
        Self {
            is_secret: true,
            ..Self::text(text)
        }
    }
}

/// Where to go.
#[derive(Debug)]
pub enum Go {
    /// To another page, on top of this one.
    Open(Box<dyn Page>),
    /// To another page, in place of this one.
    Replace(Box<dyn Page>),
    /// Back to the page below.
    Back,
    /// To the menu, with everything else closed: the home is open.
    Begin,
    /// Out of the program.
    Quit,
}

/// What came of an input.
#[derive(Debug, Default)]
pub struct Out {
    /// What to say, in order.
    pub said: Vec<String>,
    /// Questions to the node, each with the page's own number for it.
    pub questions: Vec<(u32, Request)>,
    /// Orders to the host, each with the page's own number for it.
    pub orders: Vec<(u32, HostOrder)>,
    /// Where to go.
    pub go: Option<Go>,
    /// Settings that count from here on.
    pub settings: Option<Settings>,
    /// What it did that may be taken back.
    pub undo: LastThing,
    /// A contact that belongs to a draft, by the draft's name.
    pub contact: Option<(String, Confidential)>,
}

impl Out {
    /// Says a text.
    pub fn say(&mut self, text: impl Into<String>) {
        self.said.push(text.into());
    }

    /// Asks the node.
    pub fn ask(&mut self, tag: u32, request: Request) {
        self.questions.push((tag, request));
    }

    /// Opens a page on top.
    pub fn open(&mut self, page: impl Page + 'static) {
        self.go = Some(Go::Open(Box::new(page)));
    }

    /// Says why there is no answer.
    pub fn fail(&mut self, failure: &Failure, context: &Context<'_>) {
        self.say(match failure {
            Failure::Refused(refusal) => refusal.message.clone(),
            Failure::Unreachable => context.words.text("status-no-node"),
        });
    }

    /// Takes over what a screen's step wants, as far as it can be done in lines.
    pub fn take_step(&mut self, step: Step) {
        self.said.extend(step.remark);
        self.questions.extend(step.questions);
        if !matches!(step.undo, LastThing::Before) {
            self.undo = step.undo;
        }
        self.contact = step.contact.or(self.contact.take());
        if matches!(step.go, Some(ScreenGo::Back | ScreenGo::Posted { .. })) {
            self.go = Some(Go::Back);
        }
    }
}

/// One page: its state, what it says, what it makes of lines.
pub trait Page: Debug + Send {
    /// It was opened, or is on top again: says what it is about, or asks the node for it.
    fn open(&mut self, out: &mut Out, context: &Context<'_>);

    /// The question that it asks.
    fn question(&self, context: &Context<'_>) -> Question;

    /// The name of the words that explain its answers.
    fn help(&self) -> &'static str;

    /// Takes an answer to a question of numbers and letters; tells whether it had a use for it.
    fn choose(&mut self, command: &Command<'_>, out: &mut Out, context: &Context<'_>) -> bool;

    /// Takes an answer to a question of text.
    fn text(&mut self, _text: &str, _out: &mut Out, _context: &Context<'_>) {}

    /// Goes one step back within the page; tells whether there was one.
    fn back(&mut self, _out: &mut Out, _context: &Context<'_>) -> bool {
        false
    }

    /// Takes the node's answer to a question.
    fn answered(
        &mut self,
        _tag: u32,
        outcome: &Result<Answer, Failure>,
        out: &mut Out,
        context: &Context<'_>,
    ) {
        if let Err(failure) = outcome {
            out.fail(failure, context);
        }
    }

    /// Takes the host's answer to an order.
    fn hosted(
        &mut self,
        _tag: u32,
        outcome: &Result<HostAnswer, Refusal>,
        out: &mut Out,
        _context: &Context<'_>,
    ) {
        if let Err(refusal) = outcome {
            out.say(&*refusal.message);
        }
    }

    /// The node told of something.
    fn event(&mut self, _event: &Event, _out: &mut Out, _context: &Context<'_>) {}

    /// The person leaves, or is gone: what is begun must be kept.
    fn leave(&mut self, _out: &mut Out, _context: &Context<'_>) {}
}
