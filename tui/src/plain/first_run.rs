//! First run: from nothing to a home that belongs to a neighbourhood, one question at a time.
//!
//! Nothing is on disk before the last answer: leaving earlier leaves nothing behind.

use protocol::api::Refusal;
use protocol::limits::NAME_BYTES_MAX;

use super::command::Command;
use super::page::{Go, Out, Page, Question};
use crate::app::Context;
use crate::host::{HostAnswer, HostOrder, NewHome, Passphrase, Protection, Way};
use crate::language::Language;
use crate::screen::first_run::INVITATION_CHARS_MAX;
use crate::screen::first_run::draw::{choices, explained};
use crate::screen::first_run::invited::{Invited, order_to_read, road, welcome};
use crate::screen::first_run::step::{Road, Step, WordsAsked};
use crate::screen::unlock::PASSPHRASE_CHARS_MAX;

const TAG_INVITATION: u32 = 1;
const TAG_WORDS: u32 = 2;
const TAG_MADE: u32 = 3;

/// The first run.
#[derive(Debug)]
pub struct FirstRun {
    step: Step,
    /// Which field of the step is asked for.
    field: usize,
    founds: bool,
    neighbourhood: String,
    invited: Option<Invited>,
    household: String,
    building: String,
    passphrase: Option<Passphrase>,
    has_passphrase: bool,
    words: Vec<String>,
    asked: WordsAsked,
}

impl FirstRun {
    /// Begins with the language.
    pub fn new() -> Self {
        Self::at(Step::Language)
    }

    fn at(step: Step) -> Self {
        Self {
            step,
            field: 0,
            founds: true,
            neighbourhood: String::new(),
            invited: None,
            household: String::new(),
            building: String::new(),
            passphrase: None,
            has_passphrase: true,
            words: Vec::new(),
            asked: WordsAsked::default(),
        }
    }

    fn road(&self) -> Road {
        road(self.founds, self.invited.as_ref())
    }

    fn go_to(&mut self, step: Step, out: &mut Out, context: &Context<'_>) {
        (self.step, self.field) = (step, 0);
        self.say(out, context);
    }

    fn say(&self, out: &mut Out, context: &Context<'_>) {
        let words = context.words;
        let (number, of) = self.step.number(self.road(), self.has_passphrase);
        let values = [("number", number.into()), ("of", of.into())];
        out.say(words.with("first-progress", &values));
        let invited = self.invited.as_ref().filter(|_| !self.founds);
        out.say(explained(self.step, invited, context));
        if self.step.choices() > 0 {
            for (number, key) in (1..).zip(choices(self.step)) {
                let mut line = format!("{number}. {}", words.text(key));
                let why = format!("{key}.explained");
                if words.has(&why) {
                    line = format!("{line} - {}", words.text(&why));
                }
                out.say(line);
            }
        }
        if self.step == Step::Words {
            for (number, word) in (1..).zip(&self.words) {
                out.say(format!("{number}. {word}"));
            }
        }
    }

    /// The name of the words that name what is asked for.
    fn label(&self) -> &'static str {
        match (self.step, self.field) {
            (Step::Neighbourhood, _) => "first-neighbourhood-label",
            (Step::Invitation, _) => "first-invitation-label",
            (Step::Household, 0) => "first-household-label",
            (Step::Household, _) => "first-building-label",
            (Step::Passphrase, 0) => "first-passphrase-label",
            _ => "first-again-label",
        }
    }

    fn chosen(&mut self, number: usize, out: &mut Out, context: &Context<'_>) -> bool {
        let first = match number {
            1 => true,
            2 => false,
            _ => return false,
        };
        match self.step {
            Step::Language => {
                let mut settings = *context.settings;
                settings.language = match first {
                    true => Language::Chinese,
                    false => Language::English,
                };
                out.settings = Some(settings);
                // The next step is said in the language that was chosen.
                out.go = Some(Go::Replace(Box::new(Self::at(Step::Way))));
            }
            Step::Way => {
                self.founds = first;
                let next = match first {
                    true => Step::Neighbourhood,
                    false => Step::Invitation,
                };
                self.go_to(next, out, context);
            }
            Step::Protection => {
                self.has_passphrase = first;
                match first {
                    true => self.go_to(Step::Passphrase, out, context),
                    false => self.protected(out, context),
                }
            }
            _ => return false,
        }
        true
    }

    /// Goes on when it is known what protects the key: a further device has no words to keep.
    fn protected(&mut self, out: &mut Out, context: &Context<'_>) {
        match self.road() {
            Road::Enrols => self.make(out, context),
            _ => self.ask_words(out, context),
        }
    }

    fn make(&self, out: &mut Out, context: &Context<'_>) {
        out.say(context.words.text("first-waiting"));
        let home = self.home(context);
        out.orders.push((TAG_MADE, HostOrder::Make(home)));
    }

    fn ask_words(&mut self, out: &mut Out, context: &Context<'_>) {
        let language = context.words.language();
        out.orders.push((TAG_WORDS, HostOrder::Words(language)));
    }

    /// Takes a name; an empty line goes back.
    fn take_text(&mut self, text: &str, out: &mut Out, context: &Context<'_>) {
        let text = text.trim();
        let may_be_empty = self.step == Step::Household && self.field == 1;
        if text.is_empty() && !may_be_empty {
            self.back(out, context);
            return;
        }
        let most = match self.step {
            Step::Invitation => INVITATION_CHARS_MAX,
            _ => NAME_BYTES_MAX / 3,
        };
        if text.chars().count() > most {
            return out.say(context.words.with("field-full", &[("count", most.into())]));
        }
        match (self.step, self.field) {
            (Step::Neighbourhood, _) => {
                text.clone_into(&mut self.neighbourhood);
                self.go_to(Step::Household, out, context);
            }
            (Step::Invitation, _) => {
                out.orders.push((TAG_INVITATION, order_to_read(text)));
            }
            (Step::Household, 0) => {
                text.clone_into(&mut self.household);
                self.field = 1;
            }
            (Step::Household, _) => {
                text.clone_into(&mut self.building);
                self.go_to(Step::Protection, out, context);
            }
            _ => self.take_word(text, out, context),
        }
    }

    fn take_passphrase(&mut self, typed: &str, out: &mut Out, context: &Context<'_>) {
        if typed.is_empty() {
            self.back(out, context);
            return;
        }
        if typed.chars().count() > PASSPHRASE_CHARS_MAX {
            let values = [("count", PASSPHRASE_CHARS_MAX.into())];
            return out.say(context.words.with("field-full", &values));
        }
        let typed = Passphrase::new(typed.to_owned());
        if self.field == 0 {
            self.passphrase = Some(typed);
            self.field = 1;
        } else if self.passphrase.as_ref() == Some(&typed) {
            self.protected(out, context);
        } else {
            self.field = 0;
            out.say(context.words.text("first-passphrases-differ"));
        }
    }

    /// Takes one of the two recovery words that are asked for.
    fn take_word(&mut self, text: &str, out: &mut Out, context: &Context<'_>) {
        let place = self.asked.places[self.field.min(1)];
        let right = self.words.get(place).map(String::as_str);
        if Some(text.to_lowercase().as_str()) != right {
            let values = [("number", (place + 1).into())];
            return out.say(context.words.with("plain-word-wrong", &values));
        }
        if self.field == 0 {
            self.field = 1;
            return;
        }
        self.make(out, context);
    }

    fn home(&self, context: &Context<'_>) -> NewHome {
        let way = match (self.founds, &self.invited) {
            (false, Some(invited)) => invited.way(),
            _ => Way::Found {
                neighbourhood: self.neighbourhood.clone(),
            },
        };
        let protection = match (self.has_passphrase, &self.passphrase) {
            (true, Some(passphrase)) => Protection::Passphrase(passphrase.clone()),
            _ => Protection::KeyFile,
        };
        // What was typed before a code was read belongs to no further device.
        let (household, building) = match self.road() {
            Road::Enrols => ("", ""),
            _ => (&*self.household, &*self.building),
        };
        NewHome {
            way,
            household: household.to_owned(),
            building: (!building.is_empty()).then(|| building.to_owned()),
            language: context.words.language(),
            protection,
        }
    }
}

impl Page for FirstRun {
    fn open(&mut self, out: &mut Out, context: &Context<'_>) {
        self.say(out, context);
    }

    fn question(&self, context: &Context<'_>) -> Question {
        let words = context.words;
        if self.step.choices() > 0 {
            return Question::choice(words.text("plain-ask-number"));
        }
        let asked = |key: &str, value| words.with(key, &[("label", value)]);
        match self.step {
            Step::Words => Question::choice(words.text("plain-ask-words-written")),
            Step::Check => {
                let number = self.asked.places[self.field.min(1)] + 1;
                let label = words.with("first-word-number", &[("number", number.into())]);
                Question::text(asked("plain-ask-or-back", label.into()))
            }
            Step::Passphrase => {
                let label = words.text(self.label());
                Question::secret(asked("plain-ask-or-back", label.into()))
            }
            Step::Household if self.field == 1 => {
                let label = words.text(self.label());
                Question::text(asked("plain-ask-label", label.into()))
            }
            _ => {
                let label = words.text(self.label());
                Question::text(asked("plain-ask-or-back", label.into()))
            }
        }
    }

    fn help(&self) -> &'static str {
        "plain-help-choose"
    }

    fn choose(&mut self, command: &Command<'_>, out: &mut Out, context: &Context<'_>) -> bool {
        match command {
            Command::Number(number @ 1..) => self.chosen(*number, out, context),
            Command::Nothing if self.step == Step::Words => {
                self.go_to(Step::Check, out, context);
                true
            }
            _ => false,
        }
    }

    fn text(&mut self, text: &str, out: &mut Out, context: &Context<'_>) {
        match self.step {
            Step::Passphrase => self.take_passphrase(text, out, context),
            _ => self.take_text(text, out, context),
        }
    }

    fn back(&mut self, out: &mut Out, context: &Context<'_>) -> bool {
        match self.step.before(self.road(), self.has_passphrase) {
            Some(step) => {
                self.go_to(step, out, context);
                true
            }
            None => false,
        }
    }

    fn hosted(
        &mut self,
        tag: u32,
        outcome: &Result<HostAnswer, Refusal>,
        out: &mut Out,
        context: &Context<'_>,
    ) {
        match (tag, outcome) {
            (TAG_INVITATION, Ok(answer)) => {
                let Some(invited) = Invited::of(answer) else {
                    return;
                };
                match invited.step(context) {
                    Ok(step) => {
                        self.invited = Some(invited);
                        self.go_to(step, out, context);
                    }
                    Err(problem) => out.say(problem),
                }
            }
            (TAG_WORDS, Ok(HostAnswer::Words(words))) => {
                self.words.clone_from(words);
                self.asked = WordsAsked::at(context.clock.now_ms, words.len());
                self.go_to(Step::Words, out, context);
            }
            (TAG_MADE, Ok(_)) => {
                self.passphrase = None;
                out.say(context.words.text(welcome(self.road())));
                out.go = Some(Go::Begin);
            }
            (_, Err(refusal)) => out.say(&*refusal.message),
            _ => {}
        }
    }
}
