//! Where each line and message goes, and what becomes of what a page wants.

use protocol::api::{Answer, Event, Refusal, Request};

use super::command::Command;
use super::page::{Go, Out};
use super::{Plain, search};
use crate::app::{Failure, Known, LastThing, ScreenId, Task, Ticket, Undo};
use crate::host::{HostAnswer, HostOrder};
use crate::screen::acts::own_withdrawal;
use crate::theme::Hints;
use crate::words::Words;

/// The line mode's own questions.
const TAG_TODAY: u32 = 1;
const TAG_UNDO: u32 = 2;
const TAG_STAGE: u32 = 3;
const TAG_SETTINGS: u32 = 4;
const TAG_NAMES: u32 = 5;
const TAG_UNDO_OFFER: u32 = 6;

impl Plain {
    pub(super) fn take_line(&mut self, line: &str) -> Vec<Task> {
        let (pages, context) = self.parts();
        let Some((_, page)) = pages.last() else {
            return Vec::new();
        };
        if page.question(&context).is_text {
            return self.tell_top(|page, out, context| page.text(line, out, context));
        }
        let command = Command::of(line);
        let mut taken = false;
        let tasks = self.tell_top(|page, out, context| {
            taken = page.choose(&command, out, context);
        });
        match taken {
            true => tasks,
            false => self.take_global(&command),
        }
    }

    /// Does what a line asks for everywhere.
    fn take_global(&mut self, command: &Command<'_>) -> Vec<Task> {
        match command {
            Command::Letter('?', None) => self.help(),
            Command::Number(0) | Command::Letter('b', None) => self.back(),
            Command::Letter('q', None) => {
                let tasks = self.leave();
                self.say(&self.words.text("plain-bye"));
                tasks
            }
            Command::Nothing => self.tell_top(|page, out, context| page.open(out, context)),
            Command::Letter('l', None) => self.change_language(),
            _ if !self.is_open => self.not_understood(),
            Command::Letter('/', None) => self.open(Box::new(search::Search::new())),
            Command::Other(text) if text.starts_with(['/', '／']) => {
                let words = text.trim_start_matches(['/', '／']).trim();
                self.open(Box::new(search::Search::of(words)))
            }
            Command::Letter('u', None) => match self.undo.take() {
                Some(Undo::Request(request)) => vec![self.ask(TAG_UNDO, request)],
                Some(Undo::OwnOffer(document)) => {
                    vec![self.ask(TAG_UNDO_OFFER, Request::Show { document })]
                }
                None => self.nothing_to_undo(),
            },
            Command::Letter('h' | 'x', None) if self.stage.is_some() => {
                self.act_on_stage(*command == Command::Letter('h', None))
            }
            _ => self.not_understood(),
        }
    }

    fn nothing_to_undo(&mut self) -> Vec<Task> {
        self.say(&self.words.text("nothing-to-undo"));
        Vec::new()
    }

    fn not_understood(&mut self) -> Vec<Task> {
        self.say(&self.words.text("plain-not-understood"));
        Vec::new()
    }

    fn help(&mut self) -> Vec<Task> {
        let own = self.pages.last().map(|(_, page)| page.help());
        for key in own.into_iter().chain([match self.is_open {
            true => "plain-help",
            false => "plain-help-door",
        }]) {
            self.say(&self.words.text(key));
        }
        if self.stage.is_some() {
            self.say(&self.words.text("plain-help-stage"));
        }
        Vec::new()
    }

    /// Goes one step back in the page on top, or closes it; the last one stays.
    fn back(&mut self) -> Vec<Task> {
        let mut done = false;
        let mut tasks = self.tell_top(|page, out, context| done = page.back(out, context));
        if done {
            return tasks;
        }
        if self.pages.len() <= 1 {
            self.say(&self.words.text("plain-no-way-back"));
            return tasks;
        }
        tasks.extend(self.close_top());
        tasks
    }

    fn close_top(&mut self) -> Vec<Task> {
        self.pages.pop();
        // Whatever the page had asked has nobody to take it.
        self.waiting = 0;
        self.tell_top(|page, out, context| page.open(out, context))
    }

    /// Lets every page keep what is begun, and ends.
    pub(super) fn leave(&mut self) -> Vec<Task> {
        if self.ends {
            return Vec::new();
        }
        self.ends = true;
        let mut tasks = self.leave_pages();
        tasks.push(Task::Quit);
        tasks
    }

    fn leave_pages(&mut self) -> Vec<Task> {
        let mut outs = Vec::new();
        let (pages, context) = self.parts();
        for (id, page) in pages.iter_mut() {
            let mut out = Out::default();
            page.leave(&mut out, &context);
            outs.push((*id, out));
        }
        let mut tasks = Vec::new();
        for (id, out) in outs {
            tasks.extend(self.take(id, out));
        }
        tasks
    }

    fn change_language(&mut self) -> Vec<Task> {
        let mut settings = self.settings;
        settings.language = settings.language.other();
        self.adopt(settings);
        let mut tasks = match self.is_open {
            true => vec![self.ask(TAG_SETTINGS, Request::PutSettings(settings))],
            false => Vec::new(),
        };
        tasks.extend(self.tell_top(|page, out, context| page.open(out, context)));
        tasks
    }

    fn adopt(&mut self, settings: protocol::api::Settings) {
        if settings.language != self.words.language() {
            self.words = Words::new(settings.language);
        }
        self.settings = settings;
    }

    fn act_on_stage(&mut self, next: bool) -> Vec<Task> {
        let Some(stage) = &self.stage else {
            return Vec::new();
        };
        let order = match next {
            true => HostOrder::ActAs((stage.acting + 1) % stage.households.len().max(1)),
            false => HostOrder::CutNetwork(!self.known.network_cut),
        };
        let mut tasks = match next {
            true => self.leave_pages(),
            false => Vec::new(),
        };
        self.waiting += 1;
        tasks.push(Task::Host {
            ticket: own_ticket(TAG_STAGE),
            order,
        });
        tasks
    }

    /// Asks the node something that must be answered before the next question.
    fn ask(&mut self, tag: u32, request: Request) -> Task {
        self.waiting += 1;
        Task::Ask {
            ticket: own_ticket(tag),
            request,
        }
    }

    /// Puts the next question once nothing is waited for: what came meanwhile is told first.
    pub(super) fn settled(&mut self, mut tasks: Vec<Task>) -> Vec<Task> {
        if self.ends || self.waiting > 0 || self.question.is_some() {
            return tasks;
        }
        if self.is_open && self.news.is_stale && !self.news.is_asking {
            self.news.is_stale = false;
            self.news.is_asking = true;
            tasks.push(self.ask(TAG_TODAY, Request::Today));
            return tasks;
        }
        let (pages, context) = self.parts();
        self.question = pages.last().map(|(_, page)| page.question(&context));
        tasks
    }

    pub(super) fn on_event(&mut self, event: &Event) -> Vec<Task> {
        match event {
            Event::Documents { .. } | Event::Missed => self.news.is_stale = true,
            Event::Roster => self.known.names.changed(),
            _ => {}
        }
        // While somebody types nothing is said, but a page may take in what others wrote.
        self.tell_top(|page, out, context| page.event(event, out, context))
    }

    pub(super) fn on_reachable(&mut self, reachable: bool) -> Vec<Task> {
        let changed = reachable != self.known.reachable;
        self.known.reachable = reachable;
        self.news.is_stale |= changed && reachable;
        Vec::new()
    }

    pub(super) fn on_answer(
        &mut self,
        ticket: Ticket,
        outcome: &Result<Answer, Failure>,
    ) -> Vec<Task> {
        match outcome {
            Err(Failure::Unreachable) => self.known.reachable = false,
            Ok(Answer::Status(status)) => {
                self.known.reachable = true;
                self.known.status = Some((**status).clone());
            }
            Ok(Answer::Counts(counts)) => self.known.counts = Some(counts.clone()),
            _ => {}
        }
        let wants_names = outcome
            .as_ref()
            .is_ok_and(|answer| self.known.learn(answer));
        if wants_names {
            // What is said stays said, so the names come first.
            self.unnamed.push((ticket, outcome.clone()));
            return vec![self.ask(TAG_NAMES, Request::Roster)];
        }
        match ticket.screen {
            Some(id) => self.tell(id, |page, out, context| {
                page.answered(ticket.tag, outcome, out, context);
            }),
            None => self.on_own_answer(ticket.tag, outcome),
        }
    }

    fn on_own_answer(&mut self, tag: u32, outcome: &Result<Answer, Failure>) -> Vec<Task> {
        self.waiting = self.waiting.saturating_sub(1);
        match (tag, outcome) {
            (TAG_TODAY, outcome) => {
                self.news.is_asking = false;
                if let Ok(Answer::Today(today)) = outcome {
                    let mut news = std::mem::take(&mut self.news);
                    let line = news.take(today, &self.parts().1);
                    self.news = news;
                    if let Some(line) = line {
                        self.say(&line);
                    }
                }
            }
            // With the names, or without when there are none.
            (TAG_NAMES, _) => {
                let unnamed = std::mem::take(&mut self.unnamed);
                let tasks = unnamed.into_iter();
                return tasks
                    .flat_map(|(ticket, outcome)| self.on_answer(ticket, &outcome))
                    .collect();
            }
            (TAG_UNDO_OFFER, Ok(Answer::Document { document, .. })) => {
                return match own_withdrawal(document, &self.parts().1) {
                    Some(request) => vec![self.ask(TAG_UNDO, request)],
                    None => self.nothing_to_undo(),
                };
            }
            (TAG_UNDO, Ok(_)) => {
                self.say(&self.words.text("undone"));
                return self.tell_top(|page, out, context| page.open(out, context));
            }
            (_, Err(failure)) => {
                let mut out = Out::default();
                out.fail(failure, &self.parts().1);
                for text in out.said {
                    self.say(&text);
                }
            }
            _ => {}
        }
        Vec::new()
    }

    pub(super) fn on_hosted(
        &mut self,
        ticket: Ticket,
        outcome: &Result<HostAnswer, Refusal>,
    ) -> Vec<Task> {
        if let Some(id) = ticket.screen {
            return self.tell(id, |page, out, context| {
                page.hosted(ticket.tag, outcome, out, context);
            });
        }
        self.waiting = self.waiting.saturating_sub(1);
        match outcome {
            Ok(HostAnswer::Acting { household, cut, .. }) => {
                if let Some(stage) = &mut self.stage {
                    stage.acting = *household;
                }
                self.known = Known::new(Hints::default());
                self.known.network_cut = *cut;
                return self.open_menu(false);
            }
            Ok(HostAnswer::Network { cut }) => {
                self.known.network_cut = *cut;
                let key = match cut {
                    true => "stage-network-cut",
                    false => "stage-network-healed",
                };
                self.say(&self.words.text(key));
            }
            Ok(_) => {}
            Err(refusal) => self.say(&refusal.message.clone()),
        }
        Vec::new()
    }

    /// Gives a page an answer that was waited for.
    fn tell(
        &mut self,
        id: ScreenId,
        work: impl FnOnce(&mut dyn super::Page, &mut Out, &crate::app::Context<'_>),
    ) -> Vec<Task> {
        let (pages, context) = self.parts();
        let found = pages.iter_mut().find(|(page, _)| *page == id);
        // An answer for a page that has closed has nobody to take it.
        let Some((_, page)) = found else {
            return Vec::new();
        };
        let mut out = Out::default();
        work(page.as_mut(), &mut out, &context);
        self.waiting = self.waiting.saturating_sub(1);
        self.take(id, out)
    }

    /// Carries out what a page wants.
    pub(super) fn take(&mut self, id: ScreenId, out: Out) -> Vec<Task> {
        for text in &out.said {
            self.say(text);
        }
        let ticket = |tag| Ticket {
            screen: Some(id),
            tag,
        };
        self.waiting += out.questions.len() + out.orders.len();
        let asks = out.questions.into_iter().map(|(tag, request)| Task::Ask {
            ticket: ticket(tag),
            request,
        });
        let mut tasks: Vec<Task> = asks.collect();
        tasks.extend(out.orders.into_iter().map(|(tag, order)| Task::Host {
            ticket: ticket(tag),
            order,
        }));
        match out.undo {
            LastThing::Before => {}
            LastThing::Undoable(undo) => self.undo = Some(undo),
            LastThing::Final => self.undo = None,
        }
        if let Some(settings) = out.settings {
            self.adopt(settings);
        }
        if let Some((draft, contact)) = out.contact {
            self.known.keep_contact(draft, contact);
        }
        match out.go {
            None => {}
            Some(Go::Open(page)) => tasks.extend(self.open(page)),
            Some(Go::Replace(page)) => {
                self.pages.retain(|(other, _)| *other != id);
                tasks.extend(self.open(page));
            }
            Some(Go::Back) => tasks.extend(self.close_top()),
            Some(Go::Begin) => tasks.extend(self.open_menu(true)),
            Some(Go::Quit) => tasks.extend(self.leave()),
        }
        tasks
    }
}

fn own_ticket(tag: u32) -> Ticket {
    Ticket { screen: None, tag }
}
