//! The menu: where the household stands, and everything that can be gone to.

use protocol::api::{Answer, Request};

use super::command::Command;
use super::composer::Writing;
use super::documents::Documents;
use super::moderation::Moderation;
use super::network::Network;
use super::page::{Out, Page, Question};
use super::people::People;
use super::search::Search;
use super::settings::Settings;
use super::today::Today;
use crate::app::chrome::status_parts;
use crate::app::{Context, Failure};
use crate::screen::MAIN;

const TAG_STATUS: u32 = 1;
const TAG_COUNTS: u32 = 2;
const TAG_TODAY: u32 = 3;

/// The menu.
#[derive(Debug)]
pub struct Menu {
    /// Whether to say first how the line mode is used.
    explains: bool,
    /// How many things wait, and how many are new.
    waiting: Option<(usize, u64)>,
    /// Answers that are still to come before it is said.
    missing: usize,
}

impl Menu {
    /// Makes the menu.
    pub fn new(explains: bool) -> Self {
        Self {
            explains,
            waiting: None,
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
        for (place, main) in MAIN.iter().enumerate() {
            let mut line = format!("{}. {}", place + 1, words.text(main.title));
            let unread = main.kind.map_or(0, |kind| context.known.unread(kind));
            if unread > 0 {
                let unread = usize::try_from(unread).unwrap_or(usize::MAX);
                line = format!("{line} - {}", words.unread(unread));
            }
            if let Some((waiting, news)) = self.waiting.filter(|_| place == 0) {
                let values = [("waiting", waiting.into()), ("news", news.into())];
                line = format!("{line} - {}", words.with("plain-today-counts", &values));
            }
            out.say(line);
        }
        let search = words.text("search-title");
        out.say(format!("{}. {search}", MAIN.len() + 1));
        let moderation = words.text("moderation-title");
        out.say(format!("{}. {moderation}", MAIN.len() + 2));
    }
}

impl Page for Menu {
    fn open(&mut self, out: &mut Out, _context: &Context<'_>) {
        self.missing = 3;
        out.ask(TAG_STATUS, Request::Status);
        out.ask(TAG_COUNTS, Request::Counts);
        out.ask(TAG_TODAY, Request::Today);
    }

    fn question(&self, context: &Context<'_>) -> Question {
        Question::choice(context.words.text("plain-ask-menu"))
    }

    fn help(&self) -> &'static str {
        "plain-help-menu"
    }

    fn choose(&mut self, command: &Command<'_>, out: &mut Out, _context: &Context<'_>) -> bool {
        match command {
            Command::Number(1) => out.open(Today::new()),
            Command::Number(2) => out.open(Documents::new("notice")),
            Command::Number(3) => out.open(Documents::new("request")),
            Command::Number(4) => out.open(Documents::new("plan")),
            Command::Number(5) => out.open(People::new()),
            Command::Number(6) => out.open(Network),
            Command::Number(7) => out.open(Settings::new()),
            Command::Number(8) => out.open(Search::new()),
            Command::Number(9) => out.open(Moderation::new()),
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
                self.waiting = Some((today.waiting.len(), today.news_total));
            }
            Err(Failure::Refused(refusal)) => out.say(&*refusal.message),
            _ => {}
        }
        self.missing = self.missing.saturating_sub(1);
        if self.missing == 0 {
            self.say(out, context);
        }
    }
}
