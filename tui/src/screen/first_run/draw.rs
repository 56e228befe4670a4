//! How the first run looks: what is asked and why, choices or fields, what is wrong.

use ratatui::layout::Rect;

use super::super::field_styles;
use super::super::scrolled::say_more;
use super::{FirstRun, Invited, Step};
use crate::app::{Canvas, Click, Context};
use crate::host::LetsIn;
use crate::text::line_input::LineInput;
use crate::text::styled::StyledText;
use crate::text::width::{columns, truncate};
use crate::widget::Paragraph;
use crate::widget::field::{Field, Input as FieldInput};

/// Lines of a terminal in which the recovery words have room below the whole explanation.
const HEIGHT_TO_EXPLAIN_WORDS: u16 = 20;

/// Draws the step.
pub fn draw(run: &mut FirstRun, canvas: &mut Canvas<'_>, area: Rect, context: &Context<'_>) {
    let theme = context.theme;
    canvas.fill(area, theme.text);
    let margin = (area.width / 10).clamp(1, 8);
    let free = u16::from(area.height > 16);
    let mut place = Rect {
        x: area.x + margin,
        y: area.y + free,
        width: area.width - 2 * margin,
        height: area.height - free,
    };
    let (number, of) = run.step.number(run.road(), run.has_passphrase);
    let progress = context.words.with(
        "first-progress",
        &[("number", number.into()), ("of", of.into())],
    );
    let mut text = StyledText::new().with(&progress, theme.dim);
    text.push("\n", theme.text);
    text.push(&explanation(run, context), theme.text);
    take(&mut place, canvas, &text, context);
    skip(&mut place, 1);
    match run.step {
        Step::Language | Step::Way | Step::Protection => {
            draw_choices(run, &mut place, canvas, context);
            if run.step == Step::Language && context.known.hints.without_chinese {
                let note = context.words.text("first-language-console");
                let note = StyledText::new().with(&note, theme.warning);
                take(&mut place, canvas, &note, context);
            }
        }
        Step::Words => draw_words(run, place, canvas, context),
        _ => draw_fields(run, &mut place, canvas, context),
    }
    let (text, style) = match (&run.problem, run.waiting) {
        (Some(problem), _) => (problem.clone(), theme.bad),
        (None, true) => (context.words.text("first-waiting"), theme.dim),
        (None, false) => return,
    };
    skip(&mut place, 1);
    take(
        &mut place,
        canvas,
        &StyledText::new().with(&text, style),
        context,
    );
}

fn explanation(run: &FirstRun, context: &Context<'_>) -> String {
    if run.step == Step::Words && context.height < HEIGHT_TO_EXPLAIN_WORDS {
        return context.words.text("first-words-short");
    }
    explained(
        run.step,
        run.invited.as_ref().filter(|_| !run.founds),
        context,
    )
}

/// What a step asks for and why. The one behind an invitation or a code says what that is for.
pub fn explained(step: Step, invited: Option<&Invited>, context: &Context<'_>) -> String {
    let words = context.words;
    let explained = words.text(step.explanation());
    let Some(invited) = invited else {
        return explained;
    };
    let (key, household) = match (step, &invited.lets_in) {
        (Step::Household, LetsIn::Household) => ("first-invited", ""),
        (Step::Household, LetsIn::Guest) => ("first-invited-as-guest", ""),
        (Step::Protection, LetsIn::Device { household }) => {
            ("first-invited-as-device", &**household)
        }
        _ => return explained,
    };
    let deadline = context.clock.deadline(words, invited.expires_ms);
    let invited = words.with(
        key,
        &[
            ("household", household.into()),
            ("neighbourhood", (&invited.neighbourhood).into()),
            ("deadline", (&deadline).into()),
        ],
    );
    format!("{invited}\n{explained}")
}

/// Draws a text and takes its rows from the place.
fn take(place: &mut Rect, canvas: &mut Canvas<'_>, text: &StyledText, context: &Context<'_>) {
    let paragraph = Paragraph {
        style: context.theme.text,
        ..Paragraph::new(text)
    };
    let rows = paragraph.draw(*place, canvas.buffer, context.look());
    skip(place, u16::try_from(rows).unwrap_or(u16::MAX));
}

fn skip(place: &mut Rect, rows: u16) {
    let rows = rows.min(place.height);
    place.y += rows;
    place.height -= rows;
}

/// The names of the words of what a step lets one choose.
pub const fn choices(step: Step) -> [&'static str; 2] {
    match step {
        Step::Language => ["first-language-chinese", "first-language-english"],
        Step::Way => ["first-way-found", "first-way-join"],
        _ => ["first-protection-passphrase", "first-protection-key-file"],
    }
}

fn draw_choices(run: &FirstRun, place: &mut Rect, canvas: &mut Canvas<'_>, context: &Context<'_>) {
    let (theme, look) = (context.theme, context.look());
    let keys = choices(run.step);
    for (number, key) in (0_u32..).zip(keys) {
        if place.height == 0 {
            break;
        }
        let line = Rect {
            height: 1,
            ..*place
        };
        let is_chosen = run.focus == number as usize;
        let style = if is_chosen {
            theme.selected
        } else {
            theme.text
        };
        canvas.fill(line, style);
        let lead = if is_chosen { theme.marks.selected } else { " " };
        let text = format!("{lead} {}", context.words.text(key));
        let text = truncate(&text, usize::from(line.width), look.ambiguous);
        canvas.line(line, &text, style, look);
        canvas.click(line, Click::Place(number));
        skip(place, 1);
        let explained = format!("{key}.explained");
        if context.words.has(&explained) {
            let text = StyledText::new().with(&context.words.text(&explained), theme.dim);
            let mut below = Rect {
                x: place.x + 2,
                width: place.width.saturating_sub(2),
                ..*place
            };
            let before = below.height;
            take(&mut below, canvas, &text, context);
            skip(place, before - below.height);
        }
        skip(place, u16::from(place.height > 6));
    }
}

fn draw_fields(
    run: &mut FirstRun,
    place: &mut Rect,
    canvas: &mut Canvas<'_>,
    context: &Context<'_>,
) {
    let words = context.words;
    let [first, second] = run.asked.places;
    let number = |place: usize| words.with("first-word-number", &[("number", (place + 1).into())]);
    let fields: Vec<(String, &LineInput)> = match run.step {
        Step::Neighbourhood => vec![(words.text("first-neighbourhood-label"), &run.neighbourhood)],
        Step::Invitation => vec![(words.text("first-invitation-label"), &run.invitation)],
        Step::Household => vec![
            (words.text("first-household-label"), &run.household),
            (words.text("first-building-label"), &run.building),
        ],
        Step::Passphrase => vec![
            (words.text("first-passphrase-label"), &run.passphrase),
            (words.text("first-again-label"), &run.again),
        ],
        _ => vec![
            (number(first), &run.typed[0]),
            (number(second), &run.typed[1]),
        ],
    };
    let rows = Field::rows_of_line(false, context.look());
    for (index, (label, line)) in (0_u32..).zip(&fields) {
        let focused = run.focus == index as usize;
        let field = Field {
            label,
            input: FieldInput::Line(line),
            placeholder: "",
            error: None,
            focused,
            styles: field_styles(context),
        };
        let area = Rect {
            height: place.height.min(rows),
            ..*place
        };
        let cursor = field.draw(area, canvas.buffer, context.look());
        canvas.cursor = cursor.or(canvas.cursor);
        canvas.click(area, Click::Place(index));
        skip(place, rows + u16::from(place.height > 6));
    }
}

/// Draws the words in as many columns as there is room for, numbered downwards.
fn draw_words(run: &mut FirstRun, place: Rect, canvas: &mut Canvas<'_>, context: &Context<'_>) {
    let (theme, look) = (context.theme, context.look());
    let widest = run
        .words
        .iter()
        .map(|word| columns(word, look.ambiguous))
        .max();
    let cell = u16::try_from(widest.unwrap_or(1) + 5).unwrap_or(u16::MAX);
    let across = (place.width / cell).clamp(1, 6);
    let count = u16::try_from(run.words.len()).unwrap_or(u16::MAX);
    let rows = count.div_ceil(across);
    let whole = place;
    // Where not all have room, the last line says so.
    let place = Rect {
        height: match rows > whole.height {
            true => whole.height.saturating_sub(1),
            false => whole.height,
        },
        ..whole
    };
    let skipped = run.seen.window(rows, place.height);
    if skipped + place.height < rows {
        say_more(canvas, whole, context);
    }
    for (index, word) in (0_u16..).zip(&run.words) {
        let (column, row) = (index / rows, index % rows);
        if row < skipped || row - skipped >= place.height {
            continue;
        }
        let cell = Rect {
            x: place.x + column * cell,
            y: place.y + row - skipped,
            width: cell,
            height: 1,
        };
        let used = canvas.line(cell, &format!("{:>2} ", index + 1), theme.dim, look);
        let rest = Rect {
            x: cell.x + used,
            width: cell.width - used,
            ..cell
        };
        canvas.line(rest, word, theme.heading, look);
    }
}
