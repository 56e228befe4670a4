//! Spans of time as people write them: `7d`, `12h`, `30m`, `2w`.

use thiserror::Error;

/// The longest span: a year and a day.
const DAYS_MAX: i64 = 366;

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
const DAY_MS: i64 = 24 * HOUR_MS;

/// A text that is no span of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("write a number and m, h, d or w, such as 7d; at most {DAYS_MAX} days")]
pub struct NoLifetime;

/// Reads a span of time as milliseconds.
///
/// # Errors
///
/// [`NoLifetime`].
pub fn parse(text: &str) -> Result<i64, NoLifetime> {
    let unit = text.chars().last().ok_or(NoLifetime)?;
    let unit_ms = match unit {
        'm' => MINUTE_MS,
        'h' => HOUR_MS,
        'd' => DAY_MS,
        'w' => 7 * DAY_MS,
        _ => return Err(NoLifetime),
    };
    let digits = &text[..text.len() - unit.len_utf8()];
    if !digits.chars().all(|digit| digit.is_ascii_digit()) {
        return Err(NoLifetime);
    }
    let number: i64 = digits.parse().map_err(|_| NoLifetime)?;
    let span_ms = number.checked_mul(unit_ms).ok_or(NoLifetime)?;
    if (1..=DAYS_MAX * DAY_MS).contains(&span_ms) {
        Ok(span_ms)
    } else {
        Err(NoLifetime)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_read() {
        let cases = [
            ("7d", Ok(604_800_000)),
            ("12h", Ok(43_200_000)),
            ("1m", Ok(60_000)),
            ("2w", Ok(1_209_600_000)),
            ("366d", Ok(31_622_400_000)),
            ("367d", Err(NoLifetime)),
            ("0d", Err(NoLifetime)),
            ("-1d", Err(NoLifetime)),
            ("+1d", Err(NoLifetime)),
            ("7", Err(NoLifetime)),
            ("d", Err(NoLifetime)),
            ("", Err(NoLifetime)),
            ("7天", Err(NoLifetime)),
            ("99999999999999999999w", Err(NoLifetime)),
            ("9999999999999999w", Err(NoLifetime)),
        ];
        for (text, expected) in cases {
            assert_eq!(parse(text), expected, "{text}");
        }
    }
}
