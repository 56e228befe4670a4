//! Keys of a field that has the focus: what each does to the text. Keys are data here too, so that
//! help can list them.

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::{Action, App, Binding, Key};
use crate::text::edit::Edit;

/// What sort of field has the focus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldSort {
    /// A text of one line.
    Line,
    /// A passphrase: nothing of it is kept to be taken back.
    Secret,
    /// A text of several lines.
    Lines,
    /// One of several values, or a button: nothing is written there.
    Choice,
}

/// Keys that do one thing to a text.
#[derive(Clone, Debug)]
pub struct EditBinding {
    /// The keys.
    pub keys: &'static [Key],
    /// What they do.
    pub edit: Edit,
    /// The name of the words that say so.
    pub label: &'static str,
    /// Whether it takes several lines.
    of_lines: bool,
}

impl EditBinding {
    const fn new(keys: &'static [Key], edit: Edit, label: &'static str) -> Self {
        Self {
            keys,
            edit,
            label,
            of_lines: false,
        }
    }

    const fn of_lines(mut self) -> Self {
        self.of_lines = true;
        self
    }

    /// Whether it works in such a field.
    pub fn works_in(&self, field: FieldSort) -> bool {
        match field {
            FieldSort::Line | FieldSort::Secret => !self.of_lines,
            FieldSort::Lines => true,
            FieldSort::Choice => false,
        }
    }
}

/// What can be done while a field has the focus, beside writing. Terminals send Ctrl-7 for Ctrl-_
/// and Ctrl-/.
pub const TYPING_KEYS: &[Binding] = &[
    Binding::new(
        &[
            Key::code(KeyCode::F(6)),
            Key::control('_'),
            Key::control('/'),
            Key::control('7'),
        ],
        Action::Undo,
        "do-undo-writing",
    ),
    Binding::new(
        &[Key::code(KeyCode::F(7)), Key::control('y')],
        Action::Redo,
        "do-redo-writing",
    ),
];

/// What keys do to the text. Those with Ctrl are extras of readline's; nothing needs them.
pub static EDIT_KEYS: [EditBinding; 19] = [
    EditBinding::new(&[Key::code(KeyCode::Left)], Edit::Left, "do-write-left"),
    EditBinding::new(&[Key::code(KeyCode::Right)], Edit::Right, "do-write-right"),
    EditBinding::new(
        &[Key::control_code(KeyCode::Left)],
        Edit::WordLeft,
        "do-write-word-left",
    ),
    EditBinding::new(
        &[Key::control_code(KeyCode::Right)],
        Edit::WordRight,
        "do-write-word-right",
    ),
    EditBinding::new(
        &[Key::code(KeyCode::Home), Key::control('a')],
        Edit::Home,
        "do-write-home",
    ),
    EditBinding::new(
        &[Key::code(KeyCode::End), Key::control('e')],
        Edit::End,
        "do-write-end",
    ),
    EditBinding::new(&[Key::code(KeyCode::Up)], Edit::Up, "do-write-up").of_lines(),
    EditBinding::new(&[Key::code(KeyCode::Down)], Edit::Down, "do-write-down").of_lines(),
    EditBinding::new(&[Key::code(KeyCode::PageUp)], Edit::PageUp, "do-page-up").of_lines(),
    EditBinding::new(
        &[Key::code(KeyCode::PageDown)],
        Edit::PageDown,
        "do-page-down",
    )
    .of_lines(),
    EditBinding::new(
        &[Key::control_code(KeyCode::Home)],
        Edit::Start,
        "do-write-start",
    )
    .of_lines(),
    EditBinding::new(
        &[Key::control_code(KeyCode::End)],
        Edit::Finish,
        "do-write-finish",
    )
    .of_lines(),
    EditBinding::new(
        &[Key::code(KeyCode::Enter)],
        Edit::Insert('\n'),
        "do-write-line",
    )
    .of_lines(),
    EditBinding::new(
        &[Key::code(KeyCode::Backspace)],
        Edit::Backspace,
        "do-write-backspace",
    ),
    EditBinding::new(
        &[Key::code(KeyCode::Delete)],
        Edit::Delete,
        "do-write-delete",
    ),
    EditBinding::new(
        &[Key::control('w'), Key::control_code(KeyCode::Backspace)],
        Edit::DeleteWordBefore,
        "do-write-delete-word-before",
    ),
    EditBinding::new(
        &[Key::control_code(KeyCode::Delete)],
        Edit::DeleteWordAfter,
        "do-write-delete-word-after",
    ),
    EditBinding::new(
        &[Key::control('u')],
        Edit::KillToStart,
        "do-write-kill-to-start",
    ),
    EditBinding::new(
        &[Key::control('k')],
        Edit::KillToEnd,
        "do-write-kill-to-end",
    ),
];

/// The key press that tells a field of an action that is its own while it has the focus.
pub fn key_of(action: Action) -> Option<KeyEvent> {
    let binding = TYPING_KEYS
        .iter()
        .find(|binding| binding.action == action)?;
    binding.keys.first().map(|key| key.pressed())
}

/// Reads a key press as an edit. Alt is the same as Ctrl with a named key, and nothing with a
/// character.
pub fn edit_of(event: &KeyEvent) -> Option<Edit> {
    let control = event.modifiers.contains(KeyModifiers::CONTROL);
    let alt = event.modifiers.contains(KeyModifiers::ALT);
    match event.code {
        KeyCode::Char(letter) if control => edit_by(Key::control(letter)),
        KeyCode::Char(_) if alt => None,
        KeyCode::Char(character) => Some(Edit::Insert(character)),
        code if control || alt => {
            edit_by(Key::control_code(code)).or_else(|| edit_by(Key::code(code)))
        }
        code => edit_by(Key::code(code)),
    }
}

fn edit_by(key: Key) -> Option<Edit> {
    let mut bindings = TYPING_KEYS.iter();
    let of_typing = bindings.find(|binding| binding.keys.contains(&key));
    match of_typing.map(|binding| binding.action) {
        Some(Action::Undo) => return Some(Edit::Undo),
        Some(Action::Redo) => return Some(Edit::Redo),
        _ => {}
    }
    let mut bindings = EDIT_KEYS.iter();
    let found = bindings.find(|binding| binding.keys.contains(&key))?;
    Some(found.edit.clone())
}

impl App {
    /// What sort of field has the focus, if one has it.
    pub(super) fn field(&self) -> Option<FieldSort> {
        let (_, top) = self.stack.last()?;
        top.is_typing().then(|| top.field())
    }

    /// Whether what is written where the focus is can be taken back there.
    pub(super) fn takes_back(&self) -> bool {
        matches!(self.field(), Some(FieldSort::Line | FieldSort::Lines))
    }
}
