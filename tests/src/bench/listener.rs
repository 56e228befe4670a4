//! Listens to a node's events over its socket, and notes when each arrived.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::BenchError;

/// A listener at a node's event stream.
#[derive(Debug)]
pub struct Listener {
    events: Receiver<(Instant, Value)>,
}

impl Listener {
    /// Begins to listen; events from now on are heard.
    ///
    /// # Errors
    ///
    /// When the node does not answer.
    pub fn open(home: &Path) -> std::io::Result<Self> {
        let mut stream = UnixStream::connect(home.join("run/api.sock"))?;
        write!(
            stream,
            "GET /v1/events HTTP/1.1\r\nhost: linli\r\naccept: text/event-stream\r\n\r\n"
        )?;
        let mut lines = BufReader::new(stream);
        let mut head = String::new();
        while lines.read_line(&mut head)? > 2 {
            if head.ends_with("\r\n\r\n") {
                break;
            }
        }
        let (sender, events) = channel();
        std::thread::spawn(move || listen(lines, &sender));
        Ok(Self { events })
    }

    /// Returns the next event and when it arrived; none when none comes in time.
    ///
    /// # Errors
    ///
    /// When the stream has ended.
    pub fn next(&self, patience: Duration) -> Result<Option<(Instant, Value)>, BenchError> {
        match self.events.recv_timeout(patience) {
            Ok(event) => Ok(Some(event)),
            Err(RecvTimeoutError::Timeout) => Ok(None),
            Err(RecvTimeoutError::Disconnected) => {
                Err(BenchError::Failed("the node ended its events".to_owned()))
            }
        }
    }

    /// Waits for an event and returns when it arrived.
    ///
    /// # Errors
    ///
    /// [`BenchError::Hung`] when it does not come within [`super::PATIENCE`].
    pub fn wait(
        &self,
        what: &str,
        mut is_it: impl FnMut(&Value) -> bool,
    ) -> Result<Instant, BenchError> {
        let since = Instant::now();
        while since.elapsed() < super::PATIENCE {
            if let Some((at, event)) = self.next(super::PATIENCE)?
                && is_it(&event)
            {
                return Ok(at);
            }
        }
        Err(BenchError::Hung(what.to_owned()))
    }
}

fn listen(mut lines: BufReader<UnixStream>, sender: &Sender<(Instant, Value)>) {
    let mut line = String::new();
    loop {
        line.clear();
        match lines.read_line(&mut line) {
            Ok(0) | Err(_) => return,
            Ok(_) => {}
        }
        let at = Instant::now();
        // Between the lines of events stand the lengths of chunks.
        let Some(data) = line.strip_prefix("data:") else {
            continue;
        };
        let Ok(event) = serde_json::from_str(data.trim()) else {
            continue;
        };
        if sender.send((at, event)).is_err() {
            return;
        }
    }
}

/// Tells whether an event says that a peer holds the same.
pub fn is_in_step(event: &Value) -> bool {
    event["event"] == "peer" && event["in_step"] == true
}
