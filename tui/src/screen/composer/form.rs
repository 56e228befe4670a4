//! The form: fields below each other, of which one has the focus, and a button at the end.

use std::collections::BTreeMap;

use ratatui::crossterm::event::{KeyCode, KeyEvent};
use ratatui::layout::Rect;
use serde_json::Value;

use super::super::field_styles;
use super::entry::{Content, Entry, Unreadable, own_capacities};
use crate::app::{Canvas, Click, Context, edit_of};
use crate::text::edit::{Edit, Outcome, Refusal};
use crate::text::width::{columns, truncate};
use crate::widget::field::{Field, Input as FieldInput};

/// Lines of a text of several lines at least, label and error left out.
const TEXT_LINES_MIN: u16 = 4;

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

    /// Lines of a field: label, content, error, and one free.
    fn height(entry: &Entry, area: Rect, only_text: bool, large: bool) -> u16 {
        let (large, text_rows) = match large {
            true => (1, 2 * TEXT_LINES_MIN),
            false => (0, TEXT_LINES_MIN),
        };
        let content = match &entry.content {
            Content::Line(_) => 1 + large,
            Content::Choice { .. } => 0,
            Content::Text(_) if only_text => area.height.saturating_sub(5).max(text_rows),
            Content::Text(_) => (area.height / 3).max(text_rows),
        };
        1 + content + u16::from(entry.error.is_some()) + large.max(u16::from(area.height > 18))
    }

    /// Draws the form; the field that has the focus is always on screen.
    pub fn draw(
        &mut self,
        canvas: &mut Canvas<'_>,
        area: Rect,
        kind: &str,
        button: &str,
        failure: Option<&str>,
        context: &Context<'_>,
    ) {
        let margin = u16::from(area.width > 60) + 1;
        let area = Rect {
            x: area.x + margin,
            width: area.width - 2 * margin,
            ..area
        };
        let texts = self
            .entries
            .iter()
            .filter(|entry| matches!(entry.content, Content::Text(_)));
        let only_text = texts.count() == 1 && self.entries.len() <= 2;
        let heights: Vec<u16> = self
            .entries
            .iter()
            .map(|entry| Self::height(entry, area, only_text, context.look().large))
            .chain([2])
            .collect();
        let tops: Vec<u16> = heights
            .iter()
            .scan(0_u16, |top, height| {
                let own = *top;
                *top += height;
                Some(own)
            })
            .collect();
        let bottom = tops[self.focus] + heights[self.focus];
        self.scroll = self
            .scroll
            .min(tops[self.focus])
            .max(bottom.saturating_sub(area.height));
        for place in 0..heights.len() {
            let (top, height) = (tops[place], heights[place]);
            // A field that is cut at the top is left out; one at the bottom is cut.
            if top < self.scroll || top - self.scroll >= area.height {
                continue;
            }
            let y = area.y + top - self.scroll;
            let row = Rect {
                y,
                height: height.min(area.bottom() - y),
                ..area
            };
            canvas.click(row, Click::Place(u32::try_from(place).unwrap_or(u32::MAX)));
            let focused = place == self.focus;
            match self.entries.get_mut(place) {
                Some(entry) => draw_entry(canvas, row, kind, entry, focused, context),
                None => draw_button(canvas, row, button, failure, focused, context),
            }
        }
    }
}

fn draw_entry(
    canvas: &mut Canvas<'_>,
    area: Rect,
    kind: &str,
    entry: &mut Entry,
    focused: bool,
    context: &Context<'_>,
) {
    let (theme, look) = (context.theme, context.look());
    let own_name = field_label(kind, entry, context);
    let lead = if focused { theme.marks.selected } else { " " };
    let label = format!("{lead} {own_name}");
    let mut styles = field_styles(context);
    if focused {
        styles.label = theme.focus;
    }
    match &mut entry.content {
        Content::Choice { values, chosen } => {
            let label_style = styles.label;
            let shown = choice_text(entry.field.name, &values[*chosen], context);
            let used = canvas.line(area, &format!("{label}  "), label_style, look);
            let rest = Rect {
                x: area.x + used,
                width: area.width - used,
                height: 1,
                ..area
            };
            let text = match focused {
                true => format!("< {shown} >"),
                false => format!("  {shown}"),
            };
            let style = if focused { theme.selected } else { theme.text };
            canvas.line(rest, &text, style, look);
            if let Some(error) = &entry.error
                && area.height > 1
            {
                let line = Rect {
                    y: area.y + 1,
                    height: 1,
                    ..area
                };
                canvas.line(line, error, theme.bad, look);
            }
        }
        Content::Line(line) => {
            let field = Field {
                label: &label,
                input: FieldInput::Line(line),
                placeholder: placeholder(entry.field.name),
                error: entry.error.as_deref(),
                focused,
                styles,
            };
            let rows = Field::rows_of_line(entry.error.is_some(), look);
            let place = Rect {
                height: rows.min(area.height),
                ..area
            };
            let cursor = field.draw(place, canvas.buffer, look);
            canvas.cursor = cursor.or(canvas.cursor);
        }
        Content::Text(editor) => {
            let error_rows = u16::from(entry.error.is_some());
            let free = u16::from(look.large).max(u16::from(context.height > 21));
            let place = Rect {
                height: area
                    .height
                    .saturating_sub(free)
                    .max(2 + error_rows)
                    .min(area.height),
                ..area
            };
            let (columns, lines) = Field {
                label: &label,
                input: FieldInput::Text(editor),
                placeholder: "",
                error: entry.error.as_deref(),
                focused,
                styles,
            }
            .text_size(place, look);
            editor.resize(columns, lines, look.ambiguous);
            let field = Field {
                label: &label,
                input: FieldInput::Text(editor),
                placeholder: "",
                error: entry.error.as_deref(),
                focused,
                styles,
            };
            let cursor = field.draw(place, canvas.buffer, look);
            canvas.cursor = cursor.or(canvas.cursor);
        }
    }
}

/// What a field is called; `kind` is a kind, or with a list behind a full stop: `request.offers`.
pub fn field_label(kind: &str, entry: &Entry, context: &Context<'_>) -> String {
    match kind.split_once('.') {
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
        (_, Value::Null) => words.text("nothing-chosen"),
        (_, Value::Bool(true)) => words.text("choice-flag-yes"),
        (_, Value::Bool(false)) => words.text("choice-flag-no"),
        (field, Value::String(word)) => words.choice(field, word),
        (_, other) => other.to_string(),
    }
}

fn draw_button(
    canvas: &mut Canvas<'_>,
    area: Rect,
    label: &str,
    failure: Option<&str>,
    focused: bool,
    context: &Context<'_>,
) {
    let (theme, look) = (context.theme, context.look());
    let style = if focused { theme.selected } else { theme.focus };
    let line = Rect { height: 1, ..area };
    canvas.line(line, &format!("[ {label} ]"), style, look);
    if let Some(failure) = failure {
        let used = u16::try_from(columns(label, look.ambiguous) + 6).unwrap_or(area.width);
        let rest = match area.height > 1 {
            true => Rect {
                y: area.y + 1,
                height: 1,
                ..area
            },
            false => Rect {
                x: area.x + used.min(area.width),
                width: area.width.saturating_sub(used),
                height: 1,
                ..area
            },
        };
        let text = truncate(failure, usize::from(rest.width), look.ambiguous);
        canvas.line(rest, &text, theme.bad, look);
    }
}
