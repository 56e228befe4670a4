//! Time from starting a node that holds 100,000 entries until its interface answers.

use std::time::Instant;

use serde_json::{Value, json};

use super::cold_sync::ms;
use super::machine;
use super::template::Template;
use super::wire::Counting;
use super::{BenchError, Options, corpus, repeat};

const DOCUMENTS: usize = 10_000;

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
    let size = corpus::Size {
        documents: DOCUMENTS,
        records_each: 10,
        ..options.corpus
    };
    let template = Template::of_corpus(&options.work, size)?;
    repeat(options, "start", each, |folder| {
        let mut home = template.copy("a", folder)?;
        let since = Instant::now();
        home.start(&["--listen", "/ip4/127.0.0.1/tcp/0"]);
        let took = since.elapsed();
        let used = machine::counters(home.pid());
        machine::settle(&[home.pid()]);
        Ok(json!({
            "entries": home.status()["entries"],
            "start_ms": ms(took),
            "cpu_s": machine::round(used.cpu_s),
            "run_queue_wait_s": machine::round(used.run_queue_wait_s),
            "resident_mb": machine::round(machine::memory(home.pid()).resident_mb),
        }))
    })
}
