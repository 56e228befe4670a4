//! A sync stream: frames over one libp2p stream, read and written on the caller's own task.
//!
//! It does not know what a frame means, does not answer anything by itself, and does not reopen
//! what is lost. Reading and writing are safe to cancel: what has arrived or is queued stays.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use futures::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use libp2p::{PeerId, Stream};
use thiserror::Error;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Instant, timeout};

use super::frame::{
    DecodeError, EncodeError, FRAME_HEADER_BYTES, FrameDecoder, FrameEncoder, FrameHeader,
};
use super::halves::{self, ReadHalf, WriteHalf};
use crate::limits::{
    FRAME_ARRIVAL_MAX, FRAME_COALESCE_BYTES, FRAME_PLAIN_BYTES_MAX, FRAME_READ_STEP_BYTES,
    FRAME_WRITE_STALL_MAX,
};

/// The places that an inbound stream takes among the streams of its connection and of the node;
/// given back when both halves are gone.
pub(super) type Places = Arc<[OwnedSemaphorePermit; 2]>;

/// An open stream to a peer. The connection stays open while it, or a half of it, lives.
pub struct SyncStream {
    peer: PeerId,
    stream: Stream,
    places: Option<Places>,
}

impl SyncStream {
    pub(super) fn new(peer: PeerId, stream: Stream, places: Option<Places>) -> Self {
        Self {
            peer,
            stream,
            places,
        }
    }

    /// The transport identity at the other end, proven by the connection's handshake.
    pub fn peer(&self) -> PeerId {
        self.peer
    }

    /// The bare stream, to send what no honest writer would.
    #[cfg(test)]
    pub(super) fn into_raw(self) -> Stream {
        self.stream
    }

    /// The two directions, which may live on different tasks.
    pub fn split(self) -> (FrameReader, FrameWriter) {
        let (source, sink) = halves::split(self.stream);
        let mut reader = FrameReader::new(source);
        reader.places = self.places.clone();
        let mut writer = FrameWriter::new(sink);
        writer.places = self.places;
        (reader, writer)
    }
}

impl std::fmt::Debug for SyncStream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SyncStream({})", self.peer)
    }
}

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
    /// [`ReadError::Closed`]. The other direction stays open.
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
