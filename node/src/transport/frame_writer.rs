//! The sending direction of a sync stream: frames in, bytes out, as fast as the peer takes them.
//!
//! It does not know what a frame means and does not resend. Writing is safe to cancel: what is
//! queued stays queued.

use std::io;

use futures::io::{AsyncWrite, AsyncWriteExt};
use thiserror::Error;
use tokio::time::timeout;

use super::frame::{EncodeError, FrameEncoder};
use super::halves::WriteHalf;
use super::sync_stream::Places;
use crate::limits::{FRAME_COALESCE_BYTES, FRAME_WRITE_STALL_MAX};

/// Why a frame was not sent.
#[derive(Debug, Error)]
pub enum WriteError {
    /// [`EncodeError::TooLong`] leaves the stream as it was; the others end it.
    #[error(transparent)]
    Invalid(#[from] EncodeError),
    #[error("the peer took nothing for {} s", FRAME_WRITE_STALL_MAX.as_secs())]
    Stalled,
    #[error("the connection failed")]
    Connection(#[source] io::Error),
    /// An earlier write failed.
    #[error("the stream failed earlier")]
    Failed,
}

/// The sending direction of a sync stream.
///
/// Frames are queued and written together: by the next [`FrameWriter::send`] once
/// [`FRAME_COALESCE_BYTES`] wait, or by [`FrameWriter::flush`].
pub struct FrameWriter<W = WriteHalf> {
    sink: W,
    encoder: FrameEncoder,
    queue: Vec<u8>,
    /// Bytes of `queue` that are written already.
    written: usize,
    failed: bool,
    places: Option<Places>,
}

impl<W: AsyncWrite + Unpin> FrameWriter<W> {
    /// A writer to `sink`.
    pub fn new(sink: W) -> Self {
        Self {
            sink,
            encoder: FrameEncoder::default(),
            queue: Vec::new(),
            written: 0,
            failed: false,
            places: None,
        }
    }

    /// Keeps the stream's places taken until this half ends.
    pub(super) fn holding(mut self, places: Option<Places>) -> Self {
        self.places = places;
        self
    }

    /// Queues a frame, after it has written what is queued already if that is much: here a slow
    /// peer holds back its sender. A frame whose future was dropped is not queued.
    ///
    /// # Errors
    ///
    /// [`WriteError`]; only after [`EncodeError::TooLong`] can anything more be sent.
    pub async fn send(&mut self, frame: &[u8]) -> Result<(), WriteError> {
        if self.failed {
            return Err(WriteError::Failed);
        }
        if self.queue.len() - self.written >= FRAME_COALESCE_BYTES {
            let result = self.write_queue().await;
            self.note(result)?;
        }
        let result = self.encoder.encode(frame, &mut self.queue);
        self.note(result.map_err(WriteError::Invalid))
    }

    /// Hands every queued frame to the connection.
    ///
    /// # Errors
    ///
    /// [`WriteError`], after which nothing more can be sent.
    pub async fn flush(&mut self) -> Result<(), WriteError> {
        if self.failed {
            return Err(WriteError::Failed);
        }
        let result = self.write_and_flush().await;
        self.note(result)
    }

    /// Ends the compression context and flushes: to be called when a burst is over and the stream
    /// stays open, so that neither side holds a window for it.
    ///
    /// # Errors
    ///
    /// As [`FrameWriter::flush`].
    pub async fn rest(&mut self) -> Result<(), WriteError> {
        if self.failed {
            return Err(WriteError::Failed);
        }
        let result = self.encoder.end_context(&mut self.queue);
        self.note(result.map_err(WriteError::Invalid))?;
        let result = self.write_and_flush().await;
        self.note(result)
    }

    /// Flushes and says that nothing more will come; the peer's reader then finds
    /// `ReadError::Closed`. The other direction stays open.
    ///
    /// # Errors
    ///
    /// As [`FrameWriter::flush`].
    pub async fn close(&mut self) -> Result<(), WriteError> {
        self.flush().await?;
        let closing = timeout(FRAME_WRITE_STALL_MAX, self.sink.close()).await;
        let result = closing
            .map_err(|_| WriteError::Stalled)
            .and_then(|closed| closed.map_err(WriteError::Connection));
        self.note(result)
    }

    /// What was written to, once nothing more is to be.
    pub fn into_sink(self) -> W {
        self.sink
    }

    async fn write_and_flush(&mut self) -> Result<(), WriteError> {
        self.write_queue().await?;
        timeout(FRAME_WRITE_STALL_MAX, self.sink.flush())
            .await
            .map_err(|_| WriteError::Stalled)?
            .map_err(WriteError::Connection)
    }

    async fn write_queue(&mut self) -> Result<(), WriteError> {
        while self.written < self.queue.len() {
            let write = self.sink.write(&self.queue[self.written..]);
            let count = timeout(FRAME_WRITE_STALL_MAX, write)
                .await
                .map_err(|_| WriteError::Stalled)?
                .map_err(WriteError::Connection)?;
            if count == 0 {
                return Err(WriteError::Connection(io::ErrorKind::WriteZero.into()));
            }
            self.written += count;
        }
        self.queue.clear();
        self.queue.shrink_to(FRAME_COALESCE_BYTES);
        self.written = 0;
        Ok(())
    }

    /// Remembers a failure that leaves the stream unusable, and frees what it held.
    fn note(&mut self, result: Result<(), WriteError>) -> Result<(), WriteError> {
        let fatal = !matches!(
            result,
            Ok(()) | Err(WriteError::Invalid(EncodeError::TooLong { .. }))
        );
        if fatal {
            self.failed = true;
            self.encoder = FrameEncoder::default();
            self.queue = Vec::new();
            self.written = 0;
            self.places = None;
        }
        result
    }
}
