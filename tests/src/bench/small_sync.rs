//! Small syncs on an open connection between two nodes that hold the same corpus: one end asks
//! whether there is anything new, and ten new entries arrive at once.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::cold_sync::{Pair, listening, ms};
use super::listener::{Listener, is_in_step};
use super::machine;
use super::template::{NEWS, NEWS_ENTRIES, Template};
use super::wire::{self, Counting};
use super::{BenchError, Options, repeat, report};

/// Runs it.
///
/// # Errors
///
/// When a run fails.
pub fn run(
    options: &Options,
    counting: Counting,
    each: impl FnMut(&Value),
) -> Result<Vec<Value>, BenchError> {
    let template = Template::of_corpus(&options.work, options.corpus)?;
    repeat(options, "small-sync", each, |folder| {
        let pair = Pair::start(&template, folder)?;
        pair.sync()?;
        machine::settle(&[pair.a.pid(), pair.b.pid()]);
        let address = listening(&pair.a);
        let nothing = sum_up(|_| nothing_new(&pair, &address, counting))?;
        let ten = sum_up(|number| ten_new(&pair, &template.news(number)?, counting))?;
        let mut row = json!({
            "nothing_new": nothing,
            "new_entries": NEWS_ENTRIES,
            "ten_new": ten,
        });
        row["repeated"] = json!(NEWS);
        Ok(row)
    })
}

type Took = (Duration, Option<u64>);

/// Repeats a small sync and sums it up.
fn sum_up(mut sync: impl FnMut(usize) -> Result<Took, BenchError>) -> Result<Value, BenchError> {
    let mut times = Vec::new();
    let mut bytes = Vec::new();
    for number in 0..NEWS {
        let (time, counted) = sync(number)?;
        times.push(ms(time));
        bytes.extend(counted.map(|bytes| bytes as f64));
        // What follows a sync, such as projection and checkpoint, is not the next one's.
        std::thread::sleep(Duration::from_millis(50));
    }
    Ok(json!({
        "median_ms": report::median(&times),
        "slowest_ms": times.iter().copied().fold(f64::NAN, f64::max),
        "median_bytes": report::median(&bytes),
    }))
}

/// The second node asks by dialling again; timed until the first knows that both hold the same.
fn nothing_new(pair: &Pair, address: &str, counting: Counting) -> Result<Took, BenchError> {
    let listener = Listener::open(pair.a.path())?;
    let before = wire::bytes(counting);
    let since = Instant::now();
    pair.dial(address)?;
    let at = listener.wait("nothing new", is_in_step)?;
    Ok((at - since, wire::bytes_since(counting, before)))
}

/// Ten entries come to the first node in one import; timed until the second has all of them, with
/// both commits.
fn ten_new(pair: &Pair, bundle: &[u8], counting: Counting) -> Result<Took, BenchError> {
    let listener = Listener::open(pair.b.path())?;
    let wanted = pair.b.status()["entries"].as_u64().unwrap_or(0) + NEWS_ENTRIES as u64;
    let before = wire::bytes(counting);
    let since = Instant::now();
    let (code, answer) = pair.a.upload("/v1/imports/bundle", bundle)?;
    if code != 200 {
        return Err(BenchError::Failed(answer.to_string()));
    }
    let at = listener.wait("ten entries", is_in_step)?;
    let bytes = wire::bytes_since(counting, before);
    let held = pair.b.status()["entries"].as_u64().unwrap_or(0);
    if held < wanted {
        return Err(BenchError::Failed(format!("{held} entries of {wanted}")));
    }
    Ok((at - since, bytes))
}
