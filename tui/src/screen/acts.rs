//! What the reader may do beside reading, as a popup to choose from. With a document: offer help,
//! accept, confirm, withdraw, acknowledge, take a plan a step on, tell in confidence how one can be
//! reached, erase. With the roster: give and take roles, remove, readmit, sign a motion.
//!
//! It only knows what is worth offering; whether an act counts is the node's to say.

mod act;
mod confirm;
mod moderating;
mod occasion;
mod offered;
mod roster_act;

use protocol::api::{Answer, DetailView, DocumentView};
use ratatui::layout::Rect;

pub use act::{Act, facts, name_of};
pub(crate) use act::{Confirmed, Doing};
pub(crate) use act::{is_own, own_withdrawal, undo_of_fact};
pub use occasion::possible;
pub(crate) use occasion::with_merges;
pub(crate) use offered::{
    Own, acted_as, awaits_me, for_member, for_motion, for_recorded, for_relay, motions_to_make,
};
pub(crate) use roster_act::{RosterAct, blocking, done};

use super::choices::{self, Choices, Chose};
use super::invitation::ShowInvitation;
use crate::app::{Binding, Canvas, Context, Failure, Go, Input, Layer, Screen, Step, Undo};
use crate::text::styled::StyledText;
use crate::widget::Paragraph;
use confirm::Confirm;

const TAG_WRITTEN: u32 = 1;

/// What the acts are about.
#[derive(Debug)]
enum Of {
    /// A document.
    Document(Box<DocumentView>, Vec<Act>),
    /// The roster.
    Roster(Vec<RosterAct>),
}

impl Of {
    fn count(&self) -> usize {
        match self {
            Self::Document(_, acts) => acts.len(),
            Self::Roster(acts) => acts.len(),
        }
    }

    fn labels(&self, context: &Context<'_>) -> Vec<String> {
        match self {
            Self::Document(view, acts) => {
                let acts = acts.iter();
                acts.map(|act| act.label(&view.kind, context)).collect()
            }
            Self::Roster(acts) => acts.iter().map(|act| act.label(context)).collect(),
        }
    }

    fn doing(&self, place: usize) -> Option<Doing> {
        match self {
            Self::Document(view, acts) => acts.get(place).map(|act| act.doing(view)),
            Self::Roster(acts) => acts.get(place).map(RosterAct::doing),
        }
    }
}

/// The popup.
#[derive(Debug)]
pub struct Acts {
    title: &'static str,
    of: Of,
    choices: Choices,
    /// Which act the node is asked to do.
    chosen: Option<usize>,
    refusal: Option<String>,
}

impl Acts {
    /// Makes the popup for a document.
    pub fn new(view: DocumentView, acts: Vec<Act>) -> Self {
        Self::of("acts-title", Of::Document(Box::new(view), acts))
    }

    /// Makes the popup for the roster.
    pub(crate) fn of_roster(title: &'static str, acts: Vec<RosterAct>) -> Self {
        Self::of(title, Of::Roster(acts))
    }

    fn of(title: &'static str, of: Of) -> Self {
        Self {
            title,
            of,
            choices: Choices::default(),
            chosen: None,
            refusal: None,
        }
    }

    fn choose(&mut self, place: usize) -> Step {
        if self.chosen.is_some() {
            return Step::stay();
        }
        match self.of.doing(place) {
            None => Step::stay(),
            Some(Doing::Form(composer)) => Step::go(Go::Replace(composer)),
            Some(Doing::Confirmed(confirmed)) => {
                Step::go(Go::Replace(Box::new(Confirm::new(confirmed))))
            }
            Some(Doing::Choice(title, acts)) => {
                Step::go(Go::Replace(Box::new(Self::of_roster(title, acts))))
            }
            Some(Doing::Request(request)) => {
                self.chosen = Some(place);
                Step::stay().ask(TAG_WRITTEN, request)
            }
        }
    }

    fn written(&mut self, answer: &Answer, place: Option<usize>, context: &Context<'_>) -> Step {
        if let Answer::EnrolmentCode {
            code, expires_ms, ..
        } = answer
        {
            let shown = ShowInvitation::of_device(code.clone(), *expires_ms);
            return Step::go(Go::Replace(Box::new(shown)));
        }
        let undo = match (&self.of, place) {
            (Of::Roster(acts), Some(place)) => acts.get(place).and_then(|act| {
                let undo = Undo::Request(act.undo(answer)?);
                Some((undo, act.done_undoable()))
            }),
            (Of::Document(view, acts), Some(place)) => {
                acts.get(place).and_then(|act| act.undo(view))
            }
            (_, None) => None,
        };
        match undo {
            Some((undo, done)) => Step::stay()
                .remark(context.words.text(done))
                .undo_by(undo)
                .and_back(),
            None => Step::stay()
                .remark(done(answer, "act-written", context))
                .done_for_good()
                .and_back(),
        }
    }
}

/// Whether letting a document stand longer is the reader's to do.
pub(crate) fn may_renew(view: &DocumentView, context: &Context<'_>) -> bool {
    possible(view, &[], context).iter().any(Act::is_renewal)
}

/// Lets a document stand longer, where that is the reader's to do: asks the node under this tag, or
/// opens what it takes.
pub(crate) fn renew(
    view: &DocumentView,
    details: &[DetailView],
    tag: u32,
    context: &Context<'_>,
) -> Step {
    let acts = possible(view, details, context);
    let renewal = acts.iter().find(|act| act.is_renewal());
    match renewal.map(|act| act.doing(view)) {
        Some(Doing::Request(request)) => Step::stay().ask(tag, request),
        Some(Doing::Form(composer)) => Step::go(Go::Open(composer)),
        _ => Step::stay().remark(context.words.text("nothing-to-renew")),
    }
}

impl Screen for Acts {
    fn title(&self, context: &Context<'_>) -> String {
        context.words.text(self.title)
    }

    fn keys(&self) -> &'static [Binding] {
        choices::KEYS
    }

    fn layer(&self) -> Layer {
        let rows = u16::try_from(self.of.count()).unwrap_or(u16::MAX);
        Layer::Popup {
            width: 56,
            height: rows.saturating_add(4),
        }
    }

    fn update(&mut self, input: Input<'_>, context: &Context<'_>) -> Step {
        if let Input::Answered {
            tag: TAG_WRITTEN,
            outcome,
        } = input
        {
            let place = self.chosen.take();
            self.refusal = match outcome {
                Ok(answer) => return self.written(answer, place, context),
                Err(Failure::Refused(refusal)) => Some(refusal.message.clone()),
                Err(Failure::Unreachable) => Some(context.words.text("status-no-node")),
            };
            return Step::stay();
        }
        match self.choices.update(input, self.of.count()) {
            Chose::Nothing => Step::ignored(),
            Chose::Moved => Step::stay(),
            Chose::One(place) => self.choose(place),
        }
    }

    fn draw(&mut self, canvas: &mut Canvas<'_>, area: Rect, context: &Context<'_>) {
        let refusal = self.refusal.as_ref();
        let refusal = refusal.map(|text| StyledText::new().with(text, context.theme.bad));
        let look = context.look();
        let below = refusal.as_ref().map_or(0, |refusal| {
            let rows = Paragraph::new(refusal).rows(area.width, look);
            u16::try_from(rows).unwrap_or(u16::MAX).min(area.height / 2)
        });
        let list = Rect {
            height: area.height - below,
            ..area
        };
        let labels = self.of.labels(context);
        self.choices.draw(canvas, list, &labels, context);
        if let Some(refusal) = &refusal {
            let rest = Rect {
                y: list.bottom(),
                height: below,
                ..area
            };
            Paragraph::new(refusal).draw(rest, canvas.buffer, look);
        }
    }
}
