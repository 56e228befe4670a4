//! Moments around midnight, the turn of the year, the change of clocks, and out of all bounds.

use jiff::civil::date;
use jiff::tz::TimeZone;

use super::super::{Clock, Words};
use crate::language::Language;

const SECOND_MS: i64 = 1_000;
const MINUTE_MS: i64 = 60 * SECOND_MS;
const HOUR_MS: i64 = 60 * MINUTE_MS;

fn shanghai() -> TimeZone {
    TimeZone::fixed(jiff::tz::offset(8))
}

fn at(zone: &TimeZone, (year, month, day): (i16, i8, i8), hour: i8, minute: i8) -> i64 {
    let time = date(year, month, day).at(hour, minute, 0, 0);
    let time = zone.to_timestamp(time).expect("the time exists");
    time.as_millisecond()
}

/// Saturday, 14 February 2026, 14:05 in Shanghai.
fn clock() -> Clock {
    Clock {
        now_ms: at(&shanghai(), (2026, 2, 14), 14, 5),
        zone: shanghai(),
    }
}

#[track_caller]
fn check(say: impl Fn(&Words) -> String, chinese: &str, english: &str) {
    let zh = say(&Words::new(Language::Chinese));
    let en = say(&Words::new(Language::English));
    assert_eq!((zh.as_str(), en.as_str()), (chinese, english));
}

#[test]
fn the_past() {
    let clock = clock();
    let ago = |ago_ms: i64| clock.now_ms - ago_ms;
    let on = |day, hour, minute| at(&clock.zone, day, hour, minute);
    let cases = [
        (ago(0), "刚刚", "just now"),
        (ago(59 * SECOND_MS), "刚刚", "just now"),
        (ago(MINUTE_MS), "1 分钟前", "1 min ago"),
        (ago(HOUR_MS - 1), "59 分钟前", "59 min ago"),
        (ago(HOUR_MS), "今天 13:05", "today 13:05"),
        (on((2026, 2, 14), 0, 0), "今天 00:00", "today 00:00"),
        (on((2026, 2, 13), 23, 59), "昨天 23:59", "yesterday 23:59"),
        (on((2026, 2, 13), 0, 0), "昨天 00:00", "yesterday 00:00"),
        (on((2026, 2, 12), 23, 59), "2月12日 周四", "Thu 12 Feb"),
        (on((2026, 1, 1), 0, 0), "1月1日 周四", "Thu 1 Jan"),
        (on((2025, 12, 31), 23, 59), "2025年12月31日", "31 Dec 2025"),
        // Two clocks differ a little; what lies further ahead is said as such.
        (ago(-2 * MINUTE_MS), "刚刚", "just now"),
        (ago(-3 * MINUTE_MS), "今天 14:08", "today 14:08"),
    ];
    for (time_ms, chinese, english) in cases {
        check(|words| clock.past(words, time_ms), chinese, english);
    }
}

#[test]
fn minutes_go_before_the_day_just_after_midnight() {
    let clock = Clock {
        now_ms: at(&shanghai(), (2026, 1, 1), 0, 10),
        zone: shanghai(),
    };
    let before = clock.now_ms - 20 * MINUTE_MS;
    check(|words| clock.past(words, before), "20 分钟前", "20 min ago");
    let before = clock.now_ms - 2 * HOUR_MS;
    check(
        |words| clock.past(words, before),
        "昨天 22:10",
        "yesterday 22:10",
    );
}

#[test]
fn the_future() {
    let clock = clock();
    let cases = [
        ((2026, 2, 14), 18, "今天 18:00", "today 18:00"),
        ((2026, 2, 15), 18, "明天 18:00", "tomorrow 18:00"),
        ((2026, 2, 16), 9, "2月16日 周一 09:00", "Mon 16 Feb 09:00"),
        ((2027, 1, 1), 0, "2027年1月1日 00:00", "1 Jan 2027 00:00"),
    ];
    for (day, hour, chinese, english) in cases {
        let time_ms = at(&clock.zone, day, hour, 0);
        check(|words| clock.future(words, time_ms), chinese, english);
    }
}

#[test]
fn deadlines() {
    let clock = clock();
    let tomorrow = at(&clock.zone, (2026, 2, 15), 18, 0);
    check(
        |words| clock.deadline(words, tomorrow),
        "到明天 18:00截止",
        "until tomorrow 18:00",
    );
    let yesterday = at(&clock.zone, (2026, 2, 13), 18, 0);
    check(
        |words| clock.deadline(words, yesterday),
        "昨天 18:00已截止",
        "ended yesterday 18:00",
    );
    check(
        |words| clock.deadline(words, clock.now_ms),
        "今天 14:05已截止",
        "ended today 14:05",
    );
}

#[test]
fn time_left() {
    let clock = clock();
    let cases = [
        (-1, "时间已过", "time is up"),
        (0, "时间已过", "time is up"),
        (1, "还有 1 分钟", "1 min left"),
        (HOUR_MS - 1, "还有 59 分钟", "59 min left"),
        (HOUR_MS, "还有 1 小时", "1 h left"),
        (48 * HOUR_MS - 1, "还有 47 小时", "47 h left"),
        (48 * HOUR_MS, "还有 2 天", "2 days left"),
        (14 * 24 * HOUR_MS, "还有 14 天", "14 days left"),
    ];
    for (left_ms, chinese, english) in cases {
        let until_ms = clock.now_ms + left_ms;
        check(|words| clock.left(words, until_ms), chinese, english);
    }
}

#[test]
fn days_and_spans() {
    let clock = clock();
    let start = at(&clock.zone, (2026, 2, 15), 14, 0);
    check(|words| clock.day(words, start), "明天", "tomorrow");
    check(
        |words| clock.span(words, start, start + 2 * HOUR_MS),
        "明天 14:00 到 16:00",
        "tomorrow 14:00 to 16:00",
    );
    check(
        |words| clock.span(words, start, start + 24 * HOUR_MS),
        "明天 14:00 到 2月16日 周一 14:00",
        "tomorrow 14:00 to Mon 16 Feb 14:00",
    );
    check(
        |words| clock.exact(words, start),
        "2026年2月15日 周日 14:00",
        "Sun 15 Feb 2026 14:00",
    );
}

#[test]
fn the_readers_zone_decides_which_day_it_is() {
    let now_ms = at(&shanghai(), (2026, 2, 14), 1, 0);
    let time_ms = now_ms - 2 * HOUR_MS;
    let in_zone = |hours| Clock {
        now_ms,
        zone: TimeZone::fixed(jiff::tz::offset(hours)),
    };
    check(
        |words| in_zone(8).past(words, time_ms),
        "昨天 23:00",
        "yesterday 23:00",
    );
    check(
        |words| in_zone(0).past(words, time_ms),
        "今天 15:00",
        "today 15:00",
    );
}

/// A day of 23 hours: tomorrow is the next date, not 24 hours on.
#[test]
fn clocks_that_change_do_not_move_days() {
    let zone = TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").expect("the rule can be read");
    let clock = Clock {
        now_ms: at(&zone, (2026, 3, 28), 23, 30),
        zone: zone.clone(),
    };
    let time_ms = at(&zone, (2026, 3, 29), 23, 30);
    assert_eq!(time_ms - clock.now_ms, 23 * HOUR_MS);
    check(
        |words| clock.future(words, time_ms),
        "明天 23:30",
        "tomorrow 23:30",
    );
    let time_ms = at(&zone, (2026, 3, 30), 0, 0);
    check(
        |words| clock.future(words, time_ms),
        "3月30日 周一 00:00",
        "Mon 30 Mar 00:00",
    );
}

#[test]
fn every_month_and_weekday_has_its_name() {
    let words = Words::new(Language::English);
    let clock = clock();
    let exact = |month, day| clock.exact(&words, at(&clock.zone, (2026, month, day), 0, 0));
    let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    for (month, name) in (1..).zip(months) {
        assert!(exact(month, 9).ends_with(&format!(" 9 {name} 2026 00:00")));
    }
    // The first of June 2026 is a Monday.
    for (day, name) in (1..).zip(["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]) {
        assert!(exact(6, day).starts_with(name), "{name}");
    }
    let words = Words::new(Language::Chinese);
    let sunday = clock.exact(&words, at(&clock.zone, (2026, 11, 1), 8, 0));
    assert_eq!(sunday, "2026年11月1日 周日 08:00");
}

/// Times come from others and may be anything.
#[test]
fn no_time_is_refused() {
    let words = Words::new(Language::English);
    let times = [i64::MIN, -1, 0, i64::MAX];
    for now_ms in times {
        for zone in [shanghai(), TimeZone::fixed(jiff::tz::offset(-12))] {
            let clock = Clock { now_ms, zone };
            for time_ms in times {
                for said in [
                    clock.past(&words, time_ms),
                    clock.future(&words, time_ms),
                    clock.deadline(&words, time_ms),
                    clock.left(&words, time_ms),
                    clock.exact(&words, time_ms),
                    clock.day(&words, time_ms),
                    clock.span(&words, time_ms, now_ms),
                ] {
                    assert!(!said.is_empty());
                }
            }
        }
    }
}
