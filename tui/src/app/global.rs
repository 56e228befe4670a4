//! Keys that work on every screen that has no better use for them.

use ratatui::crossterm::event::KeyCode;

use super::{Action, Binding, Key};

/// The keys.
pub const GLOBAL_KEYS: &[Binding] = &[
    Binding::new(&[Key::code(KeyCode::Esc)], Action::Back, "key-back").hinted(),
    Binding::new(&[Key::char('?'), Key::code(KeyCode::F(1))], Action::Help, "key-help").hinted(),
    Binding::new(&[Key::char('/')], Action::Search, "key-search").hinted(),
    Binding::new(
        &[Key::char(':'), Key::control('p')],
        Action::Palette,
        "key-palette",
    )
    .hinted(),
    Binding::new(&[Key::char('u')], Action::Undo, "key-undo"),
    Binding::new(&[Key::char('1')], Action::Tab(0), "key-tab-today"),
    Binding::new(&[Key::char('2')], Action::Tab(1), "key-tab-notices"),
    Binding::new(&[Key::char('3')], Action::Tab(2), "key-tab-requests"),
    Binding::new(&[Key::char('4')], Action::Tab(3), "key-tab-plans"),
    Binding::new(&[Key::char('5')], Action::Tab(4), "key-tab-people"),
    Binding::new(&[Key::char('6')], Action::Tab(5), "key-tab-network"),
    Binding::new(&[Key::char('7')], Action::Tab(6), "key-tab-settings"),
    Binding::new(&[Key::char('L')], Action::Language, "key-language"),
    Binding::new(&[Key::control('z')], Action::Suspend, "key-suspend"),
    Binding::new(&[Key::char('q'), Key::control('c')], Action::Quit, "key-quit").hinted(),
];

/// Keys of the demonstration.
pub const STAGE_KEYS: &[Binding] = &[
    Binding::new(
        &[Key::code(KeyCode::F(2)), Key::char('H')],
        Action::NextHousehold,
        "key-next-household",
    )
    .hinted(),
    Binding::new(
        &[Key::code(KeyCode::F(3)), Key::char('N')],
        Action::ToggleNetwork,
        "key-toggle-network",
    )
    .hinted(),
];
