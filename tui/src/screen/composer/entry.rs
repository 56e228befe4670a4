//! One field of a form: what is written or chosen in it, and its value for the node.

use std::fmt;

use jiff::civil::DateTime;
use protocol::api::{Capacity, Confidential, RecordedRef};
use protocol::kind::{Constant, Field, Presence, Shape};
use protocol::limits;
use protocol::text::looks_like_phone_number;
use serde_json::{Value, json};

use crate::app::Context;
use crate::text::editor::Editor;
use crate::text::line_input::LineInput;

/// How a moment is written in a form.
const MOMENT: &str = "%Y-%m-%d %H:%M";
/// Unicode scalar values of a written moment or number at most.
const SHORT_CHARS_MAX: usize = 32;
/// Unicode scalar values of collaborative text at most: what the atoms of a document allow.
const MARKDOWN_CHARS_MAX: usize = 60_000;
/// Unicode scalar values of a contact at most: so many can be sealed in any script.
const CONTACT_CHARS_MAX: usize = limits::CONTACT_BYTES_MAX / 4;
/// How the author can be reached. No kind has this field: what stands in it is sealed, and in no
/// document or draft.
static CONTACT: Field = Field::new(
    "contact",
    Shape::Paragraphs {
        chars_max: CONTACT_CHARS_MAX,
    },
);
/// Where to knock, sealed in the same way to the leads of the building.
static DOOR: Field = Field::new(
    "door",
    Shape::Paragraphs {
        chars_max: CONTACT_CHARS_MAX,
    },
);
/// How long something may stand, in hours, to choose from; none leaves it to the kind.
const LIFETIMES_HOURS: [Option<i64>; 6] = [
    None,
    Some(12),
    Some(24),
    Some(72),
    Some(7 * 24),
    Some(30 * 24),
];
const HOUR_MS: i64 = 60 * 60 * 1_000;

/// What stands in a field.
#[derive(Clone, Debug)]
pub enum Content {
    /// One line, a number or a moment.
    Line(LineInput),
    /// Several lines.
    Text(Box<Editor>),
    /// One of several values; the first means that nothing is said.
    Choice {
        /// The values.
        values: Vec<Value>,
        /// Which one.
        chosen: usize,
    },
}

/// A field of a form.
#[derive(Clone)]
pub struct Entry {
    /// The field of the kind.
    pub field: &'static Field,
    /// What stands in it.
    pub content: Content,
    /// What is wrong with it.
    pub error: Option<String>,
    /// What stood in it at first; only what differs is sent in an edit.
    before: Value,
}

/// Why a field holds no value for the node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// It must not be empty.
    Missing,
    /// It is no moment.
    Moment,
    /// It is no number.
    Number,
}

impl Entry {
    /// Makes a field with what stands in it; none for a shape that nobody types.
    pub fn new(
        field: &'static Field,
        stands: Option<&Value>,
        context: &Context<'_>,
    ) -> Option<Self> {
        let text = stands.and_then(Value::as_str).unwrap_or_default();
        let content = match field.shape {
            Shape::Line { chars_max } => Content::Line(LineInput::new(chars_max).with_text(text)),
            Shape::Paragraphs { chars_max } => {
                Content::Text(Box::new(Editor::new(text, chars_max)))
            }
            Shape::Markdown => Content::Text(Box::new(Editor::new(text, MARKDOWN_CHARS_MAX))),
            Shape::Choice(words) => choice(
                words.iter().map(|word| json!(word)),
                stands.or(otherwise(field).as_ref()),
                field.presence != Presence::Optional,
            ),
            Shape::Flag => choice(
                [json!(false), json!(true)],
                stands.or(Some(&json!(false))),
                true,
            ),
            Shape::TimeMs if field.name == "expires_ms" => lifetimes(stands, context),
            Shape::TimeMs => {
                let text = stands.and_then(Value::as_i64);
                let text = text.map_or_else(String::new, |time| moment_text(time, context));
                Content::Line(LineInput::new(SHORT_CHARS_MAX).with_text(&text))
            }
            Shape::Number { .. } => {
                let number = stands.cloned().or_else(|| otherwise(field));
                let text = number.map_or_else(String::new, |number| number.to_string());
                Content::Line(LineInput::new(SHORT_CHARS_MAX).with_text(&text))
            }
            Shape::Capacity => capacities(stands, context)?,
            Shape::Recorded => households(stands, context)?,
            Shape::Document
            | Shape::Member
            | Shape::Item
            | Shape::Sealed { .. }
            | Shape::Places { .. } => return None,
        };
        let mut entry = Self {
            field,
            content,
            error: None,
            before: Value::Null,
        };
        entry.before = entry.value(context).unwrap_or(Value::Null);
        Some(entry)
    }

    /// Makes the field for how the author can be reached, with what stands in it.
    pub fn contact(stands: &Confidential) -> Self {
        Self::sealed(&CONTACT, stands)
    }

    /// Makes the field for where to knock, with what stands in it.
    pub fn door(stands: &Confidential) -> Self {
        Self::sealed(&DOOR, stands)
    }

    fn sealed(field: &'static Field, stands: &Confidential) -> Self {
        let text = stands.expose();
        Self {
            field,
            content: Content::Text(Box::new(Editor::new(text, CONTACT_CHARS_MAX))),
            error: None,
            before: text_value(text),
        }
    }

    /// Whether what stands in it is not for everyone.
    pub fn is_confidential(&self) -> bool {
        std::ptr::eq(self.field, &CONTACT) || self.is_door()
    }

    /// Whether what stands in it is for the leads of the building.
    pub fn is_door(&self) -> bool {
        std::ptr::eq(self.field, &DOOR)
    }

    /// The names of the words for what is not for everyone: what it is called, and who will read it.
    pub fn confidence(&self) -> Option<(&'static str, &'static str)> {
        match (self.is_confidential(), self.is_door()) {
            (_, true) => Some(("door-title", "door-explained")),
            (true, false) => Some(("field-contact", "contact-explained")),
            (false, false) => None,
        }
    }

    /// What stands in it for those whom it is sealed to; nothing in a field that is public, and
    /// where nothing but white space stands.
    pub fn confidential(&self) -> Option<Confidential> {
        match &self.content {
            Content::Text(editor) if self.is_confidential() => {
                let text = editor.text().trim();
                (!text.is_empty()).then(|| Confidential::new(text.to_owned()))
            }
            _ => None,
        }
    }

    /// Whether characters are written into it.
    pub fn is_text(&self) -> bool {
        !matches!(self.content, Content::Choice { .. })
    }

    /// Whether it is collaborative text.
    pub fn is_collaborative(&self) -> bool {
        self.field.shape == Shape::Markdown
    }

    /// Tells whether something else stands in it than at first.
    pub fn is_changed(&self, context: &Context<'_>) -> bool {
        self.value(context).unwrap_or(Value::Null) != self.before
    }

    /// Tells whether it looks as if a phone number stood in it where everyone reads it.
    pub fn holds_phone_number(&self) -> bool {
        match &self.content {
            _ if self.is_confidential() => false,
            Content::Line(line) => looks_like_phone_number(line.text()),
            Content::Text(editor) => looks_like_phone_number(editor.text()),
            Content::Choice { .. } => false,
        }
    }

    /// What is written, as it is kept in a draft: nothing that is to be sealed.
    pub fn written(&self, context: &Context<'_>) -> Option<Value> {
        match &self.content {
            _ if self.is_confidential() => None,
            Content::Line(line) => Some(json!(line.text())),
            Content::Text(editor) => Some(json!(editor.text())),
            Content::Choice { .. } => self.value(context).ok().filter(|value| !value.is_null()),
        }
    }

    /// Writes a text in place of what stands in it.
    ///
    /// # Errors
    ///
    /// How many characters there is room for, when it is longer; nothing was changed then.
    pub fn write(&mut self, text: &str) -> Result<(), usize> {
        if let Content::Line(line) = &self.content
            && text.chars().count() > line.chars_max()
        {
            return Err(line.chars_max());
        }
        if let Content::Text(editor) = &self.content
            && text.chars().count() > editor.chars_max()
        {
            return Err(editor.chars_max());
        }
        self.error = None;
        self.resume(&json!(text));
        Ok(())
    }

    /// Puts back what a draft kept.
    pub fn resume(&mut self, kept: &Value) {
        match (&mut self.content, kept) {
            (Content::Line(line), Value::String(text)) => {
                *line = LineInput::new(line.chars_max()).with_text(text);
            }
            (Content::Text(editor), Value::String(text)) => {
                let begun = Editor::new(editor.base(), editor.chars_max());
                **editor = begun.with_begun(text.clone());
            }
            (Content::Choice { values, chosen }, kept) => {
                if let Some(place) = values.iter().position(|value| value == kept) {
                    *chosen = place;
                }
            }
            _ => {}
        }
    }

    /// Takes over what others made of collaborative text, without moving the cursor.
    pub fn merge_remote(&mut self, newer: &str) {
        if let Content::Text(editor) = &mut self.content {
            editor.merge_remote(newer);
            self.before = text_value(newer);
        }
    }

    /// Notes that collaborative text was published as it stands.
    pub fn note_published(&mut self) {
        if let Content::Text(editor) = &mut self.content {
            editor.published();
            self.before = text_value(editor.text());
        }
    }

    /// The value for the node; null where nothing is said.
    ///
    /// # Errors
    ///
    /// [`Unreadable`].
    pub fn value(&self, context: &Context<'_>) -> Result<Value, Unreadable> {
        let value = match &self.content {
            Content::Choice { values, chosen } => values.get(*chosen).cloned().unwrap_or_default(),
            Content::Text(editor) => text_value(editor.text()),
            Content::Line(line) => match self.field.shape {
                Shape::TimeMs => moment_value(line.text(), context)?,
                Shape::Number { .. } => number_value(line.text())?,
                _ => text_value(line.text()),
            },
        };
        let value = match (self.field.shape, &value) {
            // How long it stands counts from the moment of publishing.
            (Shape::TimeMs, Value::Number(hours))
                if self.field.name == "expires_ms" && !self.is_text() =>
            {
                let hours = hours.as_i64().unwrap_or_default();
                json!(
                    context
                        .clock
                        .now_ms
                        .saturating_add(hours.saturating_mul(HOUR_MS))
                )
            }
            _ => value,
        };
        let is_missing = value.is_null() && self.field.presence == Presence::Required;
        if is_missing && self.field.fill.is_none() && !self.is_collaborative() {
            return Err(Unreadable::Missing);
        }
        Ok(value)
    }
}

impl fmt::Debug for Entry {
    /// What is not for everyone is never printed by accident.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = formatter.debug_struct("Entry");
        shown.field("field", &self.field.name);
        if !self.is_confidential() {
            shown.field("content", &self.content);
        }
        shown.field("error", &self.error).finish_non_exhaustive()
    }
}

fn choice(
    values: impl IntoIterator<Item = Value>,
    stands: Option<&Value>,
    must_choose: bool,
) -> Content {
    let nothing = (!must_choose).then_some(Value::Null);
    let values: Vec<Value> = nothing.into_iter().chain(values).collect();
    let place = values.iter().position(|value| Some(value) == stands);
    Content::Choice {
        chosen: place.unwrap_or(0),
        values,
    }
}

fn otherwise(field: &Field) -> Option<Value> {
    match field.presence {
        Presence::Otherwise(Constant::Word(word)) => Some(json!(word)),
        Presence::Otherwise(Constant::Number(number)) => Some(json!(number)),
        Presence::Otherwise(Constant::Flag(flag)) => Some(json!(flag)),
        Presence::Required | Presence::Optional => None,
    }
}

/// How long it stands, in hours from publishing on. Where a time stands already, it stays unless
/// another is chosen.
fn lifetimes(_stands: Option<&Value>, _context: &Context<'_>) -> Content {
    let values = LIFETIMES_HOURS.map(|hours| hours.map_or(Value::Null, |hours| json!(hours)));
    Content::Choice {
        values: values.to_vec(),
        chosen: 0,
    }
}

/// The roles in which the household may speak; none when it has none.
fn capacities(stands: Option<&Value>, context: &Context<'_>) -> Option<Content> {
    let own = own_capacities(context);
    if own.is_empty() {
        return None;
    }
    let values = own
        .iter()
        .map(|capacity| json!(capacity.appointment.to_string()));
    Some(choice(values, stands, false))
}

/// The households without a device for which one may write; none when there are none.
fn households(stands: Option<&Value>, context: &Context<'_>) -> Option<Content> {
    let acted_for = acted_for(context);
    if acted_for.is_empty() {
        return None;
    }
    let values = acted_for
        .iter()
        .map(|household| json!(household.id.to_string()));
    Some(choice(values, stands, false))
}

/// The households without a device for which the own household acts.
pub fn acted_for<'a>(context: &Context<'a>) -> &'a [RecordedRef] {
    let status = context.known.status.as_ref();
    let me = status.and_then(|status| status.me.as_ref());
    me.map_or(&[], |me| &me.acts_for)
}

/// The roles in which the household may speak.
pub fn own_capacities<'a>(context: &Context<'a>) -> &'a [Capacity] {
    let status = context.known.status.as_ref();
    let me = status.and_then(|status| status.me.as_ref());
    me.map_or(&[], |me| &me.capacities)
}

fn text_value(text: &str) -> Value {
    match text.trim().is_empty() {
        true => Value::Null,
        false => json!(text),
    }
}

fn number_value(text: &str) -> Result<Value, Unreadable> {
    if text.trim().is_empty() {
        return Ok(Value::Null);
    }
    let number: i64 = text.trim().parse().map_err(|_| Unreadable::Number)?;
    Ok(json!(number))
}

fn moment_text(time_ms: i64, context: &Context<'_>) -> String {
    let Ok(time) = jiff::Timestamp::from_millisecond(time_ms) else {
        return String::new();
    };
    let local = time.to_zoned_datetime(context.clock.zone.clone());
    local.strftime(MOMENT).to_string()
}

/// Reads a moment in the reader's time zone: `2026-12-01 18:00`, also with `/`, `T` or full-width
/// signs, and a day alone.
fn moment_value(text: &str, context: &Context<'_>) -> Result<Value, Unreadable> {
    let plain: String = text
        .trim()
        .chars()
        .map(|sign| match sign {
            '/' | '．' | '.' | '－' => '-',
            '：' => ':',
            'T' | '\u{3000}' => ' ',
            sign => sign,
        })
        .collect();
    if plain.is_empty() {
        return Ok(Value::Null);
    }
    let day_alone = format!("{plain} 00:00");
    let read = [plain.as_str(), day_alone.as_str()]
        .into_iter()
        .find_map(|text| DateTime::strptime(MOMENT, text).ok());
    let local = read.ok_or(Unreadable::Moment)?;
    let zoned = local.to_zoned_datetime(context.clock.zone.clone());
    let time_ms = zoned
        .map_err(|_| Unreadable::Moment)?
        .timestamp()
        .as_millisecond();
    match (0..=limits::TIME_MS_MAX).contains(&time_ms) {
        true => Ok(json!(time_ms)),
        false => Err(Unreadable::Moment),
    }
}
