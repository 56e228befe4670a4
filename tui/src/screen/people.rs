//! People: who belongs to the neighbourhood, in which roles; inviting and giving roles.

use protocol::api::{Answer, Event, Request, RosterMember, RosterRelay, RosterView};
use protocol::id::MemberId;
use protocol::invitation::InvitedAs;
use ratatui::buffer::Buffer;
use ratatui::crossterm::event::KeyCode;
use ratatui::layout::Rect;

use super::choose::Choose;
use super::invitation::ShowInvitation;
use super::{list_styles, message};
use crate::app::{Action, Binding, Canvas, Click, Context, Failure, Input, Key, Screen, Step};
use crate::text::width::truncate;
use crate::widget::cells;
use crate::widget::list::{List, ListState};

/// How long an invitation that is made here holds.
const INVITATION_MS: i64 = 7 * 24 * 60 * 60 * 1_000;

const TAG_ROSTER: u32 = 1;
const TAG_INVITED: u32 = 2;
const TAG_APPOINTED: u32 = 3;

const KEYS: &[Binding] = &[
    Binding::new(&[Key::char('i')], Action::Invite, "do-invite").hinted(),
    Binding::new(&[Key::char('a')], Action::Appoint, "do-appoint").hinted(),
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

/// What has been asked for in a popup.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Choosing {
    Invitation,
    Role(MemberId),
}

/// One line of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Row {
    Member(MemberId),
    Relay(protocol::id::DeviceId),
}

/// The people.
#[derive(Debug)]
pub struct People {
    roster: Option<RosterView>,
    rows: Vec<Row>,
    state: ListState<Row>,
    choosing: Option<Choosing>,
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
            choosing: None,
            failure: None,
            area: Rect::default(),
        }
    }

    /// Takes the roster in.
    pub(crate) fn take(&mut self, roster: &RosterView) {
        self.failure = None;
        let members = roster.members.iter().map(|member| Row::Member(member.id));
        let relays = roster.relays.iter().map(|relay| Row::Relay(relay.device));
        self.rows = members.chain(relays).collect();
        self.roster = Some(roster.clone());
        if self.state.selected().is_none() {
            self.state.select_first(&self.rows);
        }
    }

    fn member(&self, id: MemberId) -> Option<&RosterMember> {
        self.roster
            .as_ref()?
            .members
            .iter()
            .find(|member| member.id == id)
    }

    fn invite(&mut self, context: &Context<'_>) -> Step {
        let things = invitations_to_make(context);
        if things.is_empty() {
            return Step::stay().remark(context.words.text("may-not-invite"));
        }
        self.choosing = Some(Choosing::Invitation);
        Step::open(Choose::new("invite-title", things))
    }

    /// Lets one choose which role to give to the selected household, and for what.
    fn appoint(&mut self, context: &Context<'_>) -> Step {
        let Some(Row::Member(id)) = self.state.selected().copied() else {
            return Step::stay();
        };
        let things = self.roles_to_give(id, context);
        if things.is_empty() {
            return Step::stay().remark(context.words.text("may-not-appoint"));
        }
        self.choosing = Some(Choosing::Role(id));
        Step::open(Choose::new("appoint-title", things))
    }

    /// The roles that may be given to somebody: what is handed on, and what each is called.
    pub(crate) fn roles_to_give(
        &self,
        id: MemberId,
        context: &Context<'_>,
    ) -> Vec<(String, String)> {
        let status = context.known.status.as_ref();
        let Some(me) = status.and_then(|status| status.me.as_ref()) else {
            return Vec::new();
        };
        let Some(roster) = &self.roster else {
            return Vec::new();
        };
        let building = self.member(id).and_then(|member| member.building.clone());
        let mut things = Vec::new();
        for role in &me.appoints {
            match role.as_str() {
                "steward" | "spokesperson" => {
                    let offices = roster.members.iter();
                    for office in offices.filter(|member| member.kind == "office") {
                        let named = context.words.capacity(role, Some(&office.name));
                        things.push((format!("{role} {}", office.id), named));
                    }
                }
                "building-lead" => {
                    if let Some(building) = &building {
                        let named = context.words.building(building);
                        let named = context.words.capacity(role, Some(&named));
                        things.push((format!("{role} {building}"), named));
                    }
                }
                role => things.push((role.to_owned(), context.words.role(role))),
            }
        }
        things
    }

    fn chosen(&mut self, text: &str) -> Step {
        match self.choosing.take() {
            Some(Choosing::Invitation) => match invite_as(text) {
                Some(request) => Step::stay().ask(TAG_INVITED, request),
                None => Step::stay(),
            },
            Some(Choosing::Role(member)) => {
                Step::stay().ask(TAG_APPOINTED, appoint_to(member, text))
            }
            None => Step::stay(),
        }
    }

    fn act(&mut self, action: Action, context: &Context<'_>) -> Step {
        match action {
            Action::Up => self.state.select_by(&self.rows, -1),
            Action::Down => self.state.select_by(&self.rows, 1),
            Action::First => self.state.select_first(&self.rows),
            Action::Last => self.state.select_last(&self.rows),
            Action::PageUp | Action::PageDown => {
                let (area, look) = (self.area, context.look());
                let mut state = self.state.clone();
                let down = action == Action::PageDown;
                self.with_list(context, |list| list.page(&mut state, down, area, look));
                self.state = state;
            }
            Action::Invite => return self.invite(context),
            Action::Appoint => return self.appoint(context),
            _ => return Step::ignored(),
        }
        Step::stay()
    }

    fn with_list(&self, context: &Context<'_>, work: impl FnOnce(&List<'_, Row>)) {
        let list = List {
            ids: &self.rows,
            rows: &|_, _| 2,
            draw_item: &|place, area, buffer, selected| {
                self.draw_row(self.rows[place], area, buffer, selected, context);
            },
            is_unread: &|_| false,
            marker: &|_| String::new(),
            unread_line: None,
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
        let (name, details, style) = match row {
            Row::Member(id) => match self.member(id) {
                Some(member) => member_lines(member, roster, context),
                None => return,
            },
            Row::Relay(device) => match roster.relays.iter().find(|relay| relay.device == device) {
                Some(relay) => relay_lines(relay, context),
                None => return,
            },
        };
        let lead = if selected { theme.marks.selected } else { " " };
        let first = Rect { height: 1, ..area };
        let text = format!("{lead} {name}");
        let text = truncate(&text, usize::from(area.width), look.ambiguous);
        cells::write(
            buffer,
            first,
            &text,
            if selected { ground } else { style },
            look,
        );
        if area.height > 1 {
            let second = Rect {
                x: area.x + 3,
                y: area.y + 1,
                width: area.width.saturating_sub(4),
                height: 1,
            };
            let text = truncate(&details, usize::from(second.width), look.ambiguous);
            cells::write(
                buffer,
                second,
                &text,
                if selected { ground } else { theme.dim },
                look,
            );
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

/// Gives a role that was chosen.
pub(crate) fn appoint_to(member: MemberId, chosen: &str) -> Request {
    let (role, of) = chosen.split_once(' ').unwrap_or((chosen, ""));
    Request::Appoint {
        member,
        role: role.to_owned(),
        office: of.parse().ok(),
        building: (role == "building-lead").then(|| of.to_owned()),
    }
}

/// A member's name, and what else is known of it.
pub(crate) fn member_lines(
    member: &RosterMember,
    roster: &RosterView,
    context: &Context<'_>,
) -> (String, String, ratatui::style::Style) {
    let (words, theme) = (context.words, context.theme);
    let own = context.known.me() == Some(member.id);
    let name = match &member.building {
        Some(of) => context.words.with_building(&member.name, of),
        None => member.name.clone(),
    };
    let name = match own {
        true => words.with("name-own", &[("name", (&name).into())]),
        false => name,
    };
    let mut parts = vec![words.member_kind(&member.kind)];
    if member.removed {
        parts.push(words.text("member-removed"));
    }
    if member.founder {
        parts.push(words.text("member-founder"));
    }
    for role in member.roles.iter().filter(|role| !role.cut) {
        let office = role
            .office
            .and_then(|id| roster.members.iter().find(|one| one.id == id));
        let building = role.building.as_ref().map(|of| context.words.building(of));
        let of = office
            .map(|office| office.name.as_str())
            .or(building.as_deref());
        parts.push(words.capacity(&role.role, of));
    }
    let devices = member.devices.iter().filter(|device| !device.cut).count();
    parts.push(words.with("member-devices", &[("count", devices.into())]));
    if member
        .devices
        .iter()
        .any(|device| device.forked && !device.cut)
    {
        parts.push(words.text("member-forked"));
    }
    if let Some(by) = member.admitted_by
        && let Some(by) = roster.members.iter().find(|one| one.id == by)
        && !member.founder
    {
        parts.push(words.with("member-admitted-by", &[("name", (&by.name).into())]));
    }
    let style = match (member.removed, own) {
        (true, _) => theme.over,
        (false, true) => theme.own,
        (false, false) => theme.text,
    };
    (
        name,
        parts.join(&format!(" {} ", theme.marks.between)),
        style,
    )
}

/// A relay's name, and what else is known of it.
pub(crate) fn relay_lines(
    relay: &RosterRelay,
    context: &Context<'_>,
) -> (String, String, ratatui::style::Style) {
    let words = context.words;
    let mut parts = vec![words.text("peer-relay")];
    if let Some(building) = &relay.building {
        parts.push(context.words.building(building));
    }
    if relay.cut {
        parts.push(words.text("relay-ended"));
    }
    let between = format!(" {} ", context.theme.marks.between);
    (relay.name.clone(), parts.join(&between), context.theme.text)
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
                Step::stay().ask(TAG_ROSTER, Request::Roster)
            }
            Input::Action(action) => self.act(action, context),
            Input::Chosen(text) => self.chosen(text),
            Input::Clicked(place) => {
                if let Some(row) = self.rows.get(place as usize).copied() {
                    self.state.select(&self.rows, &row);
                }
                Step::stay()
            }
            Input::Answered { tag, outcome } => match outcome {
                Ok(Answer::Roster(roster)) => {
                    self.take(roster);
                    Step::stay()
                }
                Ok(Answer::Invitation {
                    invitation,
                    expires_ms,
                    ..
                }) => Step::open(ShowInvitation::new(invitation.clone(), *expires_ms)),
                Ok(_) if tag == TAG_APPOINTED => Step::stay()
                    .ask(TAG_ROSTER, Request::Roster)
                    .remark(context.words.text("appointed")),
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
