//! Moments as a neighbour would say them: "just now", "today 14:05", "until tomorrow 18:00".
//!
//! What is said depends on the reader's clock and time zone, which are arguments; nothing here asks
//! for either. Nothing decided by the network may depend on it (rule R11).

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

use super::{Value, Words};

/// How far two clocks may differ before a moment counts as still to come.
const CLOCK_DIFFERENCE_MS: i64 = 2 * MINUTE_MS;
const MINUTE_MS: i64 = 60 * 1_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;

/// What the reader's clock shows, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clock {
    /// Milliseconds since 1970.
    pub now_ms: i64,
    /// The reader's time zone.
    pub zone: TimeZone,
}

impl Clock {
    /// Says when something was: "just now", "5 min ago", "today 14:05", "yesterday 14:05",
    /// "Sat 14 Feb", "14 Feb 2025". What lies ahead is said as by [`Clock::future`].
    pub fn past(&self, words: &Words, time_ms: i64) -> String {
        let age_ms = self.now_ms.saturating_sub(time_ms);
        if age_ms < -CLOCK_DIFFERENCE_MS {
            return self.future(words, time_ms);
        }
        if age_ms < MINUTE_MS {
            return words.text("moment-just-now");
        }
        if age_ms < HOUR_MS {
            return words.with(
                "moment-minutes-ago",
                &[("count", (age_ms / MINUTE_MS).into())],
            );
        }
        let time = self.local(time_ms);
        match self.day_of(words, time.date()) {
            Some(day) => at(words, &day, time),
            None => self.date_of(words, time.date()),
        }
    }

    /// Says when something is: "today 18:00", "tomorrow 18:00", "Sat 14 Feb 18:00",
    /// "14 Feb 2027 18:00".
    pub fn future(&self, words: &Words, time_ms: i64) -> String {
        let time = self.local(time_ms);
        let day = self.day_of(words, time.date());
        let day = day.unwrap_or_else(|| self.date_of(words, time.date()));
        at(words, &day, time)
    }

    /// Says until when something stands: "until tomorrow 18:00", or "ended yesterday 18:00".
    pub fn deadline(&self, words: &Words, until_ms: i64) -> String {
        let moment = self.future(words, until_ms);
        let key = match until_ms > self.now_ms {
            true => "moment-until",
            false => "moment-ended",
        };
        words.with(key, &[("moment", moment.into())])
    }

    /// Says how long something still stands: "3 days left", "5 h left", "20 min left", "over".
    pub fn left(&self, words: &Words, until_ms: i64) -> String {
        let left_ms = until_ms.saturating_sub(self.now_ms);
        if left_ms <= 0 {
            return words.text("moment-over");
        }
        let (key, count) = match left_ms {
            ..HOUR_MS => ("moment-minutes-left", (left_ms / MINUTE_MS).max(1)),
            HOUR_MS..DAYS_FROM_MS => ("moment-hours-left", left_ms / HOUR_MS),
            _ => ("moment-days-left", left_ms / DAY_MS),
        };
        words.with(key, &[("count", count.into())])
    }

    /// Says a moment in full: "Sat 14 Feb 2026 14:05".
    pub fn exact(&self, words: &Words, time_ms: i64) -> String {
        at(words, &self.exact_day(words, time_ms), self.local(time_ms))
    }

    /// Says a day in full, as on paper: "Sat 14 Feb 2026".
    pub fn exact_day(&self, words: &Words, time_ms: i64) -> String {
        let date = self.local(time_ms).date();
        words.with("moment-day-in-full", &day_values(words, date))
    }

    /// Says from when to when something is, the day only once where it is the same:
    /// "tomorrow 14:00–16:00".
    pub fn span(&self, words: &Words, from_ms: i64, until_ms: i64) -> String {
        let (from, until) = (self.local(from_ms), self.local(until_ms));
        let end = match from.date() == until.date() {
            true => clock_time(until),
            false => self.future(words, until_ms),
        };
        let start = self.future(words, from_ms);
        words.with(
            "moment-span",
            &[("start", start.into()), ("end", end.into())],
        )
    }

    /// Says a day: "today", "tomorrow", "Sat 14 Feb", "14 Feb 2025". For headings of lists.
    pub fn day(&self, words: &Words, time_ms: i64) -> String {
        let date = self.local(time_ms).date();
        self.day_of(words, date)
            .unwrap_or_else(|| self.date_of(words, date))
    }
}

const DAY_MS: i64 = 24 * HOUR_MS;
/// From here on days are counted: "36 h left" says more than "1 day left".
const DAYS_FROM_MS: i64 = 2 * DAY_MS;

impl Clock {
    /// A day that has a name of its own.
    fn day_of(&self, words: &Words, date: Date) -> Option<String> {
        let today = self.local(self.now_ms).date();
        let key = if date == today {
            "moment-today"
        } else if Some(date) == today.yesterday().ok() {
            "moment-yesterday"
        } else if Some(date) == today.tomorrow().ok() {
            "moment-tomorrow"
        } else {
            return None;
        };
        Some(words.text(key))
    }

    /// A day by its date; the year only where it is another.
    fn date_of(&self, words: &Words, date: Date) -> String {
        let key = match date.year() == self.local(self.now_ms).year() {
            true => "moment-day-of-this-year",
            false => "moment-day",
        };
        words.with(key, &day_values(words, date))
    }

    /// The wall clock's time. A time outside of what a calendar holds is its first or last moment:
    /// such times come from others.
    fn local(&self, time_ms: i64) -> DateTime {
        let nearest = if time_ms < 0 {
            Timestamp::MIN
        } else {
            Timestamp::MAX
        };
        let time = Timestamp::from_millisecond(time_ms).unwrap_or(nearest);
        self.zone.to_datetime(time)
    }
}

fn at(words: &Words, day: &str, time: DateTime) -> String {
    let clock = clock_time(time);
    words.with("moment-at", &[("day", day.into()), ("clock", clock.into())])
}

fn clock_time(time: DateTime) -> String {
    format!("{:02}:{:02}", time.hour(), time.minute())
}

fn day_values<'a>(words: &Words, date: Date) -> [(&'static str, Value<'a>); 4] {
    let weekday = date.weekday().to_monday_one_offset();
    [
        ("year", Value::from(date.year().to_string())),
        (
            "month",
            words.text(&format!("month-{}", date.month())).into(),
        ),
        ("day", Value::from(i64::from(date.day()))),
        ("weekday", words.text(&format!("weekday-{weekday}")).into()),
    ]
}

#[cfg(test)]
mod tests;
