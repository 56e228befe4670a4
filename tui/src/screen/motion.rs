//! One motion: what it asks, who moved and co-signed it in which capacity, how many more have to; and
//! signing it or putting it in force.

use protocol::api::{Answer, Event, MotionView, Request};
use protocol::id::EntryId;
use ratatui::crossterm::event::KeyCode;
use ratatui::layout::Rect;

use super::acts::{self, Acts};
use super::message;
use super::motions::told;
use super::scrolled::{self, Scrolled};
use crate::app::{Action, Binding, Canvas, Context, Failure, Input, Key, Screen, Step};

const TAG_MOTIONS: u32 = 1;

const KEYS: &[Binding] = &[
    Binding::new(
        &[Key::char('a'), Key::code(KeyCode::Enter)],
        Action::Open,
        "do-act",
    )
    .hinted(),
    scrolled::KEYS[0],
    scrolled::KEYS[1],
    scrolled::KEYS[2],
    scrolled::KEYS[3],
    scrolled::KEYS[4],
    scrolled::KEYS[5],
    scrolled::KEYS[6],
];

/// The page.
#[derive(Debug)]
pub struct Motion {
    id: EntryId,
    motions: Vec<MotionView>,
    scrolled: Scrolled,
    failure: Option<String>,
}

impl Motion {
    /// Makes the page of a motion, with what a list knew until the node answers.
    pub fn new(id: EntryId, motions: Vec<MotionView>) -> Self {
        Self {
            id,
            motions,
            scrolled: Scrolled::default(),
            failure: None,
        }
    }

    fn open(&self, context: &Context<'_>) -> Step {
        let motion = told::find(&self.motions, self.id);
        let acts = motion.map_or_else(Vec::new, |motion| acts::for_motion(motion, context));
        match acts.is_empty() {
            true => Step::stay().remark(context.words.text("nothing-to-sign")),
            false => Step::open(Acts::of_roster("acts-title", acts)),
        }
    }
}

impl Screen for Motion {
    fn title(&self, context: &Context<'_>) -> String {
        match told::find(&self.motions, self.id) {
            Some(motion) => told::asks(&motion.moved, context),
            None => context.words.text("motions-title"),
        }
    }

    fn keys(&self) -> &'static [Binding] {
        KEYS
    }

    fn shows_tabs(&self) -> bool {
        false
    }

    fn update(&mut self, input: Input<'_>, context: &Context<'_>) -> Step {
        match input {
            Input::Shown | Input::Event(Event::Roster | Event::Missed) => {
                Step::stay().ask(TAG_MOTIONS, Request::Motions)
            }
            Input::Action(Action::Open) => self.open(context),
            Input::Action(action) => self.scrolled.act(action),
            Input::Answered { outcome, .. } => {
                match outcome {
                    Ok(Answer::Motions { motions, .. }) => self.motions.clone_from(motions),
                    Err(Failure::Refused(refusal)) => self.failure = Some(refusal.message.clone()),
                    _ => {}
                }
                Step::stay()
            }
            _ => Step::ignored(),
        }
    }

    fn draw(&mut self, canvas: &mut Canvas<'_>, area: Rect, context: &Context<'_>) {
        canvas.fill(area, context.theme.text);
        let Some(motion) = told::find(&self.motions, self.id) else {
            let text = match &self.failure {
                Some(failure) => failure.clone(),
                None => context.words.text("loading"),
            };
            return message::draw(canvas, area, &text, context);
        };
        let blocks = told::blocks(motion, &self.motions, context);
        // What it asks stands in the title already, also behind a popup.
        self.scrolled.draw(canvas, area, &blocks[1..], context);
    }
}
