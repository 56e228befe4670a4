//! Keys of a field that has the focus: what each does to the text.

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::text::edit::Edit;

/// Reads a key press as an edit. Keys with Ctrl are extras of readline's; nothing needs them.
pub fn edit_of(event: &KeyEvent) -> Option<Edit> {
    let control = event.modifiers.contains(KeyModifiers::CONTROL);
    let alt = event.modifiers.contains(KeyModifiers::ALT);
    let edit = match event.code {
        KeyCode::Char(letter) if control => match letter {
            'a' => Edit::Home,
            'e' => Edit::End,
            'k' => Edit::KillToEnd,
            'u' => Edit::KillToStart,
            'w' => Edit::DeleteWordBefore,
            'z' => return None,
            'y' => Edit::Redo,
            '_' => Edit::Undo,
            _ => return None,
        },
        KeyCode::Char(_) if alt => return None,
        KeyCode::Char(character) => Edit::Insert(character),
        KeyCode::Enter => Edit::Insert('\n'),
        KeyCode::Backspace if control || alt => Edit::DeleteWordBefore,
        KeyCode::Backspace => Edit::Backspace,
        KeyCode::Delete if control || alt => Edit::DeleteWordAfter,
        KeyCode::Delete => Edit::Delete,
        KeyCode::Left if control || alt => Edit::WordLeft,
        KeyCode::Left => Edit::Left,
        KeyCode::Right if control || alt => Edit::WordRight,
        KeyCode::Right => Edit::Right,
        KeyCode::Home if control => Edit::Start,
        KeyCode::Home => Edit::Home,
        KeyCode::End if control => Edit::Finish,
        KeyCode::End => Edit::End,
        KeyCode::Up => Edit::Up,
        KeyCode::Down => Edit::Down,
        KeyCode::PageUp => Edit::PageUp,
        KeyCode::PageDown => Edit::PageDown,
        _ => return None,
    };
    Some(edit)
}
