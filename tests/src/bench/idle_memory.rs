//! Memory of a node that holds 10,000 documents and does nothing.

use serde_json::{Value, json};

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
        records_each: 1,
        ..options.corpus
    };
    let template = Template::of_corpus(&options.work, size)?;
    repeat(options, "idle-memory", each, |folder| {
        let mut home = template.copy("a", folder)?;
        home.start(&["--listen", "/ip4/127.0.0.1/tcp/0"]);
        machine::settle(&[home.pid()]);
        let idle = machine::memory(home.pid());
        let documents = home.status()["documents"].clone();
        let (_, page) = home.request("GET", "/v1/documents?limit=500", None)?;
        machine::settle(&[home.pid()]);
        let read = machine::memory(home.pid());
        Ok(json!({
            "documents": documents,
            "resident_mb": machine::round(idle.resident_mb),
            "listed": page["items"].as_array().map_or(0, Vec::len),
            "resident_after_list_mb": machine::round(read.resident_mb),
        }))
    })
}
