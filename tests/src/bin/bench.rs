//! Runs the benchmarks. See `docs/BENCHMARKS.md`.

use std::path::PathBuf;
use std::process::ExitCode;

use serde_json::{Value, json};
use tests::bench::wire::{self, Counting};
use tests::bench::{
    BenchError, Options, cold_sync, corpus, idle_memory, live, machine, peer, report, small_sync,
    start, ui, vote_replay,
};

const HELP: &str = "\
Benchmarks of Linli beside its peers, as processes on this machine.

Usage: cargo run --release -p tests --bin bench -- [NAME]... [OPTIONS]

Names; all when none is given:
  cold-sync     20,000 entries of 200 devices in 2,000 documents, and the peers' syncs of the same
  votes         the votes of a real deliberation, as entries of their voters' devices
  small-sync    nothing new and ten new entries, on an open connection
  live          from a write on one node to the event on another's interface, 500 times
  idle-memory   a node with 10,000 documents that does nothing
  start         a node with 100,000 entries, until it answers
  ui            the front end with 10,000 requests and 1,000 plans

Options:
  --runs N        how often each is run (default 3)
  --json          one JSON object a line: the machine, every run, the summary
  --entries N     size of the cold sync's corpus (default 20000); targets are about 20,000
  --work FOLDER   where homes and corpora are kept between runs (default: linli-bench in the
                  system's temporary folder); they are made anew when the folder is removed
  --peers FOLDER  the peers' programs, built by
                  cargo build --release --manifest-path tests/peers/Cargo.toml
  --help          this

LINLI_BIN names the program when it is not the one built beside this. LINLI_DATA names the folder
of real data (default ../shared/data); without it the votes are skipped. Bytes are counted where
`unshare` and `ip` give this program a network of its own.";

const NAMES: [&str; 7] = [
    "cold-sync",
    "votes",
    "small-sync",
    "live",
    "idle-memory",
    "start",
    "ui",
];

struct Asked {
    names: Vec<&'static str>,
    json: bool,
    options: Options,
}

fn asked() -> Result<Option<Asked>, String> {
    let mut asked = Asked {
        names: Vec::new(),
        json: false,
        options: Options {
            runs: 3,
            work: std::env::temp_dir().join("linli-bench"),
            peers: None,
            corpus: corpus::Size::STANDARD,
        },
    };
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut value = || {
            let value = arguments.next();
            value.ok_or_else(|| format!("{argument} wants a value"))
        };
        match argument.as_str() {
            "--help" => return Ok(None),
            "--json" => asked.json = true,
            "--runs" => asked.options.runs = number(&value()?)?,
            "--work" => asked.options.work = PathBuf::from(value()?),
            "--peers" => asked.options.peers = Some(PathBuf::from(value()?)),
            "--entries" => {
                let each = asked.options.corpus.records_each;
                asked.options.corpus.documents = (number(&value()?)? / each).max(1);
            }
            name => match NAMES.iter().find(|known| **known == name) {
                Some(known) => asked.names.push(known),
                None => return Err(format!("there is no benchmark {name}; see --help")),
            },
        }
    }
    if asked.names.is_empty() {
        asked.names = NAMES.to_vec();
    }
    asked.options.peers = peer::folder(asked.options.peers.take());
    Ok(Some(asked))
}

fn number(text: &str) -> Result<usize, String> {
    let number = text.parse().ok().filter(|number| *number > 0);
    number.ok_or_else(|| format!("{text} is no number"))
}

fn run(
    name: &str,
    options: &Options,
    counting: Counting,
    each: impl FnMut(&Value),
) -> Result<Vec<Value>, BenchError> {
    match name {
        "cold-sync" => cold_sync::run(options, counting, each),
        "votes" => vote_replay::run(options, counting, each),
        "small-sync" => small_sync::run(options, counting, each),
        "live" => live::run(options, counting, each),
        "idle-memory" => idle_memory::run(options, counting, each),
        "ui" => ui::run(options, counting, each),
        _ => start::run(options, counting, each),
    }
}

fn main() -> ExitCode {
    let asked = match asked() {
        Ok(Some(asked)) => asked,
        Ok(None) => {
            println!("{HELP}");
            return ExitCode::SUCCESS;
        }
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::from(2);
        }
    };
    if let Some(code) = wire::enter() {
        return ExitCode::from(u8::try_from(code).unwrap_or(1));
    }
    let counting = wire::begin();
    println!(
        "{}",
        json!({"machine": machine::describe(), "load": machine::load(), "bytes": counting.name()})
    );
    let mut failed = false;
    for name in &asked.names {
        let rows = run(name, &asked.options, counting, |row| println!("{row}"));
        match rows {
            Ok(rows) => {
                let summary = report::summary(name, &rows);
                if asked.json {
                    println!("{summary}");
                } else {
                    println!("\n{name}\n{}\n", report::in_words(&summary));
                }
            }
            Err(error) => {
                failed |= !matches!(error, BenchError::Skipped(_));
                println!("{}", json!({"benchmark": name, "error": error.to_string()}));
            }
        }
    }
    ExitCode::from(u8::from(failed))
}
