//! Search: documents by words of their titles and texts, while one types.

use protocol::api::{Answer, DocumentView, Request};
use protocol::id::DocumentId;
use ratatui::crossterm::event::KeyCode;
use ratatui::layout::Rect;

use super::reader::Reader;
use super::{document_row, field_styles, list_styles, message};
use crate::app::{
    Action, Binding, Canvas, Click, Context, Failure, Input, Key, Screen, Step, edit_of,
};
use crate::text::edit::{Edit, Outcome};
use crate::text::line_input::LineInput;
use crate::widget::field::{Field, Input as FieldInput};
use crate::widget::list::{List, ListState};

/// Unicode scalar values of a query at most.
const QUERY_CHARS_MAX: usize = 80;
/// Documents that are found at most.
const FOUND_MAX: u32 = 100;

const KEYS: &[Binding] = &[
    Binding::new(&[Key::code(KeyCode::Tab)], Action::Next, "do-to-results").hinted(),
    Binding::new(&[Key::code(KeyCode::Enter)], Action::Open, "do-open").hinted(),
    Binding::new(
        &[Key::code(KeyCode::Up), Key::char('k')],
        Action::Up,
        "do-up",
    ),
    Binding::new(
        &[Key::code(KeyCode::Down), Key::char('j')],
        Action::Down,
        "do-down",
    ),
    Binding::new(&[Key::code(KeyCode::PageUp)], Action::PageUp, "do-page-up"),
    Binding::new(
        &[Key::code(KeyCode::PageDown)],
        Action::PageDown,
        "do-page-down",
    ),
];

/// The search.
#[derive(Debug)]
pub struct Search {
    query: LineInput,
    /// Whether characters go to the query.
    typing: bool,
    /// Number of the newest question: answers to earlier ones are not shown.
    asked: u32,
    items: Vec<DocumentView>,
    ids: Vec<DocumentId>,
    state: ListState<DocumentId>,
    searched: bool,
    failure: Option<String>,
    area: Rect,
}

impl Search {
    /// Makes an empty search.
    pub fn new() -> Self {
        Self {
            query: LineInput::new(QUERY_CHARS_MAX),
            typing: true,
            asked: 0,
            items: Vec::new(),
            ids: Vec::new(),
            state: ListState::default(),
            searched: false,
            failure: None,
            area: Rect::default(),
        }
    }

    fn ask(&mut self) -> Step {
        let words = self.query.text().trim().to_owned();
        self.asked += 1;
        if words.is_empty() {
            self.take(Vec::new());
            self.searched = false;
            return Step::stay();
        }
        let request = Request::Search {
            words,
            limit: FOUND_MAX,
        };
        Step::stay().ask(self.asked, request)
    }

    fn take(&mut self, items: Vec<DocumentView>) {
        self.ids = items.iter().map(|view| view.id).collect();
        self.items = items;
        self.searched = true;
        self.failure = None;
        let kept = self
            .state
            .selected()
            .is_some_and(|id| self.ids.contains(id));
        if !kept {
            self.state.select_first(&self.ids);
        }
    }

    fn open(&self) -> Step {
        let selected = self.state.selected();
        let found = self.items.iter().find(|view| Some(&view.id) == selected);
        match found {
            Some(view) => Step::open(Reader::new(view.clone())),
            None => Step::stay(),
        }
    }

    fn edit(&mut self, edit: Edit) -> Step {
        match self.query.apply(edit) {
            Outcome::Changed => self.ask(),
            _ => Step::stay(),
        }
    }

    fn act(&mut self, action: Action, context: &Context<'_>) -> Step {
        match action {
            Action::Next => self.typing = !self.typing,
            Action::Open => return self.open(),
            Action::Up => self.state.select_by(&self.ids, -1),
            Action::Down => self.state.select_by(&self.ids, 1),
            Action::PageUp | Action::PageDown => {
                let (area, look) = (self.area, context.look());
                let mut state = self.state.clone();
                let down = action == Action::PageDown;
                self.with_list(context, |list| list.page(&mut state, down, area, look));
                self.state = state;
            }
            Action::Search => self.typing = true,
            _ => return Step::ignored(),
        }
        Step::stay()
    }

    fn with_list(&self, context: &Context<'_>, work: impl FnOnce(&List<'_, DocumentId>)) {
        let list = List {
            ids: &self.ids,
            rows: &|_, _| document_row::ROWS,
            draw_item: &|place, area, buffer, selected| {
                document_row::draw(&self.items[place], None, area, buffer, selected, context);
            },
            is_unread: &|_| false,
            marker: &|_| String::new(),
            lines: &[],
            styles: list_styles(context),
        };
        work(&list);
    }
}

impl Default for Search {
    fn default() -> Self {
        Self::new()
    }
}

impl Screen for Search {
    fn title(&self, context: &Context<'_>) -> String {
        context.words.text("search-title")
    }

    fn keys(&self) -> &'static [Binding] {
        KEYS
    }

    fn is_typing(&self) -> bool {
        self.typing
    }

    fn shows_tabs(&self) -> bool {
        false
    }

    fn update(&mut self, input: Input<'_>, context: &Context<'_>) -> Step {
        match input {
            Input::Shown => self.ask(),
            Input::Action(action) => self.act(action, context),
            // While one types, the list is still moved with the keys that write nothing.
            Input::Key(event) => match event.code {
                KeyCode::Enter => self.open(),
                KeyCode::Up => self.act(Action::Up, context),
                KeyCode::Down => self.act(Action::Down, context),
                KeyCode::PageUp => self.act(Action::PageUp, context),
                KeyCode::PageDown => self.act(Action::PageDown, context),
                _ => edit_of(event).map_or_else(Step::stay, |edit| self.edit(edit)),
            },
            Input::Paste(text) => self.edit(Edit::Paste(text.to_owned())),
            Input::Clicked(place) => match self.ids.get(place as usize).copied() {
                Some(id) if self.state.selected() == Some(&id) => self.open(),
                Some(id) => {
                    self.state.select(&self.ids, &id);
                    Step::stay()
                }
                None => Step::stay(),
            },
            Input::Answered { tag, outcome } if tag == self.asked => {
                match outcome {
                    Ok(Answer::Documents { items, .. }) => self.take(items.clone()),
                    Err(Failure::Refused(refusal)) => {
                        self.take(Vec::new());
                        self.failure = Some(refusal.message.clone());
                    }
                    _ => {}
                }
                Step::stay()
            }
            _ => Step::ignored(),
        }
    }

    fn draw(&mut self, canvas: &mut Canvas<'_>, area: Rect, context: &Context<'_>) {
        let look = context.look();
        canvas.fill(area, context.theme.text);
        let label = context.words.text("search-label");
        let field = Field {
            label: &label,
            input: FieldInput::Line(&self.query),
            placeholder: "",
            error: None,
            focused: self.typing,
            styles: field_styles(context),
        };
        let top = Rect {
            height: Field::rows_of_line(false, look),
            ..area
        };
        canvas.cursor = field.draw(top, canvas.buffer, look);
        let body = Rect {
            y: top.bottom() + 1,
            height: area.height.saturating_sub(top.height + 1),
            ..area
        };
        self.area = body;
        if self.items.is_empty() {
            let text = match (&self.failure, self.searched) {
                (Some(failure), _) => failure.clone(),
                (None, true) => context.words.text("search-nothing"),
                (None, false) => context.words.text("search-explained"),
            };
            return message::draw(canvas, body, &text, context);
        }
        let mut state = self.state.clone();
        let mut places = Vec::new();
        self.with_list(context, |list| {
            list.follow(&mut state, body, look);
            list.draw(&state, body, canvas.buffer, look);
            places = list.places(&state, body, look);
        });
        self.state = state;
        for (place, item) in places {
            let number = u32::try_from(place).unwrap_or(u32::MAX);
            canvas.click(item, Click::Place(number));
        }
    }
}
