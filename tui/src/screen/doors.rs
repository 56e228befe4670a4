//! Doors: where to knock, as households tell the leads of their building in confidence. A lead reads
//! them here; the own household's stands on its page as well, where it is told and withdrawn.

use protocol::api::{Answer, DoorView, Event, MemberRef, Request, RosterMember, RosterView};
use protocol::id::MemberId;
use protocol::text::Text;
use ratatui::layout::Rect;

use super::message;
use super::people::rows::names;
use super::scrolled::{self, Scrolled};
use crate::app::{Binding, Canvas, Context, Failure, Input, Screen, Step};
use crate::text::styled::StyledText;

const TAG_READ: u32 = 1;

/// The screen.
#[derive(Debug, Default)]
pub struct Doors {
    doors: Option<Vec<DoorView>>,
    failure: Option<String>,
    scrolled: Scrolled,
}

impl Doors {
    /// Makes the screen.
    pub fn new() -> Self {
        Self::default()
    }
}

impl Screen for Doors {
    fn title(&self, context: &Context<'_>) -> String {
        context.words.text("doors-title")
    }

    fn keys(&self) -> &'static [Binding] {
        &scrolled::KEYS
    }

    fn update(&mut self, input: Input<'_>, _context: &Context<'_>) -> Step {
        match input {
            Input::Shown
            | Input::Event(Event::Documents { .. } | Event::Roster | Event::Missed) => {
                Step::stay().ask(TAG_READ, Request::Doors)
            }
            Input::Action(action) => self.scrolled.act(action),
            Input::Answered { outcome, .. } => {
                match outcome {
                    Ok(Answer::Doors { doors }) => self.doors = Some(doors.clone()),
                    Err(Failure::Refused(refusal)) => {
                        self.failure = Some(refusal.message.clone());
                    }
                    _ => {}
                }
                Step::stay()
            }
            _ => Step::ignored(),
        }
    }

    fn draw(&mut self, canvas: &mut Canvas<'_>, area: Rect, context: &Context<'_>) {
        canvas.fill(area, context.theme.text);
        let words = context.words;
        match &self.doors {
            Some(doors) if !doors.is_empty() => {
                let blocks = blocks(doors, context);
                self.scrolled.draw(canvas, area, &blocks, context);
            }
            Some(_) => message::draw(canvas, area, &words.text("doors-none"), context),
            None => {
                let failure = self.failure.clone();
                let text = failure.unwrap_or_else(|| words.text("loading"));
                message::draw(canvas, area, &text, context);
            }
        }
    }
}

/// Says all doors that the household may read, from house to house.
pub(crate) fn blocks(doors: &[DoorView], context: &Context<'_>) -> Vec<StyledText> {
    let (words, theme) = (context.words, context.theme);
    let explained = words.text("doors-explained");
    let mut blocks = vec![StyledText::new().with(&explained, theme.dim)];
    for door in doors {
        let name = words.member(&door.household);
        let name = match context.known.me() == Some(door.household.id) {
            true => words.with("name-own", &[("name", name.into())]),
            false => name,
        };
        let since = context.clock.past(words, door.since_ms);
        let since = format!(" {} {since}", theme.marks.between);
        let head = StyledText::new().with(&name, theme.heading);
        blocks.push(StyledText::plain(""));
        blocks.push(head.with(&since, theme.dim));
        blocks.push(told(door));
    }
    blocks
}

/// What stands on the page of the own household: what it tells the leads of its building, who can
/// read it, and who leads the building and cannot yet.
pub(crate) fn own_blocks(
    member: &RosterMember,
    roster: &RosterView,
    context: &Context<'_>,
) -> Vec<StyledText> {
    if context.known.me() != Some(member.id) {
        return Vec::new();
    }
    let (words, theme) = (context.words, context.theme);
    let door = context.known.door();
    if door.is_none() && member.building.is_none() {
        return Vec::new();
    }
    let leads = leads_of(member, roster);
    let mut blocks = vec![
        StyledText::plain(""),
        StyledText::new().with(&words.text("door-title"), theme.heading),
    ];
    let Some(door) = door else {
        let key = match leads.is_empty() {
            true => "door-not-told-no-lead",
            false => "door-not-told",
        };
        let said = words.with(key, &[("leads", names(&leads, roster, context).into())]);
        blocks.push(StyledText::new().with(&said, theme.dim));
        return blocks;
    };
    blocks.push(told(door));
    let readers = &door.readers;
    let called: Vec<String> = readers.iter().map(|one| words.member(one)).collect();
    let called = called.join(&words.text("between-names"));
    let key = match readers.is_empty() {
        true => "door-read-by-nobody",
        false => "door-read-by",
    };
    let said = words.with(key, &[("readers", called.into())]);
    blocks.push(StyledText::new().with(&said, theme.dim));
    let reads = |lead: &MemberId| readers.iter().any(|one: &MemberRef| one.id == *lead);
    let awaited: Vec<MemberId> = leads.into_iter().filter(|lead| !reads(lead)).collect();
    if !awaited.is_empty() {
        let leads = names(&awaited, roster, context);
        let said = words.with("door-not-read-yet", &[("leads", leads.into())]);
        blocks.push(StyledText::new().with(&said, theme.dim));
    }
    blocks
}

/// Who else leads the building of a household.
fn leads_of(household: &RosterMember, roster: &RosterView) -> Vec<MemberId> {
    let others = roster.members.iter();
    let others = others.filter(|one| one.id != household.id && !one.removed);
    let leads = others.filter(|one| {
        one.roles.iter().any(|role| {
            !role.cut && role.role == "building-lead" && role.building == household.building
        })
    });
    leads.map(|lead| lead.id).collect()
}

/// What a household told, set off so that none of its lines looks like one of the program's.
fn told(door: &DoorView) -> StyledText {
    let harmless = Text::paragraphs(door.door.expose(), usize::MAX).into_string();
    let lines: Vec<String> = harmless.lines().map(|line| format!("  {line}")).collect();
    StyledText::plain(lines.join("\n"))
}
