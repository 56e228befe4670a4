//! Where each message goes, and what becomes of a screen's step.

use protocol::api::{Answer, DocumentView, Event, Refusal, Request, Settings};
use protocol::id::DocumentId;
use ratatui::crossterm::event::{KeyEvent, KeyEventKind, MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::Position;
use serde_json::Value;

use super::global::{DOOR_KEYS, GLOBAL_KEYS, STAGE_KEYS};
use super::typing::{TYPING_KEYS, key_of};
use super::urgent::{self, Urgent};
use super::{
    Action, App, Binding, Failure, Go, Input, Key, LastThing, REMARK_MS, Remark, ScreenId, Step,
    Task, Ticket, canvas, chrome, resolve,
};
use crate::host::{HostAnswer, HostOrder};
use crate::screen::{MAIN, documents, help, moderation, motions, palette, search};
use crate::words::Words;

/// The front end's own questions.
const TAG_STATUS: u32 = 0;
const TAG_COUNTS: u32 = 1;
const TAG_SETTINGS: u32 = 2;
const TAG_PUT_SETTINGS: u32 = 3;
pub(super) const TAG_UNDO: u32 = 4;
const TAG_STAGE: u32 = 5;
const TAG_URGENT: u32 = 6;
const TAG_NAMES: u32 = 7;
pub(super) const TAG_UNDO_OFFER: u32 = 8;

/// How often the node is asked how it is, beside its events.
const STATUS_PAUSE_MS: i64 = 5_000;

impl App {
    pub(super) fn on_key(&mut self, event: &KeyEvent) -> Vec<Task> {
        if event.kind == KeyEventKind::Release {
            return Vec::new();
        }
        if self.stack.is_empty() {
            return Vec::new();
        }
        let typing = self.field().is_some();
        let found = Key::of(event).and_then(|key| resolve(&self.blocks(), key, typing));
        match found {
            Some(action) => self.perform(action),
            None => self.tell_top(Input::Key(event)),
        }
    }

    /// The bindings that count, the screen's own first.
    pub(super) fn blocks(&self) -> Vec<&'static [Binding]> {
        let own = self.stack.last().map(|(_, screen)| screen.keys());
        let mut blocks: Vec<_> = own.into_iter().collect();
        if self.takes_back() {
            blocks.push(TYPING_KEYS);
        }
        if self.stage.is_some() {
            blocks.push(STAGE_KEYS);
        }
        blocks.push(match self.is_open() {
            true => GLOBAL_KEYS,
            false => DOOR_KEYS,
        });
        blocks
    }

    pub(super) fn on_mouse(&mut self, event: &MouseEvent) -> Vec<Task> {
        match event.kind {
            MouseEventKind::Down(MouseButton::Left) => {
                let position = Position::new(event.column, event.row);
                match canvas::clicked(&self.places, position) {
                    Some(canvas::Click::Action(action)) => self.perform(action),
                    Some(canvas::Click::Place(place)) => self.tell_top(Input::Clicked(place)),
                    None => Vec::new(),
                }
            }
            MouseEventKind::ScrollUp => self.tell_top(Input::Action(Action::Up)),
            MouseEventKind::ScrollDown => self.tell_top(Input::Action(Action::Down)),
            _ => Vec::new(),
        }
    }

    /// Does what a key, a click or the palette asked for: the field that has the focus first, then
    /// the screen on top.
    pub(super) fn perform(&mut self, action: Action) -> Vec<Task> {
        if let (true, Some(key)) = (self.takes_back(), key_of(action)) {
            return self.tell_top(Input::Key(&key));
        }
        let (step, id) = match self.step_of_top(Input::Action(action)) {
            Some(found) => found,
            None => return Vec::new(),
        };
        if !step.ignored {
            return self.take(id, step);
        }
        self.perform_global(action)
    }

    fn perform_global(&mut self, action: Action) -> Vec<Task> {
        match action {
            Action::Quit => {
                let mut tasks = self.tell_all(Input::HangUp);
                tasks.push(Task::Quit);
                tasks
            }
            Action::Suspend => vec![Task::Suspend],
            Action::Language => self.change_language(),
            Action::Help => {
                let (blocks, field) = (self.blocks(), self.field());
                self.open(Box::new(help::Help::new(blocks, field)))
            }
            Action::Back => self.back(),
            _ if !self.is_open() => Vec::new(),
            Action::Search => self.open(Box::new(search::Search::new())),
            Action::Palette => {
                let (blocks, field) = (self.blocks(), self.field());
                self.open(Box::new(palette::Palette::new(blocks, field)))
            }
            Action::Moderation => self.open(Box::new(moderation::Moderation::new())),
            Action::StandingOffers => {
                self.open(Box::new(documents::Documents::new("standing-offer")))
            }
            Action::Motions => self.open(Box::new(motions::Motions::new())),
            Action::Tab(tab) if usize::from(tab) < MAIN.len() => self.open_main(usize::from(tab)),
            Action::Undo => self.undo(),
            Action::NextHousehold | Action::ToggleNetwork => self.perform_on_stage(action),
            _ => Vec::new(),
        }
    }

    fn perform_on_stage(&mut self, action: Action) -> Vec<Task> {
        let Some(stage) = &self.stage else {
            return Vec::new();
        };
        let order = match action {
            Action::NextHousehold => {
                HostOrder::ActAs((stage.acting + 1) % stage.households.len().max(1))
            }
            _ => HostOrder::CutNetwork(!self.known.network_cut),
        };
        let mut tasks = match order {
            HostOrder::ActAs(_) => self.tell_all(Input::HangUp),
            _ => Vec::new(),
        };
        tasks.push(Task::Host {
            ticket: own_ticket(TAG_STAGE),
            order,
        });
        tasks
    }

    /// Backs out of the screen on top; the last one stays.
    fn back(&mut self) -> Vec<Task> {
        if self.stack.len() <= 1 {
            return Vec::new();
        }
        self.stack.pop();
        self.tell_top(Input::Shown)
    }

    fn change_language(&mut self) -> Vec<Task> {
        let mut settings = self.settings;
        settings.language = settings.language.other();
        self.adopt(settings);
        if !self.is_open() {
            return Vec::new();
        }
        vec![ask(TAG_PUT_SETTINGS, Request::PutSettings(settings))]
    }

    /// Lets chosen settings count at once.
    pub(super) fn adopt(&mut self, settings: Settings) {
        let language = settings.language;
        if language != self.words.language() {
            self.words = Words::new(language);
            // It was said in the other language.
            self.remark = None;
        }
        self.theme = chrome::theme_of(&settings, self.known.hints);
        self.settings = settings;
    }

    pub(super) fn say(&mut self, text: impl Into<String>) {
        self.remark = Some(Remark {
            text: text.into(),
            until_ms: self.clock.now_ms + REMARK_MS,
        });
    }

    pub(super) fn on_tick(&mut self, now_ms: i64) -> Vec<Task> {
        self.clock.now_ms = now_ms;
        if self
            .remark
            .as_ref()
            .is_some_and(|remark| remark.until_ms <= now_ms)
        {
            self.remark = None;
        }
        let mut tasks = self.tell_all(Input::Tick);
        if self.is_open() && now_ms - self.asked_status_ms >= STATUS_PAUSE_MS {
            tasks.extend(self.ask_status());
        }
        tasks
    }

    pub(super) fn on_event(&mut self, event: &Event) -> Vec<Task> {
        if matches!(event, Event::Roster) {
            self.known.names.changed();
        }
        let mut tasks = self.tell_all(Input::Event(event));
        if self.is_open() {
            tasks.extend(self.ask_status());
            if matches!(event, Event::Documents { .. } | Event::Missed) {
                tasks.push(ask(TAG_URGENT, urgent::question()));
            }
        }
        tasks
    }

    pub(super) fn on_reachable(&mut self, reachable: bool) -> Vec<Task> {
        let returned = reachable && !self.known.reachable;
        self.known.reachable = reachable;
        if !returned {
            return Vec::new();
        }
        let mut tasks = self.tell_all(Input::Shown);
        if self.is_open() {
            tasks.extend(self.ask_status());
            tasks.push(ask(TAG_URGENT, urgent::question()));
        }
        tasks
    }

    /// Asks what is urgent when it was never asked: what is unread then interrupts nobody, for the
    /// person is only just looking.
    pub(super) fn ask_what_is_urgent(&self) -> Option<Task> {
        self.urgent
            .is_new()
            .then(|| ask(TAG_URGENT, urgent::question()))
    }

    pub(super) fn ask_status(&mut self) -> Vec<Task> {
        self.asked_status_ms = self.clock.now_ms;
        vec![
            ask(TAG_STATUS, Request::Status),
            ask(TAG_COUNTS, Request::Counts),
        ]
    }

    pub(super) fn on_answer(
        &mut self,
        ticket: Ticket,
        outcome: &Result<Answer, Failure>,
    ) -> Vec<Task> {
        if matches!(outcome, Err(Failure::Unreachable)) {
            self.known.reachable = false;
        }
        let wants_names = outcome
            .as_ref()
            .is_ok_and(|answer| self.known.learn(answer));
        let mut tasks = match ticket.screen {
            Some(id) => self.tell(
                id,
                Input::Answered {
                    tag: ticket.tag,
                    outcome,
                },
            ),
            None => self.on_own_answer(ticket.tag, outcome),
        };
        if wants_names {
            tasks.push(ask(TAG_NAMES, Request::Roster));
        }
        tasks
    }

    fn on_own_answer(&mut self, tag: u32, outcome: &Result<Answer, Failure>) -> Vec<Task> {
        match (tag, outcome) {
            (TAG_STATUS, Ok(Answer::Status(status))) => {
                self.known.reachable = true;
                self.known.status = Some((**status).clone());
            }
            (TAG_COUNTS, Ok(Answer::Counts(counts))) => {
                self.known.counts = Some(counts.clone());
            }
            (TAG_SETTINGS, Ok(Answer::Settings(settings))) => self.adopt(*settings),
            (TAG_URGENT, Ok(Answer::Documents { items, .. })) => return self.on_urgent(items),
            (TAG_UNDO_OFFER, Ok(answer)) => return self.undo_offer(answer),
            (TAG_UNDO, Ok(_)) => {
                self.say(self.words.text("undone"));
                return self.tell_all(Input::Shown);
            }
            (_, Err(Failure::Refused(refusal))) => self.say(refusal.message.clone()),
            _ => {}
        }
        Vec::new()
    }

    /// Interrupts for an urgent notice, once: with the bell and a line, whatever is on screen.
    fn on_urgent(&mut self, unread: &[DocumentView]) -> Vec<Task> {
        let Some(notice) = self.urgent.arrived(unread) else {
            return Vec::new();
        };
        let title = notice.fields.get("title").and_then(Value::as_str);
        let title = title.unwrap_or_default();
        let arrived = self
            .words
            .with("urgent-arrived", &[("title", title.into())]);
        self.say(arrived);
        vec![Task::Bell]
    }

    pub(super) fn on_hosted(
        &mut self,
        ticket: Ticket,
        outcome: &Result<HostAnswer, Refusal>,
    ) -> Vec<Task> {
        if let Ok(HostAnswer::Left { .. }) = outcome {
            // The home is gone, and its node with it: as before one was opened.
            self.tab = None;
        }
        if let Some(id) = ticket.screen {
            return self.tell(
                id,
                Input::Hosted {
                    tag: ticket.tag,
                    outcome,
                },
            );
        }
        match outcome {
            Ok(HostAnswer::Acting { household, cut, .. }) => {
                if let Some(stage) = &mut self.stage {
                    stage.acting = *household;
                }
                self.known = super::Known::new(self.known.hints);
                self.known.network_cut = *cut;
                self.urgent = Urgent::default();
                // What was said to the other household, and what it could take back, is not this one's.
                (self.remark, self.undo) = (None, None);
                self.open_main(self.tab.unwrap_or(0))
            }
            Ok(HostAnswer::Network { cut }) => {
                self.known.network_cut = *cut;
                let key = if *cut {
                    "stage-network-cut"
                } else {
                    "stage-network-healed"
                };
                self.say(self.words.text(key));
                self.ask_status()
            }
            Ok(_) => Vec::new(),
            Err(refusal) => {
                self.say(refusal.message.clone());
                Vec::new()
            }
        }
    }

    fn step_of_top(&mut self, input: Input<'_>) -> Option<(Step, ScreenId)> {
        let (stack, context) = self.parts();
        let (id, screen) = stack.last_mut()?;
        Some((screen.update(input, &context), *id))
    }

    pub(super) fn tell_top(&mut self, input: Input<'_>) -> Vec<Task> {
        match self.step_of_top(input) {
            Some((step, id)) => self.take(id, step),
            None => Vec::new(),
        }
    }

    fn tell(&mut self, id: ScreenId, input: Input<'_>) -> Vec<Task> {
        let (stack, context) = self.parts();
        let found = stack.iter_mut().find(|(screen, _)| *screen == id);
        // An answer for a screen that has closed has nobody to take it.
        let Some((_, screen)) = found else {
            return Vec::new();
        };
        let step = screen.update(input, &context);
        self.take(id, step)
    }

    pub(super) fn tell_all(&mut self, input: Input<'_>) -> Vec<Task> {
        let ids: Vec<ScreenId> = self.stack.iter().map(|(id, _)| *id).collect();
        ids.into_iter()
            .flat_map(|id| self.tell(id, input))
            .collect()
    }

    /// Carries out what a screen wants.
    fn take(&mut self, id: ScreenId, step: Step) -> Vec<Task> {
        let mut tasks: Vec<Task> = step
            .questions
            .into_iter()
            .map(|(tag, request)| Task::Ask {
                ticket: Ticket {
                    screen: Some(id),
                    tag,
                },
                request,
            })
            .collect();
        tasks.extend(step.orders.into_iter().map(|(tag, order)| Task::Host {
            ticket: Ticket {
                screen: Some(id),
                tag,
            },
            order,
        }));
        if let Some(text) = step.remark {
            self.say(text);
        }
        match step.undo {
            LastThing::Before => {}
            LastThing::Undoable(undo) => self.undo = Some(undo),
            LastThing::Final => self.undo = None,
        }
        if let Some(settings) = step.settings {
            self.adopt(settings);
        }
        if let Some((draft, contact)) = step.contact {
            self.known.keep_contact(draft, contact);
        }
        if let Some(go) = step.go {
            tasks.extend(self.go(id, go));
        }
        tasks
    }

    fn go(&mut self, id: ScreenId, go: Go) -> Vec<Task> {
        match go {
            Go::Open(screen) => self.open(screen),
            Go::Replace(screen) => {
                self.close(id);
                self.open(screen)
            }
            Go::Back if self.stack.len() > 1 => {
                self.close(id);
                self.tell_top(Input::Shown)
            }
            Go::BackAnd(action) => {
                self.close(id);
                self.perform(action)
            }
            Go::BackWith(text) => {
                self.close(id);
                self.tell_top(Input::Chosen(&text))
            }
            Go::Posted { kind, document } => self.show_posted(id, kind, document),
            Go::Begin => {
                let mut tasks = self.open_main(0);
                tasks.push(ask(TAG_SETTINGS, Request::Settings));
                tasks
            }
            Go::Quit => vec![Task::Quit],
            Go::Back => Vec::new(),
        }
    }

    /// Closes the composer and shows what was published.
    fn show_posted(&mut self, id: ScreenId, kind: &str, document: DocumentId) -> Vec<Task> {
        self.close(id);
        let Some((step, below)) = self.step_of_top(Input::Posted(document)) else {
            return Vec::new();
        };
        if !step.ignored {
            return self.take(below, step);
        }
        match MAIN.iter().position(|main| main.kind == Some(kind)) {
            Some(tab) => {
                let mut tasks = self.open_main(tab);
                tasks.extend(self.tell_top(Input::Posted(document)));
                tasks
            }
            None => self.tell_top(Input::Shown),
        }
    }

    fn close(&mut self, id: ScreenId) {
        self.stack.retain(|(screen, _)| *screen != id);
    }
}

fn own_ticket(tag: u32) -> Ticket {
    Ticket { screen: None, tag }
}

pub(super) fn ask(tag: u32, request: Request) -> Task {
    Task::Ask {
        ticket: own_ticket(tag),
        request,
    }
}
