//! The form: fields below each other, of which one has the focus, and a button at the end.

mod draw;

use std::collections::BTreeMap;

use protocol::api::Confidential;
use ratatui::crossterm::event::{KeyCode, KeyEvent};
use serde_json::Value;

use super::entry::{Content, Entry, Unreadable, acted_for, own_capacities};
use crate::app::{Context, FieldSort, edit_of};
use crate::text::edit::{Edit, Outcome, Refusal};

/// The form.
#[derive(Debug)]
pub struct Form {
    entries: Vec<Entry>,
    /// Which field has the focus; the button when it is the number of fields.
    focus: usize,
    /// The first line that is shown.
    scroll: u16,
}

impl Form {
    /// Makes a form of fields; the first one has the focus.
    pub fn new(entries: Vec<Entry>) -> Self {
        Self {
            entries,
            focus: 0,
            scroll: 0,
        }
    }

    /// The fields.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The fields, to be written in.
    pub fn entries_mut(&mut self) -> &mut [Entry] {
        &mut self.entries
    }

    /// Tells whether the button has the focus.
    pub fn on_button(&self) -> bool {
        self.focus == self.entries.len()
    }

    /// What sort of field has the focus; nothing is written on the button.
    pub fn field(&self) -> FieldSort {
        let entry = self.entries.get(self.focus);
        match entry.map(|entry| &entry.content) {
            Some(Content::Line(_)) => FieldSort::Line,
            Some(Content::Text(_)) => FieldSort::Lines,
            Some(Content::Choice { .. }) | None => FieldSort::Choice,
        }
    }

    /// Moves the focus, around the ends.
    pub fn focus_by(&mut self, places: isize) {
        let count = self.entries.len() + 1;
        let count_signed = isize::try_from(count).unwrap_or(isize::MAX);
        let focus = isize::try_from(self.focus).unwrap_or(0);
        let moved = (focus + places).rem_euclid(count_signed);
        self.focus = usize::try_from(moved).unwrap_or(0);
    }

    /// Gives a field the focus; tells whether it was the button.
    pub fn click(&mut self, place: usize) -> bool {
        self.focus = place.min(self.entries.len());
        self.on_button()
    }

    /// Puts back what a draft kept.
    pub fn resume(&mut self, kept: &BTreeMap<String, Value>) {
        for entry in &mut self.entries {
            if let Some(value) = kept.get(entry.field.name) {
                entry.resume(value);
            }
        }
    }

    /// Takes over what others made of collaborative text.
    pub fn merge_remote(&mut self, fields: &BTreeMap<String, Value>) {
        for entry in self
            .entries
            .iter_mut()
            .filter(|entry| entry.is_collaborative())
        {
            if let Some(Value::String(newer)) = fields.get(entry.field.name) {
                entry.merge_remote(newer);
            }
        }
    }

    /// Takes over collaborative text as it stands after it was published.
    pub fn published(&mut self, texts: &BTreeMap<String, String>) {
        for entry in self
            .entries
            .iter_mut()
            .filter(|entry| entry.is_collaborative())
        {
            entry.note_published();
            if let Some(newer) = texts.get(entry.field.name) {
                entry.merge_remote(newer);
            }
        }
    }

    /// What is written, as it is kept in a draft.
    pub fn written(&self, context: &Context<'_>) -> BTreeMap<String, Value> {
        let written = self.entries.iter().filter_map(|entry| {
            let value = entry.written(context)?;
            Some((entry.field.name.to_owned(), value))
        });
        written.collect()
    }

    /// How the author can be reached, where the form asks for it and it is said.
    pub fn contact(&self) -> Option<Confidential> {
        self.entries.iter().find_map(Entry::confidential)
    }

    /// Tells whether the form asks how the author can be reached.
    pub fn asks_for_contact(&self) -> bool {
        self.entries.iter().any(Entry::is_confidential)
    }

    /// Leaves nothing but how the author can be reached: the rest is published.
    pub fn leave_contact(&mut self) {
        self.entries.retain(Entry::is_confidential);
        self.focus = 0;
        self.scroll = 0;
    }

    /// Says what is wrong with how the author can be reached.
    pub fn refuse_contact(&mut self, message: String) {
        let place = self.entries.iter().position(Entry::is_confidential);
        if let Some(place) = place {
            self.entries[place].error = Some(message);
            self.focus = place;
        }
    }

    /// Tells whether it looks as if a phone number stood in a public field.
    pub fn holds_phone_number(&self) -> bool {
        self.entries.iter().any(Entry::holds_phone_number)
    }

    /// The values for the node. What cannot be read is marked, and the first such field gets the
    /// focus.
    pub fn values(
        &mut self,
        changed_only: bool,
        context: &Context<'_>,
    ) -> Result<BTreeMap<String, Value>, ()> {
        let mut values = BTreeMap::new();
        let mut first_wrong = None;
        for (place, entry) in self.entries.iter_mut().enumerate() {
            entry.error = None;
            // It is sealed by a request of its own.
            if entry.is_confidential() {
                continue;
            }
            if changed_only && !entry.is_changed(context) {
                continue;
            }
            match entry.value(context) {
                // A new document leaves out what is not said; an edit empties it.
                Ok(Value::Null) if !changed_only => {}
                Ok(value) => {
                    values.insert(entry.field.name.to_owned(), value);
                }
                Err(unreadable) => {
                    let key = match unreadable {
                        Unreadable::Missing => "field-missing",
                        Unreadable::Moment => "field-no-moment",
                        Unreadable::Number => "field-no-number",
                    };
                    entry.error = Some(context.words.text(key));
                    first_wrong = first_wrong.or(Some(place));
                }
            }
        }
        match first_wrong {
            None => Ok(values),
            Some(place) => {
                self.focus = place;
                Err(())
            }
        }
    }

    /// Shows a refusal at its field; tells whether there is one.
    pub fn refuse(&mut self, field: Option<&str>, message: &str) -> bool {
        let Some(field) = field else {
            return false;
        };
        let own = field.rsplit('.').next().unwrap_or(field);
        let found = self
            .entries
            .iter()
            .position(|entry| entry.field.name == own);
        let Some(place) = found else {
            return false;
        };
        self.entries[place].error = Some(message.to_owned());
        self.focus = place;
        true
    }

    /// Takes a key for the field that has the focus; tells whether something was written.
    pub fn on_key(&mut self, event: &KeyEvent, context: &Context<'_>) -> bool {
        let Some(entry) = self.entries.get_mut(self.focus) else {
            if matches!(event.code, KeyCode::Up | KeyCode::Left) {
                self.focus_by(-1);
            }
            return false;
        };
        match &mut entry.content {
            Content::Choice { values, chosen } => {
                let count = values.len();
                match event.code {
                    KeyCode::Left => *chosen = (*chosen + count - 1) % count,
                    KeyCode::Right | KeyCode::Char(' ') => *chosen = (*chosen + 1) % count,
                    KeyCode::Up => return self.moved(-1),
                    KeyCode::Down | KeyCode::Enter => return self.moved(1),
                    _ => return false,
                }
                true
            }
            Content::Line(_) => match event.code {
                KeyCode::Enter | KeyCode::Down => self.moved(1),
                KeyCode::Up => self.moved(-1),
                _ => edit_of(event).is_some_and(|edit| self.edit(edit, context)),
            },
            Content::Text(_) => {
                let Some(edit) = edit_of(event) else {
                    return false;
                };
                let leaves = matches!(edit, Edit::Up | Edit::Down);
                let down = edit == Edit::Down;
                let outcome = self.apply(edit, context);
                // Beyond the first and the last line lie the other fields.
                if leaves && outcome == Some(Outcome::Unchanged) {
                    return self.moved(if down { 1 } else { -1 });
                }
                outcome == Some(Outcome::Changed)
            }
        }
    }

    fn moved(&mut self, places: isize) -> bool {
        let at_top = self.focus == 0 && places < 0;
        if !at_top {
            self.focus_by(places);
        }
        false
    }

    /// Pastes into the field that has the focus; tells whether something was written.
    pub fn paste(&mut self, text: &str, context: &Context<'_>) -> bool {
        self.edit(Edit::Paste(text.to_owned()), context)
    }

    fn edit(&mut self, edit: Edit, context: &Context<'_>) -> bool {
        self.apply(edit, context) == Some(Outcome::Changed)
    }

    fn apply(&mut self, edit: Edit, context: &Context<'_>) -> Option<Outcome> {
        let entry = self.entries.get_mut(self.focus)?;
        let outcome = match &mut entry.content {
            Content::Line(line) => line.apply(edit),
            Content::Text(editor) => editor.apply(edit),
            Content::Choice { .. } => return None,
        };
        match outcome {
            Outcome::Refused(Refusal::TooLong { chars_max, .. }) => {
                let most = context
                    .words
                    .with("field-full", &[("count", chars_max.into())]);
                entry.error = Some(most);
            }
            Outcome::Changed => entry.error = None,
            _ => {}
        }
        Some(outcome)
    }
}

/// What a field is called; `kind` is a kind, or with a list behind a full stop: `request.offers`.
pub fn field_label(kind: &str, entry: &Entry, context: &Context<'_>) -> String {
    if let Some((label, _)) = entry.confidence() {
        return context.words.text(label);
    }
    match kind.split_once('.') {
        None if kind == "motion" => {
            let name = entry.field.name;
            context.words.text(&format!("field-motion-{name}"))
        }
        Some((kind, list)) => context
            .words
            .field(kind, &format!("{list}.{}", entry.field.name)),
        None => context.words.field(kind, entry.field.name),
    }
}

/// An example where the form of what is typed matters.
pub fn placeholder(field: &str) -> &'static str {
    match field {
        "starts_ms" | "ends_ms" | "from_ms" | "until_ms" => "2026-12-01 18:00",
        _ => "",
    }
}

/// What a value to choose is called.
pub fn choice_text(field: &str, value: &Value, context: &Context<'_>) -> String {
    let words = context.words;
    match (field, value) {
        ("expires_ms", Value::Null) => words.text("lifetime-usual"),
        ("expires_ms", Value::Number(hours)) => {
            let hours = hours.as_i64().unwrap_or_default();
            match hours % 24 {
                0 => words.with("lifetime-days", &[("count", (hours / 24).into())]),
                _ => words.with("lifetime-hours", &[("count", hours.into())]),
            }
        }
        ("capacity", Value::Null) => words.text("capacity-resident"),
        ("capacity", Value::String(appointment)) => {
            let own = own_capacities(context).iter();
            let mut named = own.filter(|own| own.appointment.to_string() == *appointment);
            named.next().map_or_else(String::new, |own| {
                let of = own.office.as_ref().map(|office| office.name.as_str());
                let building = own.building.as_ref().map(|of| context.words.building(of));
                words.capacity(&own.role, of.or(building.as_deref()))
            })
        }
        ("for_household", Value::Null) => words.text("for-nobody"),
        ("for_household", Value::String(id)) => {
            let mut acted_for = acted_for(context).iter();
            let named = acted_for.find(|household| household.id.to_string() == *id);
            named.map_or_else(String::new, |household| words.recorded(household))
        }
        (_, Value::Null) => words.text("nothing-chosen"),
        (_, Value::Bool(true)) => words.text("choice-flag-yes"),
        (_, Value::Bool(false)) => words.text("choice-flag-no"),
        (field, Value::String(word)) => words.choice(field, word),
        (_, other) => other.to_string(),
    }
}
