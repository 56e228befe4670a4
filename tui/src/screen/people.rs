//! People: who belongs to the neighbourhood, in which roles: households, offices and relays. From
//! here one invites, adds an office, and opens the page of each.

pub(crate) mod rows;

use protocol::api::{Answer, Event, Request, RosterView};
use protocol::id::{DeviceId, EntryId, MemberId};
use protocol::invitation::InvitedAs;
use ratatui::buffer::Buffer;
use ratatui::crossterm::event::KeyCode;
use ratatui::layout::Rect;

use super::acts::{Acts, Doing, Own};
use super::choose::Choose;
use super::doors::Doors;
use super::invitation::ShowInvitation;
use super::person::{Person, Who};
use super::{list_styles, message};
use crate::app::{Action, Binding, Canvas, Click, Context, Failure, Go, Input, Key, Screen, Step};
use crate::text::width::truncate;
use crate::widget::cells;
use crate::widget::list::{List, ListState};
use rows::{member_lines, ordered, recorded_lines, relay_lines};

/// How long an invitation that is made here holds.
const INVITATION_MS: i64 = 7 * 24 * 60 * 60 * 1_000;

const TAG_ROSTER: u32 = 1;
const TAG_INVITED: u32 = 2;
const TAG_BLOCKS: u32 = 3;
const TAG_DOORS: u32 = 4;

const KEYS: &[Binding] = &[
    Binding::new(
        &[
            Key::code(KeyCode::Enter),
            Key::code(KeyCode::Right),
            Key::char('l'),
        ],
        Action::Open,
        "do-open",
    )
    .hinted(),
    Binding::new(&[Key::char('i')], Action::Invite, "do-invite").hinted(),
    Binding::new(&[Key::char('a')], Action::Act, "do-act").hinted(),
    Binding::new(&[Key::char('M')], Action::Motions, "do-motions").hinted(),
    Binding::new(&[Key::char('o')], Action::AddOffice, "act-add-office"),
    Binding::new(&[Key::char('D')], Action::Doors, "do-doors"),
    Binding::new(
        &[Key::code(KeyCode::Up), Key::char('k')],
        Action::Up,
        "do-up",
    ),
    Binding::new(
        &[Key::code(KeyCode::Down), Key::char('j')],
        Action::Down,
        "do-down",
    ),
    Binding::new(&[Key::code(KeyCode::PageUp)], Action::PageUp, "do-page-up"),
    Binding::new(
        &[Key::code(KeyCode::PageDown), Key::char(' ')],
        Action::PageDown,
        "do-page-down",
    ),
    Binding::new(
        &[Key::code(KeyCode::Home), Key::char('g')],
        Action::First,
        "do-first",
    ),
    Binding::new(
        &[Key::code(KeyCode::End), Key::char('G')],
        Action::Last,
        "do-last",
    ),
];

/// One line of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Row {
    /// A line above a section; the name of its words.
    Heading(&'static str),
    /// A household, a guest or an office.
    Member(MemberId),
    /// A household without a device.
    Recorded(EntryId),
    /// A relay.
    Relay(DeviceId),
}

/// The people.
#[derive(Debug)]
pub struct People {
    roster: Option<RosterView>,
    rows: Vec<Row>,
    state: ListState<Row>,
    failure: Option<String>,
    area: Rect,
}

impl People {
    /// Makes the screen.
    pub fn new() -> Self {
        Self {
            roster: None,
            rows: Vec::new(),
            state: ListState::default(),
            failure: None,
            area: Rect::default(),
        }
    }

    fn take(&mut self, roster: &RosterView, context: &Context<'_>) {
        self.failure = None;
        self.rows = list(roster, context.known.me());
        self.roster = Some(roster.clone());
        if self.state.selected().is_none() {
            self.select_first();
        }
    }

    fn select_first(&mut self) {
        self.state.select_first(&self.rows);
        self.state.select_over(&self.rows, 0, is_heading);
    }

    fn selected(&self) -> Option<Who> {
        match self.state.selected()? {
            Row::Heading(_) => None,
            Row::Member(id) => Some(Who::Member(*id)),
            Row::Recorded(id) => Some(Who::Recorded(*id)),
            Row::Relay(device) => Some(Who::Relay(*device)),
        }
    }

    fn open(&self) -> Step {
        match (self.selected(), &self.roster) {
            (Some(who), Some(roster)) => Step::open(Person::new(who, roster.clone())),
            _ => Step::stay(),
        }
    }

    fn invite(&self, context: &Context<'_>) -> Step {
        let things = invitations_to_make(context);
        match things.is_empty() {
            true => Step::stay().remark(context.words.text("may-not-invite")),
            false => Step::open(Choose::new(context.words.text("invite-title"), things)),
        }
    }

    /// Lets one choose what to do with whoever is selected.
    fn choose_act(&self, context: &Context<'_>) -> Step {
        let acts = match (self.selected(), &self.roster) {
            (Some(who), Some(roster)) => who.acts(roster, context),
            _ => Vec::new(),
        };
        match acts.is_empty() {
            true => Step::stay().remark(context.words.text("nothing-to-do-with")),
            false => Step::open(Acts::of_roster("acts-title", acts)),
        }
    }

    fn add_office(&self, context: &Context<'_>) -> Step {
        let roster = self.roster.as_ref();
        let own = roster.and_then(|roster| Own::of(roster, context));
        match own.and_then(|own| own.office()).map(|act| act.doing()) {
            Some(Doing::Form(composer)) => Step::go(Go::Open(composer)),
            _ => Step::stay().remark(context.words.text("may-not-add-office")),
        }
    }

    fn act(&mut self, action: Action, context: &Context<'_>) -> Step {
        match action {
            Action::Up => self.state.select_over(&self.rows, -1, is_heading),
            Action::Down => self.state.select_over(&self.rows, 1, is_heading),
            Action::First => self.select_first(),
            Action::Last => self.state.select_last(&self.rows),
            Action::PageUp | Action::PageDown => {
                let (area, look) = (self.area, context.look());
                let mut state = self.state.clone();
                let down = action == Action::PageDown;
                self.with_list(context, |list| list.page(&mut state, down, area, look));
                self.state = state;
                self.state.select_over(&self.rows, 0, is_heading);
            }
            Action::Open => return self.open(),
            Action::Invite => return self.invite(context),
            Action::Act => return self.choose_act(context),
            Action::AddOffice => return self.add_office(context),
            Action::Doors => return Step::open(Doors::new()),
            _ => return Step::ignored(),
        }
        Step::stay()
    }

    fn with_list(&self, context: &Context<'_>, work: impl FnOnce(&List<'_, Row>)) {
        let list = List {
            ids: &self.rows,
            rows: &|place, _| match self.rows[place] {
                Row::Heading(_) => 1,
                _ => 2,
            },
            draw_item: &|place, area, buffer, selected| {
                self.draw_row(self.rows[place], area, buffer, selected, context);
            },
            is_unread: &|_| false,
            marker: &|_| String::new(),
            lines: &[],
            styles: list_styles(context),
        };
        work(&list);
    }

    fn draw_row(
        &self,
        row: Row,
        area: Rect,
        buffer: &mut Buffer,
        selected: bool,
        context: &Context<'_>,
    ) {
        let (theme, look) = (context.theme, context.look());
        let ground = if selected { theme.selected } else { theme.text };
        cells::clear(buffer, area, ground);
        let Some(roster) = &self.roster else {
            return;
        };
        let lines = match row {
            Row::Heading(key) => {
                let text = format!(" {}", context.words.text(key));
                cells::write(buffer, area, &text, theme.heading, look);
                return;
            }
            row => lines(row, roster, context),
        };
        let Some((name, details, style)) = lines else {
            return;
        };
        let lead = if selected { theme.marks.selected } else { " " };
        let text = format!("{lead} {name}");
        let text = truncate(&text, usize::from(area.width), look.ambiguous);
        let style = if selected { ground } else { style };
        cells::write(buffer, Rect { height: 1, ..area }, &text, style, look);
        if area.height > 1 {
            let second = Rect {
                x: area.x + 3,
                y: area.y + 1,
                width: area.width.saturating_sub(4),
                height: 1,
            };
            let text = truncate(&details, usize::from(second.width), look.ambiguous);
            let style = if selected { ground } else { theme.dim };
            cells::write(buffer, second, &text, style, look);
        }
    }
}

fn is_heading(row: &Row) -> bool {
    matches!(row, Row::Heading(_))
}

/// Who is listed, section by section.
pub(crate) fn list(roster: &RosterView, me: Option<MemberId>) -> Vec<Row> {
    let ordered = ordered(roster, me);
    let members = |is_office: bool| {
        let members = ordered.iter();
        let members = members.filter(move |member| (member.kind == "office") == is_office);
        members.map(|member| Row::Member(member.id))
    };
    let relays = roster.relays.iter().map(|relay| Row::Relay(relay.device));
    let mut recorded: Vec<_> = roster.recorded.iter().collect();
    recorded.sort_by_key(|recorded| recorded.ended.is_some());
    let recorded = recorded.iter().map(|recorded| Row::Recorded(recorded.id));
    let sections: [(&str, Vec<Row>); 4] = [
        ("people-households", members(false).collect()),
        ("people-recorded", recorded.collect()),
        ("people-offices", members(true).collect()),
        ("people-relays", relays.collect()),
    ];
    let sections = sections.into_iter().filter(|(_, rows)| !rows.is_empty());
    sections
        .flat_map(|(heading, rows)| std::iter::once(Row::Heading(heading)).chain(rows))
        .collect()
}

/// The two lines of a row; none for a heading, and for somebody who is gone.
pub(crate) fn lines(
    row: Row,
    roster: &RosterView,
    context: &Context<'_>,
) -> Option<(String, String, ratatui::style::Style)> {
    match row {
        Row::Heading(_) => None,
        Row::Member(id) => {
            let member = roster.members.iter().find(|member| member.id == id)?;
            Some(member_lines(member, roster, context))
        }
        Row::Recorded(id) => {
            let mut recorded = roster.recorded.iter();
            let recorded = recorded.find(|recorded| recorded.id == id)?;
            Some(recorded_lines(recorded, context))
        }
        Row::Relay(device) => {
            let relay = roster.relays.iter().find(|relay| relay.device == device)?;
            Some(relay_lines(relay, context))
        }
    }
}

/// As what the household may invite: what is handed on, and what each is called.
pub(crate) fn invitations_to_make(context: &Context<'_>) -> Vec<(String, String)> {
    let status = context.known.status.as_ref();
    let me = status.and_then(|status| status.me.as_ref());
    let all = me.map_or(&[][..], |me| &me.invites_as).iter();
    all.map(|invited_as| {
        let word = word(*invited_as);
        (
            word.to_owned(),
            context.words.text(&format!("invite-{word}")),
        )
    })
    .collect()
}

/// Asks for an invitation that was chosen.
pub(crate) fn invite_as(chosen: &str) -> Option<Request> {
    let all = [InvitedAs::Household, InvitedAs::Guest, InvitedAs::Relay];
    let invited_as = all.into_iter().find(|one| word(*one) == chosen)?;
    Some(Request::Invite {
        successor_of: None,
        uses: 1,
        lifetime_ms: INVITATION_MS,
        invited_as,
        addresses: Vec::new(),
    })
}

const fn word(invited_as: InvitedAs) -> &'static str {
    match invited_as {
        InvitedAs::Household => "household",
        InvitedAs::Guest => "guest",
        InvitedAs::Relay => "relay",
    }
}

impl Default for People {
    fn default() -> Self {
        Self::new()
    }
}

impl Screen for People {
    fn title(&self, context: &Context<'_>) -> String {
        context.words.text("tab-people")
    }

    fn keys(&self) -> &'static [Binding] {
        KEYS
    }

    fn update(&mut self, input: Input<'_>, context: &Context<'_>) -> Step {
        match input {
            Input::Shown | Input::Event(Event::Roster | Event::Missed) => {
                let step = Step::stay().ask(TAG_BLOCKS, Request::Blocks);
                // A relay has no door, and reads none.
                let step = match context.known.me() {
                    Some(_) => step.ask(TAG_DOORS, Request::Doors),
                    None => step,
                };
                step.ask(TAG_ROSTER, Request::Roster)
            }
            Input::Action(action) => self.act(action, context),
            Input::Chosen(text) => match invite_as(text) {
                Some(request) => Step::stay().ask(TAG_INVITED, request),
                None => Step::stay(),
            },
            Input::Clicked(place) => match self.rows.get(place as usize).copied() {
                Some(Row::Heading(_)) | None => Step::stay(),
                Some(row) if self.state.selected() == Some(&row) => self.open(),
                Some(row) => {
                    self.state.select(&self.rows, &row);
                    Step::stay()
                }
            },
            Input::Answered { tag, outcome } => match outcome {
                Ok(Answer::Roster(roster)) => {
                    self.take(roster, context);
                    Step::stay()
                }
                Ok(Answer::Invitation {
                    invitation,
                    expires_ms,
                    ..
                }) => Step::open(ShowInvitation::new(invitation.clone(), *expires_ms)),
                Err(Failure::Refused(refusal)) if tag == TAG_ROSTER => {
                    self.failure = Some(refusal.message.clone());
                    Step::stay()
                }
                Err(Failure::Refused(refusal)) => Step::stay().remark(refusal.message.clone()),
                _ => Step::stay(),
            },
            _ => Step::ignored(),
        }
    }

    fn draw(&mut self, canvas: &mut Canvas<'_>, area: Rect, context: &Context<'_>) {
        self.area = area;
        canvas.fill(area, context.theme.text);
        if self.rows.is_empty() {
            let text = match &self.failure {
                Some(failure) => failure.clone(),
                None => context.words.text("loading"),
            };
            return message::draw(canvas, area, &text, context);
        }
        let look = context.look();
        let mut state = self.state.clone();
        let mut places = Vec::new();
        self.with_list(context, |list| {
            list.follow(&mut state, area, look);
            list.draw(&state, area, canvas.buffer, look);
            places = list.places(&state, area, look);
        });
        self.state = state;
        for (place, item) in places {
            let number = u32::try_from(place).unwrap_or(u32::MAX);
            canvas.click(item, Click::Place(number));
        }
    }
}
