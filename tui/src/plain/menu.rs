//! The menu: where the household stands, and everything that can be gone to.

use protocol::api::{Answer, MotionView, Request};

use super::command::Command;
use super::composer::Writing;
use super::documents::Documents;
use super::moderation::Moderation;
use super::motions::Motions;
use super::network::Network;
use super::page::{Go, Out, Page, Question};
use super::people::People;
use super::search::Search;
use super::settings::Settings;
use super::today::Today;
use crate::app::chrome::status_parts;
use crate::app::{Context, Failure};
use crate::screen::MAIN;
use crate::screen::today::{news_count, waiting, waiting_motions};

const TAG_STATUS: u32 = 1;
const TAG_COUNTS: u32 = 2;
const TAG_TODAY: u32 = 3;
const TAG_MOTIONS: u32 = 4;

/// Makes a page.
type Make = fn() -> Box<dyn Page>;

/// The pages by their numbers: the main screens in their order, and what else there is.
const PAGES: &[(&str, Make)] = &[
    ("tab-today", || Box::new(Today::new())),
    ("tab-notices", || Box::new(Documents::new("notice"))),
    ("tab-requests", || Box::new(Documents::new("request"))),
    ("tab-plans", || Box::new(Documents::new("plan"))),
    ("tab-people", || Box::new(People::new())),
    ("tab-network", || Box::new(Network)),
    ("tab-settings", || Box::new(Settings::new())),
    ("search-title", || Box::new(Search::new())),
    ("motions-title", || Box::new(Motions::new())),
    ("moderation-title", || Box::new(Moderation::new())),
    ("standing-offers-title", || {
        Box::new(Documents::new("standing-offer"))
    }),
];

/// The menu.
#[derive(Debug)]
pub struct Menu {
    /// Whether to say first how the line mode is used.
    explains: bool,
    /// How many documents wait, and how many others are new.
    waiting: Option<(usize, usize)>,
    /// Motions, of which some may wait.
    motions: Vec<MotionView>,
    /// Answers that are still to come before it is said.
    missing: usize,
}

impl Menu {
    /// Makes the menu.
    pub fn new(explains: bool) -> Self {
        Self {
            explains,
            waiting: None,
            motions: Vec::new(),
            missing: 0,
        }
    }

    fn say(&mut self, out: &mut Out, context: &Context<'_>) {
        let words = context.words;
        if std::mem::take(&mut self.explains) {
            out.say(words.text("plain-welcome"));
        }
        if let Some(status) = &context.known.status {
            let me = status.member.as_ref().map(|member| member.name.as_str());
            out.say(format!(
                "{} - {}",
                status.neighbourhood,
                me.unwrap_or_default()
            ));
        }
        let between = format!(" {} ", context.theme.marks.between);
        out.say(status_parts(context).0.join(&between));
        for (place, (title, _)) in PAGES.iter().enumerate() {
            let mut line = format!("{}. {}", place + 1, words.text(title));
            let kind = MAIN.get(place).and_then(|main| main.kind);
            let unread = kind.map_or(0, |kind| context.known.unread(kind));
            if unread > 0 {
                let unread = usize::try_from(unread).unwrap_or(usize::MAX);
                line = format!("{line} - {}", words.unread(unread));
            }
            if let Some((waiting, news)) = self.waiting.filter(|_| place == 0) {
                let waiting = waiting + waiting_motions(&self.motions, context).len();
                let values = [("waiting", waiting.into()), ("news", news.into())];
                line = format!("{line} - {}", words.with("plain-today-counts", &values));
            }
            out.say(line);
        }
    }
}

impl Page for Menu {
    fn open(&mut self, out: &mut Out, _context: &Context<'_>) {
        self.missing = 4;
        out.ask(TAG_STATUS, Request::Status);
        out.ask(TAG_COUNTS, Request::Counts);
        out.ask(TAG_TODAY, Request::Today);
        out.ask(TAG_MOTIONS, Request::Motions);
    }

    fn question(&self, context: &Context<'_>) -> Question {
        Question::choice(context.words.text("plain-ask-menu"))
    }

    fn help(&self) -> &'static str {
        "plain-help-menu"
    }

    fn choose(&mut self, command: &Command<'_>, out: &mut Out, context: &Context<'_>) -> bool {
        match command {
            Command::Number(number @ 1..) => match PAGES.get(number - 1) {
                Some((_, make)) => out.go = Some(Go::Open(make())),
                None => return false,
            },
            Command::Letter('n', None) if !context.known.may_create("request") => {
                out.say(context.words.text("guests-comment"));
            }
            Command::Letter('n', None) => out.open(Writing::create("request")),
            _ => return false,
        }
        true
    }

    fn answered(
        &mut self,
        _tag: u32,
        outcome: &Result<Answer, Failure>,
        out: &mut Out,
        context: &Context<'_>,
    ) {
        match outcome {
            Ok(Answer::Today(today)) => {
                self.waiting = Some((waiting(today).len(), news_count(today)));
            }
            Ok(Answer::Motions { motions, .. }) => self.motions.clone_from(motions),
            Err(Failure::Refused(refusal)) => out.say(&*refusal.message),
            _ => {}
        }
        self.missing = self.missing.saturating_sub(1);
        if self.missing == 0 {
            self.say(out, context);
        }
    }
}
