//! A peer's program as a process: commands on its standard input, one JSON object a line out.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::BenchError;

/// How long a peer may take to end by itself.
const END_PATIENCE: Duration = Duration::from_secs(5);

/// A peer that can be measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer {
    /// Its name in the report.
    pub name: &'static str,
    program: &'static str,
    environment: Option<(&'static str, &'static str)>,
}

/// All peers.
pub const ALL: [Peer; 4] = [
    Peer {
        name: "automerge",
        program: "automerge",
        environment: None,
    },
    Peer {
        name: "iroh-docs",
        program: "iroh_docs",
        environment: None,
    },
    Peer {
        name: "samod",
        program: "samod",
        environment: None,
    },
    Peer {
        name: "samod-threadpool",
        program: "samod",
        environment: Some(("SAMOD_THREADPOOL", "1")),
    },
];

/// Finds the folder of the peers' programs: what is named, or where cargo builds them.
pub fn folder(named: Option<PathBuf>) -> Option<PathBuf> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers/target/release");
    let target = std::env::var_os("CARGO_TARGET_DIR").map(|it| PathBuf::from(it).join("release"));
    [named, target, Some(own)]
        .into_iter()
        .flatten()
        .find(|folder| folder.join("automerge").exists())
}

impl Peer {
    /// Tells whether the peer's program was built into a folder.
    pub fn is_built(&self, programs: &Path) -> bool {
        programs.join(self.program).exists()
    }

    /// Starts the peer's program.
    ///
    /// # Errors
    ///
    /// When it cannot be started.
    pub fn start(
        &self,
        programs: &Path,
        role: &str,
        folder: &Path,
        port: u16,
        file: &Path,
    ) -> Result<Process, BenchError> {
        let log = std::fs::File::create(folder.with_extension("log"))?;
        let mut command = Command::new(programs.join(self.program));
        command
            .arg(role)
            .arg(folder)
            .arg(port.to_string())
            .arg(file)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(log);
        if let Some((name, value)) = self.environment {
            command.env(name, value);
        }
        let mut child = command.spawn()?;
        let input = child.stdin.take().expect("its input is a pipe");
        let output = child.stdout.take().expect("its output is a pipe");
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                let Ok(object) = serde_json::from_str(&line) else {
                    continue;
                };
                if sender.send(object).is_err() {
                    return;
                }
            }
        });
        Ok(Process {
            child,
            input,
            lines,
        })
    }
}

/// A running peer; it ends when this is dropped.
#[derive(Debug)]
pub struct Process {
    child: Child,
    input: ChildStdin,
    lines: Receiver<Value>,
}

impl Process {
    /// Returns its process id.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Tells it what to do.
    ///
    /// # Errors
    ///
    /// When it has ended.
    pub fn tell(&mut self, command: &str) -> Result<(), BenchError> {
        writeln!(self.input, "{command}")?;
        Ok(self.input.flush()?)
    }

    /// Waits until it says something.
    ///
    /// # Errors
    ///
    /// [`BenchError::Hung`] when it does not within [`super::PATIENCE`], and
    /// [`BenchError::Failed`] when it ends.
    pub fn wait(&self, event: &str) -> Result<Value, BenchError> {
        loop {
            match self.lines.recv_timeout(super::PATIENCE) {
                Ok(object) if object["event"] == event => return Ok(object),
                Ok(_) => {}
                Err(RecvTimeoutError::Timeout) => return Err(BenchError::Hung(event.to_owned())),
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(BenchError::Failed(format!("it ended before {event}")));
                }
            }
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ended_already = self.tell("quit");
        let since = Instant::now();
        while since.elapsed() < END_PATIENCE {
            if let Ok(Some(_)) = self.child.try_wait() {
                return;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        let _ended_already = self.child.kill();
        let _reaped = self.child.wait();
    }
}
