//! The front end on a terminal of its own, as a process: what it writes there, and when.
//!
//! `script` of util-linux makes the terminal; without it the benchmark is skipped.

use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use super::{BenchError, PATIENCE};
use crate::process::program;

/// Columns and lines of the terminal.
const SIZE: (u16, u16) = (80, 24);
/// Written right before the program takes the terminal's place.
const BEGINS: &str = "the front end begins";
/// How long nothing may be written before everything was.
const QUIET: Duration = Duration::from_millis(60);

/// The front end while it runs.
#[derive(Debug)]
pub struct FrontEnd {
    terminal: Child,
    keys: ChildStdin,
    written: Receiver<(Instant, Vec<u8>)>,
}

impl FrontEnd {
    /// Opens it on a home, in English.
    ///
    /// # Errors
    ///
    /// [`BenchError::Skipped`] without `script`.
    pub fn open(home: &Path) -> Result<Self, BenchError> {
        let command = format!(
            "stty cols {} rows {}; printf '{BEGINS}'; exec {} --home {} --lang en",
            SIZE.0,
            SIZE.1,
            quoted(program()),
            quoted(home)
        );
        let terminal = Command::new("script")
            .args(["--quiet", "--flush", "--command", &command, "/dev/null"])
            .env("TERM", "xterm-256color")
            .env("LINLI_PASSPHRASE", "")
            .env_remove("NO_COLOR")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let mut terminal = terminal.map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => BenchError::Skipped("there is no `script`".to_owned()),
            _ => error.into(),
        })?;
        let keys = terminal.stdin.take().expect("it is piped");
        let mut out = terminal.stdout.take().expect("it is piped");
        let (sender, written) = channel();
        std::thread::spawn(move || {
            let mut bytes = [0; 64 * 1024];
            while let Ok(count @ 1..) = out.read(&mut bytes) {
                if sender
                    .send((Instant::now(), bytes[..count].to_vec()))
                    .is_err()
                {
                    return;
                }
            }
        });
        Ok(Self {
            terminal,
            keys,
            written,
        })
    }

    /// Waits until the program begins, and until each of these texts was written after it; returns
    /// how long each took, in milliseconds.
    ///
    /// # Errors
    ///
    /// [`BenchError::Hung`] when one is not written.
    pub fn begin(&self, texts: [&str; 2]) -> Result<[f64; 2], BenchError> {
        let mut seen = Vec::new();
        let (began, _) = self.until(&mut seen, BEGINS)?;
        let begins = seen.windows(BEGINS.len());
        let place = begins.into_iter().position(|at| at == BEGINS.as_bytes());
        seen.drain(..place.map_or(0, |place| place + BEGINS.len()));
        let mut took = [0.0; 2];
        for (took, text) in took.iter_mut().zip(texts) {
            let (at, was_there) = self.until(&mut seen, text)?;
            // What one chunk held was written at once.
            let at = if was_there { Instant::now() } else { at };
            *took = at.duration_since(began).as_secs_f64() * 1_000.0;
        }
        self.quiet();
        Ok(took)
    }

    fn until(&self, seen: &mut Vec<u8>, text: &str) -> Result<(Instant, bool), BenchError> {
        let has = |seen: &[u8]| seen.windows(text.len()).any(|at| at == text.as_bytes());
        if has(seen) {
            return Ok((Instant::now(), true));
        }
        let since = Instant::now();
        while since.elapsed() < PATIENCE {
            match self.written.recv_timeout(PATIENCE) {
                Ok((at, bytes)) => {
                    seen.extend(bytes);
                    if has(seen) {
                        return Ok((at, false));
                    }
                }
                Err(RecvTimeoutError::Timeout) => break,
                Err(RecvTimeoutError::Disconnected) => {
                    let said = String::from_utf8_lossy(seen);
                    return Err(BenchError::Failed(format!("the front end ended: {said}")));
                }
            }
        }
        Err(BenchError::Hung(format!("{text} on the terminal")))
    }

    /// Presses keys and returns how many bytes were written until nothing more is.
    ///
    /// # Errors
    ///
    /// When the front end has ended.
    pub fn press(&mut self, keys: &str) -> Result<f64, BenchError> {
        self.keys.write_all(keys.as_bytes())?;
        self.keys.flush()?;
        Ok(self.quiet())
    }

    /// Counts what is written until nothing is any more.
    fn quiet(&self) -> f64 {
        let mut count: u32 = 0;
        while let Ok((_, bytes)) = self.written.recv_timeout(QUIET) {
            count += u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        }
        f64::from(count)
    }
}

impl Drop for FrontEnd {
    fn drop(&mut self) {
        // The terminal goes with it, and the program with the terminal.
        let _ended_already = self.terminal.kill();
        let _reaped = self.terminal.wait();
    }
}

fn quoted(path: &Path) -> String {
    format!("'{}'", path.to_string_lossy().replace('\'', "'\\''"))
}
