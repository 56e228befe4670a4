//! Standard output: lines for people, objects for scripts. A reader that goes away, as `head`
//! does, ends the command quietly.

use std::io::{ErrorKind, IsTerminal, Write};

use serde::Serialize;

use super::error::CliError;

/// Standard output.
#[derive(Debug)]
pub struct Output {
    out: std::io::BufWriter<std::io::Stdout>,
}

impl Output {
    /// Opens standard output.
    pub fn new() -> Self {
        Self {
            out: std::io::BufWriter::new(std::io::stdout()),
        }
    }

    /// Writes a line.
    pub fn line(&mut self, text: impl AsRef<str>) -> Result<(), CliError> {
        self.bytes(text.as_ref().as_bytes())?;
        self.bytes(b"\n")
    }

    /// Writes one JSON object on one line.
    pub fn json(&mut self, value: &impl Serialize) -> Result<(), CliError> {
        let text = serde_json::to_string(value).expect("the interface's types are JSON");
        self.line(text)
    }

    /// Writes bytes as they are.
    pub fn bytes(&mut self, bytes: &[u8]) -> Result<(), CliError> {
        self.out.write_all(bytes).map_err(failure)
    }

    /// Makes sure that everything has left.
    pub fn flush(&mut self) -> Result<(), CliError> {
        self.out.flush().map_err(failure)
    }

    /// Tells whether somebody looks at the output.
    pub fn is_terminal(&self) -> bool {
        std::io::stdout().is_terminal()
    }
}

fn failure(error: std::io::Error) -> CliError {
    if error.kind() == ErrorKind::BrokenPipe {
        CliError::ReaderGone
    } else {
        CliError::Output(error)
    }
}
