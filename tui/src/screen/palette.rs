//! The palette: everything that can be done here, found by words of either language or by pinyin.

use ratatui::crossterm::event::KeyCode;
use ratatui::layout::Rect;

use super::field_styles;
use crate::app::{
    Action, Binding, Canvas, Click, Context, FieldSort, Go, Input, Key, Layer, Screen, Step,
    edit_of, working,
};
use crate::language::Language;
use crate::palette::{Names, Palette as Matcher};
use crate::text::edit::Outcome;
use crate::text::line_input::LineInput;
use crate::text::width::columns;
use crate::widget::field::{Field, Input as FieldInput};
use crate::words::Words;

/// Unicode scalar values of a query at most.
const QUERY_CHARS_MAX: usize = 40;

const KEYS: &[Binding] = &[
    Binding::new(&[Key::code(KeyCode::Enter)], Action::Open, "do-choose"),
    Binding::new(&[Key::code(KeyCode::Up)], Action::Up, "do-up"),
    Binding::new(&[Key::code(KeyCode::Down)], Action::Down, "do-down"),
];

/// The palette.
#[derive(Debug)]
pub struct Palette {
    /// Each thing's action, key and name of its words.
    matcher: Matcher<(Action, Option<Key>, &'static str)>,
    query: LineInput,
    selected: usize,
    shown: usize,
}

impl Palette {
    /// Makes a palette of what bindings do, each thing once, those of the screen first; keys are
    /// shown that work where such a field has the focus.
    pub fn new(blocks: Vec<&'static [Binding]>, field: Option<FieldSort>) -> Self {
        let chinese = Words::new(Language::Chinese);
        let english = Words::new(Language::English);
        let mut seen = Vec::new();
        let mut things = Vec::new();
        let blocks = blocks.iter().enumerate();
        let bindings =
            blocks.flat_map(|(block, bindings)| bindings.iter().map(move |one| (block == 0, one)));
        for (is_own, binding) in bindings {
            if binding.action == Action::Palette || seen.contains(&binding.action) {
                continue;
            }
            seen.push(binding.action);
            let key = working(binding, is_own, field).next();
            let names = Names::of_message(binding.label, &chinese, &english);
            let thing = (binding.action, key, binding.label);
            things.push((thing, names));
        }
        Self {
            matcher: Matcher::new(things),
            query: LineInput::new(QUERY_CHARS_MAX),
            selected: 0,
            shown: 0,
        }
    }

    fn found(&self, context: &Context<'_>) -> Vec<(Action, String, String)> {
        let found = self
            .matcher
            .rank(self.query.text(), context.words.language());
        found
            .into_iter()
            .map(|found| {
                let (action, key, label) = found.id;
                let key = key.map(|key| key.name(context.look()));
                (*action, key.unwrap_or_default(), context.words.text(label))
            })
            .collect()
    }

    fn select_by(&mut self, places: isize, context: &Context<'_>) -> Step {
        let last = self.found(context).len().saturating_sub(1);
        self.selected = self.selected.saturating_add_signed(places).min(last);
        Step::stay()
    }

    fn choose(&self, place: usize, context: &Context<'_>) -> Step {
        match self.found(context).get(place) {
            Some((action, _, _)) => Step::go(Go::BackAnd(*action)),
            None => Step::stay(),
        }
    }
}

impl Screen for Palette {
    fn title(&self, context: &Context<'_>) -> String {
        context.words.text("palette-title")
    }

    fn keys(&self) -> &'static [Binding] {
        KEYS
    }

    fn is_typing(&self) -> bool {
        true
    }

    fn layer(&self) -> Layer {
        Layer::Popup {
            width: 60,
            height: 18,
        }
    }

    fn update(&mut self, input: Input<'_>, context: &Context<'_>) -> Step {
        match input {
            Input::Clicked(place) => self.choose(place as usize, context),
            Input::Action(Action::Open) => self.choose(self.selected, context),
            Input::Action(Action::Up) => self.select_by(-1, context),
            Input::Action(Action::Down) => self.select_by(1, context),
            Input::Key(event) => match event.code {
                KeyCode::Enter => self.choose(self.selected, context),
                KeyCode::Up => self.select_by(-1, context),
                KeyCode::Down => self.select_by(1, context),
                _ => {
                    let changed = edit_of(event).map(|edit| self.query.apply(edit));
                    if changed == Some(Outcome::Changed) {
                        self.selected = 0;
                    }
                    Step::stay()
                }
            },
            Input::Paste(text) => {
                let edit = crate::text::edit::Edit::Paste(text.to_owned());
                self.query.apply(edit);
                self.selected = 0;
                Step::stay()
            }
            _ => Step::ignored(),
        }
    }

    fn draw(&mut self, canvas: &mut Canvas<'_>, area: Rect, context: &Context<'_>) {
        let (theme, look) = (context.theme, context.look());
        let placeholder = context.words.text("palette-type");
        let field = Field {
            label: "",
            input: FieldInput::Line(&self.query),
            placeholder: &placeholder,
            error: None,
            focused: true,
            styles: field_styles(context),
        };
        let top = Rect { height: 1, ..area };
        canvas.cursor = field.draw(top, canvas.buffer, look);
        let found = self.found(context);
        if found.is_empty() {
            let place = Rect {
                y: area.y + 2,
                height: 1,
                ..area
            };
            let text = context.words.text("palette-nothing");
            canvas.line(place, &text, theme.dim, look);
            return;
        }
        self.shown = usize::from(area.height.saturating_sub(2));
        let first = (self.selected + 1).saturating_sub(self.shown);
        let rows = area.y + 2..area.bottom();
        for (row, (place, (_, key, name))) in rows.zip(found.iter().enumerate().skip(first)) {
            let line = Rect {
                y: row,
                height: 1,
                ..area
            };
            let is_selected = place == self.selected;
            let style = if is_selected {
                theme.selected
            } else {
                theme.text
            };
            canvas.fill(line, style);
            let lead = if is_selected {
                theme.marks.selected
            } else {
                " "
            };
            canvas.line(line, &format!("{lead} {name}"), style, look);
            let key_width = u16::try_from(columns(key, look.ambiguous)).unwrap_or(0);
            if key_width + 4 < line.width {
                let at = Rect {
                    x: line.right() - key_width - 1,
                    width: key_width,
                    ..line
                };
                let style = if is_selected { style } else { theme.hint_key };
                canvas.line(at, key, style, look);
            }
            canvas.click(line, Click::Place(u32::try_from(place).unwrap_or(u32::MAX)));
        }
    }
}
