//! What is written into files, step by step: a backup, the recovery sheet, everything before moving
//! out, and what is put on paper. What has to do with the files is the host's.

pub(crate) mod course;

use ratatui::crossterm::event::KeyCode;
use ratatui::layout::Rect;

use super::field_styles;
use super::scrolled::{self, Scrolled};
use crate::app::{
    Action, Binding, Canvas, Click, Context, FieldSort, Go, Input, Key, Screen, Step, edit_of,
};
use crate::text::edit::Edit;
use crate::text::line_input::LineInput;
use crate::text::styled::StyledText;
use crate::text::width::truncate;
use crate::widget::field::{Field, Input as FieldInput};
use course::{Course, Keeping, Next};

const KEYS: &[Binding] = &[
    Binding::new(&[Key::code(KeyCode::Enter)], Action::Open, "do-choose").hinted(),
    Binding::new(&[Key::code(KeyCode::Tab)], Action::Next, "do-next-field"),
    Binding::new(
        &[Key::code(KeyCode::BackTab)],
        Action::Previous,
        "do-previous-field",
    ),
    scrolled::KEYS[1],
    scrolled::KEYS[2],
    scrolled::KEYS[3],
    scrolled::KEYS[4],
];

/// The screen.
#[derive(Debug)]
pub struct Keep {
    course: Course,
    fields: Vec<LineInput>,
    /// Which field or choice has the focus.
    focus: usize,
    waiting: bool,
    problem: Option<String>,
    scrolled: Scrolled,
}

impl Keep {
    /// Makes the screen.
    pub(crate) fn new(keeping: Keeping) -> Self {
        Self {
            course: Course::new(keeping),
            fields: Vec::new(),
            focus: 0,
            waiting: false,
            problem: None,
            scrolled: Scrolled::default(),
        }
    }

    /// Makes the fields of the step.
    fn begin_step(&mut self, context: &Context<'_>) {
        let asked = self.course.asked().iter();
        self.fields = asked
            .map(|asked| match asked.is_secret {
                true => LineInput::masked(asked.chars_max),
                false => LineInput::new(asked.chars_max),
            })
            .collect();
        let suggested = self.course.suggested(context);
        if let Some(first) = self.fields.first_mut().filter(|_| !suggested.is_empty()) {
            *first = LineInput::new(first.chars_max()).with_text(&suggested);
        }
        self.focus = 0;
        self.scrolled = Scrolled::default();
    }

    fn count(&self) -> usize {
        self.fields.len().max(self.course.choices().len()).max(1)
    }

    /// Goes on with what has the focus.
    fn go_on(&mut self, context: &Context<'_>) -> Step {
        if self.waiting {
            return Step::stay();
        }
        self.problem = None;
        if self.fields.is_empty() {
            let next = self.course.choose(self.focus, context);
            return self.take(next, context);
        }
        if self.focus + 1 < self.fields.len() {
            self.focus += 1;
            return Step::stay();
        }
        let typed: Vec<&str> = self.fields.iter().map(LineInput::text).collect();
        let next = self.course.take(&typed, context);
        self.take(next, context)
    }

    fn take(&mut self, next: Next, context: &Context<'_>) -> Step {
        match next {
            Next::Step => {
                self.problem = None;
                self.begin_step(context);
                Step::stay()
            }
            Next::Wrong(field, problem) => {
                self.focus = field;
                self.problem = Some(problem);
                if let Some(field) = self.fields.get_mut(field).filter(|field| field.is_masked()) {
                    field.apply(Edit::Clear);
                }
                Step::stay()
            }
            Next::Order(order) => {
                self.waiting = true;
                Step::stay().order(0, order)
            }
            Next::Close(None) => Step::stay().and_back(),
            Next::Close(Some(remark)) => Step::stay().remark(remark).and_back(),
            Next::Quit => Step::go(Go::Quit),
        }
    }

    fn act(&mut self, action: Action, context: &Context<'_>) -> Step {
        let (count, last) = (self.count(), self.count() - 1);
        match action {
            Action::Open => return self.go_on(context),
            // What is being done comes to an end first.
            Action::Back if self.waiting => {}
            Action::Back => {
                let next = self.course.back(context);
                return self.take(next, context);
            }
            Action::Next => self.focus = (self.focus + 1) % count,
            Action::Previous => self.focus = (self.focus + last) % count,
            // Where there is nothing to choose from, these keys read on.
            Action::Up | Action::Down if last == 0 => return self.scrolled.act(action),
            Action::Up => self.focus = self.focus.saturating_sub(1),
            Action::Down => self.focus = (self.focus + 1).min(last),
            Action::PageUp | Action::PageDown => return self.scrolled.act(action),
            _ => return Step::ignored(),
        }
        Step::stay()
    }

    fn edit(&mut self, edit: Option<Edit>) -> Step {
        if let (Some(field), Some(edit), false) =
            (self.fields.get_mut(self.focus), edit, self.waiting)
        {
            field.apply(edit);
            self.problem = None;
        }
        Step::stay()
    }

    /// What is wrong, then what the step says.
    fn blocks(&self, context: &Context<'_>) -> Vec<StyledText> {
        let (words, theme) = (context.words, context.theme);
        let mut blocks = Vec::new();
        let said = match (&self.problem, self.waiting) {
            (_, true) => Some((words.text("first-waiting"), theme.dim)),
            (Some(problem), false) => Some((problem.clone(), theme.bad)),
            (None, false) => None,
        };
        if let Some((text, style)) = said {
            blocks.push(StyledText::new().with(&text, style));
            blocks.push(StyledText::plain(""));
        }
        let says = self.course.says(context);
        blocks.extend(says.into_iter().map(StyledText::plain));
        blocks
    }

    fn draw_choices(&self, canvas: &mut Canvas<'_>, area: Rect, context: &Context<'_>) {
        let (theme, look) = (context.theme, context.look());
        let mut rows = area.y..area.bottom();
        for (place, key) in (0_u32..).zip(self.course.choices()) {
            let Some(y) = rows.next() else {
                return;
            };
            let line = Rect {
                y,
                height: 1,
                ..area
            };
            let (style, lead) = match place as usize == self.focus {
                true => (theme.selected, theme.marks.selected),
                false => (theme.text, " "),
            };
            canvas.fill(line, style);
            let text = format!("{lead} {}", context.words.text(key));
            let text = truncate(&text, usize::from(line.width), look.ambiguous);
            canvas.line(line, &text, style, look);
            canvas.click(line, Click::Place(place));
        }
    }

    fn draw_fields(&self, canvas: &mut Canvas<'_>, area: Rect, context: &Context<'_>) {
        let look = context.look();
        let rows = Field::rows_of_line(false, look);
        let asked = self.course.asked().iter().zip(&self.fields);
        let mut place = area;
        for (index, (asked, line)) in (0_u32..).zip(asked) {
            let label = self.course.label(*asked, context);
            let field = Field {
                label: &label,
                input: FieldInput::Line(line),
                placeholder: "",
                error: None,
                focused: self.focus == index as usize && !self.waiting,
                styles: field_styles(context),
            };
            let own = Rect {
                height: place.height.min(rows),
                ..place
            };
            let cursor = field.draw(own, canvas.buffer, look);
            canvas.cursor = cursor.or(canvas.cursor);
            canvas.click(own, Click::Place(index));
            place.y += own.height;
            place.height -= own.height;
        }
    }
}

impl Screen for Keep {
    fn title(&self, context: &Context<'_>) -> String {
        context.words.text(self.course.title())
    }

    fn keys(&self) -> &'static [Binding] {
        KEYS
    }

    fn is_typing(&self) -> bool {
        !self.course.asked().is_empty()
    }

    fn field(&self) -> FieldSort {
        let field = self.fields.get(self.focus);
        match field.is_some_and(LineInput::is_masked) {
            true => FieldSort::Secret,
            false => FieldSort::Line,
        }
    }

    fn shows_tabs(&self) -> bool {
        false
    }

    fn update(&mut self, input: Input<'_>, context: &Context<'_>) -> Step {
        match input {
            Input::Shown if self.fields.is_empty() && self.is_typing() => {
                self.begin_step(context);
                Step::stay()
            }
            Input::Action(action) => self.act(action, context),
            // A field keeps these keys from the keymap.
            Input::Key(event) => match event.code {
                KeyCode::Enter => self.act(Action::Open, context),
                KeyCode::Up => self.act(Action::Up, context),
                KeyCode::Down => self.act(Action::Down, context),
                KeyCode::PageUp => self.act(Action::PageUp, context),
                KeyCode::PageDown => self.act(Action::PageDown, context),
                _ => self.edit(edit_of(event)),
            },
            Input::Paste(text) => self.edit(Some(Edit::Paste(text.to_owned()))),
            Input::Clicked(place) => {
                self.focus = (place as usize).min(self.count() - 1);
                match self.fields.is_empty() {
                    true => self.go_on(context),
                    false => Step::stay(),
                }
            }
            Input::Hosted { outcome, .. } => {
                self.waiting = false;
                self.problem = self.course.hosted(outcome, context).err();
                self.begin_step(context);
                Step::stay()
            }
            _ => Step::ignored(),
        }
    }

    fn draw(&mut self, canvas: &mut Canvas<'_>, area: Rect, context: &Context<'_>) {
        canvas.fill(area, context.theme.text);
        let margin = (area.width / 10).clamp(1, 8);
        let free = u16::from(area.height > 16);
        let place = Rect {
            x: area.x + margin,
            y: area.y + free,
            width: area.width - 2 * margin,
            height: area.height - free,
        };
        let rows = match self.fields.len() {
            0 => self.course.choices().len(),
            fields => fields * usize::from(Field::rows_of_line(false, context.look())),
        };
        let rows = u16::try_from(rows).unwrap_or(u16::MAX).min(place.height);
        let blocks = self.blocks(context);
        let above = Rect {
            height: place.height - rows,
            ..place
        };
        let used = self.scrolled.draw_above(canvas, above, &blocks, context);
        // The answers stand below what is said, and at the bottom where that is long.
        let below = Rect {
            y: (place.y + used + 1).min(place.bottom() - rows),
            height: rows,
            ..place
        };
        match self.fields.is_empty() {
            true => self.draw_choices(canvas, below, context),
            false => self.draw_fields(canvas, below, context),
        }
    }
}
