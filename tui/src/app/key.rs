//! Keys as data: what a binding is, and how a key press finds its action.
//!
//! It decides nothing about what actions do.

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::Action;
use super::typing::FieldSort;
use crate::widget::Look;

/// A key, with or without Ctrl.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    code: KeyCode,
    control: bool,
}

impl Key {
    /// A character's key. Upper case means with Shift.
    pub const fn char(character: char) -> Self {
        Self::code(KeyCode::Char(character))
    }

    /// A key that has a name.
    pub const fn code(code: KeyCode) -> Self {
        Self {
            code,
            control: false,
        }
    }

    /// A character's key together with Ctrl. Every action has another way as well.
    pub const fn control(character: char) -> Self {
        Self {
            code: KeyCode::Char(character),
            control: true,
        }
    }

    /// A key that has a name together with Ctrl, under the same rule.
    pub const fn control_code(code: KeyCode) -> Self {
        Self {
            code,
            control: true,
        }
    }

    /// The press of this key.
    pub fn pressed(self) -> KeyEvent {
        let modifiers = match self.control {
            true => KeyModifiers::CONTROL,
            false => KeyModifiers::NONE,
        };
        KeyEvent::new(self.code, modifiers)
    }

    /// Reads a key press. A key with Alt is none of ours.
    pub fn of(event: &KeyEvent) -> Option<Self> {
        let unknown = KeyModifiers::ALT | KeyModifiers::SUPER | KeyModifiers::META;
        if event.modifiers.intersects(unknown) {
            return None;
        }
        Some(Self {
            code: event.code,
            control: event.modifiers.contains(KeyModifiers::CONTROL),
        })
    }

    /// Tells whether the key writes something into a field that has the focus.
    pub const fn is_text(self) -> bool {
        matches!(self.code, KeyCode::Char(_)) && !self.control
    }

    /// Tells whether a field that has the focus uses the key itself: text, and moving in it.
    pub const fn belongs_to_fields(self) -> bool {
        self.is_text()
            || matches!(
                self.code,
                KeyCode::Left
                    | KeyCode::Right
                    | KeyCode::Up
                    | KeyCode::Down
                    | KeyCode::Home
                    | KeyCode::End
                    | KeyCode::PageUp
                    | KeyCode::PageDown
                    | KeyCode::Backspace
                    | KeyCode::Delete
                    | KeyCode::Enter
            )
    }

    /// What the key is called on screen: a symbol or the word printed on it, the same in every
    /// language.
    pub fn name(self, look: Look) -> String {
        let name = match self.code {
            KeyCode::Left if look.ascii => "Left".to_owned(),
            KeyCode::Right if look.ascii => "Right".to_owned(),
            KeyCode::Up if look.ascii => "Up".to_owned(),
            KeyCode::Down if look.ascii => "Down".to_owned(),
            KeyCode::Char(' ') => "Space".to_owned(),
            KeyCode::Char(character) => character.to_string(),
            KeyCode::Enter => "Enter".to_owned(),
            KeyCode::Esc => "Esc".to_owned(),
            KeyCode::Tab => "Tab".to_owned(),
            KeyCode::BackTab => "Shift-Tab".to_owned(),
            KeyCode::Backspace => "Backspace".to_owned(),
            KeyCode::Delete => "Del".to_owned(),
            KeyCode::Left => "←".to_owned(),
            KeyCode::Right => "→".to_owned(),
            KeyCode::Up => "↑".to_owned(),
            KeyCode::Down => "↓".to_owned(),
            KeyCode::Home => "Home".to_owned(),
            KeyCode::End => "End".to_owned(),
            KeyCode::PageUp => "PgUp".to_owned(),
            KeyCode::PageDown => "PgDn".to_owned(),
            KeyCode::F(number) => format!("F{number}"),
            _ => String::new(),
        };
        match (self.control, self.code) {
            (true, KeyCode::Char(_)) => format!("Ctrl-{}", name.to_uppercase()),
            (true, _) => format!("Ctrl-{name}"),
            (false, _) => name,
        }
    }
}

/// Keys that do one thing on one screen.
#[derive(Clone, Copy, Debug)]
pub struct Binding {
    /// The keys; the first is shown in hints.
    pub keys: &'static [Key],
    /// What they do.
    pub action: Action,
    /// The name of the words that say so.
    pub label: &'static str,
    /// Whether the hint bar shows it while there is room; help shows every binding.
    pub hinted: bool,
    /// Whether the hint bar shows it where room is left behind all others, also those that work
    /// everywhere.
    pub hinted_last: bool,
}

impl Binding {
    /// A binding that help lists.
    pub const fn new(keys: &'static [Key], action: Action, label: &'static str) -> Self {
        Self {
            keys,
            action,
            label,
            hinted: false,
            hinted_last: false,
        }
    }

    /// Shows it in the hint bar as well.
    pub const fn hinted(mut self) -> Self {
        self.hinted = true;
        self
    }

    /// Shows it in the hint bar where room is left.
    pub const fn hinted_last(mut self) -> Self {
        self.hinted_last = true;
        self
    }
}

/// The keys of a block's binding that work, whatever has the focus. A field keeps its keys; those of
/// the screen's own block that write nothing come back to the screen from there, and so do all where
/// nothing is written.
pub fn working(
    binding: &Binding,
    is_own: bool,
    field: Option<FieldSort>,
) -> impl Iterator<Item = Key> {
    let works = move |key: &Key| match (field, is_own) {
        (None, _) | (Some(FieldSort::Choice), true) => true,
        (Some(_), true) => !key.is_text(),
        (Some(_), false) => !key.belongs_to_fields(),
    };
    binding.keys.iter().copied().filter(works)
}

/// Finds what a key does. While a field has the focus, a key that the field uses does nothing else.
pub fn resolve(blocks: &[&'static [Binding]], key: Key, field_has_focus: bool) -> Option<Action> {
    if field_has_focus && key.belongs_to_fields() {
        return None;
    }
    let bindings = blocks.iter().flat_map(|block| block.iter());
    bindings
        .filter(|binding| binding.keys.contains(&key))
        .map(|binding| binding.action)
        .next()
}

#[cfg(test)]
mod tests {
    use super::*;

    const BLOCK: &[Binding] = &[
        Binding::new(
            &[Key::char('j'), Key::code(KeyCode::Down)],
            Action::Down,
            "do-down",
        ),
        Binding::new(&[Key::code(KeyCode::Esc)], Action::Back, "do-back"),
        Binding::new(&[Key::control('s')], Action::Save, "do-save"),
    ];

    #[test]
    fn a_field_with_the_focus_keeps_its_keys() {
        let cases = [
            (Key::char('j'), Some(Action::Down), None),
            (Key::code(KeyCode::Down), Some(Action::Down), None),
            (
                Key::code(KeyCode::Esc),
                Some(Action::Back),
                Some(Action::Back),
            ),
            (Key::control('s'), Some(Action::Save), Some(Action::Save)),
            (Key::char('x'), None, None),
        ];
        for (key, without, with) in cases {
            assert_eq!(resolve(&[BLOCK], key, false), without, "{key:?}");
            assert_eq!(resolve(&[BLOCK], key, true), with, "{key:?}");
        }
    }

    #[test]
    fn alt_is_none_of_ours() {
        let event = KeyEvent::new(KeyCode::Char('j'), KeyModifiers::ALT);
        assert_eq!(Key::of(&event), None);
    }
}
