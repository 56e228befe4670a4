//! One document as Markdown, for keeping and printing.
//!
//! What people wrote comes out as text: nothing of it becomes HTML, an image, or a link whose words
//! hide where it leads, and only
//! collaborative text, which is Markdown, keeps its headings, lists and emphasis, below the
//! document's own heading. Labels are the names of fields; translating them is a screen's business.

use std::fmt::Write;

use serde_json::Value;

use crate::api::{DocumentView, RecordedRef};
use crate::kind::{Field, Kind, Kinds, Shape};

use super::{ORIGINAL, json};

/// Headings of collaborative text stand below the document's own two levels.
const HEADING_LEVELS_DOWN: usize = 2;
const HEADING_LEVEL_MAX: usize = 6;

/// Writes a view as Markdown.
pub fn to_markdown(kinds: &Kinds, view: &DocumentView) -> String {
    let mut page = String::new();
    let kind = kinds.by_name(&view.kind);
    let title = view.fields.get("title").and_then(Value::as_str);
    let title = title.unwrap_or(&view.kind);
    line(&mut page, format_args!("# {}\n", inline(title)));
    line(&mut page, format_args!("- kind: {}", inline(&view.kind)));
    let name = match view.author.name.is_empty() {
        true => view.author.id.short(),
        false => view.author.name.clone(),
    };
    line(&mut page, format_args!("- by: {}", inline(&name)));
    if let Some(household) = &view.for_household {
        line(
            &mut page,
            format_args!("- for: {}", inline(&named(household))),
        );
    }
    line(
        &mut page,
        format_args!("- created: {}", time(view.created_ms)),
    );
    if view.updated_ms != view.created_ms {
        line(
            &mut page,
            format_args!("- updated: {}", time(view.updated_ms)),
        );
    }
    if let Some(state) = &view.state {
        line(&mut page, format_args!("- state: {}", inline(state)));
    }
    let Some(kind) = kind else {
        return page;
    };
    let long = |field: &&Field| {
        matches!(
            field.shape,
            Shape::Paragraphs { .. } | Shape::Markdown | Shape::Recorded
        )
    };
    for field in kind.fields.iter().filter(|field| !long(field)) {
        if field.name != "title"
            && let Some(value) = view.fields.get(field.name)
        {
            let value = plain(field.shape, value);
            line(&mut page, format_args!("- {}: {value}", label(field.name)));
        }
    }
    for field in kind
        .fields
        .iter()
        .filter(|field| matches!(field.shape, Shape::Paragraphs { .. }))
    {
        if let Some(text) = view.fields.get(field.name).and_then(Value::as_str) {
            line(&mut page, format_args!("\n{}", paragraphs(text)));
        }
    }
    original(&mut page, kind, view);
    for list in kind.lists {
        let items = view.fields.get(list.name).and_then(Value::as_array);
        let Some(items) = items else {
            continue;
        };
        line(&mut page, format_args!("\n## {}\n", label(list.name)));
        for item in items {
            line(&mut page, format_args!("{}", fact(list.fields, item)));
        }
    }
    // Last, so that a fence left open in it swallows nothing.
    for field in kind
        .fields
        .iter()
        .filter(|field| field.shape == Shape::Markdown)
    {
        if let Some(text) = view.fields.get(field.name).and_then(Value::as_str) {
            line(
                &mut page,
                format_args!("\n## {}\n\n{}", field.name, tamed(text)),
            );
        }
    }
    page
}

/// Names a household without a device, by its record where that is not known.
fn named(household: &RecordedRef) -> String {
    match household.name.is_empty() {
        true => household.id.short(),
        false => household.name.clone(),
    }
}

/// Writes what a corrected document said first.
fn original(page: &mut String, kind: &Kind, view: &DocumentView) {
    let Some(Value::Object(original)) = view.fields.get(ORIGINAL) else {
        return;
    };
    line(page, format_args!("\n## {ORIGINAL}\n"));
    for field in kind.fields {
        if let Some(value) = original.get(field.name) {
            let value = plain(field.shape, value);
            line(page, format_args!("- {}: {value}", label(field.name)));
        }
    }
}

fn line(page: &mut String, text: std::fmt::Arguments<'_>) {
    writeln!(page, "{text}").expect("writing to a string cannot fail");
}

/// Names a field as a page does: without its unit, for a time is written as a date.
fn label(name: &str) -> String {
    name.trim_end_matches("_ms").replace('_', " ")
}

fn fact(fields: &[Field], item: &Value) -> String {
    let name = item.get(json::BY).and_then(|by| by.get("name"));
    let name = name.and_then(Value::as_str).filter(|name| !name.is_empty());
    let id = item.get(json::BY).and_then(|by| by.get("id"));
    let id = id.and_then(Value::as_str).and_then(|id| id.get(..8));
    let time_ms = item.get(json::TIME).and_then(Value::as_i64);
    let mut text = format!(
        "- {}, {}",
        inline(name.or(id).unwrap_or_default()),
        time(time_ms.unwrap_or_default()),
    );
    for field in fields {
        if let Some(value) = item.get(field.name) {
            let value = plain(field.shape, value);
            write!(text, "; {}: {value}", label(field.name))
                .expect("writing to a string cannot fail");
        }
    }
    text
}

fn plain(shape: Shape, value: &Value) -> String {
    match (shape, value) {
        (Shape::TimeMs, Value::Number(number)) => time(number.as_i64().unwrap_or_default()),
        (Shape::Recorded, Value::Object(household)) => {
            let name = household.get("name").and_then(Value::as_str);
            inline(name.unwrap_or_default())
        }
        (_, Value::String(text)) => inline(text),
        (_, value) => inline(&value.to_string()),
    }
}

/// Escapes text so that it stays on its line and means nothing to Markdown.
fn inline(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' | '\t' => escaped.push(' '),
            _ => escape(character, &mut escaped),
        }
    }
    escaped
}

/// Escapes text line by line: its line ends stay, and no line begins a list, heading or block.
fn paragraphs(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 16);
    for (number, line) in text.split('\n').enumerate() {
        if number > 0 {
            // Two spaces at the end of a line keep the line end.
            escaped.push_str(if line.is_empty() { "\n" } else { "  \n" });
        }
        let line = line.trim_start_matches([' ', '\t']);
        let digits = line.len() - line.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        escaped.push_str(&line[..digits]);
        for (at, character) in line[digits..].chars().enumerate() {
            if at == 0 && matches!(character, '-' | '+' | '=' | '.' | ')') {
                escaped.push('\\');
            }
            escape(character, &mut escaped);
        }
    }
    escaped
}

fn escape(character: char, escaped: &mut String) {
    if matches!(
        character,
        '\\' | '`'
            | '*'
            | '_'
            | '{'
            | '}'
            | '['
            | ']'
            | '<'
            | '>'
            | '#'
            | '|'
            | '~'
            | '&'
            | '!'
            | '@'
    ) {
        escaped.push('\\');
    }
    escaped.push(character);
}

/// Keeps Markdown and takes from it HTML, links, images and link definitions; headings move down.
fn tamed(text: &str) -> String {
    let mut tamed = String::with_capacity(text.len() + 16);
    for (number, line) in text.split('\n').enumerate() {
        if number > 0 {
            tamed.push('\n');
        }
        let indent = line.len() - line.trim_start_matches(' ').len();
        let (indent, rest) = line.split_at(indent.min(3));
        let level = rest.len() - rest.trim_start_matches('#').len();
        let after = &rest[level..];
        tamed.push_str(indent);
        let mut previous = ' ';
        let heading = (1..=HEADING_LEVEL_MAX).contains(&level)
            && (after.is_empty() || after.starts_with([' ', '\t']));
        let rest = match heading {
            true => {
                let level = (level + HEADING_LEVELS_DOWN).min(HEADING_LEVEL_MAX);
                tamed.extend(std::iter::repeat_n('#', level));
                after
            }
            false => rest,
        };
        for character in rest.chars() {
            match character {
                '<' => tamed.push_str("&lt;"),
                '(' | ':' | '[' if previous == ']' => {
                    tamed.push('\\');
                    tamed.push(character);
                }
                _ => tamed.push(character),
            }
            previous = character;
        }
    }
    tamed
}

/// Writes a time as date and time of day in UTC.
///
/// The calendar follows Howard Hinnant's "chrono-Compatible Low-Level Date Algorithms"
/// (`civil_from_days`).
pub(super) fn time(time_ms: i64) -> String {
    let minutes = time_ms.div_euclid(60_000);
    let days = minutes.div_euclid(24 * 60) + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    let minute = minutes.rem_euclid(24 * 60);
    format!(
        "{year:04}-{month:02}-{day:02} {:02}:{:02} UTC",
        minute / 60,
        minute % 60
    )
}
