//! A listener to a node's server-sent events.
//!
//! It reads what this interface sends (one `data:` line an event, comments as heartbeats), not all
//! that the format allows elsewhere.

use protocol::api::Event;

use super::{Client, ClientError};

/// Bytes of one event at most: a projection's batch names at most a few thousand documents.
const EVENT_BYTES_MAX: usize = 4 * 1024 * 1024;

/// Events as they come.
#[derive(Debug)]
pub struct EventStream {
    client: Client,
    response: reqwest::Response,
    pending: Vec<u8>,
    /// How much of `pending` holds no line end.
    searched: usize,
}

impl EventStream {
    pub(super) const fn new(client: Client, response: reqwest::Response) -> Self {
        Self {
            client,
            response,
            pending: Vec::new(),
            searched: 0,
        }
    }

    /// Waits for the next event; `None` when the node ended the stream.
    ///
    /// # Errors
    ///
    /// [`ClientError`] when the connection broke or the event is not known here.
    pub async fn next(&mut self) -> Result<Option<Event>, ClientError> {
        loop {
            while let Some(line) = self.take_line() {
                if let Some(data) = line.strip_prefix(b"data:") {
                    let event = serde_json::from_slice(data);
                    let event = event.map_err(|error| ClientError::Unintelligible(Some(error)))?;
                    return Ok(Some(event));
                }
            }
            if self.pending.len() > EVENT_BYTES_MAX {
                return Err(ClientError::Unintelligible(None));
            }
            match self.response.chunk().await {
                Ok(Some(chunk)) => self.pending.extend_from_slice(&chunk),
                Ok(None) => return Ok(None),
                Err(error) => return Err(self.client.failure(error)),
            }
        }
    }

    fn take_line(&mut self) -> Option<Vec<u8>> {
        let fresh = &self.pending[self.searched..];
        let Some(offset) = fresh.iter().position(|byte| *byte == b'\n') else {
            self.searched = self.pending.len();
            return None;
        };
        let end = self.searched + offset;
        let mut line: Vec<u8> = self.pending.drain(..=end).collect();
        line.pop();
        self.searched = 0;
        Some(line)
    }
}
