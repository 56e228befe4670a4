//! Live: one node writes, the other's listener hears of it. Timed from before the write is asked
//! for until the event has arrived, so both commits are part of it.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::cold_sync::{Pair, ms};
use super::listener::Listener;
use super::machine::{self, Measured};
use super::template::Template;
use super::wire::Counting;
use super::{BenchError, Options, PATIENCE, repeat, report};

/// Writes of one run.
const WRITES: usize = 500;
/// Pause between two writes: people type, and a stream that rests is the usual case.
const PACE: Duration = Duration::from_millis(20);

/// Runs it.
///
/// # Errors
///
/// When a run fails.
pub fn run(
    options: &Options,
    _: Counting,
    each: impl FnMut(&Value),
) -> Result<Vec<Value>, BenchError> {
    let template = Template::of_corpus(&options.work, options.corpus)?;
    repeat(options, "live", each, |folder| {
        let pair = Pair::start(&template, folder)?;
        pair.sync()?;
        machine::settle(&[pair.a.pid(), pair.b.pid()]);
        let (writer, reader) = (Measured::begin(pair.a.pid()), Measured::begin(pair.b.pid()));
        let times = latencies(&pair)?;
        Ok(json!({
            "writes": times.len(),
            "p50_ms": report::percentile(&times, 0.5),
            "p99_ms": report::percentile(&times, 0.99),
            "slowest_ms": report::percentile(&times, 1.0),
            "sender": writer.used(),
            "receiver": reader.used(),
        }))
    })
}

fn latencies(pair: &Pair) -> Result<Vec<f64>, BenchError> {
    let listener = Listener::open(pair.b.path())?;
    let mut written: BTreeMap<String, Instant> = BTreeMap::new();
    let mut heard: BTreeMap<String, Instant> = BTreeMap::new();
    for number in 0..WRITES {
        let fields = json!({
            "title": format!("求助 {number}"),
            "body": "想请邻居帮忙代买退烧药和口罩，越快越好，联系时请先在群里说一声。",
        });
        let draft = json!({"kind": "request", "fields": fields});
        let since = Instant::now();
        let (code, answer) = pair.a.request("POST", "/v1/documents", Some(&draft))?;
        let Some(id) = answer["id"].as_str().filter(|_| code == 201) else {
            return Err(BenchError::Failed(answer.to_string()));
        };
        written.insert(id.to_owned(), since);
        std::thread::sleep(PACE);
        hear(&listener, Duration::ZERO, &mut heard)?;
    }
    let since = Instant::now();
    while !written.keys().all(|id| heard.contains_key(id)) {
        if since.elapsed() > PATIENCE {
            return Err(BenchError::Hung("every write is heard of".to_owned()));
        }
        hear(&listener, Duration::from_millis(100), &mut heard)?;
    }
    let times = written
        .iter()
        .map(|(id, since)| ms(heard[id].duration_since(*since)));
    Ok(times.collect())
}

/// Notes when each document was first heard of.
fn hear(
    listener: &Listener,
    patience: Duration,
    heard: &mut BTreeMap<String, Instant>,
) -> Result<(), BenchError> {
    while let Some((at, event)) = listener.next(patience)? {
        for id in event["documents"].as_array().into_iter().flatten() {
            if let Some(id) = id.as_str() {
                heard.entry(id.to_owned()).or_insert(at);
            }
        }
    }
    Ok(())
}
