//! Settings: language, colours, and how the terminal draws. Every change counts at once. Below them
//! stands what else one does for the household alone: whom it blocks, its backup, its moving out.

use protocol::api::{self, AmbiguousWidth, Answer, EmergencyNumbers, Request, Theme};
use ratatui::crossterm::event::KeyCode;
use ratatui::layout::Rect;

use super::ask::Ask;
use super::blocked::Blocked;
use super::keeping::Keep;
use super::keeping::course::Keeping;
use super::scrolled;
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

/// What is gone to from here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Door {
    /// Whom to call in an emergency.
    Emergency,
    /// Whom the household blocks.
    Blocked,
    /// A backup.
    BackUp,
    /// The recovery sheet.
    Sheet,
    /// Moving out.
    Leave,
}

/// Everything that is gone to from here, below what can be set.
pub(crate) const DOORS: [Door; 5] = [
    Door::Emergency,
    Door::Blocked,
    Door::BackUp,
    Door::Sheet,
    Door::Leave,
];

const ROWS: usize = ITEMS.len() + DOORS.len();

/// Characters of emergency numbers that can be typed.
pub(crate) const EMERGENCY_CHARS_MAX: usize = 120;

impl Door {
    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::Emergency => "setting-emergency",
            Self::Blocked => "setting-blocked",
            Self::BackUp => "setting-backup",
            Self::Sheet => "setting-sheet",
            Self::Leave => "setting-leave",
        }
    }

    pub(crate) const fn explanation(self) -> &'static str {
        match self {
            Self::Emergency => "setting-emergency.explained",
            Self::Blocked => "setting-blocked.explained",
            Self::BackUp => "setting-backup.explained",
            Self::Sheet => "setting-sheet.explained",
            Self::Leave => "setting-leave.explained",
        }
    }

    /// What stands there, where it is a value.
    pub(crate) fn value(self, context: &Context<'_>) -> Option<String> {
        let numbers = &context.settings.emergency_numbers;
        (self == Self::Emergency).then(|| context.words.emergency_numbers(numbers))
    }

    /// What it does with files.
    pub(crate) const fn keeping(self) -> Option<Keeping> {
        match self {
            Self::Emergency | Self::Blocked => None,
            Self::BackUp => Some(Keeping::BackUp),
            Self::Sheet => Some(Keeping::Sheet),
            Self::Leave => Some(Keeping::Leave),
        }
    }

    /// Why it is closed. The demonstration's households last as long as it does.
    pub(crate) fn closed(self, context: &Context<'_>) -> Option<String> {
        let is_closed = self.keeping().is_some() && context.stage.is_some();
        is_closed.then(|| context.words.text("keeping-on-stage"))
    }

    fn open(self, context: &Context<'_>) -> Step {
        match (self.closed(context), self.keeping(), self) {
            (Some(why), ..) => Step::stay().remark(why),
            (None, Some(keeping), _) => Step::open(Keep::new(keeping)),
            (None, None, Self::Emergency) => {
                let numbers = context.settings.emergency_numbers.to_string();
                let ask = Ask::new(
                    "setting-emergency",
                    "setting-emergency-label",
                    "",
                    EMERGENCY_CHARS_MAX,
                );
                Step::open(ask.with_text(&numbers))
            }
            (None, None, _) => Step::open(Blocked::new()),
        }
    }
}

/// The settings.
#[derive(Debug, Default)]
pub struct Settings {
    selected: usize,
    /// The first row that is shown.
    first: usize,
}

impl Settings {
    /// Makes the screen.
    pub fn new() -> Self {
        Self::default()
    }

    /// Changes what is selected, or goes to it.
    fn change(&self, places: isize, context: &Context<'_>) -> Step {
        let Some(item) = ITEMS.get(self.selected) else {
            let door = DOORS[self.selected - ITEMS.len()];
            return match places {
                1 => door.open(context),
                _ => Step::stay(),
            };
        };
        Self::put(item.turned(*context.settings, places))
    }

    /// Lets settings count at once.
    fn put(settings: api::Settings) -> Step {
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

/// The settings with the emergency numbers that were typed; none when these are none.
pub(crate) fn with_emergency_numbers(
    settings: api::Settings,
    typed: &str,
) -> Option<api::Settings> {
    let emergency_numbers = EmergencyNumbers::parse(typed).ok()?;
    Some(api::Settings {
        emergency_numbers,
        ..settings
    })
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
                self.selected = (self.selected + 1).min(ROWS - 1);
            }
            Input::Action(Action::First) => self.selected = 0,
            Input::Action(Action::Last) => self.selected = ROWS - 1,
            Input::Action(Action::Right) => return self.change(1, context),
            Input::Action(Action::Left) => return self.change(-1, context),
            Input::Clicked(place) => {
                let place = (place as usize).min(ROWS - 1);
                let again = place == self.selected;
                self.selected = place;
                if again {
                    return self.change(1, context);
                }
            }
            Input::Chosen(text) => {
                return match with_emergency_numbers(*context.settings, text) {
                    Some(settings) => Self::put(settings).remark(context.words.text("saved-here")),
                    None => Step::stay().remark(context.words.text("setting-emergency-wrong")),
                };
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
        // The selected one is always on screen.
        let shown = usize::from((area.height.saturating_sub(1) / rows_each).max(1));
        self.first = self.first.min(self.selected);
        self.first = self.first.max((self.selected + 1).saturating_sub(shown));
        let places = (self.first..ROWS).take(shown);
        for (row, place) in (0_u16..).zip(places) {
            let line = Rect {
                x: area.x + 1,
                y: area.y + row * rows_each + 1,
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
            let (label, explained, value) = match ITEMS.get(place) {
                Some(item) => {
                    let value = format!("  < {} >", item.value(context));
                    (item.label(), item.explanation(), value)
                }
                None => {
                    let door = DOORS[place - ITEMS.len()];
                    let value = door.value(context);
                    let value =
                        value.map_or_else(|| "  ...".to_owned(), |value| format!("  {value} ..."));
                    (door.label(), door.explanation(), value)
                }
            };
            let label = format!("{lead} {}", context.words.text(label));
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
            let explained = context.words.text(explained);
            let explained = truncate(&explained, usize::from(below.width), look.ambiguous);
            canvas.line(below, &explained, theme.dim, look);
            let both = Rect { height: 2, ..line };
            canvas.click(both, Click::Place(u32::try_from(place).unwrap_or(u32::MAX)));
        }
        if self.first + shown < ROWS {
            scrolled::say_more(canvas, area, context);
        }
    }
}
