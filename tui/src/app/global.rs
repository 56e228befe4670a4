//! Keys that work on every screen that has no better use for them.

use ratatui::crossterm::event::KeyCode;

use super::{Action, Binding, Key};

/// The keys.
pub const GLOBAL_KEYS: &[Binding] = &[
    Binding::new(&[Key::code(KeyCode::Esc)], Action::Back, "do-back").hinted(),
    Binding::new(
        &[Key::char('?'), Key::code(KeyCode::F(1))],
        Action::Help,
        "do-help",
    )
    .hinted(),
    Binding::new(&[Key::char('/')], Action::Search, "do-search").hinted(),
    Binding::new(
        &[Key::char(':'), Key::control('p')],
        Action::Palette,
        "do-palette",
    )
    .hinted(),
    Binding::new(&[Key::char('u')], Action::Undo, "do-undo"),
    Binding::new(&[Key::char('1')], Action::Tab(0), "do-tab-today"),
    Binding::new(&[Key::char('2')], Action::Tab(1), "do-tab-notices"),
    Binding::new(&[Key::char('3')], Action::Tab(2), "do-tab-requests"),
    Binding::new(&[Key::char('4')], Action::Tab(3), "do-tab-plans"),
    Binding::new(&[Key::char('5')], Action::Tab(4), "do-tab-people"),
    Binding::new(&[Key::char('6')], Action::Tab(5), "do-tab-network"),
    Binding::new(&[Key::char('7')], Action::Tab(6), "do-tab-settings"),
    Binding::new(&[Key::char('8')], Action::Moderation, "do-moderation"),
    Binding::new(
        &[Key::char('9')],
        Action::StandingOffers,
        "do-standing-offers",
    ),
    Binding::new(&[Key::char('M')], Action::Motions, "do-motions"),
    Binding::new(&[Key::char('L')], Action::Language, "do-language"),
    Binding::new(&[Key::control('z')], Action::Suspend, "do-suspend"),
    Binding::new(
        &[Key::char('q'), Key::control('c')],
        Action::Quit,
        "do-quit",
    )
    .hinted(),
];

/// Keys of the demonstration.
pub const STAGE_KEYS: &[Binding] = &[
    Binding::new(
        &[Key::code(KeyCode::F(2)), Key::char('H')],
        Action::NextHousehold,
        "do-next-household",
    )
    .hinted(),
    Binding::new(
        &[Key::code(KeyCode::F(3)), Key::char('N')],
        Action::ToggleNetwork,
        "do-toggle-network",
    )
    .hinted(),
];

/// Keys before the home is open.
pub const DOOR_KEYS: &[Binding] = &[
    Binding::new(&[Key::code(KeyCode::Esc)], Action::Back, "do-back").hinted(),
    Binding::new(&[Key::code(KeyCode::F(1))], Action::Help, "do-help").hinted(),
    Binding::new(&[Key::control('z')], Action::Suspend, "do-suspend"),
    Binding::new(&[Key::control('c')], Action::Quit, "do-quit"),
];
