//! What surrounds every screen: title and main screens above, status and hints below.

use protocol::api::{self, Settings};
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::{App, Binding, Canvas, Click, Context, HEIGHT_MIN, Layer, WIDTH_MIN, canvas};
use crate::screen::MAIN;
use crate::text::AmbiguousWidth;
use crate::text::width;
use crate::theme::{Scheme, Shapes, Theme};
use crate::widget::popup::{self, Popup};

impl App {
    /// Draws the frame: screens from the last one that fills the terminal upwards.
    pub(super) fn draw_on(&mut self, canvas: &mut Canvas<'_>, area: Rect) {
        (self.width, self.height) = (area.width, area.height);
        if area.width < WIDTH_MIN || area.height < HEIGHT_MIN {
            return self.draw_too_small(canvas, area);
        }
        let bottom = self
            .stack
            .iter()
            .rposition(|(_, screen)| screen.layer() == Layer::Full)
            .unwrap_or(0);
        let blocks = self.blocks();
        let remark = self.remark.as_ref().map(|remark| remark.text.clone());
        let tab = self.tab;
        let (stack, context) = self.parts();
        let typing = stack.last().is_some_and(|(_, screen)| screen.is_typing());
        let [title, body, status, hints] = split(area);
        for (index, (_, screen)) in stack.iter_mut().enumerate().skip(bottom) {
            match screen.layer() {
                Layer::Full => {
                    let shown_tab = tab.filter(|_| screen.shows_tabs());
                    draw_title(canvas, title, &screen.title(&context), shown_tab, &context);
                    screen.draw(canvas, body, &context);
                }
                Layer::Popup { width, height } => {
                    debug_assert!(index > 0, "a popup lies over something");
                    canvas.cover();
                    let between = Rect {
                        height: area.height - 2,
                        ..area
                    };
                    let outer = popup::centred(between, width, height);
                    let title = screen.title(&context);
                    let popup = Popup {
                        title: &title,
                        ground: context.theme.text,
                        border: context.theme.focus,
                    };
                    let inner = popup.draw(outer, canvas.buffer, context.look());
                    screen.draw(canvas, inner, &context);
                }
            }
        }
        draw_status(canvas, status, remark.as_deref(), tab.is_some(), &context);
        draw_hints(canvas, hints, &blocks, typing, &context);
    }

    fn draw_too_small(&mut self, canvas: &mut Canvas<'_>, area: Rect) {
        let (_, context) = self.parts();
        let text = context.words.text("terminal-too-small");
        canvas.line(area, &text, context.theme.text, context.look());
    }
}

/// Title, body, status line, hint bar.
fn split(area: Rect) -> [Rect; 4] {
    let line = |y: u16| Rect {
        y: area.y + y,
        height: 1,
        ..area
    };
    let body = Rect {
        y: area.y + 1,
        height: area.height - 3,
        ..area
    };
    [line(0), body, line(area.height - 2), line(area.height - 1)]
}

/// The bar of main screens, or the title of a screen that hides it.
fn draw_title(
    canvas: &mut Canvas<'_>,
    area: Rect,
    title: &str,
    tab: Option<usize>,
    context: &Context<'_>,
) {
    canvas.fill(area, context.theme.dim);
    let Some(tab) = tab else {
        canvas.line(
            area,
            &format!(" {title}"),
            context.theme.heading,
            context.look(),
        );
        return;
    };
    let ambiguous = context.look().ambiguous;
    let labels: Vec<String> = MAIN
        .iter()
        .enumerate()
        .map(|(index, main)| tab_label(index, main.title, main.kind, context))
        .collect();
    let widths: Vec<u16> = labels
        .iter()
        .map(|label| columns(label, ambiguous).saturating_add(2))
        .collect();
    // What does not fit is left out on the side that is farther from the open one.
    let first = first_tab_shown(&widths, tab, area.width);
    let mut x = area.x;
    for (index, label) in labels.iter().enumerate().skip(first) {
        let width = widths[index].min(area.right() - x);
        if width == 0 {
            break;
        }
        let place = Rect { x, width, ..area };
        let style = match index == tab {
            true => context.theme.selected,
            false => context.theme.dim,
        };
        canvas.line(place, &format!(" {label} "), style, context.look());
        let action = super::Action::Tab(u8::try_from(index).unwrap_or(u8::MAX));
        canvas.click(place, Click::Action(action));
        x += width;
    }
    draw_neighbourhood(
        canvas,
        Rect {
            x,
            width: area.right() - x,
            ..area
        },
        context,
    );
}

fn tab_label(index: usize, title: &str, kind: Option<&str>, context: &Context<'_>) -> String {
    let name = context.words.text(title);
    let unread = kind.map_or(0, |kind| context.known.unread(kind));
    match unread {
        0 => format!("{} {name}", index + 1),
        unread => format!("{} {name}({unread})", index + 1),
    }
}

fn first_tab_shown(widths: &[u16], open: usize, room: u16) -> usize {
    let mut first = 0;
    while first < open && widths[first..=open].iter().sum::<u16>() > room {
        first += 1;
    }
    first
}

fn draw_neighbourhood(canvas: &mut Canvas<'_>, area: Rect, context: &Context<'_>) {
    let Some(status) = &context.known.status else {
        return;
    };
    let ambiguous = context.look().ambiguous;
    let me = status
        .member
        .as_ref()
        .map_or("", |member| member.name.as_str());
    let text = format!("{} · {me} ", status.neighbourhood);
    let width = columns(&text, ambiguous);
    if width + 2 > area.width {
        return;
    }
    let place = Rect {
        x: area.right() - width,
        width,
        ..area
    };
    canvas.line(place, &text, context.theme.dim, context.look());
}

/// Reachability, freshness, what is unsent; or the last remark.
fn draw_status(
    canvas: &mut Canvas<'_>,
    area: Rect,
    remark: Option<&str>,
    is_open: bool,
    context: &Context<'_>,
) {
    canvas.fill(area, context.theme.dim);
    if let Some(remark) = remark {
        let text = width::truncate(
            remark,
            usize::from(area.width.saturating_sub(2)),
            context.look().ambiguous,
        );
        canvas.line(
            area,
            &format!(" {text}"),
            context.theme.heading,
            context.look(),
        );
        return;
    }
    if !is_open {
        return;
    }
    let (text, style) = status_text(context);
    canvas.line(area, &format!(" {text}"), style, context.look());
}

/// Reachability, freshness, what is unsent.
pub(crate) fn status_text(context: &Context<'_>) -> (String, Style) {
    let (words, theme, known) = (context.words, context.theme, context.known);
    let Some(status) = &known.status else {
        return (words.text("status-starting"), theme.dim);
    };
    if !known.reachable {
        return (words.text("status-no-node"), theme.warning);
    }
    if status.pending {
        return (words.text("status-pending"), theme.warning);
    }
    let mut parts = Vec::new();
    if known.network_cut {
        parts.push(words.text("status-network-cut"));
    } else if status.peers == 0 {
        parts.push(words.text("status-alone"));
    } else {
        parts.push(words.with("status-peers", &[("peers", status.peers.into())]));
    }
    parts.push(match status.unsent {
        0 => words.text("status-all-sent"),
        unsent => words.with("status-unsent", &[("unsent", unsent.into())]),
    });
    if status.unprojected > 0 || status.waiting > 0 {
        let count = status.unprojected.max(status.waiting);
        parts.push(words.with("status-catching-up", &[("count", count.into())]));
    }
    let style = match status.peers == 0 || known.network_cut {
        true => theme.warning,
        false => theme.dim,
    };
    (parts.join(" · "), style)
}

/// What can be done here, as far as there is room.
fn draw_hints(
    canvas: &mut Canvas<'_>,
    area: Rect,
    blocks: &[&'static [Binding]],
    typing: bool,
    context: &Context<'_>,
) {
    let ambiguous = context.look().ambiguous;
    let mut x = area.x;
    for binding in blocks.iter().flat_map(|block| block.iter()) {
        if !binding.hinted {
            continue;
        }
        let usable = binding
            .keys
            .iter()
            .find(|key| !typing || !key.belongs_to_fields());
        let Some(key) = usable else { continue };
        let (name, label) = (key.name(), context.words.text(binding.label));
        let name_width = columns(&name, ambiguous) + 2;
        let width = name_width + columns(&label, ambiguous) + 1;
        if x + width > area.right() {
            break;
        }
        let place = Rect { x, width, ..area };
        canvas.line(
            place,
            &format!(" {name} "),
            context.theme.hint_key,
            context.look(),
        );
        let rest = Rect {
            x: x + name_width,
            width: width - name_width,
            ..area
        };
        canvas.line(rest, &label, context.theme.dim, context.look());
        canvas.click(place, Click::Action(binding.action));
        x += width;
    }
    let _ = canvas::clicked;
}

/// Columns of a text; one that is longer than any terminal counts as that.
fn columns(text: &str, ambiguous: AmbiguousWidth) -> u16 {
    u16::try_from(width::columns(text, ambiguous)).unwrap_or(u16::MAX)
}

/// The theme of the chosen settings. `NO_COLOR` stands in for a choice, not against one.
pub(super) fn theme_of(settings: &Settings, no_colour: bool) -> Theme {
    let scheme = match settings.theme {
        api::Theme::Terminal if no_colour => Scheme::Monochrome,
        api::Theme::Terminal => Scheme::Terminal,
        api::Theme::Dark => Scheme::Dark,
        api::Theme::Light => Scheme::Light,
        api::Theme::HighContrast => Scheme::HighContrast,
        api::Theme::Monochrome => Scheme::Monochrome,
    };
    let shapes = match settings.ascii_borders {
        true => Shapes::Ascii,
        false => Shapes::Unicode,
    };
    Theme::new(scheme, shapes)
}
