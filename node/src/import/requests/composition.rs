//! How the cells of a row become one help request.
//!
//! Nothing is shortened or dropped: what does not fit is a fault of the row. Whether a category is
//! known, and what a telephone number in the words means, is decided where requests are posted.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use unicode_normalization::UnicodeNormalization;

use super::columns::{Columns, Meaning};
use super::{
    BODY_BYTES_MAX, RequestRow, RowError, RowFault, SHORT_CHARACTERS_MAX, TITLE_CHARACTERS_MAX,
};

/// Domain of the keys by which a request is known that was imported before.
const KEY_CONTEXT: &str = "linli import 1: key of a help request";

/// What each further column is called in the words, in Chinese and in English.
const LABELS: [(Meaning, &str, &str); 3] = [
    (Meaning::Supplies, "物资：", "Supplies: "),
    (Meaning::Address, "地址：", "Address: "),
    (Meaning::Remark, "备注：", "Remark: "),
];

/// Makes a help request of a row's cells, or tells all that is wrong with them.
pub fn compose(
    columns: &Columns,
    cells: &[String],
    (row, line): (u64, u64),
    clean: fn(&str) -> String,
) -> Result<RequestRow, Vec<RowError>> {
    let mut errors = Vec::new();
    let mut refuse = |meaning, what| {
        errors.push(RowError {
            row,
            line,
            column: columns.name_of(meaning),
            what,
        });
    };
    let short = |meaning| one_line(columns.cell(cells, meaning), clean);

    let title = short(Meaning::Title);
    let characters = title.chars().count();
    if characters == 0 {
        refuse(Meaning::Title, RowFault::TitleMissing);
    } else if characters > TITLE_CHARACTERS_MAX {
        refuse(Meaning::Title, RowFault::TitleTooLong { characters });
    }
    let (body, longest) = body(columns, cells, &title, clean);
    if body.len() > BODY_BYTES_MAX {
        refuse(longest, RowFault::BodyTooLong { bytes: body.len() });
    }
    let (category, building) = (short(Meaning::Category), short(Meaning::Building));
    for (meaning, text) in [
        (Meaning::Category, &category),
        (Meaning::Building, &building),
    ] {
        let characters = text.chars().count();
        if characters > SHORT_CHARACTERS_MAX {
            refuse(meaning, RowFault::TooLong { characters });
        }
    }
    let urgent = parse_urgent(&short(Meaning::Urgent)).unwrap_or_else(|fault| {
        refuse(Meaning::Urgent, fault);
        false
    });
    let expires_ms = parse_expires(&short(Meaning::Expires)).unwrap_or_else(|fault| {
        refuse(Meaning::Expires, fault);
        None
    });
    if !errors.is_empty() {
        return Err(errors);
    }
    let mut request = RequestRow {
        title,
        body,
        category,
        urgent,
        building,
        expires_ms,
        key: [0; 32],
        row,
    };
    request.key = key(&request);
    Ok(request)
}

/// The words with what further columns say, each under its label, in the language of the row.
/// Names the column that has most to say, too.
fn body(
    columns: &Columns,
    cells: &[String],
    title: &str,
    clean: fn(&str) -> String,
) -> (String, Meaning) {
    let text = |meaning| lines(columns.cell(cells, meaning), clean);
    let words = text(Meaning::Body);
    let further = LABELS.map(|(meaning, chinese, english)| (text(meaning), chinese, english));
    let chinese = is_chinese(title)
        || is_chinese(&words)
        || further.iter().any(|(text, ..)| is_chinese(text));

    let mut body = words.clone();
    let mut longest = (words.len(), Meaning::Body);
    for ((meaning, ..), (text, label_chinese, label_english)) in LABELS.iter().zip(further) {
        if text.is_empty() {
            continue;
        }
        longest = longest.max((text.len(), *meaning));
        if !body.is_empty() {
            body.push('\n');
        }
        let label = if chinese {
            label_chinese
        } else {
            label_english
        };
        if text.contains('\n') {
            body.push_str(label.trim_end());
            body.push('\n');
        } else {
            body.push_str(label);
        }
        body.push_str(&text);
    }
    (body, longest.1)
}

/// The name by which the same request is known when it is imported again: a hash of all it says.
/// Characters that are written in several ways in Unicode count as the same.
fn key(request: &RequestRow) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new_derive_key(KEY_CONTEXT);
    let urgent = if request.urgent { "1" } else { "0" };
    let expires = request
        .expires_ms
        .map_or_else(String::new, |ms| ms.to_string());
    for text in [
        &request.title,
        &request.body,
        &request.category,
        &request.building,
        urgent,
        &expires,
    ] {
        let normal: String = text.nfc().collect();
        hasher.update(&(normal.len() as u64).to_be_bytes());
        hasher.update(normal.as_bytes());
    }
    *hasher.finalize().as_bytes()
}

/// Several lines, each neutralised, without blanks at the ends.
fn lines(cell: &str, clean: fn(&str) -> String) -> String {
    let lines: Vec<String> = cell
        .trim()
        .split('\n')
        .map(|line| clean(line).trim_end().to_owned())
        .collect();
    lines.join("\n").trim().to_owned()
}

/// One line, neutralised, whatever the cell had.
fn one_line(cell: &str, clean: fn(&str) -> String) -> String {
    let lines: Vec<String> = cell
        .split('\n')
        .map(|line| clean(line).trim().to_owned())
        .filter(|line| !line.is_empty())
        .collect();
    lines.join(" ")
}

fn is_chinese(text: &str) -> bool {
    text.chars()
        .any(|character| matches!(character, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'))
}

fn parse_urgent(text: &str) -> Result<bool, RowFault> {
    match text.to_lowercase().as_str() {
        "" | "no" | "false" | "0" | "否" | "不" => Ok(false),
        "yes" | "true" | "1" | "是" | "urgent" | "紧急" => Ok(true),
        _ => Err(RowFault::UrgentUnclear),
    }
}

/// Reads a moment (RFC 3339) or a day, which lasts until it has ended in Greenwich: in China that is
/// eight hours later, so nobody's request ends before its day.
fn parse_expires(text: &str) -> Result<Option<i64>, RowFault> {
    if text.is_empty() {
        return Ok(None);
    }
    let moment = text.parse::<Timestamp>().ok().or_else(|| end_of_day(text));
    match moment.map(|moment| moment.as_millisecond()) {
        Some(ms) if (0..=protocol::limits::TIME_MS_MAX).contains(&ms) => Ok(Some(ms)),
        _ => Err(RowFault::ExpiresUnclear),
    }
}

/// Reads a day as people and spreadsheets write it: `2026-03-01` or `2026/3/1`.
fn end_of_day(text: &str) -> Option<Timestamp> {
    let mut parts = text.split(['-', '/']);
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let date = Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()?;
    let end = date.tomorrow().ok()?.at(0, 0, 0, 0);
    TimeZone::UTC.to_timestamp(end).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_moments_are_read_as_people_write_them() {
        let day = 86_400_000;
        for (text, expected) in [
            ("", Ok(None)),
            ("1970-01-01", Ok(Some(day))),
            ("1970/1/2", Ok(Some(2 * day))),
            ("1970-01-01T08:00:00+08:00", Ok(Some(0))),
            ("1970-01-01T00:00:01Z", Ok(Some(1000))),
            ("1969-12-30", Err(RowFault::ExpiresUnclear)),
            ("2026-02-30", Err(RowFault::ExpiresUnclear)),
            ("2026-02", Err(RowFault::ExpiresUnclear)),
            ("99999-01-01", Err(RowFault::ExpiresUnclear)),
            ("9999-12-31", Err(RowFault::ExpiresUnclear)),
            ("soon", Err(RowFault::ExpiresUnclear)),
        ] {
            assert_eq!(parse_expires(text), expected, "{text}");
        }
    }

    #[test]
    fn urgency_is_yes_or_no() {
        for (text, expected) in [
            ("", Ok(false)),
            ("No", Ok(false)),
            ("TRUE", Ok(true)),
            ("是", Ok(true)),
            ("否", Ok(false)),
            ("perhaps", Err(RowFault::UrgentUnclear)),
        ] {
            assert_eq!(parse_urgent(text), expected, "{text}");
        }
    }
}
