//! Help: every key of the place from which it was opened, searchable, straight from the keymap. Where
//! a field has the focus, those that work there.

use ratatui::crossterm::event::KeyCode;
use ratatui::layout::Rect;

use super::field_styles;
use crate::app::{
    Action, Binding, Canvas, Context, EDIT_KEYS, FieldSort, Go, Input, Key, Layer, Screen, Step,
    edit_of, working,
};
use crate::text::edit::{Edit, Outcome};
use crate::text::line_input::LineInput;
use crate::text::width::columns;
use crate::widget::field::{Field, Input as FieldInput};

/// Unicode scalar values of a query at most.
const QUERY_CHARS_MAX: usize = 40;
/// Columns between keys and what they do.
const GAP: u16 = 2;

const KEYS: &[Binding] = &[
    Binding::new(&[Key::code(KeyCode::Up)], Action::Up, "do-up"),
    Binding::new(&[Key::code(KeyCode::Down)], Action::Down, "do-down"),
    Binding::new(&[Key::code(KeyCode::PageUp)], Action::PageUp, "do-page-up"),
    Binding::new(
        &[Key::code(KeyCode::PageDown)],
        Action::PageDown,
        "do-page-down",
    ),
    Binding::new(&[Key::code(KeyCode::F(1))], Action::Back, "do-back"),
];

/// The keys of a place.
#[derive(Debug)]
pub struct Help {
    blocks: Vec<&'static [Binding]>,
    /// What sort of field had the focus, if one had it.
    field: Option<FieldSort>,
    query: LineInput,
    scroll: usize,
    shown: usize,
    rows: usize,
}

impl Help {
    /// Makes the help for bindings, those of the screen first, and for the field that has the focus.
    pub fn new(blocks: Vec<&'static [Binding]>, field: Option<FieldSort>) -> Self {
        Self {
            blocks,
            field,
            query: LineInput::new(QUERY_CHARS_MAX),
            scroll: 0,
            shown: 0,
            rows: 0,
        }
    }

    /// Keys and what they do, as far as the query finds them.
    fn lines(&self, context: &Context<'_>) -> Vec<(String, String)> {
        let look = context.look();
        let query = self.query.text().trim().to_lowercase();
        let named = |keys: Vec<Key>, label: &str| {
            let names: Vec<String> = keys.iter().map(|key| key.name(look)).collect();
            (names.join("  "), context.words.text(label))
        };
        let blocks = self.blocks.iter().enumerate();
        let bindings = blocks.flat_map(|(block, bindings)| {
            let bindings = bindings.iter();
            bindings.map(move |binding| {
                let keys = working(binding, block == 0, self.field).collect();
                (keys, binding.label)
            })
        });
        bindings
            .chain(self.edits())
            .filter(|(keys, _)| !keys.is_empty())
            .map(|(keys, label)| named(keys, label))
            .filter(|(keys, label)| {
                query.is_empty()
                    || keys.to_lowercase().contains(&query)
                    || label.to_lowercase().contains(&query)
            })
            .collect()
    }

    /// The keys of the field that had the focus, without those for which the screen has a use.
    fn edits(&self) -> impl Iterator<Item = (Vec<Key>, &'static str)> {
        let own = self.blocks.first().copied().unwrap_or_default();
        let is_own = move |key: &Key| own.iter().any(|binding| binding.keys.contains(key));
        let field = self.field;
        let edits = EDIT_KEYS.iter();
        let edits = edits.filter(move |binding| field.is_some_and(|field| binding.works_in(field)));
        edits.map(move |binding| {
            let keys = binding.keys.iter().copied();
            (keys.filter(|key| !is_own(key)).collect(), binding.label)
        })
    }

    fn edit(&mut self, edit: Edit) -> Step {
        if self.query.apply(edit) == Outcome::Changed {
            self.scroll = 0;
        }
        Step::stay()
    }

    fn scroll_by(&mut self, lines: isize) -> Step {
        let last = self.rows.saturating_sub(self.shown);
        self.scroll = self.scroll.saturating_add_signed(lines).min(last);
        Step::stay()
    }
}

impl Screen for Help {
    fn title(&self, context: &Context<'_>) -> String {
        context.words.text("help-title")
    }

    fn keys(&self) -> &'static [Binding] {
        KEYS
    }

    fn is_typing(&self) -> bool {
        true
    }

    fn layer(&self) -> Layer {
        Layer::Popup {
            width: 64,
            height: 30,
        }
    }

    fn update(&mut self, input: Input<'_>, _context: &Context<'_>) -> Step {
        let page = isize::try_from(self.shown.max(1)).unwrap_or(1);
        match input {
            Input::Action(Action::Up) => self.scroll_by(-1),
            Input::Action(Action::Down) => self.scroll_by(1),
            Input::Action(Action::PageUp) => self.scroll_by(-page),
            Input::Action(Action::PageDown) => self.scroll_by(page),
            Input::Action(Action::Back) => Step::go(Go::Back),
            Input::Key(event) => match event.code {
                KeyCode::Up => self.scroll_by(-1),
                KeyCode::Down => self.scroll_by(1),
                KeyCode::PageUp => self.scroll_by(-page),
                KeyCode::PageDown => self.scroll_by(page),
                KeyCode::Enter => Step::go(Go::Back),
                _ => edit_of(event).map_or_else(Step::stay, |edit| self.edit(edit)),
            },
            Input::Paste(text) => self.edit(Edit::Paste(text.to_owned())),
            _ => Step::ignored(),
        }
    }

    fn draw(&mut self, canvas: &mut Canvas<'_>, area: Rect, context: &Context<'_>) {
        let (theme, look) = (context.theme, context.look());
        let label = context.words.text("help-search");
        let field = Field {
            label: &label,
            input: FieldInput::Line(&self.query),
            placeholder: &label,
            error: None,
            focused: true,
            styles: field_styles(context),
        };
        let top = Rect { height: 1, ..area };
        canvas.cursor = field.draw(top, canvas.buffer, look);
        let lines = self.lines(context);
        let widest = lines.iter().map(|(keys, _)| columns(keys, look.ambiguous));
        let keys_width = u16::try_from(widest.max().unwrap_or(0)).unwrap_or(u16::MAX);
        let keys_width = keys_width.min(area.width / 2);
        let body = Rect {
            y: area.y + 2,
            height: area.height.saturating_sub(2),
            ..area
        };
        (self.rows, self.shown) = (lines.len(), usize::from(body.height));
        self.scroll = self.scroll.min(self.rows.saturating_sub(self.shown));
        let visible = lines.iter().skip(self.scroll).take(self.shown);
        for (row, (keys, label)) in (body.y..body.bottom()).zip(visible) {
            let place = Rect {
                y: row,
                height: 1,
                width: keys_width,
                ..body
            };
            canvas.line(place, keys, theme.hint_key, look);
            let place = Rect {
                x: body.x + keys_width + GAP,
                y: row,
                width: body.width.saturating_sub(keys_width + GAP),
                height: 1,
            };
            canvas.line(place, label, theme.text, look);
        }
    }
}
