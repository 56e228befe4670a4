//! One document in a list: two lines that say what it is, how it stands and whose turn it is. Every
//! list of documents draws its items with it.

use protocol::api::{Completeness, DocumentView};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use serde_json::Value;

use super::reader::moderated::tombstone;
use crate::app::Context;
use crate::text::width::{columns, truncate};
use crate::widget::cells;
use crate::words::Part;

/// Lines of one document.
pub const ROWS: u16 = 2;

/// The title, or the first line of the text of a document without one.
pub fn title(view: &DocumentView, context: &Context<'_>) -> String {
    let fields = match view.kind.as_str() {
        "moderation" => &["reason"][..],
        _ => &["title", "body", "text"],
    };
    for field in fields {
        if let Some(Value::String(text)) = view.fields.get(*field)
            && let Some(line) = text.lines().find(|line| !line.trim().is_empty())
        {
            return line.to_owned();
        }
    }
    if let Some(tombstone) = tombstone(view, context) {
        return tombstone;
    }
    match view.completeness {
        Completeness::Complete => context.words.kind(&view.kind),
        completeness => context.words.completeness(completeness),
    }
}

/// What the reader has to do with a document.
pub fn part(view: &DocumentView, context: &Context<'_>) -> Part {
    let me = context.known.me();
    if me == Some(view.author.id) {
        return Part::Creator;
    }
    // An offer alone makes nobody a helper: those who act next are the accepted ones.
    let mut next = view.next.iter().flat_map(|next| &next.members);
    match next.any(|member| Some(member.id) == me) {
        true => Part::Helper,
        false => Part::Other,
    }
}

/// Draws a document into two lines.
pub fn draw(
    view: &DocumentView,
    reason: Option<&str>,
    area: Rect,
    buffer: &mut Buffer,
    selected: bool,
    context: &Context<'_>,
) {
    let theme = context.theme;
    let look = context.look();
    let ground = if selected { theme.selected } else { theme.text };
    cells::clear(buffer, area, ground);
    let line = |row: u16| Rect {
        y: area.y + row,
        height: 1,
        ..area
    };
    let (mark, mark_style) = mark_of(view, context);
    let lead = if selected { theme.marks.selected } else { " " };
    let over = |style: Style| match selected {
        true => ground,
        false => style,
    };
    let first = line(0);
    let used = cells::write(buffer, first, lead, ground, look);
    let rest = shifted(first, used);
    let used = used + cells::write(buffer, rest, mark, over(mark_style), look) + 1;
    let time = context
        .clock
        .past(context.words, view.updated_ms.max(view.created_ms));
    let time_width = width_of(&time, context);
    let room = first.width.saturating_sub(used + time_width + 2);
    let title = title(view, context);
    let title = truncate(&title, usize::from(room), look.ambiguous);
    let title_style = if view.unread {
        theme.unread
    } else {
        theme.text
    };
    cells::write(
        buffer,
        shifted(first, used),
        &title,
        over(title_style),
        look,
    );
    if time_width + 1 < first.width {
        let place = shifted(first, first.width - time_width - 1);
        cells::write(buffer, place, &time, over(theme.dim), look);
    }
    if area.height > 1 {
        // Where something else matters more than that it is unread, that stands below.
        if view.unread && mark != theme.marks.unread {
            let place = shifted(line(1), 1);
            cells::write(buffer, place, theme.marks.unread, over(theme.unread), look);
        }
        let details = match reason {
            Some(reason) => reason.to_owned(),
            None => details(view, context),
        };
        let style = match reason {
            Some(_) => theme.awaited,
            None => theme.dim,
        };
        let place = shifted(line(1), 3);
        let room = usize::from(place.width.saturating_sub(1));
        let details = truncate(&details, room, look.ambiguous);
        cells::write(buffer, place, &details, over(style), look);
    }
}

/// The mark before a title, with its style: what matters most of all that is true.
fn mark_of(view: &DocumentView, context: &Context<'_>) -> (&'static str, Style) {
    let theme = context.theme;
    let is_urgent = view.fields.get("urgent") == Some(&Value::Bool(true))
        || view.fields.get("level").and_then(Value::as_str) == Some("urgent");
    let is_over = matches!(
        view.state.as_deref(),
        Some("expired" | "withdrawn" | "cancelled" | "closed-unconfirmed" | "closed" | "merged")
    );
    if is_over {
        return (theme.marks.failed, theme.over);
    }
    if is_urgent {
        return (theme.marks.urgent, theme.urgent);
    }
    match view.state.as_deref() {
        _ if view.completeness != Completeness::Complete => (theme.marks.warning, theme.warning),
        Some("double-booked") => (theme.marks.warning, theme.warning),
        Some("confirmed" | "gone") => (theme.marks.done, theme.good),
        _ if view.unread => (theme.marks.unread, theme.unread),
        Some("matched" | "in-progress" | "done") => (theme.marks.waiting, theme.text),
        _ => (" ", theme.text),
    }
}

/// State, whose turn it is, category, author, comments: what fits of it in this order.
pub fn details(view: &DocumentView, context: &Context<'_>) -> String {
    let words = context.words;
    let mut parts = Vec::new();
    if view.completeness != Completeness::Complete {
        parts.push(words.completeness(view.completeness));
    }
    if let Some(state) = &view.state {
        parts.push(words.state(&view.kind, state));
        parts.push(words.next(&view.kind, state, part(view, context)));
        // By when whoever acts next should have done so.
        let by_ms = view.next.iter().filter_map(|next| next.by_ms).min();
        parts.extend(by_ms.map(|by_ms| context.clock.deadline(words, by_ms)));
    }
    for field in ["level", "category"] {
        if let Some(Value::String(word)) = view.fields.get(field) {
            parts.push(words.choice(field, word));
        }
    }
    parts.push(author(view, context));
    if view.comments > 0 {
        parts.push(words.counted("comment", view.comments as usize));
    }
    parts.retain(|part| !part.is_empty());
    parts.join(&format!(" {} ", context.theme.marks.between))
}

/// Who wrote it, with the building; "me" for the own household. What was written for a household
/// without a device says so.
pub fn author(view: &DocumentView, context: &Context<'_>) -> String {
    let words = context.words;
    let author = match context.known.me() == Some(view.author.id) {
        true => words.text("by-me"),
        false => words.member(&view.author),
    };
    match &view.for_household {
        Some(household) => words.recorded_by(&author, household),
        None => author,
    }
}

fn width_of(text: &str, context: &Context<'_>) -> u16 {
    u16::try_from(columns(text, context.look().ambiguous)).unwrap_or(u16::MAX)
}

fn shifted(area: Rect, by: u16) -> Rect {
    let by = by.min(area.width);
    Rect {
        x: area.x + by,
        width: area.width - by,
        ..area
    }
}
