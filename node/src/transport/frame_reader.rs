//! The receiving direction of a sync stream: bytes in, frames out, within limits.
//!
//! It does not know what a frame means. Reading is safe to cancel: what has arrived stays.

use std::io;
use std::time::Duration;

use futures::io::{AsyncRead, AsyncReadExt};
use thiserror::Error;
use tokio::time::{Instant, timeout};

use super::frame::{DecodeError, FRAME_HEADER_BYTES, FrameDecoder, FrameHeader};
use super::halves::ReadHalf;
use super::sync_stream::Places;
use crate::limits::{FRAME_ARRIVAL_MAX, FRAME_PLAIN_BYTES_MAX, FRAME_READ_STEP_BYTES};

/// Why no frame came.
#[derive(Debug, Error)]
pub enum ReadError {
    /// The peer closed the stream between two frames: the ordinary end.
    #[error("the peer closed the stream")]
    Closed,
    #[error("the stream ended within a frame, {missing} bytes before its end")]
    Truncated { missing: usize },
    /// Nothing is lost; the next read goes on where this one stopped.
    #[error("nothing arrived for {} ms", after.as_millis())]
    Inactive { after: Duration },
    #[error("a frame took longer than {} s to arrive", FRAME_ARRIVAL_MAX.as_secs())]
    Slow,
    #[error(transparent)]
    Invalid(#[from] DecodeError),
    #[error("the connection failed")]
    Connection(#[source] io::Error),
    /// An earlier read failed in a way that leaves no frame boundary to go on from.
    #[error("the stream failed earlier")]
    Failed,
}

/// The receiving direction of a sync stream. Its source is a stream's half, or in tests and
/// fuzzing anything that yields bytes.
pub struct FrameReader<R = ReadHalf> {
    source: R,
    decoder: FrameDecoder,
    header: [u8; FRAME_HEADER_BYTES],
    /// Bytes that have arrived of the header, or of the body once `expected` is known.
    arrived: usize,
    expected: Option<FrameHeader>,
    body: Vec<u8>,
    begun: Option<Instant>,
    end: Option<End>,
    frame_bytes_max: usize,
    places: Option<Places>,
}

#[derive(Clone, Copy)]
enum End {
    Closed,
    Failed,
}

impl<R: AsyncRead + Unpin> FrameReader<R> {
    /// A reader of `source` from a frame boundary on.
    pub fn new(source: R) -> Self {
        Self {
            source,
            decoder: FrameDecoder::default(),
            header: [0; FRAME_HEADER_BYTES],
            arrived: 0,
            expected: None,
            body: Vec::new(),
            begun: None,
            end: None,
            frame_bytes_max: FRAME_PLAIN_BYTES_MAX,
            places: None,
        }
    }

    /// Keeps the stream's places taken until this half ends.
    pub(super) fn holding(mut self, places: Option<Places>) -> Self {
        self.places = places;
        self
    }

    /// Accepts only frames of at most `bytes` from the next frame on, so that a peer who has not
    /// shown who it is costs little. The fixed limits hold beside it.
    pub fn limit_frames(&mut self, bytes: usize) {
        self.frame_bytes_max = bytes;
    }

    /// The next frame. Waits at most `inactivity` for any byte to arrive. Dropping the future
    /// loses nothing.
    ///
    /// # Errors
    ///
    /// [`ReadError`]. After [`ReadError::Inactive`] reading may go on; after
    /// [`ReadError::Closed`] every read says the same; after the others every read is
    /// [`ReadError::Failed`].
    pub async fn read(&mut self, inactivity: Duration) -> Result<Vec<u8>, ReadError> {
        match self.end {
            Some(End::Closed) => return Err(ReadError::Closed),
            Some(End::Failed) => return Err(ReadError::Failed),
            None => {}
        }
        let result = self.read_frame(inactivity).await;
        if let Err(error) = &result {
            self.end = match error {
                ReadError::Inactive { .. } => None,
                ReadError::Closed => Some(End::Closed),
                _ => Some(End::Failed),
            };
            if self.end.is_some() {
                self.release();
            }
        }
        result
    }

    /// Bytes held for the peer at this moment, not counting zstd's window.
    pub fn buffered_bytes(&self) -> usize {
        self.body.capacity()
    }

    /// Whether a compression window is held for the peer.
    pub fn holds_context(&self) -> bool {
        self.decoder.holds_context()
    }

    async fn read_frame(&mut self, inactivity: Duration) -> Result<Vec<u8>, ReadError> {
        loop {
            let header = match self.expected {
                Some(header) => header,
                None => self.read_header(inactivity).await?,
            };
            while self.arrived < header.body_bytes {
                self.read_body(header, inactivity).await?;
            }
            self.expected = None;
            self.arrived = 0;
            self.begun = None;
            let frame = self
                .decoder
                .body(header, &mut self.body, self.frame_bytes_max)?;
            self.body.shrink_to(FRAME_READ_STEP_BYTES);
            if let Some(frame) = frame {
                return Ok(frame);
            }
            self.body = Vec::new();
        }
    }

    async fn read_header(&mut self, inactivity: Duration) -> Result<FrameHeader, ReadError> {
        while self.arrived < FRAME_HEADER_BYTES {
            let wait = self.wait(inactivity)?;
            let read = self.source.read(&mut self.header[self.arrived..]);
            let count = settle(timeout(wait, read).await, wait)?;
            if count == 0 && self.arrived == 0 {
                return Err(ReadError::Closed);
            }
            if count == 0 {
                let missing = FRAME_HEADER_BYTES - self.arrived;
                return Err(ReadError::Truncated { missing });
            }
            self.arrived += count;
            self.begun.get_or_insert_with(Instant::now);
        }
        let header = self.decoder.header(self.header, self.frame_bytes_max)?;
        self.expected = Some(header);
        self.arrived = 0;
        self.body.clear();
        Ok(header)
    }

    async fn read_body(
        &mut self,
        header: FrameHeader,
        inactivity: Duration,
    ) -> Result<(), ReadError> {
        if self.arrived == self.body.len() {
            let grown = header.body_bytes.min(self.arrived + FRAME_READ_STEP_BYTES);
            self.body.resize(grown, 0);
        }
        let wait = self.wait(inactivity)?;
        let read = self.source.read(&mut self.body[self.arrived..]);
        let count = settle(timeout(wait, read).await, wait)?;
        if count == 0 {
            let missing = header.body_bytes - self.arrived;
            return Err(ReadError::Truncated { missing });
        }
        self.arrived += count;
        Ok(())
    }

    /// How long the next byte may take.
    fn wait(&self, inactivity: Duration) -> Result<Duration, ReadError> {
        let Some(begun) = self.begun else {
            return Ok(inactivity);
        };
        let left = FRAME_ARRIVAL_MAX.saturating_sub(begun.elapsed());
        if left.is_zero() {
            return Err(ReadError::Slow);
        }
        Ok(inactivity.min(left))
    }

    fn release(&mut self) {
        self.body = Vec::new();
        self.decoder = FrameDecoder::default();
        self.places = None;
    }
}

fn settle(
    read: Result<io::Result<usize>, tokio::time::error::Elapsed>,
    after: Duration,
) -> Result<usize, ReadError> {
    match read {
        Ok(Ok(count)) => Ok(count),
        Ok(Err(error)) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(0),
        Ok(Err(error)) => Err(ReadError::Connection(error)),
        Err(_) => Err(ReadError::Inactive { after }),
    }
}
