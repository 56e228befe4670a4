//! Medians over runs, and how they stand to the targets.
//!
//! A target that compares is a ratio of medians within one session, so that a slow machine is slow
//! for everyone.

use serde_json::{Map, Value, json};

use super::machine::round;

/// Returns the median; NaN of nothing.
pub fn median(values: &[f64]) -> f64 {
    percentile(values, 0.5)
}

/// Returns the value below which a share of all lie; NaN of nothing.
pub fn percentile(values: &[f64], share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let last = sorted.len().saturating_sub(1);
    // Shares lie between 0 and 1, so the index is one.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let index = (last as f64 * share).round() as usize;
    sorted.get(index).copied().unwrap_or(f64::NAN)
}

/// Sums up the rows of one benchmark: the median of every number, system by system, then the
/// targets.
pub fn summary(benchmark: &str, rows: &[Value]) -> Value {
    let mut names: Vec<&str> = Vec::new();
    for row in rows {
        let name = row["system"].as_str().unwrap_or_default();
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let mut systems = Map::new();
    for name in names {
        let of = rows.iter().filter(|row| row["system"] == name);
        let good: Vec<&Value> = of.clone().filter(|row| row["error"].is_null()).collect();
        let mut medians = Map::new();
        medians.insert("runs".to_owned(), json!(good.len()));
        let errors: Vec<&Value> = of.map(|row| &row["error"]).collect();
        if let Some(error) = errors.iter().find(|error| !error.is_null()) {
            medians.insert("error".to_owned(), (*error).clone());
        }
        if let Some(first) = good.first() {
            collect_medians("", first, &good, &mut medians);
        }
        systems.insert(name.to_owned(), Value::Object(medians));
    }
    let systems = Value::Object(systems);
    let targets = targets(benchmark, &systems);
    json!({"summary": benchmark, "medians": systems, "targets": targets})
}

fn collect_medians(path: &str, shape: &Value, rows: &[&Value], into: &mut Map<String, Value>) {
    let Some(fields) = shape.as_object() else {
        return;
    };
    for (name, value) in fields {
        let at = format!("{path}/{name}");
        if value.is_object() {
            collect_medians(&at, value, rows, into);
        } else if value.is_number() && name != "run" {
            let values = rows.iter().filter_map(|row| row.pointer(&at)?.as_f64());
            let values: Vec<f64> = values.collect();
            let key = at.trim_start_matches('/').replace('/', ".");
            into.insert(key, json!(round(median(&values))));
        }
    }
}

/// A target: a figure, what it is divided by, and the bound.
struct Target {
    what: &'static str,
    figure: &'static str,
    of: Option<(&'static str, &'static str)>,
    at_least: bool,
    bound: f64,
}

const fn at_least(
    what: &'static str,
    figure: &'static str,
    of: (&'static str, &'static str),
    bound: f64,
) -> Target {
    Target {
        what,
        figure,
        of: Some(of),
        at_least: true,
        bound,
    }
}

const fn at_most(what: &'static str, figure: &'static str, bound: f64) -> Target {
    Target {
        what,
        figure,
        of: None,
        at_least: false,
        bound,
    }
}

const RATE: &str = "durable_records_per_s";

const COLD_SYNC: &[Target] = &[
    at_least("durable × plain Automerge", RATE, ("automerge", RATE), 1.0),
    at_least(
        "shown × plain Automerge",
        "shown_records_per_s",
        ("automerge", RATE),
        0.6,
    ),
    at_least("durable × samod", RATE, ("samod", RATE), 25.0),
    at_least(
        "durable × samod, threadpool",
        RATE,
        ("samod-threadpool", RATE),
        25.0,
    ),
    at_least("durable × iroh-docs", RATE, ("iroh-docs", RATE), 8.0),
    Target {
        what: "bytes × plain Automerge",
        figure: "bytes",
        of: Some(("automerge", "bytes")),
        at_least: false,
        bound: 0.75,
    },
    at_most("receiver's peak memory, MB", "receiver.peak_mb", 40.0),
];

const VOTES: &[Target] = &[at_most("bytes of a vote", "bytes_per_record", 40.0)];

const SMALL_SYNC: &[Target] = &[
    at_most("nothing new, ms", "nothing_new.median_ms", 3.0),
    at_most("nothing new, bytes", "nothing_new.median_bytes", 500.0),
    at_most("10 new entries, ms", "ten_new.median_ms", 5.0),
    at_most("10 new entries, bytes", "ten_new.median_bytes", 10_240.0),
];

const LIVE: &[Target] = &[
    at_most("live p50, ms", "p50_ms", 3.0),
    at_most("live p99, ms", "p99_ms", 15.0),
];

const IDLE_MEMORY: &[Target] = &[at_most("resident, idle, MB", "resident_mb", 60.0)];

const START: &[Target] = &[at_most("start, ms", "start_ms", 300.0)];

const UI: &[Target] = &[
    at_most("update and draw p99, ms", "frame.p99_ms", 16.0),
    at_most("search p99, ms", "search.p99_ms", 30.0),
    at_most("first frame, ms", "first_frame_ms", 100.0),
];

fn targets(benchmark: &str, systems: &Value) -> Vec<Value> {
    let all = match benchmark {
        "cold-sync" => COLD_SYNC,
        "votes" => VOTES,
        "small-sync" => SMALL_SYNC,
        "live" => LIVE,
        "idle-memory" => IDLE_MEMORY,
        "start" => START,
        "ui" => UI,
        _ => &[],
    };
    all.iter().map(|target| held_to(target, systems)).collect()
}

fn held_to(target: &Target, systems: &Value) -> Value {
    let figure = |system: &str, name: &str| systems[system][name].as_f64();
    let own = figure("linli", target.figure);
    let value = match target.of {
        None => own,
        Some((peer, name)) => own.zip(figure(peer, name)).map(|(own, of)| own / of),
    };
    let met = value.map(|value| match target.at_least {
        true => value >= target.bound,
        false => value <= target.bound,
    });
    json!({
        "target": target.what,
        "at": if target.at_least { "least" } else { "most" },
        "bound": target.bound,
        "value": value.map(round),
        "met": met,
    })
}

/// Writes a summary for people.
pub fn in_words(summary: &Value) -> String {
    let mut lines = Vec::new();
    for (system, medians) in summary["medians"].as_object().into_iter().flatten() {
        let figures: Vec<String> = medians
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, value)| format!("{name} {value}"))
            .collect();
        lines.push(format!("{system}: {}", figures.join(", ")));
    }
    for target in summary["targets"].as_array().into_iter().flatten() {
        let verdict = match target["met"].as_bool() {
            Some(true) => "met",
            Some(false) => "MISSED",
            None => "not measured",
        };
        lines.push(format!(
            "{verdict}: {} = {}, at {} {}",
            target["target"].as_str().unwrap_or_default(),
            target["value"],
            target["at"].as_str().unwrap_or_default(),
            target["bound"],
        ));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_and_the_share_of_values() {
        assert!((median(&[3.0, 1.0, 2.0]) - 2.0).abs() < f64::EPSILON);
        assert!((percentile(&[4.0, 1.0, 3.0, 2.0], 1.0) - 4.0).abs() < f64::EPSILON);
        assert!(median(&[]).is_nan());
    }

    #[test]
    fn a_target_is_a_ratio_within_the_session_and_may_be_missed() {
        let row = |system: &str, rate: f64, bytes: f64| {
            json!({"system": system, "run": 0, "durable_records_per_s": rate,
                   "bytes": bytes, "receiver": {"peak_mb": 41.0}})
        };
        let rows = [
            row("linli", 90.0, 100.0),
            row("linli", 110.0, 100.0),
            row("linli", 100.0, 100.0),
            row("automerge", 50.0, 120.0),
            json!({"system": "iroh-docs", "run": 0, "error": "hung: synced"}),
        ];
        let summary = summary("cold-sync", &rows);
        let target = |index: usize| &summary["targets"][index];
        assert_eq!(target(0)["value"], json!(2.0));
        assert_eq!(target(0)["met"], json!(true));
        assert_eq!(target(4)["met"], Value::Null, "iroh-docs hung");
        assert_eq!(target(5)["met"], json!(false), "0.83 of the bytes");
        assert_eq!(target(6)["met"], json!(false), "41 MB");
        assert_eq!(
            summary["medians"]["iroh-docs"]["error"],
            json!("hung: synced")
        );
    }
}
