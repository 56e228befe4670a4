//! What the peers' programs share: the corpus that they load, and the lines in which they are told
//! what to do and say what they did.
//!
//! A program is started as `serve FOLDER PORT CORPUS` or `sync FOLDER PORT READY` and says one JSON
//! object a line. `serve` loads the corpus, listens and says `ready` with what the other end must
//! know; that object is in the file READY. `sync` says `ready` and then, for each line `sync`, fetches
//! what is new, says `synced` and disconnects. `serve` writes new records at `add N`. Both end at
//! `quit`. Memory, processor time and bytes are counted from outside.

use std::io::Write;
use std::time::Instant;

use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::mpsc;

/// One record: what an author wrote into a document.
#[derive(Clone, Debug, Deserialize)]
pub struct Record {
    /// The document, from 0.
    pub document: usize,
    /// Position in the document, from 0.
    pub number: usize,
    /// The author, from 0.
    pub author: usize,
    /// About 300 bytes of text.
    pub text: String,
}

/// What a program was started as.
#[derive(Debug)]
pub enum Role {
    /// Loads the corpus and listens.
    Serve {
        /// The records.
        corpus: Vec<Record>,
    },
    /// Fetches.
    Sync {
        /// What the serving end said.
        ready: Value,
    },
}

/// How a program was started.
#[derive(Debug)]
pub struct Start {
    /// What it is.
    pub role: Role,
    /// Its own folder.
    pub folder: String,
    /// The port on which the serving end listens.
    pub port: u16,
}

/// Reads the arguments and the file that the last of them names.
///
/// # Errors
///
/// When one is missing or the file cannot be read.
pub fn start() -> anyhow::Result<Start> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [role, folder, port, file] = &arguments[..] else {
        anyhow::bail!("usage: serve FOLDER PORT CORPUS | sync FOLDER PORT READY");
    };
    let text = std::fs::read_to_string(file)?;
    let role = match role.as_str() {
        "serve" => Role::Serve {
            corpus: text
                .lines()
                .map(serde_json::from_str)
                .collect::<Result<_, _>>()?,
        },
        _ => Role::Sync {
            ready: serde_json::from_str(&text)?,
        },
    };
    std::fs::create_dir_all(folder)?;
    Ok(Start {
        role,
        folder: folder.clone(),
        port: port.parse()?,
    })
}

/// Returns how many documents a corpus has.
pub fn documents(corpus: &[Record]) -> usize {
    corpus
        .iter()
        .map(|record| record.document + 1)
        .max()
        .unwrap_or(0)
}

/// Returns the text of the n-th record that is written after the corpus.
pub fn later_text(number: usize) -> String {
    format!(
        "{number:06} {}",
        "想请邻居帮忙代买退烧药和口罩，越快越好。".repeat(5)
    )
}

/// Says one object.
pub fn say(object: &Value) {
    let mut out = std::io::stdout().lock();
    // Whoever started this program has gone when nobody reads.
    let _nobody_reads = writeln!(out, "{object}").and_then(|()| out.flush());
}

/// Says that a sync is over.
pub fn say_synced(since: Instant, records: usize) {
    let ms = since.elapsed().as_secs_f64() * 1e3;
    say(&json!({"event": "synced", "ms": ms, "records": records}));
}

/// What a program is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// Fetch what is new.
    Sync,
    /// Write so many records.
    Add(usize),
    /// End.
    Quit,
}

/// Reads commands from standard input; its end is [`Command::Quit`].
pub fn commands() -> mpsc::UnboundedReceiver<Command> {
    let (sender, receiver) = mpsc::unbounded_channel();
    std::thread::spawn(move || {
        for line in std::io::stdin().lines().map_while(Result::ok) {
            let command = match line.trim().split_once(' ') {
                Some(("add", count)) => Command::Add(count.parse().unwrap_or(0)),
                None if line.trim() == "sync" => Command::Sync,
                _ => Command::Quit,
            };
            if sender.send(command).is_err() {
                return;
            }
        }
        let _ended_already = sender.send(Command::Quit);
    });
    receiver
}
