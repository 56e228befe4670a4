//! Who somebody is: a household, a guest, an office or a relay; its devices, what it may do in which
//! capacity and who granted that, what does not count; and what can be done from here.

pub(crate) mod page;

use protocol::api::{Answer, Event, Request, RosterView};
use protocol::id::{DeviceId, EntryId, MemberId};
use ratatui::crossterm::event::KeyCode;
use ratatui::layout::Rect;

use super::acts::{self, Acts, Own, RosterAct};
use super::scrolled::{self, Scrolled};
use crate::app::{Action, Binding, Canvas, Context, Failure, Input, Key, Screen, Step};

const TAG_ROSTER: u32 = 1;
const TAG_BLOCKS: u32 = 2;
const TAG_DOORS: u32 = 3;

const KEYS: &[Binding] = &[
    Binding::new(
        &[Key::char('a'), Key::code(KeyCode::Enter)],
        Action::Act,
        "do-act",
    )
    .hinted(),
    Binding::new(&[Key::char('M')], Action::Motions, "do-motions").hinted(),
    scrolled::KEYS[0],
    scrolled::KEYS[1],
    scrolled::KEYS[2],
    scrolled::KEYS[3],
    scrolled::KEYS[4],
    scrolled::KEYS[5],
    scrolled::KEYS[6],
];

/// Who is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Who {
    /// A household, a guest or an office.
    Member(MemberId),
    /// A household without a device.
    Recorded(EntryId),
    /// A relay.
    Relay(DeviceId),
}

impl Who {
    /// Whether it is the reader's own household.
    pub(crate) fn is_own(self, context: &Context<'_>) -> bool {
        context.known.me().map(Self::Member) == Some(self)
    }

    /// What the reader's household may do with it.
    pub(crate) fn acts(self, roster: &RosterView, context: &Context<'_>) -> Vec<RosterAct> {
        let Some(own) = Own::of(roster, context) else {
            return Vec::new();
        };
        let acts = match self {
            Self::Member(id) => {
                let member = roster.members.iter().find(|member| member.id == id);
                member.map(|member| acts::for_member(member, &own))
            }
            Self::Recorded(id) => {
                let mut recorded = roster.recorded.iter();
                let recorded = recorded.find(|recorded| recorded.id == id);
                recorded.map(|recorded| acts::for_recorded(recorded, &own))
            }
            Self::Relay(device) => {
                let relay = roster.relays.iter().find(|relay| relay.device == device);
                relay.map(|relay| acts::for_relay(relay, &own))
            }
        };
        acts.unwrap_or_default()
    }
}

/// The page.
#[derive(Debug)]
pub struct Person {
    who: Who,
    roster: RosterView,
    scrolled: Scrolled,
}

impl Person {
    /// Makes the page, with what a list knew until the node answers.
    pub(crate) fn new(who: Who, roster: RosterView) -> Self {
        Self {
            who,
            roster,
            scrolled: Scrolled::default(),
        }
    }

    fn choose_act(&self, context: &Context<'_>) -> Step {
        let acts = self.who.acts(&self.roster, context);
        match acts.is_empty() {
            true => Step::stay().remark(context.words.text("nothing-to-do-with")),
            false => Step::open(Acts::of_roster("acts-title", acts)),
        }
    }
}

impl Screen for Person {
    fn title(&self, context: &Context<'_>) -> String {
        page::title(self.who, &self.roster, context)
    }

    fn keys(&self) -> &'static [Binding] {
        KEYS
    }

    fn update(&mut self, input: Input<'_>, context: &Context<'_>) -> Step {
        match input {
            Input::Shown | Input::Event(Event::Roster | Event::Missed) => {
                let step = Step::stay().ask(TAG_BLOCKS, Request::Blocks);
                let step = match self.who.is_own(context) {
                    true => step.ask(TAG_DOORS, Request::Doors),
                    false => step,
                };
                step.ask(TAG_ROSTER, Request::Roster)
            }
            Input::Event(Event::Documents { .. }) if self.who.is_own(context) => {
                Step::stay().ask(TAG_DOORS, Request::Doors)
            }
            Input::Action(Action::Act) => self.choose_act(context),
            Input::Action(action) => self.scrolled.act(action),
            Input::Answered { outcome, .. } => match outcome {
                Ok(Answer::Roster(roster)) => {
                    self.roster = (**roster).clone();
                    Step::stay()
                }
                Err(Failure::Refused(refusal)) => Step::stay().remark(refusal.message.clone()),
                _ => Step::stay(),
            },
            _ => Step::ignored(),
        }
    }

    fn draw(&mut self, canvas: &mut Canvas<'_>, area: Rect, context: &Context<'_>) {
        canvas.fill(area, context.theme.text);
        let blocks = page::blocks(self.who, &self.roster, context);
        self.scrolled.draw(canvas, area, &blocks, context);
    }
}
