//! Settings: language, colours, and how the terminal draws. Every change counts at once.

use protocol::api::{self, AmbiguousWidth, Answer, Request, Theme};
use ratatui::crossterm::event::KeyCode;
use ratatui::layout::Rect;

use crate::app::{Action, Binding, Canvas, Click, Context, Failure, Input, Key, Screen, Step};
use crate::text::width::{columns, truncate};

const TAG_SETTINGS: u32 = 1;
const TAG_PUT: u32 = 2;

const KEYS: &[Binding] = &[
    Binding::new(
        &[
            Key::code(KeyCode::Right),
            Key::code(KeyCode::Enter),
            Key::char(' '),
            Key::char('l'),
        ],
        Action::Right,
        "do-change",
    )
    .hinted(),
    Binding::new(
        &[Key::code(KeyCode::Left), Key::char('h')],
        Action::Left,
        "do-change-back",
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
];

const THEMES: [Theme; 5] = [
    Theme::Terminal,
    Theme::Dark,
    Theme::Light,
    Theme::HighContrast,
    Theme::Monochrome,
];
const WIDTHS: [AmbiguousWidth; 3] = [
    AmbiguousWidth::Auto,
    AmbiguousWidth::Narrow,
    AmbiguousWidth::Wide,
];

/// What can be set, in the order of the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Item {
    Language,
    Theme,
    LargeType,
    AsciiBorders,
    AmbiguousWidth,
}

/// Everything that can be set.
pub(crate) const ITEMS: [Item; 5] = [
    Item::Language,
    Item::Theme,
    Item::LargeType,
    Item::AsciiBorders,
    Item::AmbiguousWidth,
];

/// The settings.
#[derive(Debug, Default)]
pub struct Settings {
    selected: usize,
}

impl Settings {
    /// Makes the screen.
    pub fn new() -> Self {
        Self::default()
    }

    fn change(&self, places: isize, context: &Context<'_>) -> Step {
        let settings = ITEMS[self.selected].turned(*context.settings, places);
        let mut step = Step::stay().ask(TAG_PUT, Request::PutSettings(settings));
        step.settings = Some(settings);
        step
    }
}

fn turned<T: Copy + PartialEq, const N: usize>(all: &[T; N], current: T, places: isize) -> T {
    let place = all.iter().position(|one| *one == current).unwrap_or(0);
    let count = isize::try_from(N).unwrap_or(1);
    let place = isize::try_from(place).unwrap_or(0);
    let turned = (place + places).rem_euclid(count);
    all[usize::try_from(turned).unwrap_or(0)]
}

impl Item {
    /// The settings with its next value, or the one so many places on.
    pub(crate) fn turned(self, mut settings: api::Settings, places: isize) -> api::Settings {
        match self {
            Self::Language => settings.language = settings.language.other(),
            Self::Theme => settings.theme = turned(&THEMES, settings.theme, places),
            Self::LargeType => settings.large_type = !settings.large_type,
            Self::AsciiBorders => settings.ascii_borders = !settings.ascii_borders,
            Self::AmbiguousWidth => {
                settings.ambiguous_width = turned(&WIDTHS, settings.ambiguous_width, places);
            }
        }
        settings
    }

    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::Language => "setting-language",
            Self::Theme => "setting-theme",
            Self::LargeType => "setting-large-type",
            Self::AsciiBorders => "setting-ascii-borders",
            Self::AmbiguousWidth => "setting-ambiguous-width",
        }
    }

    pub(crate) const fn explanation(self) -> &'static str {
        match self {
            Self::Language => "setting-language.explained",
            Self::Theme => "setting-theme.explained",
            Self::LargeType => "setting-large-type.explained",
            Self::AsciiBorders => "setting-ascii-borders.explained",
            Self::AmbiguousWidth => "setting-ambiguous-width.explained",
        }
    }

    pub(crate) fn value(self, context: &Context<'_>) -> String {
        let (words, settings) = (context.words, context.settings);
        let key = match self {
            Self::Language => "language-name",
            Self::Theme => match settings.theme {
                Theme::Terminal => "scheme-terminal",
                Theme::Dark => "scheme-dark",
                Theme::Light => "scheme-light",
                Theme::HighContrast => "scheme-high-contrast",
                Theme::Monochrome => "scheme-monochrome",
            },
            Self::LargeType => on_or_off(settings.large_type),
            Self::AsciiBorders => on_or_off(settings.ascii_borders),
            Self::AmbiguousWidth => match settings.ambiguous_width {
                AmbiguousWidth::Auto => "width-auto",
                AmbiguousWidth::Narrow => "width-narrow",
                AmbiguousWidth::Wide => "width-wide",
            },
        };
        words.text(key)
    }
}

const fn on_or_off(on: bool) -> &'static str {
    if on {
        "choice-flag-yes"
    } else {
        "choice-flag-no"
    }
}

impl Screen for Settings {
    fn title(&self, context: &Context<'_>) -> String {
        context.words.text("tab-settings")
    }

    fn keys(&self) -> &'static [Binding] {
        KEYS
    }

    fn update(&mut self, input: Input<'_>, context: &Context<'_>) -> Step {
        match input {
            Input::Shown => return Step::stay().ask(TAG_SETTINGS, Request::Settings),
            Input::Action(Action::Up) => self.selected = self.selected.saturating_sub(1),
            Input::Action(Action::Down) => {
                self.selected = (self.selected + 1).min(ITEMS.len() - 1);
            }
            Input::Action(Action::Right) => return self.change(1, context),
            Input::Action(Action::Left) => return self.change(-1, context),
            Input::Clicked(place) => {
                let place = (place as usize).min(ITEMS.len() - 1);
                let again = place == self.selected;
                self.selected = place;
                if again {
                    return self.change(1, context);
                }
            }
            Input::Answered { tag, outcome } => match outcome {
                Ok(Answer::Settings(settings)) if tag == TAG_SETTINGS => {
                    let mut step = Step::stay();
                    step.settings = Some(*settings);
                    return step;
                }
                Err(Failure::Refused(refusal)) => {
                    return Step::stay().remark(refusal.message.clone());
                }
                _ => {}
            },
            _ => return Step::ignored(),
        }
        Step::stay()
    }

    fn draw(&mut self, canvas: &mut Canvas<'_>, area: Rect, context: &Context<'_>) {
        let (theme, look) = (context.theme, context.look());
        canvas.fill(area, theme.text);
        let rows_each = 2 + u16::from(look.large);
        for (place, item) in ITEMS.iter().enumerate() {
            let top = u16::try_from(place)
                .unwrap_or(u16::MAX)
                .saturating_mul(rows_each)
                + 1;
            if top + 1 >= area.height {
                break;
            }
            let line = Rect {
                x: area.x + 1,
                y: area.y + top,
                width: area.width - 2,
                height: 1,
            };
            let is_selected = place == self.selected;
            let style = if is_selected {
                theme.selected
            } else {
                theme.text
            };
            canvas.fill(line, style);
            let lead = if is_selected {
                theme.marks.selected
            } else {
                " "
            };
            let value = format!("  < {} >", item.value(context));
            let label = format!("{lead} {}", context.words.text(item.label()));
            // The name gives way: the value is what one looks for.
            let room = usize::from(line.width).saturating_sub(columns(&value, look.ambiguous));
            let text = format!("{}{value}", truncate(&label, room, look.ambiguous));
            canvas.line(line, &text, style, look);
            let below = Rect {
                x: line.x + 2,
                y: line.y + 1,
                width: line.width - 2,
                height: 1,
            };
            let explained = context.words.text(item.explanation());
            let explained = truncate(&explained, usize::from(below.width), look.ambiguous);
            canvas.line(below, &explained, theme.dim, look);
            let both = Rect { height: 2, ..line };
            canvas.click(both, Click::Place(u32::try_from(place).unwrap_or(u32::MAX)));
        }
    }
}
