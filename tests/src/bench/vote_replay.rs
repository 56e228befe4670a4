//! The votes of a real deliberation, fetched by a node that holds the roster and no vote.

use serde_json::Value;

use super::cold_sync::{Pair, figures};
use super::machine::Measured;
use super::template::Template;
use super::wire::{self, Counting};
use super::{BenchError, Options, repeat, votes};

/// Runs it.
///
/// # Errors
///
/// [`BenchError::Skipped`] without the data, and when a run fails.
pub fn run(
    options: &Options,
    counting: Counting,
    each: impl FnMut(&Value),
) -> Result<Vec<Value>, BenchError> {
    let votes = votes::read()?;
    let template = Template::of_votes(&options.work, &votes)?;
    repeat(options, "votes", each, |folder| {
        let pair = Pair::start(&template, folder)?;
        let sender = Measured::begin(pair.a.pid());
        let receiver = Measured::begin(pair.b.pid());
        let before = wire::bytes(counting);
        let (durable, _) = pair.sync()?;
        let bytes = wire::bytes_since(counting, before);
        let mut row = figures(template.count("records"), durable, bytes);
        row["devices"] = template.holds["devices"].clone();
        row["sender"] = sender.used();
        row["receiver"] = receiver.used();
        Ok(row)
    })
}
