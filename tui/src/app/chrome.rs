//! What surrounds every screen: title and main screens above, status and hints below.

use protocol::api::{self, Settings};
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::{
    Action, App, Binding, Canvas, Click, Context, FieldSort, HEIGHT_MIN, Key, Layer, WIDTH_MIN,
    tabs, working,
};
use crate::text::AmbiguousWidth;
use crate::text::styled::StyledText;
use crate::text::width;
use crate::theme::{Hints, Scheme, Shapes, Theme};
use crate::widget::Paragraph;
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
        let (blocks, field) = (self.blocks(), self.field());
        let remark = self.remark.as_ref().map(|remark| remark.text.clone());
        let tab = self.tab;
        let (stack, context) = self.parts();
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
        let top = stack.last().map(|(_, screen)| screen);
        let avails = |action| top.is_none_or(|screen| screen.avails(action, &context));
        let hinted = Hinted {
            blocks: &blocks,
            field,
            avails: &avails,
        };
        hinted.draw(canvas, hints, &context);
    }

    fn draw_too_small(&mut self, canvas: &mut Canvas<'_>, area: Rect) {
        let (_, context) = self.parts();
        let style = context.theme.text;
        let text = StyledText::new().with(&context.words.text("terminal-too-small"), style);
        // The size that is wanted stands at the end, so nothing is cut off where it need not be.
        let paragraph = Paragraph {
            style,
            ..Paragraph::new(&text)
        };
        paragraph.draw(area, canvas.buffer, context.look());
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
    let used = tabs::draw(canvas, area, tab, context);
    let rest = Rect {
        x: area.x + used,
        width: area.width - used,
        ..area
    };
    draw_neighbourhood(canvas, rest, context);
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
    let between = context.theme.marks.between;
    let text = format!("{} {between} {me} ", status.neighbourhood);
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
    let used = draw_acting(canvas, area, context);
    let (ways, style) = match remark {
        Some(remark) => (vec![vec![remark.to_owned()]], context.theme.heading),
        None if is_open => (status_ways(context), status_parts(context).1),
        None => return,
    };
    let room = area.width.saturating_sub(used + 1);
    let text = fitting(ways, room, context);
    canvas.line(area, &format!(" {text}"), style, context.look());
}

/// The first way of saying it that there is room for; the last is cut.
fn fitting(ways: Vec<Vec<String>>, room: u16, context: &Context<'_>) -> String {
    let ambiguous = context.look().ambiguous;
    let between = format!(" {} ", context.theme.marks.between);
    let mut texts = ways.iter().map(|parts| parts.join(&between));
    let fits = |text: &String| columns(text, ambiguous) <= room;
    let text = texts
        .find(fits)
        .or_else(|| ways.last().map(|parts| parts.join(&between)));
    let text = text.unwrap_or_default();
    width::truncate(&text, usize::from(room), ambiguous).into_owned()
}

/// Ways of saying how the node is, from the longest to the shortest. What is unsent is the last
/// thing to go; that nothing is, is the first.
fn status_ways(context: &Context<'_>) -> Vec<Vec<String>> {
    let (parts, _) = status_parts(context);
    let [reach, sent, ..] = parts.as_slice() else {
        return vec![parts];
    };
    let (words, known) = (context.words, context.known);
    let status = known.status.as_ref();
    let (peers, unsent) = status.map_or((0, 0), |status| (status.peers, status.unsent));
    let is_refused = status.is_some_and(|status| status.join_refused.is_some());
    let reach_short = match (known.network_cut, peers) {
        _ if is_refused => words.text("status-not-served-short"),
        (true, _) => words.text("status-network-cut"),
        (false, 0) => words.text("status-alone-short"),
        (false, peers) => words.with("status-peers-short", &[("peers", peers.into())]),
    };
    let both = vec![reach.clone(), sent.clone()];
    let mut ways = vec![parts.clone(), both];
    if unsent == 0 {
        ways.push(vec![reach.clone()]);
        ways.push(vec![reach_short.clone(), sent.clone()]);
        ways.push(vec![reach_short]);
        return ways;
    }
    let sent_short = words.with("status-unsent-short", &[("unsent", unsent.into())]);
    ways.push(vec![reach.clone(), sent_short.clone()]);
    if is_refused {
        // Whom nobody serves has to know what to do about it, where there is room for that.
        ways.push(vec![reach.clone()]);
    }
    ways.push(vec![reach_short.clone(), sent.clone()]);
    ways.push(vec![reach_short, sent_short.clone()]);
    ways.push(vec![sent_short]);
    ways
}

/// Says at the right as which household of the demonstration one acts, and returns the columns that
/// it takes: nothing else may cover it.
fn draw_acting(canvas: &mut Canvas<'_>, area: Rect, context: &Context<'_>) -> u16 {
    let household = context
        .stage
        .and_then(|stage| stage.households.get(stage.acting));
    let Some(household) = household else {
        return 0;
    };
    let (words, look) = (context.words, context.look());
    let acting = words.with("stage-acting", &[("household", household.into())]);
    let room = usize::from(area.width / 2);
    let acting = width::truncate(&acting, room, look.ambiguous);
    let width = columns(&acting, look.ambiguous) + 1;
    let place = Rect {
        x: area.right() - width,
        width,
        ..area
    };
    canvas.line(place, &acting, context.theme.focus, look);
    // One column stays free before it.
    width + 1
}

/// How the node is, the most important first.
pub(crate) fn status_parts(context: &Context<'_>) -> (Vec<String>, Style) {
    let (words, theme, known) = (context.words, context.theme, context.known);
    let Some(status) = &known.status else {
        return (vec![words.text("status-starting")], theme.dim);
    };
    if !known.reachable {
        return (vec![words.text("status-no-node")], theme.warning);
    }
    if status.pending {
        let refused = status.join_refused.as_ref();
        let told = refused.map(|refusal| refusal.message.clone());
        let told = told.unwrap_or_else(|| words.text("status-pending"));
        return (vec![told], theme.warning);
    }
    let mut parts = Vec::new();
    if status.join_refused.is_some() {
        parts.push(words.text("status-not-served"));
    } else if known.network_cut {
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
    let is_apart = status.peers == 0 || known.network_cut || status.join_refused.is_some();
    let style = match is_apart {
        true => theme.warning,
        false => theme.dim,
    };
    (parts, style)
}

/// What can be done here.
struct Hinted<'h> {
    /// The bindings that count, the screen's own first.
    blocks: &'h [&'static [Binding]],
    /// What sort of field has the focus, if one has it.
    field: Option<FieldSort>,
    /// Whether an action of the screen's own keys comes to something.
    avails: &'h dyn Fn(Action) -> bool,
}

impl Hinted<'_> {
    /// Each with the key that is shown: what is hinted, then what is hinted where room is left.
    fn bindings(&self) -> impl Iterator<Item = (Key, &'static Binding)> {
        let all = || {
            let blocks = self.blocks.iter().enumerate();
            blocks.flat_map(|(block, bindings)| bindings.iter().map(move |one| (block == 0, one)))
        };
        let first = all().filter(|(_, binding)| binding.hinted);
        let ordered = first.chain(all().filter(|(_, binding)| binding.hinted_last));
        let ordered = ordered.filter(|(is_own, binding)| !is_own || (self.avails)(binding.action));
        ordered.filter_map(|(is_own, binding)| {
            let key = working(binding, is_own, self.field).next()?;
            Some((key, binding))
        })
    }

    /// Draws as many as there is room for.
    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, context: &Context<'_>) {
        canvas.fill(area, context.theme.dim);
        let ambiguous = context.look().ambiguous;
        let mut x = area.x;
        for (key, binding) in self.bindings() {
            let (name, label) = (key.name(context.look()), context.words.text(binding.label));
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
    }
}

/// Columns of a text; one that is longer than any terminal counts as that.
pub(super) fn columns(text: &str, ambiguous: AmbiguousWidth) -> u16 {
    u16::try_from(width::columns(text, ambiguous)).unwrap_or(u16::MAX)
}

/// The theme of the chosen settings. `NO_COLOR` stands in for a choice, not against one.
pub(super) fn theme_of(settings: &Settings, hints: Hints) -> Theme {
    let scheme = match settings.theme {
        api::Theme::Terminal if hints.no_colour => Scheme::Monochrome,
        api::Theme::Terminal => Scheme::Terminal,
        api::Theme::Dark => Scheme::Dark,
        api::Theme::Light => Scheme::Light,
        api::Theme::HighContrast => Scheme::HighContrast,
        api::Theme::Monochrome => Scheme::Monochrome,
    };
    let shapes = match settings.ascii_borders || hints.ascii {
        true => Shapes::Ascii,
        false => Shapes::Unicode,
    };
    Theme::new(scheme, shapes)
}
