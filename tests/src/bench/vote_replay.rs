//! The votes of a real deliberation, fetched by a node that holds the roster and no vote.

use serde_json::{Value, json};

use super::cold_sync::{Pair, figures};
use super::machine::{self, Measured};
use super::template::Template;
use super::wire::{self, Counting};
use super::{BenchError, Options, votes};

/// Runs it.
///
/// # Errors
///
/// [`BenchError::Skipped`] without the data, and when a run fails.
pub fn run(
    options: &Options,
    counting: Counting,
    mut each: impl FnMut(&Value),
) -> Result<Vec<Value>, BenchError> {
    let votes = votes::read()?;
    let template = Template::of_votes(&options.work, &votes)?;
    let folder = options.work.join("runs").join("votes");
    let mut rows = Vec::new();
    for run in 0..options.runs {
        let _absent = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder)?;
        let load = machine::load();
        let pair = Pair::start(&template, &folder)?;
        let sender = Measured::begin(pair.a.pid());
        let receiver = Measured::begin(pair.b.pid());
        let before = wire::bytes(counting);
        let (durable, _) = pair.sync()?;
        let bytes = wire::bytes_since(counting, before);
        let mut row = figures(template.count("records"), durable, bytes);
        row["benchmark"] = json!("votes");
        row["system"] = json!("linli");
        row["run"] = json!(run);
        row["load"] = json!(load);
        row["devices"] = template.holds["devices"].clone();
        row["sender"] = sender.used();
        row["receiver"] = receiver.used();
        each(&row);
        rows.push(row);
    }
    let _left_behind = std::fs::remove_dir_all(&folder);
    Ok(rows)
}
