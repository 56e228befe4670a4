//! The keys of a form: what they do besides writing depends on what has the focus.

use ratatui::crossterm::event::KeyCode;

use crate::app::{Action, Binding, FieldSort, Key};

const TAB: Key = Key::code(KeyCode::Tab);
const BACK_TAB: Key = Key::code(KeyCode::BackTab);
const ENTER: Key = Key::code(KeyCode::Enter);
const UP: Key = Key::code(KeyCode::Up);
const DOWN: Key = Key::code(KeyCode::Down);
const LEFT: Key = Key::code(KeyCode::Left);
const RIGHT: Key = Key::code(KeyCode::Right);

const fn next(keys: &'static [Key]) -> Binding {
    Binding::new(keys, Action::Next, "do-next-field").hinted()
}

const fn previous(keys: &'static [Key]) -> Binding {
    Binding::new(keys, Action::Previous, "do-previous-field")
}

const fn publish(keys: &'static [Key]) -> Binding {
    Binding::new(keys, Action::Save, "do-publish").hinted()
}

const THROW_AWAY: Binding =
    Binding::new(&[Key::code(KeyCode::F(8))], Action::Remove, "do-throw-away");

const OF_LINE: &[Binding] = &[
    next(&[TAB, ENTER, DOWN]),
    previous(&[BACK_TAB, UP]),
    publish(&[Key::code(KeyCode::F(5)), Key::control('s')]),
    THROW_AWAY,
];

const OF_LINES: &[Binding] = &[
    next(&[TAB]),
    previous(&[BACK_TAB]),
    publish(&[Key::code(KeyCode::F(5)), Key::control('s')]),
    THROW_AWAY,
];

const OF_CHOICE: &[Binding] = &[
    next(&[TAB, ENTER, DOWN]),
    previous(&[BACK_TAB, UP]),
    Binding::new(&[RIGHT, Key::char(' ')], Action::Right, "do-next-value"),
    Binding::new(&[LEFT], Action::Left, "do-previous-value"),
    publish(&[Key::code(KeyCode::F(5)), Key::control('s')]),
    THROW_AWAY,
];

/// The keys of the button at the end.
pub(super) const OF_BUTTON: &[Binding] = &[
    next(&[TAB]),
    previous(&[BACK_TAB, UP, LEFT]),
    publish(&[ENTER, Key::code(KeyCode::F(5)), Key::control('s')]),
    THROW_AWAY,
];

/// The keys of a field.
pub(super) const fn of(field: FieldSort) -> &'static [Binding] {
    match field {
        FieldSort::Line | FieldSort::Secret => OF_LINE,
        FieldSort::Lines => OF_LINES,
        FieldSort::Choice => OF_CHOICE,
    }
}
