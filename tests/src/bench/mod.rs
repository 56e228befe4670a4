//! The benchmarks: this program beside its peers, measured from outside as processes.
//!
//! `cargo run --release -p tests --bin bench -- --help` says how to run them, `docs/BENCHMARKS.md`
//! what they measured. Nothing here asserts a time.
//!
//! | file | what |
//! | --- | --- |
//! | `corpus`, `votes` | what is written: generated texts, real votes |
//! | `community` | the devices of a neighbourhood in memory, which write it |
//! | `template` | homes that hold it, made once and copied for each run |
//! | `machine`, `wire` | load, memory, processor, run queue; bytes on the wire |
//! | `listener`, `peer`, `pty` | a node's events; a peer's process; the front end on a terminal |
//! | `cold_sync`, `vote_replay`, `small_sync`, `live`, `idle_memory`, `start`, `ui` | the benchmarks |
//! | `report` | medians, and how they stand to the targets |

pub mod cold_sync;
pub mod community;
pub mod corpus;
pub mod course;
pub mod idle_memory;
pub mod listener;
pub mod live;
pub mod machine;
pub mod peer;
pub mod pty;
pub mod report;
pub mod small_sync;
pub mod start;
pub mod template;
pub mod ui;
pub mod vote_replay;
pub mod votes;
pub mod wire;

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::{Value, json};

/// How long anything may take before it is reported as a hang.
pub const PATIENCE: Duration = Duration::from_secs(180);

/// How a benchmark is to be run.
#[derive(Clone, Debug)]
pub struct Options {
    /// How often.
    pub runs: usize,
    /// Where homes, corpora and runs are kept.
    pub work: PathBuf,
    /// The folder of the peers' programs, where they were built.
    pub peers: Option<PathBuf>,
    /// The size of the cold sync's corpus.
    pub corpus: corpus::Size,
}

/// Why a benchmark gave no figure. A hang is a result, and stands in the report as one.
#[derive(Debug, thiserror::Error)]
pub enum BenchError {
    /// Something took longer than [`PATIENCE`].
    #[error("hung: {0}")]
    Hung(String),
    /// A process ended, or answered otherwise than it should.
    #[error("failed: {0}")]
    Failed(String),
    /// What is needed is not there.
    #[error("skipped: {0}")]
    Skipped(String),
    /// A file or a process.
    #[error("{0}")]
    Io(#[from] std::io::Error),
}

/// Runs one of ours as often as asked, each time in an empty folder, and labels its rows.
///
/// # Errors
///
/// When a run fails.
fn repeat(
    options: &Options,
    benchmark: &str,
    mut each: impl FnMut(&Value),
    mut run: impl FnMut(&Path) -> Result<Value, BenchError>,
) -> Result<Vec<Value>, BenchError> {
    let mut rows = Vec::new();
    for number in 0..options.runs {
        let folder = empty_folder(options, benchmark)?;
        let load = machine::load();
        let mut row = run(&folder)?;
        label(&mut row, benchmark, "linli", number, load);
        each(&row);
        rows.push(row);
        let _left_behind = std::fs::remove_dir_all(&folder);
    }
    Ok(rows)
}

/// Makes the folder of a run.
fn empty_folder(options: &Options, name: &str) -> Result<PathBuf, BenchError> {
    let folder = options.work.join("runs").join(name);
    let _absent = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// Says in a row of what it is, and under which load it was taken.
fn label(row: &mut Value, benchmark: &str, system: &str, run: usize, load: f64) {
    row["benchmark"] = json!(benchmark);
    row["system"] = json!(system);
    row["run"] = json!(run);
    row["load"] = json!(load);
}
