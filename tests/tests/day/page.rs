//! Printed pages as a snapshot can hold them: without the times of this run.

const WEEKDAYS: [&str; 7] = ["Mon ", "Tue ", "Wed ", "Thu ", "Fri ", "Sat ", "Sun "];

/// Puts a sign in the place of days and times, and orders the rows of tables by what they say: which
/// of two requests was confirmed last differs from run to run.
pub fn masked(page: &str) -> String {
    let mut masked = String::new();
    let mut rows: Vec<String> = Vec::new();
    for line in page.lines().map(without_times) {
        if line.starts_with("| ") {
            rows.push(line);
            continue;
        }
        // The heading of a table, and the line below it, stand first.
        if let Some(said) = rows.get_mut(2..) {
            said.sort();
        }
        for line in rows.drain(..).chain([line]) {
            masked.push_str(&line);
            masked.push('\n');
        }
    }
    masked
}

fn without_times(line: &str) -> String {
    let mut masked = String::new();
    let mut rest = line;
    while let Some(sign) = rest.chars().next() {
        if let Some(after) = after_day(rest) {
            masked.push('◇');
            rest = after_time(after).unwrap_or(after);
        } else {
            masked.push(sign);
            rest = &rest[sign.len_utf8()..];
        }
    }
    masked
}

/// What follows a day such as `2026年11月26日 周四` or `Thu 26 Nov 2026`.
fn after_day(text: &str) -> Option<&str> {
    let rest = after_digits(text, 4).and_then(|rest| rest.strip_prefix('年'));
    if let Some(rest) = rest {
        let (_, rest) = rest.split_once("日 周")?;
        let weekday = rest.chars().next()?;
        return Some(&rest[weekday.len_utf8()..]);
    }
    let rest = WEEKDAYS.iter().find_map(|day| text.strip_prefix(day))?;
    let (_, rest) = rest.split_once(' ')?;
    let (_, rest) = rest.split_once(' ')?;
    after_digits(rest, 4)
}

/// What follows a time of day behind a day.
fn after_time(text: &str) -> Option<&str> {
    let rest = after_digits(text.strip_prefix(' ')?, 2)?;
    let rest = rest.strip_prefix('\\').unwrap_or(rest);
    after_digits(rest.strip_prefix(':')?, 2)
}

fn after_digits(text: &str, count: usize) -> Option<&str> {
    let (digits, rest) = text.split_at_checked(count)?;
    digits
        .bytes()
        .all(|byte| byte.is_ascii_digit())
        .then_some(rest)
}

/// A page without the white space that sets it.
pub fn squeezed(page: &str) -> String {
    page.split_whitespace().collect()
}
