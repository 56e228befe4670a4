//! The history of a document: who changed what and when, oldest first, and who wrote what of its
//! text. What somebody deleted from a collaborative text can be put back.

use protocol::api::{self, Answer, ChangeStatus, ChangeView, Event, PieceKind, Request};
use protocol::id::DocumentId;
use ratatui::crossterm::event::KeyCode;
use ratatui::layout::Rect;

use super::reader::page::plain_capacity;
use super::{list_styles, message};
use crate::app::{Action, Binding, Canvas, Click, Context, Failure, Input, Key, Screen, Step};
use crate::text::styled::StyledText;
use crate::widget::Paragraph;
use crate::widget::list::{List, ListState};

const TAG_HISTORY: u32 = 1;
const TAG_RESTORED: u32 = 2;
const TAG_NAMED: u32 = 3;

/// Unicode scalar values of an old or new value that are shown.
const VALUE_CHARS_MAX: usize = 200;

const KEYS: &[Binding] = &[
    Binding::new(&[Key::char('r')], Action::Restore, "do-restore").hinted(),
    Binding::new(
        &[Key::code(KeyCode::Left), Key::char('h')],
        Action::Left,
        "do-back",
    ),
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
        &[Key::code(KeyCode::PageDown), Key::char(' ')],
        Action::PageDown,
        "do-page-down",
    ),
    Binding::new(
        &[Key::code(KeyCode::Home), Key::char('g')],
        Action::First,
        "do-first",
    ),
    Binding::new(
        &[Key::code(KeyCode::End), Key::char('G')],
        Action::Last,
        "do-last",
    ),
];

/// The history.
#[derive(Debug)]
pub struct History {
    document: DocumentId,
    kind: String,
    history: Option<api::History>,
    ids: Vec<protocol::id::EntryId>,
    state: ListState<protocol::id::EntryId>,
    /// Whether it is told who acknowledged a notice; not before the node has said so.
    is_named: bool,
    failure: Option<String>,
    area: Rect,
}

impl History {
    /// Makes the history of a document of a kind.
    pub fn new(document: DocumentId, kind: &str) -> Self {
        Self {
            document,
            kind: kind.to_owned(),
            history: None,
            ids: Vec::new(),
            state: ListState::default(),
            is_named: false,
            failure: None,
            area: Rect::default(),
        }
    }

    fn read(&self) -> Step {
        let document = self.document;
        let step = Step::stay().ask(TAG_HISTORY, Request::History { document });
        match self.kind == "notice" {
            true => step.ask(TAG_NAMED, Request::Acknowledgements { document }),
            false => step,
        }
    }

    fn take(&mut self, history: &api::History) {
        self.failure = None;
        self.ids = history.changes.iter().map(|change| change.entry).collect();
        let first_time = self.history.is_none();
        self.history = Some(history.clone());
        if first_time {
            self.state.select_last(&self.ids);
        }
    }

    fn selected(&self) -> Option<&ChangeView> {
        let selected = self.state.selected()?;
        let mut changes = self.history.as_ref()?.changes.iter();
        changes.find(|change| change.entry == *selected)
    }

    fn restore(&self, context: &Context<'_>) -> Step {
        let Some(change) = self.selected() else {
            return Step::stay();
        };
        let pieces = change.texts.iter().flat_map(|text| &text.pieces);
        let deletes = pieces
            .into_iter()
            .any(|piece| piece.kind == PieceKind::Deleted);
        if !deletes {
            return Step::stay().remark(context.words.text("nothing-to-restore"));
        }
        let request = Request::Restore {
            document: self.document,
            entry: change.entry,
        };
        Step::stay().ask(TAG_RESTORED, request)
    }

    fn act(&mut self, action: Action, context: &Context<'_>) -> Step {
        match action {
            Action::Up => self.state.select_by(&self.ids, -1),
            Action::Down => self.state.select_by(&self.ids, 1),
            Action::First => self.state.select_first(&self.ids),
            Action::Last => self.state.select_last(&self.ids),
            Action::PageUp | Action::PageDown => {
                let (area, look) = (self.area, context.look());
                let mut state = self.state.clone();
                let down = action == Action::PageDown;
                self.with_list(context, |list| list.page(&mut state, down, area, look));
                self.state = state;
            }
            Action::Left => return Step::stay().and_back(),
            Action::Restore => return self.restore(context),
            _ => return Step::ignored(),
        }
        Step::stay()
    }

    fn with_list(
        &self,
        context: &Context<'_>,
        work: impl FnOnce(&List<'_, protocol::id::EntryId>),
    ) {
        let Some(history) = &self.history else {
            return;
        };
        let look = context.look();
        let block = |place: usize| {
            let change = &history.changes[place];
            change_text(&self.kind, change, self.is_named, context)
        };
        let list = List {
            ids: &self.ids,
            rows: &|place, width| {
                let text = block(place);
                let rows = Paragraph::new(&text).rows(width.saturating_sub(2), look);
                u16::try_from(rows).unwrap_or(u16::MAX).saturating_add(1)
            },
            draw_item: &|place, area, buffer, selected| {
                let text = block(place);
                let style = match selected {
                    true => context.theme.selected,
                    false => context.theme.text,
                };
                crate::widget::cells::clear(buffer, Rect { height: 1, ..area }, style);
                let inner = Rect {
                    x: area.x + 1,
                    width: area.width.saturating_sub(2),
                    height: area.height.saturating_sub(1),
                    ..area
                };
                Paragraph::new(&text).draw(inner, buffer, look);
            },
            is_unread: &|_| false,
            marker: &|_| String::new(),
            lines: &[],
            styles: list_styles(context),
        };
        work(&list);
    }
}

/// One change: who and when, then what. Of acknowledgements those are named alone whom the reader is
/// told of beside the notice, too.
pub(crate) fn change_text(
    kind: &str,
    change: &ChangeView,
    is_named: bool,
    context: &Context<'_>,
) -> StyledText {
    let (words, theme) = (context.words, context.theme);
    let values = context.values();
    let mut text = StyledText::new();
    let is_named = is_named
        || context.known.me() == Some(change.by.id)
        || change
            .facts
            .iter()
            .all(|fact| fact.list != "acknowledgements");
    let (by, capacity) = match is_named {
        true => (words.member(&change.by), capacity(change, context)),
        false => (words.text("neighbour-unnamed"), String::new()),
    };
    text.push(&by, theme.own);
    if !capacity.is_empty() {
        text.push(&format!(" {} {capacity}", theme.marks.between), theme.text);
    }
    text.push(
        &format!(
            " {} {}",
            theme.marks.between,
            context.clock.exact(words, change.time_ms)
        ),
        theme.dim,
    );
    match change.status {
        ChangeStatus::Counts => {}
        ChangeStatus::Excluded => {
            text.push(&format!(" {} ", theme.marks.failed), theme.bad);
            text.push(&words.text("change-excluded"), theme.bad);
        }
        ChangeStatus::Unreadable => {
            text.push(&format!(" {} ", theme.marks.warning), theme.warning);
            text.push(&words.text("change-unreadable"), theme.warning);
        }
    }
    for field in &change.fields {
        text.push("\n", theme.text);
        text.push(&format!("{}  ", words.field(kind, &field.field)), theme.dim);
        if let Some(old) = &field.old {
            text.push(
                &shown(values.said(kind, None, &field.field, old)),
                theme.over,
            );
            let arrow = match context.look().draws_ascii() {
                true => " -> ",
                false => " → ",
            };
            text.push(arrow, theme.dim);
        }
        match &field.new {
            Some(new) => text.push(
                &shown(values.said(kind, None, &field.field, new)),
                theme.text,
            ),
            None => text.push(&words.text("emptied"), theme.dim),
        };
    }
    for fact in &change.facts {
        text.push("\n", theme.text);
        text.push(&words.list(kind, &fact.list), theme.dim);
        for (field, value) in &fact.fields {
            let said = shown(values.said_of_fact(kind, &fact.list, field, value));
            let is_told = is_named || !matches!(field.as_str(), "household" | "for_household");
            if is_told && !said.is_empty() && field != "offer" {
                text.push(&format!("  {said}"), theme.text);
            }
        }
    }
    for change in &change.texts {
        for piece in &change.pieces {
            text.push("\n", theme.text);
            match piece.kind {
                PieceKind::Inserted => text.push(&format!("+ {}", piece.text), theme.good),
                PieceKind::Deleted => {
                    text.push(&format!("- {}", piece.text), theme.over);
                    text.push(&format!("  ({})", words.text("can-restore")), theme.dim)
                }
            };
        }
    }
    text
}

/// In which capacity a change was made: the one that it names, or what its author is.
fn capacity(change: &ChangeView, context: &Context<'_>) -> String {
    let set = change.fields.iter();
    let set = set.filter(|field| field.field == "capacity");
    let set = set.filter_map(|field| field.new.as_ref());
    let facts = change.facts.iter();
    let facts = facts.filter_map(|fact| fact.fields.get("capacity"));
    let mut named = set.chain(facts).filter_map(|value| value.as_str());
    match named.next().map(|digits| context.values().capacity(digits)) {
        Some(named) => named.unwrap_or_default(),
        None => plain_capacity(change.by.id, context),
    }
}

fn shown(text: String) -> String {
    match text.char_indices().nth(VALUE_CHARS_MAX) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

impl Screen for History {
    fn title(&self, context: &Context<'_>) -> String {
        context.words.text("history-title")
    }

    fn keys(&self) -> &'static [Binding] {
        KEYS
    }

    fn shows_tabs(&self) -> bool {
        false
    }

    fn update(&mut self, input: Input<'_>, context: &Context<'_>) -> Step {
        match input {
            Input::Shown | Input::Event(Event::Missed) => self.read(),
            Input::Event(Event::Documents { documents }) if documents.contains(&self.document) => {
                self.read()
            }
            Input::Action(action) => self.act(action, context),
            Input::Clicked(place) => {
                if let Some(id) = self.ids.get(place as usize).copied() {
                    self.state.select(&self.ids, &id);
                }
                Step::stay()
            }
            Input::Answered { tag, outcome } => match outcome {
                Ok(Answer::History(history)) => {
                    self.take(history);
                    Step::stay()
                }
                Ok(Answer::Acknowledgements(told)) => {
                    self.is_named = told.names_all();
                    Step::stay()
                }
                Ok(_) if tag == TAG_RESTORED => self.read().remark(context.words.text("restored")),
                Err(Failure::Refused(refusal)) if tag == TAG_RESTORED => {
                    Step::stay().remark(refusal.message.clone())
                }
                // Without it nobody is named.
                Err(_) if tag == TAG_NAMED => Step::stay(),
                Err(Failure::Refused(refusal)) => {
                    self.failure = Some(refusal.message.clone());
                    Step::stay()
                }
                _ => Step::stay(),
            },
            _ => Step::ignored(),
        }
    }

    fn draw(&mut self, canvas: &mut Canvas<'_>, area: Rect, context: &Context<'_>) {
        self.area = area;
        canvas.fill(area, context.theme.text);
        if self.ids.is_empty() {
            let text = match &self.failure {
                Some(failure) => failure.clone(),
                None => context.words.text("loading"),
            };
            return message::draw(canvas, area, &text, context);
        }
        let look = context.look();
        let mut state = self.state.clone();
        let mut places = Vec::new();
        self.with_list(context, |list| {
            list.follow(&mut state, area, look);
            list.draw(&state, area, canvas.buffer, look);
            places = list.places(&state, area, look);
        });
        self.state = state;
        for (place, item) in places {
            let number = u32::try_from(place).unwrap_or(u32::MAX);
            canvas.click(item, Click::Place(number));
        }
    }
}
