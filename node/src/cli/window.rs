//! A window of time as people write it for scripts: `2026-12-01 18:00/20:00`, in local time. Anything
//! else is left as the words that it is.

use jiff::civil::{DateTime, Time};
use jiff::tz::TimeZone;

/// Reads a window: its beginning and end, milliseconds since 1970. The end may name a day of its own.
pub fn parse(text: &str) -> Option<(i64, i64)> {
    parse_in(text, &TimeZone::system())
}

fn parse_in(text: &str, zone: &TimeZone) -> Option<(i64, i64)> {
    let (from, until) = text.split_once('/')?;
    let from: DateTime = from.trim().parse().ok()?;
    let until = until.trim();
    let until: DateTime = match until.contains('-') {
        true => until.parse().ok()?,
        false => from.date().to_datetime(until.parse::<Time>().ok()?),
    };
    let moment = |time: DateTime| zone.to_timestamp(time).ok();
    let (from, until) = (moment(from)?, moment(until)?);
    (from < until).then(|| (from.as_millisecond(), until.as_millisecond()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_are_read_and_words_are_left() {
        const SIX_MS: i64 = 1_796_148_000_000;
        const HOUR_MS: i64 = 3_600_000;
        let cases = [
            (
                "2026-12-01 18:00/20:00",
                Some((SIX_MS, SIX_MS + 2 * HOUR_MS)),
            ),
            (
                "2026-12-01T18:00/20:00",
                Some((SIX_MS, SIX_MS + 2 * HOUR_MS)),
            ),
            (
                "2026-12-01 18:00/2026-12-02 18:00",
                Some((SIX_MS, SIX_MS + 24 * HOUR_MS)),
            ),
            ("2026-12-01 18:00/17:00", None),
            ("2026-12-01 18:00", None),
            ("2026-13-01 18:00/20:00", None),
            ("周六上午/下午", None),
            ("", None),
        ];
        for (text, expected) in cases {
            assert_eq!(parse_in(text, &TimeZone::UTC), expected, "{text}");
        }
    }
}
