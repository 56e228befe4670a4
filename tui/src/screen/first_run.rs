//! First run: from nothing to a home that belongs to a neighbourhood, one question at a time.
//!
//! Each step can go back, and nothing is on disk before the last one: leaving earlier leaves
//! nothing behind.

pub(crate) mod draw;
pub(crate) mod invited;
pub(crate) mod step;
mod words_seen;

use protocol::api::Refusal;
use protocol::limits::NAME_BYTES_MAX;
use ratatui::crossterm::event::{KeyCode, KeyEvent};
use ratatui::layout::Rect;

use crate::app::{
    Action, Binding, Canvas, Context, FieldSort, Go, Input, Key, Screen, Step as Outcome, edit_of,
};
use crate::host::{HostAnswer, HostOrder, NewHome, Passphrase, Protection, Way};
use crate::language::Language;
use crate::text::edit::Edit;
use crate::text::line_input::LineInput;
use invited::{Invited, order_to_read, road, welcome};
use step::{Road, Step, WordsAsked};
use words_seen::WordsSeen;

use super::unlock::PASSPHRASE_CHARS_MAX;

/// Unicode scalar values of an invitation's text or a file's path at most.
pub(crate) const INVITATION_CHARS_MAX: usize = 4_096;
/// Unicode scalar values of a typed recovery word at most.
const WORD_CHARS_MAX: usize = 24;

const TAG_INVITATION: u32 = 1;
const TAG_WORDS: u32 = 2;
const TAG_MADE: u32 = 3;

const LANGUAGE: Binding =
    Binding::new(&[Key::code(KeyCode::F(4))], Action::Language, "do-language");
const QUIT: Binding = Binding::new(&[Key::code(KeyCode::F(10))], Action::Quit, "do-quit");

/// The keys of a step that lets one choose.
const KEYS_OF_CHOICES: &[Binding] = &[
    Binding::new(&[Key::code(KeyCode::Enter)], Action::Open, "do-choose").hinted(),
    Binding::new(
        &[Key::code(KeyCode::Up), Key::char('k')],
        Action::Up,
        "do-up",
    )
    .hinted(),
    Binding::new(
        &[Key::code(KeyCode::Down), Key::char('j')],
        Action::Down,
        "do-down",
    )
    .hinted(),
    LANGUAGE.hinted_last(),
    QUIT.hinted_last(),
    Binding::new(&[Key::code(KeyCode::BackTab)], Action::Previous, "do-up"),
    Binding::new(&[Key::code(KeyCode::Tab)], Action::Next, "do-down"),
];

/// The keys of a step with fields.
const KEYS_OF_FIELDS: &[Binding] = &[
    Binding::new(&[Key::code(KeyCode::Enter)], Action::Open, "do-go-on").hinted(),
    LANGUAGE.hinted_last(),
    QUIT.hinted_last(),
    Binding::new(
        &[Key::code(KeyCode::Tab), Key::code(KeyCode::Down)],
        Action::Next,
        "do-next-field",
    ),
    Binding::new(
        &[Key::code(KeyCode::BackTab), Key::code(KeyCode::Up)],
        Action::Previous,
        "do-previous-field",
    ),
];
/// How many of them a step with one field has.
const KEYS_OF_ONE_FIELD: usize = 3;

/// The keys of a step that is read.
const KEYS_OF_WORDS: &[Binding] = &[
    Binding::new(&[Key::code(KeyCode::Enter)], Action::Open, "do-go-on").hinted(),
    Binding::new(&[Key::code(KeyCode::Up)], Action::Up, "do-up").hinted(),
    Binding::new(&[Key::code(KeyCode::Down)], Action::Down, "do-down").hinted(),
    LANGUAGE.hinted_last(),
    QUIT.hinted_last(),
    Binding::new(&[Key::code(KeyCode::PageUp)], Action::PageUp, "do-page-up"),
    Binding::new(
        &[Key::code(KeyCode::PageDown)],
        Action::PageDown,
        "do-page-down",
    ),
];

/// The first run.
#[derive(Debug)]
pub struct FirstRun {
    step: Step,
    /// Which choice or field of the step has the focus.
    focus: usize,
    founds: bool,
    neighbourhood: LineInput,
    invitation: LineInput,
    invited: Option<Invited>,
    household: LineInput,
    building: LineInput,
    has_passphrase: bool,
    passphrase: LineInput,
    again: LineInput,
    words: Vec<String>,
    asked: WordsAsked,
    typed: [LineInput; 2],
    waiting: bool,
    problem: Option<String>,
    seen: WordsSeen,
}

impl FirstRun {
    /// Begins with the language.
    pub fn new() -> Self {
        Self {
            step: Step::Language,
            focus: 0,
            founds: true,
            neighbourhood: LineInput::new(NAME_BYTES_MAX / 3),
            invitation: LineInput::new(INVITATION_CHARS_MAX),
            invited: None,
            household: LineInput::new(NAME_BYTES_MAX / 3),
            building: LineInput::new(NAME_BYTES_MAX / 3),
            has_passphrase: true,
            passphrase: LineInput::masked(PASSPHRASE_CHARS_MAX),
            again: LineInput::masked(PASSPHRASE_CHARS_MAX),
            words: Vec::new(),
            asked: WordsAsked::default(),
            typed: [
                LineInput::new(WORD_CHARS_MAX),
                LineInput::new(WORD_CHARS_MAX),
            ],
            waiting: false,
            problem: None,
            seen: WordsSeen::default(),
        }
    }

    /// The field that has the focus.
    fn field(&mut self) -> Option<&mut LineInput> {
        match (self.step, self.focus) {
            (Step::Neighbourhood, _) => Some(&mut self.neighbourhood),
            (Step::Invitation, _) => Some(&mut self.invitation),
            (Step::Household, 0) => Some(&mut self.household),
            (Step::Household, _) => Some(&mut self.building),
            (Step::Passphrase, 0) => Some(&mut self.passphrase),
            (Step::Passphrase, _) => Some(&mut self.again),
            (Step::Check, place) => self.typed.get_mut(place),
            _ => None,
        }
    }

    fn road(&self) -> Road {
        road(self.founds, self.invited.as_ref())
    }

    fn go_to(&mut self, step: Step) -> Outcome {
        self.step = step;
        self.problem = None;
        self.seen = WordsSeen::default();
        self.focus = match step {
            Step::Way => usize::from(!self.founds),
            Step::Protection => usize::from(!self.has_passphrase),
            _ => 0,
        };
        Outcome::stay()
    }

    fn back(&mut self) -> Outcome {
        if self.waiting {
            return Outcome::stay();
        }
        match self.step.before(self.road(), self.has_passphrase) {
            Some(step) => self.go_to(step),
            None => Outcome::ignored(),
        }
    }

    /// Goes one step on, if what the step asks for is there.
    fn on(&mut self, context: &Context<'_>) -> Outcome {
        if self.waiting {
            return Outcome::stay();
        }
        self.problem = None;
        if self.focus + 1 < self.step.fields() {
            self.focus += 1;
            return Outcome::stay();
        }
        match self.step {
            Step::Language => {
                let mut outcome = self.go_to(Step::Way);
                outcome.settings = None;
                outcome
            }
            Step::Way => {
                self.founds = self.focus == 0;
                self.go_to(match self.founds {
                    true => Step::Neighbourhood,
                    false => Step::Invitation,
                })
            }
            Step::Neighbourhood => match self.neighbourhood.text().trim().is_empty() {
                true => self.problem(context, "first-name-missing"),
                false => self.go_to(Step::Household),
            },
            Step::Invitation => self.read_invitation(context),
            Step::Household => match self.household.text().trim().is_empty() {
                true => {
                    self.focus = 0;
                    self.problem(context, "first-name-missing")
                }
                false => self.go_to(Step::Protection),
            },
            Step::Protection => {
                self.has_passphrase = self.focus == 0;
                match self.has_passphrase {
                    true => self.go_to(Step::Passphrase),
                    false => self.protected(context),
                }
            }
            Step::Passphrase => self.check_passphrase(context),
            // Nobody copies words that were never on the screen.
            Step::Words if self.seen.has_more() => {
                self.seen.page(true);
                Outcome::stay()
            }
            Step::Words => self.go_to(Step::Check),
            Step::Check => self.check_words(context),
        }
    }

    fn problem(&mut self, context: &Context<'_>, key: &str) -> Outcome {
        self.problem = Some(context.words.text(key));
        Outcome::stay()
    }

    fn read_invitation(&mut self, context: &Context<'_>) -> Outcome {
        let text = self.invitation.text().trim().to_owned();
        if text.is_empty() {
            return self.problem(context, "first-invitation-missing");
        }
        self.waiting = true;
        Outcome::stay().order(TAG_INVITATION, order_to_read(&text))
    }

    fn check_passphrase(&mut self, context: &Context<'_>) -> Outcome {
        if self.passphrase.is_empty() {
            self.focus = 0;
            return self.problem(context, "first-passphrase-missing");
        }
        if self.passphrase.text() != self.again.text() {
            self.focus = 1;
            self.again.apply(Edit::Clear);
            return self.problem(context, "first-passphrases-differ");
        }
        self.protected(context)
    }

    /// Goes on when it is known what protects the key: a further device has no words to keep.
    fn protected(&mut self, context: &Context<'_>) -> Outcome {
        match self.road() {
            Road::Enrols => self.make(context),
            _ => self.ask_words(context),
        }
    }

    fn ask_words(&mut self, context: &Context<'_>) -> Outcome {
        self.waiting = true;
        let language: Language = context.words.language();
        Outcome::stay().order(TAG_WORDS, HostOrder::Words(language))
    }

    fn check_words(&mut self, context: &Context<'_>) -> Outcome {
        let places = self.asked.places;
        for (typed, place) in self.typed.iter().zip(places) {
            let right = self.words.get(place).map(String::as_str);
            if Some(typed.text().trim().to_lowercase().as_str()) != right {
                let number = place + 1;
                let problem = context
                    .words
                    .with("first-word-wrong", &[("number", number.into())]);
                self.problem = Some(problem);
                self.focus = self
                    .asked
                    .places
                    .iter()
                    .position(|asked| *asked == place)
                    .unwrap_or(0);
                return Outcome::stay();
            }
        }
        self.make(context)
    }

    fn make(&mut self, context: &Context<'_>) -> Outcome {
        let way = match (self.founds, &self.invited) {
            (false, Some(invited)) => invited.way(),
            _ => Way::Found {
                neighbourhood: self.neighbourhood.text().trim().to_owned(),
            },
        };
        let protection = match self.has_passphrase {
            true => Protection::Passphrase(Passphrase::new(self.passphrase.text().to_owned())),
            false => Protection::KeyFile,
        };
        // What was typed before a code was read belongs to no further device.
        let (household, building) = match self.road() {
            Road::Enrols => ("", ""),
            _ => (self.household.text().trim(), self.building.text().trim()),
        };
        let home = NewHome {
            way,
            household: household.to_owned(),
            building: (!building.is_empty()).then(|| building.to_owned()),
            language: context.words.language(),
            protection,
        };
        self.waiting = true;
        Outcome::stay().order(TAG_MADE, HostOrder::Make(home))
    }

    fn hosted(
        &mut self,
        tag: u32,
        outcome: &Result<HostAnswer, Refusal>,
        context: &Context<'_>,
    ) -> Outcome {
        self.waiting = false;
        match (tag, outcome) {
            (TAG_INVITATION, Ok(answer)) => self.take_invitation(answer, context),
            (TAG_WORDS, Ok(HostAnswer::Words(words))) => {
                self.words.clone_from(words);
                self.asked = WordsAsked::at(context.clock.now_ms, words.len());
                self.go_to(Step::Words)
            }
            (TAG_MADE, Ok(_)) => {
                self.passphrase.apply(Edit::Clear);
                self.again.apply(Edit::Clear);
                Outcome::go(Go::Begin).remark(context.words.text(welcome(self.road())))
            }
            (_, Err(refusal)) => {
                self.problem = Some(refusal.message.clone());
                Outcome::stay()
            }
            _ => Outcome::stay(),
        }
    }

    fn take_invitation(&mut self, answer: &HostAnswer, context: &Context<'_>) -> Outcome {
        let Some(invited) = Invited::of(answer) else {
            return Outcome::stay();
        };
        match invited.step(context) {
            Ok(step) => {
                self.invited = Some(invited);
                self.go_to(step)
            }
            Err(problem) => {
                self.problem = Some(problem);
                Outcome::stay()
            }
        }
    }

    fn on_key(&mut self, event: &KeyEvent, context: &Context<'_>) -> Outcome {
        let choices = self.step.choices();
        match event.code {
            KeyCode::Enter => return self.choose(context),
            KeyCode::Up if choices > 0 => self.focus = self.focus.saturating_sub(1),
            KeyCode::Down if choices > 0 => self.focus = (self.focus + 1).min(choices - 1),
            KeyCode::Char('k') if choices > 0 => self.focus = self.focus.saturating_sub(1),
            KeyCode::Char('j') if choices > 0 => self.focus = (self.focus + 1).min(choices - 1),
            KeyCode::Up if self.step == Step::Words => self.seen.line(false),
            KeyCode::Down if self.step == Step::Words => self.seen.line(true),
            KeyCode::PageUp if self.step == Step::Words => self.seen.page(false),
            KeyCode::PageDown | KeyCode::Char(' ') if self.step == Step::Words => {
                self.seen.page(true);
            }
            KeyCode::Up => self.focus = self.focus.saturating_sub(1),
            KeyCode::Down => {
                self.focus = (self.focus + 1).min(self.step.fields().saturating_sub(1));
            }
            _ => {
                if let (Some(field), Some(edit)) = (self.field(), edit_of(event)) {
                    field.apply(edit);
                    self.problem = None;
                }
            }
        }
        Outcome::stay()
    }

    /// Enter: takes the choice that has the focus, or goes on.
    fn choose(&mut self, context: &Context<'_>) -> Outcome {
        if self.step != Step::Language {
            return self.on(context);
        }
        let language = match self.focus {
            0 => Language::Chinese,
            _ => Language::English,
        };
        let mut settings = *context.settings;
        settings.language = language;
        let mut outcome = self.go_to(Step::Way);
        outcome.settings = Some(settings);
        outcome
    }
}

impl Default for FirstRun {
    fn default() -> Self {
        Self::new()
    }
}

impl Screen for FirstRun {
    fn title(&self, context: &Context<'_>) -> String {
        context.words.text("first-title")
    }

    fn keys(&self) -> &'static [Binding] {
        match (self.step.choices(), self.step.fields()) {
            (0, 0) => KEYS_OF_WORDS,
            (0, 1) => &KEYS_OF_FIELDS[..KEYS_OF_ONE_FIELD],
            (0, _) => KEYS_OF_FIELDS,
            _ => KEYS_OF_CHOICES,
        }
    }

    fn is_typing(&self) -> bool {
        true
    }

    fn field(&self) -> FieldSort {
        match (self.step, self.step.fields()) {
            (_, 0) => FieldSort::Choice,
            (Step::Passphrase, _) => FieldSort::Secret,
            _ => FieldSort::Line,
        }
    }

    fn shows_tabs(&self) -> bool {
        false
    }

    fn update(&mut self, input: Input<'_>, context: &Context<'_>) -> Outcome {
        match input {
            Input::Shown => {
                self.focus = match context.words.language() {
                    Language::Chinese => 0,
                    Language::English => 1,
                };
                Outcome::stay()
            }
            Input::Action(Action::Back) => self.back(),
            Input::Action(Action::Open) => self.choose(context),
            Input::Action(Action::Next) => {
                let count = self.step.fields().max(self.step.choices()).max(1);
                self.focus = (self.focus + 1) % count;
                Outcome::stay()
            }
            Input::Action(Action::Previous) => {
                let count = self.step.fields().max(self.step.choices()).max(1);
                self.focus = (self.focus + count - 1) % count;
                Outcome::stay()
            }
            Input::Key(event) => self.on_key(event, context),
            // The wheel goes where the keys go.
            Input::Action(Action::Up) => self.on_key(&KeyCode::Up.into(), context),
            Input::Action(Action::Down) => self.on_key(&KeyCode::Down.into(), context),
            Input::Action(Action::PageUp) => self.on_key(&KeyCode::PageUp.into(), context),
            Input::Action(Action::PageDown) => self.on_key(&KeyCode::PageDown.into(), context),
            Input::Paste(text) => {
                if let Some(field) = self.field() {
                    field.apply(Edit::Paste(text.to_owned()));
                    self.problem = None;
                }
                Outcome::stay()
            }
            Input::Clicked(place) => {
                self.focus = place as usize;
                match self.step.choices() > 0 {
                    true => self.choose(context),
                    false => Outcome::stay(),
                }
            }
            Input::Hosted { tag, outcome } => self.hosted(tag, outcome, context),
            _ => Outcome::ignored(),
        }
    }

    fn draw(&mut self, canvas: &mut Canvas<'_>, area: Rect, context: &Context<'_>) {
        draw::draw(self, canvas, area, context);
    }
}
