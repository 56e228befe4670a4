//! How things look: a style for each meaning, and a mark for each state.
//!
//! Screens name meanings, never colours. Nothing is told by colour alone: what a style stresses
//! also has a mark or a word. Terminal and environment are not asked here; what was found out about
//! them comes in as arguments.

mod marks;
mod scheme;

use ratatui::style::{Color, Modifier, Style};

pub use marks::{Marks, Shapes};
pub use scheme::{Scheme, UnknownScheme};

/// What the environment says about the terminal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hints {
    /// Whether no colours are wanted: `NO_COLOR` (<https://no-color.org>).
    pub no_colour: bool,
    /// Whether marks and borders are to be of ASCII: on the Linux console and in a locale without
    /// UTF-8.
    pub ascii: bool,
    /// Whether it draws no Chinese: the font of the Linux console has 512 glyphs at most.
    pub without_chinese: bool,
}

impl Hints {
    /// Reads them from the variables of an environment.
    pub fn of(variable: impl Fn(&str) -> Option<String>) -> Self {
        let set = |name: &str| variable(name).filter(|value| !value.is_empty());
        let locale = set("LC_ALL").or_else(|| set("LC_CTYPE"));
        let locale = locale.or_else(|| set("LANG"));
        let is_console = set("TERM").as_deref() == Some("linux");
        let speaks_utf8 = locale.is_none_or(|locale| speaks_utf8(&locale));
        Self {
            no_colour: set("NO_COLOR").is_some(),
            ascii: is_console || !speaks_utf8,
            without_chinese: is_console,
        }
    }
}

/// Tells whether a locale's encoding is UTF-8 as far as its name says: "C" and a language alone say
/// nothing, and terminals of today all speak it.
fn speaks_utf8(locale: &str) -> bool {
    let charset = locale
        .split('@')
        .next()
        .and_then(|name| name.split_once('.'));
    charset.is_none_or(|(_, charset)| {
        let charset = charset.to_ascii_lowercase();
        matches!(charset.as_str(), "utf-8" | "utf8")
    })
}

/// A style for each meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Theme {
    /// The scheme it was made from.
    pub scheme: Scheme,
    /// Marks and borders.
    pub marks: &'static Marks,
    /// What everything is drawn on: the style of the whole screen.
    pub text: Style,
    /// What matters less: times, counts, hints.
    pub dim: Style,
    /// Titles of screens and sections.
    pub heading: Style,
    /// The chosen line of a list.
    pub selected: Style,
    /// The chosen line of a list that has not the focus.
    pub selected_elsewhere: Style,
    /// The frame and title of what takes the keys.
    pub focus: Style,
    /// Frames.
    pub border: Style,
    /// Keys in hints: `n` of "n new".
    pub hint_key: Style,
    /// What a query found, inside a line.
    pub found: Style,
    /// Places where text is written.
    pub input: Style,
    /// What interrupts.
    pub urgent: Style,
    /// What waits for the daily digest but comes first in it.
    pub important: Style,
    /// What went well.
    pub good: Style,
    /// What needs care: incomplete, double-booked, not sent yet.
    pub warning: Style,
    /// What failed or was refused.
    pub bad: Style,
    /// What was not read yet.
    pub unread: Style,
    /// What the reader's own household wrote.
    pub own: Style,
    /// What waits for the reader to act.
    pub awaited: Style,
    /// A QR code: light squares on dark ones, whatever the ground is.
    pub code: Style,
    /// What is over: expired, cancelled, withdrawn.
    pub over: Style,
}

impl Theme {
    /// Makes the theme of a scheme, with shapes that the terminal can draw.
    pub const fn new(scheme: Scheme, shapes: Shapes) -> Self {
        let colours = scheme.colours();
        let text = Style::new().fg(colours.text).bg(colours.ground);
        let bold = text.add_modifier(Modifier::BOLD);
        let reversed = text.add_modifier(Modifier::REVERSED);
        // Without a colour of its own, what matters less is dimmed by the terminal.
        let dim = match colours.dim {
            Color::Reset => text.add_modifier(Modifier::DIM),
            dim => text.fg(dim),
        };
        Self {
            scheme,
            marks: shapes.marks(),
            text,
            dim,
            heading: bold,
            selected: reversed,
            selected_elsewhere: text.add_modifier(Modifier::UNDERLINED),
            focus: bold.fg(colours.accent),
            border: dim,
            hint_key: bold.fg(colours.accent),
            found: bold.add_modifier(Modifier::UNDERLINED),
            input: text.add_modifier(Modifier::UNDERLINED),
            urgent: bold.fg(colours.bad).add_modifier(Modifier::REVERSED),
            important: bold.fg(colours.warning),
            good: text.fg(colours.good),
            warning: text.fg(colours.warning),
            bad: bold.fg(colours.bad),
            unread: bold,
            own: text.fg(colours.accent),
            awaited: bold.fg(colours.warning),
            code: match scheme {
                Scheme::Monochrome => text,
                _ => Style::new().fg(Color::White).bg(Color::Black),
            },
            over: dim,
        }
    }
}

#[cfg(test)]
mod tests;
