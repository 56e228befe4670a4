//! The line mode: what the full screens do, as lines of text and numbered questions, for screen
//! readers, plain terminals and pipes.
//!
//! [`Plain`] is a machine without input or output like [`crate::app::App`]: lines and messages in,
//! lines, a question and tasks out. Nothing that was said is ever changed: no cursor is moved, no
//! colour set and nothing drawn. What came meanwhile is told before the next question, never while
//! somebody types.

mod acknowledgements;
mod blocked;
mod choose;
mod command;
mod composer;
mod digest;
mod documents;
mod doings;
mod doors;
mod first_run;
mod help_given;
mod history;
mod keeping;
mod listing;
mod menu;
mod moderation;
mod motions;
mod network;
mod news;
mod page;
mod people;
mod person;
mod reader;
mod routing;
mod search;
mod settings;
mod shell;
mod text_lines;
mod today;
mod unlock;

#[cfg(test)]
mod tests;

use protocol::api::{Answer, Settings};
use protocol::text::Text;

pub use page::Question;
pub use shell::run;

use crate::app::{Context, Failure, Known, Message, ScreenId, Task, Ticket, Undo};
use crate::host::{HomeState, Stage};
use crate::theme::Hints;
use crate::theme::{Marks, Scheme, Shapes, Theme};
use crate::words::{Clock, Words};
use news::News;
use page::{Out, Page};

/// Signs that are read aloud as little as possible: a star before what is unread, an exclamation
/// mark before what needs care, and otherwise a dash. What they would tell is said in words, too.
const MARKS: Marks = Marks {
    done: "-",
    waiting: "-",
    failed: "-",
    selected: "-",
    between: "-",
    warning: "!",
    awaited: "-",
    own: "-",
    ..*Shapes::Ascii.marks()
};

/// Pages above each other, the one that asks last.
type Pages = Vec<(ScreenId, Box<dyn Page>)>;

/// The whole state of the line mode.
#[derive(Debug)]
pub struct Plain {
    words: Words,
    theme: Theme,
    settings: Settings,
    clock: Clock,
    known: Known,
    stage: Option<Stage>,
    /// Pages above each other, the one that asks last.
    pages: Pages,
    next_page: u64,
    /// Whether the home is open.
    is_open: bool,
    /// Answers that must come before the next question.
    waiting: usize,
    /// Answers that wait for the names of those in them.
    unnamed: Vec<(Ticket, Result<Answer, Failure>)>,
    /// What was said and not taken yet.
    said: Vec<String>,
    /// The question that waits for a line.
    question: Option<Question>,
    /// What takes the last thing back.
    undo: Option<Undo>,
    news: News,
    ends: bool,
}

/// What the line mode begins with.
#[derive(Debug)]
pub struct Beginning {
    /// What the person has chosen, where it is known.
    pub settings: Settings,
    /// What the home is like.
    pub home: HomeState,
    /// The demonstration's households.
    pub stage: Option<Stage>,
    /// The reader's clock and time zone.
    pub clock: Clock,
}

impl Plain {
    /// Begins, with the first tasks.
    pub fn begin(beginning: Beginning) -> (Self, Vec<Task>) {
        let mut theme = Theme::new(Scheme::Monochrome, Shapes::Ascii);
        theme.marks = &MARKS;
        let mut plain = Self {
            words: Words::new(beginning.settings.language),
            theme,
            settings: beginning.settings,
            clock: beginning.clock,
            known: Known::new(Hints::default()),
            stage: beginning.stage,
            pages: Vec::new(),
            next_page: 0,
            is_open: false,
            waiting: 0,
            unnamed: Vec::new(),
            said: Vec::new(),
            question: None,
            undo: None,
            news: News::default(),
            ends: false,
        };
        let tasks = match beginning.home {
            HomeState::Absent => plain.open(Box::new(first_run::FirstRun::new())),
            HomeState::Locked => plain.open(Box::new(unlock::Unlock)),
            HomeState::Running(_) => plain.open_menu(true),
        };
        let tasks = plain.settled(tasks);
        (plain, tasks)
    }

    /// Takes a line that was typed as the answer to the question.
    pub fn line(&mut self, line: &str) -> Vec<Task> {
        if self.question.take().is_none() {
            return Vec::new();
        }
        let tasks = self.take_line(line);
        self.settled(tasks)
    }

    /// There will be no more lines, or the terminal goes away: what is begun is kept.
    pub fn end(&mut self) -> Vec<Task> {
        self.question = None;
        self.leave()
    }

    /// Takes a message and returns what is to be done. Keys and sizes mean nothing here.
    pub fn update(&mut self, message: Message) -> Vec<Task> {
        let tasks = match message {
            Message::Tick(now_ms) => {
                self.clock.now_ms = now_ms;
                return Vec::new();
            }
            Message::Event(event) => self.on_event(&event),
            Message::Answered { ticket, outcome } => self.on_answer(ticket, &outcome),
            Message::Hosted { ticket, outcome } => self.on_hosted(ticket, &outcome),
            Message::Reachable(reachable) => self.on_reachable(reachable),
            Message::HangUp => return self.end(),
            // A fault beside this mode speaks for itself: lines on standard error destroy nothing.
            Message::Key(_)
            | Message::Mouse(_)
            | Message::Paste(_)
            | Message::Resized { .. }
            | Message::Fault { .. } => return Vec::new(),
        };
        self.settled(tasks)
    }

    /// Takes what was said since the last time, line by line.
    pub fn take_said(&mut self) -> Vec<String> {
        std::mem::take(&mut self.said)
    }

    /// The question that waits for a line; none while answers are waited for.
    pub fn question(&self) -> Option<&Question> {
        self.question.as_ref()
    }

    /// Tells which language is spoken.
    pub fn language(&self) -> crate::language::Language {
        self.words.language()
    }

    /// Says a text. This is the only way to the reader, so nothing that stands in it can be obeyed
    /// by a terminal (rule R20).
    fn say(&mut self, text: &str) {
        let harmless = Text::paragraphs(text, usize::MAX);
        let lines = harmless.as_str().split('\n');
        self.said
            .extend(lines.map(|line| line.trim_end().to_owned()));
    }

    /// Splits the pages from what they may look at.
    fn parts(&mut self) -> (&mut Pages, Context<'_>) {
        let context = Context {
            words: &self.words,
            theme: &self.theme,
            settings: &self.settings,
            clock: &self.clock,
            known: &self.known,
            stage: self.stage.as_ref(),
            width: 0,
            height: 0,
        };
        (&mut self.pages, context)
    }

    fn open(&mut self, page: Box<dyn Page>) -> Vec<Task> {
        let id = ScreenId(self.next_page);
        self.next_page += 1;
        self.pages.push((id, page));
        self.tell_top(|page, out, context| page.open(out, context))
    }

    /// Opens the menu, with everything else closed.
    fn open_menu(&mut self, explains: bool) -> Vec<Task> {
        self.pages.clear();
        self.waiting = 0;
        self.is_open = true;
        self.news = News::default();
        self.open(Box::new(menu::Menu::new(explains)))
    }

    fn tell_top(&mut self, work: impl FnOnce(&mut dyn Page, &mut Out, &Context<'_>)) -> Vec<Task> {
        let (pages, context) = self.parts();
        let Some((id, page)) = pages.last_mut() else {
            return Vec::new();
        };
        let mut out = Out::default();
        work(page.as_mut(), &mut out, &context);
        let id = *id;
        self.take(id, out)
    }
}
