//! The composer in lines: the same form, drafts and rules as the full screens have, one field after
//! the other.
//!
//! The composer's own screen does the work; here its fields are asked for. Every answer is kept in
//! the draft at once.

use protocol::api::{Answer, Event, SavedDraft};

use super::command::Command;
use super::page::{Out, Page, Question};
use super::text_lines::TextLines;
use crate::app::{Action, Context, Failure, Input, Screen};
use crate::screen::composer::Composer;
use crate::screen::composer::entry::{Content, Entry};
use crate::screen::composer::form::{choice_text, field_label, placeholder};

/// What is asked for.
#[derive(Clone, Debug)]
enum At {
    /// Which field, or to publish.
    Fields,
    /// The text of a field of one line.
    Line(usize),
    /// One of several values.
    Choice(usize),
    /// The lines of a text.
    Text(usize, TextLines),
}

/// Something that is being written.
#[derive(Debug)]
pub struct Writing {
    composer: Composer,
    at: At,
    /// Whether what must be said is asked for field by field, as at the beginning of something new.
    is_walking: bool,
    /// Whether the form was shown for the first time.
    is_begun: bool,
    /// Whether something was kept in a draft.
    is_kept: bool,
}

impl Writing {
    /// Goes on with a composer.
    pub fn new(composer: Composer) -> Self {
        Self {
            is_walking: !composer.is_edit(),
            composer: composer.closing(),
            at: At::Fields,
            is_begun: false,
            is_kept: false,
        }
    }

    /// Begins a new document.
    pub fn create(kind: &'static str) -> Self {
        Self::new(Composer::create(kind))
    }

    /// Goes on with a draft.
    pub fn resume(draft: SavedDraft) -> Self {
        Self {
            is_walking: false,
            is_kept: true,
            ..Self::new(Composer::resume(draft))
        }
    }

    fn entries(&self) -> &[Entry] {
        self.composer.form().map_or(&[], |form| form.entries())
    }

    /// Lets the composer take an input, and takes over what it wants.
    fn tell(&mut self, input: Input<'_>, out: &mut Out, context: &Context<'_>) {
        let step = self.composer.update(input, context);
        out.take_step(step);
        if !self.is_begun && self.composer.form().is_some() {
            self.is_begun = true;
            let resumed = self.entries().iter().any(|entry| entry.is_changed(context));
            self.is_walking &= !resumed;
            self.is_kept |= resumed;
            match self.is_walking {
                true => {
                    out.say(self.composer.title(context));
                    self.walk_from(0, out, context);
                }
                false => self.say_fields(out, context),
            }
        }
    }

    /// Asks for the next field of text from a place on, and in the end shows all fields.
    fn walk_from(&mut self, place: usize, out: &mut Out, context: &Context<'_>) {
        let asked = |entry: &Entry| {
            let is_main = ["title", "body", "text"].contains(&entry.field.name);
            entry.is_text() && is_main || self.composer.is_short() || entry.is_confidential()
        };
        let rest = self.entries().iter().enumerate().skip(place);
        let next = rest
            .into_iter()
            .find(|(_, entry)| asked(entry))
            .map(|(place, _)| place);
        match next.filter(|_| self.is_walking) {
            Some(place) => self.enter(place, out, context),
            None => {
                self.at = At::Fields;
                match std::mem::take(&mut self.is_walking) {
                    true => self.say_fields(out, context),
                    // The others stand as they stood.
                    false => out.say(self.field_line(place.saturating_sub(1), context)),
                }
            }
        }
    }

    /// A field with its number and what stands in it.
    fn field_line(&self, place: usize, context: &Context<'_>) -> String {
        let Some(entry) = self.entries().get(place) else {
            return String::new();
        };
        let label = field_label(&self.composer.field_kind(), entry, context);
        let line = format!("{}. {label} - {}", place + 1, shown(entry, context));
        match &entry.error {
            Some(error) => format!("{line} - ! {error}"),
            None => line,
        }
    }

    fn say_fields(&self, out: &mut Out, context: &Context<'_>) {
        out.say(self.composer.title(context));
        for place in 0..self.entries().len() {
            out.say(self.field_line(place, context));
        }
        let words = context.words;
        out.say(format!("p. {}", words.text(self.composer.button())));
        if self.composer.has_draft() {
            out.say(format!("t. {}", words.text("do-throw-away")));
        }
    }

    /// Begins to ask for a field.
    fn enter(&mut self, place: usize, out: &mut Out, context: &Context<'_>) {
        let Some(entry) = self.entries().get(place) else {
            return;
        };
        if let Some((_, explained)) = entry.confidence() {
            out.say(context.words.text(explained));
        }
        if entry.field.name == "urgent" {
            let numbers = &context.settings.emergency_numbers;
            out.say(context.words.emergency(numbers));
        }
        match &entry.content {
            Content::Line(line) => {
                if !placeholder(entry.field.name).is_empty() {
                    out.say(context.words.text("field-no-moment"));
                }
                if !line.is_empty() {
                    let values = [("text", line.text().into())];
                    out.say(context.words.with("plain-line-stands", &values));
                }
                self.at = At::Line(place);
            }
            Content::Choice { values, .. } => {
                for (number, value) in (1..).zip(values) {
                    let name = choice_text(entry.field.name, value, context);
                    out.say(format!("{number}. {name}"));
                }
                self.at = At::Choice(place);
            }
            Content::Text(editor) => {
                let lines = TextLines::of(editor.text());
                lines.say(out, context);
                self.at = At::Text(place, lines);
            }
        }
    }

    /// Done with a field: on to the next one, or to all of them.
    fn leave_field(&mut self, place: usize, out: &mut Out, context: &Context<'_>) {
        self.at = At::Fields;
        self.keep(out, context);
        self.walk_from(place + 1, out, context);
    }

    /// Keeps what is written in the draft.
    fn keep(&mut self, out: &mut Out, context: &Context<'_>) {
        let before = out.questions.len();
        self.tell(Input::HangUp, out, context);
        self.is_kept |= out.questions.len() > before;
    }

    fn write(&mut self, place: usize, text: &str, out: &mut Out, context: &Context<'_>) -> bool {
        let form = self.composer.form_mut();
        let Some(entry) = form.and_then(|form| form.entries_mut().get_mut(place)) else {
            return false;
        };
        match entry.write(text) {
            Ok(()) => {
                self.composer.wrote(context);
                true
            }
            Err(most) => {
                let values = [("count", most.into())];
                out.say(context.words.with("field-full", &values));
                false
            }
        }
    }

    fn take_line(&mut self, place: usize, text: &str, out: &mut Out, context: &Context<'_>) {
        let text = text.trim();
        let stands = !matches!(
            self.entries().get(place).map(|entry| &entry.content),
            Some(Content::Line(line)) if line.is_empty()
        );
        let written = match text {
            "" => true,
            "-" if stands => self.write(place, "", out, context),
            text => self.write(place, text, out, context),
        };
        if !written {
            return;
        }
        if let Some(Err(key)) = self
            .entries()
            .get(place)
            .map(|entry| readable(entry, context))
        {
            return out.say(context.words.text(key));
        }
        self.leave_field(place, out, context);
    }

    fn take_text(&mut self, text: &str, out: &mut Out, context: &Context<'_>) {
        let At::Text(place, mut lines) = self.at.clone() else {
            return;
        };
        lines.take(text, out);
        self.take_lines(place, lines, out, context);
    }

    /// Takes over the lines of a text as they are by now.
    fn take_lines(&mut self, place: usize, lines: TextLines, out: &mut Out, context: &Context<'_>) {
        let whole = lines.text();
        let is_same = matches!(
            self.entries().get(place).map(|entry| &entry.content),
            Some(Content::Text(editor)) if editor.text() == whole
        );
        // What does not fit is not taken; what stood before is asked about again.
        if !is_same && !self.write(place, &whole, out, context) {
            return;
        }
        match lines.is_done() {
            true => self.leave_field(place, out, context),
            false => self.at = At::Text(place, lines),
        }
    }

    fn choose_value(&mut self, place: usize, number: usize, out: &mut Out, context: &Context<'_>) {
        let form = self.composer.form_mut();
        let entry = form.and_then(|form| form.entries_mut().get_mut(place));
        let Some(Content::Choice { values, chosen }) = entry.map(|entry| {
            entry.error = None;
            &mut entry.content
        }) else {
            return;
        };
        if number == 0 || number > values.len() {
            return out.say(context.words.text("plain-not-understood"));
        }
        *chosen = number - 1;
        self.composer.wrote(context);
        self.leave_field(place, out, context);
    }

    fn publish(&mut self, out: &mut Out, context: &Context<'_>) {
        let before = out.questions.len();
        self.tell(Input::Action(Action::Save), out, context);
        if out.questions.len() == before {
            self.say_errors(out, context);
        }
    }

    /// Says which fields are wrong, and why.
    fn say_errors(&self, out: &mut Out, context: &Context<'_>) {
        for (place, entry) in self.entries().iter().enumerate() {
            if entry.error.is_some() {
                out.say(self.field_line(place, context));
            }
        }
    }
}

/// Tells what is wrong with what was written in a field.
fn readable(entry: &Entry, context: &Context<'_>) -> Result<(), &'static str> {
    use crate::screen::composer::entry::Unreadable;
    match entry.value(context) {
        // What must be said may still be left for later.
        Ok(_) | Err(Unreadable::Missing) => Ok(()),
        Err(Unreadable::Moment) => Err("field-no-moment"),
        Err(Unreadable::Number) => Err("field-no-number"),
    }
}

/// What stands in a field, in a few words.
fn shown(entry: &Entry, context: &Context<'_>) -> String {
    let words = context.words;
    match &entry.content {
        Content::Line(line) if line.is_empty() => words.text("nothing-chosen"),
        Content::Line(line) => line.text().to_owned(),
        Content::Choice { values, chosen } => {
            choice_text(entry.field.name, &values[*chosen], context)
        }
        Content::Text(editor) => {
            let lines = editor.text().split('\n').count();
            match (editor.text().trim().lines().next(), lines) {
                (None, _) => words.text("nothing-chosen"),
                (Some(first), 1) => first.to_owned(),
                (Some(first), lines) => {
                    let values = [("first", first.into()), ("count", lines.into())];
                    words.with("plain-text-lines", &values)
                }
            }
        }
    }
}

impl Page for Writing {
    fn open(&mut self, out: &mut Out, context: &Context<'_>) {
        match self.is_begun {
            false => self.tell(Input::Shown, out, context),
            true => self.say_fields(out, context),
        }
    }

    fn question(&self, context: &Context<'_>) -> Question {
        let kind = self.composer.field_kind();
        let label = |place: usize| match self.entries().get(place) {
            Some(entry) => field_label(&kind, entry, context),
            None => String::new(),
        };
        let words = context.words;
        match &self.at {
            At::Fields => Question::choice(words.text("plain-ask-field")),
            At::Line(place) => {
                let values = [("label", label(*place).into())];
                Question::text(words.with("plain-ask-label", &values))
            }
            At::Choice(place) => {
                let values = [("label", label(*place).into())];
                Question::choice(words.with("plain-ask-choice", &values))
            }
            At::Text(place, lines) => lines.question(&label(*place), context),
        }
    }

    fn help(&self) -> &'static str {
        match &self.at {
            At::Text(..) => "plain-text-choosing",
            At::Choice(_) => "plain-help-choose",
            _ => "plain-help-composer",
        }
    }

    fn choose(&mut self, command: &Command<'_>, out: &mut Out, context: &Context<'_>) -> bool {
        match (self.at.clone(), command) {
            (At::Text(place, mut lines), command) => {
                let taken = lines.choose(command, out, context);
                if taken {
                    self.take_lines(place, lines, out, context);
                }
                taken
            }
            (At::Choice(place), Command::Number(number @ 1..)) => {
                self.choose_value(place, *number, out, context);
                true
            }
            (At::Choice(place), Command::Nothing) => {
                self.leave_field(place, out, context);
                true
            }
            (At::Fields, Command::Number(number @ 1..)) if *number <= self.entries().len() => {
                self.enter(number - 1, out, context);
                true
            }
            (At::Fields, Command::Letter('p', None)) => {
                self.publish(out, context);
                true
            }
            (At::Fields, Command::Letter('t', None)) if self.composer.has_draft() => {
                self.is_kept = false;
                self.tell(Input::Action(Action::Remove), out, context);
                true
            }
            _ => false,
        }
    }

    fn text(&mut self, text: &str, out: &mut Out, context: &Context<'_>) {
        match self.at {
            At::Line(place) => self.take_line(place, text, out, context),
            _ => self.take_text(text, out, context),
        }
    }

    fn back(&mut self, out: &mut Out, context: &Context<'_>) -> bool {
        if let At::Choice(place) = self.at {
            self.is_walking = false;
            self.leave_field(place, out, context);
            return true;
        }
        if self.composer.is_half_done() {
            self.tell(Input::Action(Action::Back), out, context);
            return true;
        }
        if self.is_kept {
            out.say(context.words.text("draft-kept"));
        }
        false
    }

    fn answered(
        &mut self,
        tag: u32,
        outcome: &Result<Answer, Failure>,
        out: &mut Out,
        context: &Context<'_>,
    ) {
        self.tell(Input::Answered { tag, outcome }, out, context);
        if outcome.is_err() {
            self.say_errors(out, context);
        }
    }

    fn event(&mut self, event: &Event, out: &mut Out, context: &Context<'_>) {
        self.tell(Input::Event(event), out, context);
    }

    fn leave(&mut self, out: &mut Out, context: &Context<'_>) {
        self.keep(out, context);
        if self.is_kept && !self.composer.is_half_done() {
            out.say(context.words.text("draft-kept"));
        }
    }
}
