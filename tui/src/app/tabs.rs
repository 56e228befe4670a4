//! The bar of main screens. Whatever the room, each of them stands in it with its number, and the
//! open one with its name; a name is left out as a whole or not at all. Where all names fit, none
//! gives way to a count.

use ratatui::layout::Rect;

use super::chrome::columns;
use super::{Action, Canvas, Click, Context};
use crate::screen::MAIN;

/// Unread documents that are counted; more are no other news.
const UNREAD_MAX: u64 = 99;

/// How much is said of a main screen, from most to least.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Said {
    /// `3 Requests(2)`
    Name,
    /// `3 Requests◉`
    MarkedName,
    /// `3(2)`
    Count,
    /// `3◉`
    Mark,
}

/// Draws the bar and returns the columns that it takes.
pub(super) fn draw(canvas: &mut Canvas<'_>, area: Rect, open: usize, context: &Context<'_>) -> u16 {
    let mut x = area.x;
    for (index, label) in labels(open, area.width, context).iter().enumerate() {
        let width = width(label, context).min(area.right() - x);
        let place = Rect { x, width, ..area };
        let style = match index == open {
            true => context.theme.selected,
            false => context.theme.dim,
        };
        canvas.line(place, &format!(" {label} "), style, context.look());
        let action = Action::Tab(u8::try_from(index).unwrap_or(u8::MAX));
        canvas.click(place, Click::Action(action));
        x += width;
    }
    x - area.x
}

/// What stands in the bar: counts give way to marks, the open screen's last. Where that is not
/// enough, names give way to numbers from the last one on, then counts to marks.
fn labels(open: usize, room: u16, context: &Context<'_>) -> Vec<String> {
    let others = || (0..MAIN.len()).rev().filter(|index| *index != open);
    let marked = others()
        .chain([open])
        .map(|index| (index, Said::MarkedName));
    let numbered = [Said::Count, Said::Mark];
    let numbered = numbered
        .into_iter()
        .flat_map(|said| others().map(move |index| (index, said)));
    match shortened(marked, room, context) {
        (labels, true) => labels,
        _ => shortened(numbered, room, context).0,
    }
}

/// Says less step by step until all labels fit; tells whether they do.
fn shortened(
    mut steps: impl Iterator<Item = (usize, Said)>,
    room: u16,
    context: &Context<'_>,
) -> (Vec<String>, bool) {
    let mut said = [Said::Name; MAIN.len()];
    loop {
        let labels = all_labels(&said, context);
        let used: u16 = labels.iter().map(|label| width(label, context)).sum();
        match steps.next() {
            Some((index, less)) if used > room => said[index] = less,
            _ => return (labels, used <= room),
        }
    }
}

fn all_labels(said: &[Said; MAIN.len()], context: &Context<'_>) -> Vec<String> {
    let labels = said.iter().enumerate();
    labels
        .map(|(index, said)| label(index, *said, context))
        .collect()
}

fn label(index: usize, said: Said, context: &Context<'_>) -> String {
    let main = &MAIN[index];
    let number = index + 1;
    let unread = match main.kind.map_or(0, |kind| context.known.unread(kind)) {
        0 => String::new(),
        _ if matches!(said, Said::Mark | Said::MarkedName) => context.theme.marks.unread.to_owned(),
        unread @ 1..=UNREAD_MAX => format!("({unread})"),
        _ => format!("({UNREAD_MAX}+)"),
    };
    match said {
        Said::Name | Said::MarkedName => {
            format!("{number} {}{unread}", context.words.text(main.title))
        }
        Said::Count | Said::Mark => format!("{number}{unread}"),
    }
}

/// Columns of a label with the blanks around it.
fn width(label: &str, context: &Context<'_>) -> u16 {
    columns(label, context.look().ambiguous).saturating_add(2)
}
