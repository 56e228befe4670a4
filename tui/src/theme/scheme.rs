//! Schemes of colours, and which one is used.
//!
//! The scheme that stands when nobody chooses draws with the terminal's own sixteen colours on the
//! terminal's own ground, for only its owner knows which of them can be told apart there. The others
//! bring their ground along and use the 240 colours that are the same in every terminal; none uses
//! more, so that every scheme is the same over SSH and inside multiplexers.

use std::str::FromStr;

use ratatui::style::Color;
use thiserror::Error;

/// A scheme of colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scheme {
    /// The terminal's own colours.
    #[default]
    Terminal,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
    /// White on black, with the greatest contrast.
    HighContrast,
    /// No colours: bold, dim, underlined and reversed only.
    Monochrome,
}

/// A word that names no scheme.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("expected terminal, light, dark, high-contrast or monochrome")]
pub struct UnknownScheme;

impl Scheme {
    /// All schemes, in the order in which they are offered.
    pub const ALL: [Self; 5] = [
        Self::Terminal,
        Self::Light,
        Self::Dark,
        Self::HighContrast,
        Self::Monochrome,
    ];

    /// The scheme's name in settings, and in its message `scheme-…`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Terminal => "terminal",
            Self::Light => "light",
            Self::Dark => "dark",
            Self::HighContrast => "high-contrast",
            Self::Monochrome => "monochrome",
        }
    }

    /// The scheme's colours.
    pub(super) const fn colours(self) -> Colours {
        match self {
            Self::Terminal => Colours {
                ground: Color::Reset,
                text: Color::Reset,
                dim: Color::Reset,
                accent: Color::Cyan,
                good: Color::Green,
                warning: Color::Magenta,
                bad: Color::Red,
            },
            Self::Light => Colours {
                ground: Color::Indexed(231),
                text: Color::Indexed(235),
                dim: Color::Indexed(240),
                accent: Color::Indexed(24),
                good: Color::Indexed(22),
                warning: Color::Indexed(94),
                bad: Color::Indexed(124),
            },
            Self::Dark => Colours {
                ground: Color::Indexed(234),
                text: Color::Indexed(253),
                dim: Color::Indexed(247),
                accent: Color::Indexed(117),
                good: Color::Indexed(114),
                warning: Color::Indexed(215),
                bad: Color::Indexed(210),
            },
            Self::HighContrast => Colours {
                ground: Color::Indexed(16),
                text: Color::Indexed(231),
                dim: Color::Indexed(231),
                accent: Color::Indexed(51),
                good: Color::Indexed(120),
                warning: Color::Indexed(226),
                bad: Color::Indexed(217),
            },
            Self::Monochrome => Colours {
                ground: Color::Reset,
                text: Color::Reset,
                dim: Color::Reset,
                accent: Color::Reset,
                good: Color::Reset,
                warning: Color::Reset,
                bad: Color::Reset,
            },
        }
    }
}

impl FromStr for Scheme {
    type Err = UnknownScheme;

    fn from_str(text: &str) -> Result<Self, UnknownScheme> {
        let named = Self::ALL.into_iter().find(|scheme| scheme.name() == text);
        named.ok_or(UnknownScheme)
    }
}

/// The few colours that a scheme has; [`Color::Reset`] is the terminal's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Colours {
    pub(super) ground: Color,
    pub(super) text: Color,
    pub(super) dim: Color,
    pub(super) accent: Color,
    pub(super) good: Color,
    pub(super) warning: Color,
    pub(super) bad: Color,
}
