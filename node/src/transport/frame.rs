//! Frames: how a message lies on a sync stream.
//!
//! | bytes | what |
//! | --- | --- |
//! | 4 | length of the body, little-endian, at most [`FRAME_BYTES_MAX`] |
//! | 1 | flag: 0 the body is the frame, 1 the body is the next piece of the zstd stream |
//! | length | body |
//!
//! Each direction of a stream has one zstd context, so an id that was sent once costs three bytes
//! afterwards. A piece ends with a flush, so a frame is whole as soon as its body is. The sender
//! may end the context at any time (a piece that ends the zstd frame and may hold nothing); both
//! sides then free their windows, and the next piece begins another context.
//!
//! No IO here and no meaning: [`FrameEncoder`] and [`FrameDecoder`] turn bytes into bytes.

use std::io;

use thiserror::Error;
use zstd::stream::raw::{CParameter, DParameter, Decoder, Encoder, InBuffer, Operation, OutBuffer};

use crate::limits::{
    FRAME_BYTES_MAX, FRAME_COMPRESS_BYTES_MIN, FRAME_CONTEXT_BYTES_MIN, FRAME_PLAIN_BYTES_MAX,
    FRAME_ZSTD_LEVEL, FRAME_ZSTD_WINDOW_LOG,
};

/// Bytes of a frame's header.
pub const FRAME_HEADER_BYTES: usize = 5;

const FLAG_RAW: u8 = 0;
const FLAG_ZSTD: u8 = 1;

/// First guess at the size of a decompressed frame, and the step by which output grows at first.
const DECODE_STEP_BYTES: usize = 16 << 10;

/// Why a frame cannot be sent.
#[derive(Debug, Error)]
pub enum EncodeError {
    /// Nothing was sent; the stream is as it was.
    #[error("a frame of {bytes} bytes is longer than the {limit} that a peer would accept")]
    TooLong { bytes: usize, limit: usize },
    /// The compression context holds bytes that the peer will never see, so the stream is over.
    #[error("a frame of {bytes} bytes stayed longer than {limit} bytes under compression")]
    Incompressible { bytes: usize, limit: usize },
    /// zstd failed, which on valid parameters means that memory is exhausted.
    #[error("compression failed")]
    Compression(#[source] io::Error),
}

/// Why bytes from a peer are not a frame. After any of these the stream is of no more use.
#[derive(Debug, Error)]
pub enum DecodeError {
    #[error("the peer announced a frame of {bytes} bytes; {limit} are allowed")]
    Oversize { bytes: usize, limit: usize },
    #[error("the peer sent a frame with the unknown flag {0}")]
    UnknownFlag(u8),
    #[error("the peer sent a frame that decompresses to more than {limit} bytes")]
    Bomb { limit: usize },
    #[error("the peer sent a compressed frame that does not decompress")]
    Malformed(#[source] io::Error),
    #[error("the peer sent {bytes} bytes after the end of a compressed frame")]
    Trailing { bytes: usize },
    #[error("the peer sent a compressed frame that holds nothing")]
    Empty,
}

/// A header that has been checked against the limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FrameHeader {
    pub body_bytes: usize,
    compressed: bool,
}

/// Turns frames into bytes for the wire.
#[derive(Default)]
pub struct FrameEncoder {
    context: Option<Encoder<'static>>,
}

impl FrameEncoder {
    /// Appends `frame` to `wire`.
    ///
    /// # Errors
    ///
    /// [`EncodeError`]; `wire` is then as it was.
    pub fn encode(&mut self, frame: &[u8], wire: &mut Vec<u8>) -> Result<(), EncodeError> {
        if frame.len() > FRAME_PLAIN_BYTES_MAX {
            return Err(EncodeError::TooLong {
                bytes: frame.len(),
                limit: FRAME_PLAIN_BYTES_MAX,
            });
        }
        let compress_bytes_min = match self.context {
            Some(_) => FRAME_COMPRESS_BYTES_MIN,
            None => FRAME_CONTEXT_BYTES_MIN,
        };
        let start = wire.len();
        wire.extend_from_slice(&[0; FRAME_HEADER_BYTES]);
        let flag = if frame.len() < compress_bytes_min {
            wire.extend_from_slice(frame);
            FLAG_RAW
        } else {
            if let Err(error) = self.compress(frame, wire) {
                wire.truncate(start);
                return Err(EncodeError::Compression(error));
            }
            FLAG_ZSTD
        };
        let body_bytes = wire.len() - start - FRAME_HEADER_BYTES;
        if body_bytes > FRAME_BYTES_MAX {
            wire.truncate(start);
            return Err(EncodeError::Incompressible {
                bytes: frame.len(),
                limit: FRAME_BYTES_MAX,
            });
        }
        write_header(&mut wire[start..], body_bytes, flag);
        Ok(())
    }

    /// Ends the compression context, if one is open: appends the piece that tells the peer to
    /// free its window too, and frees ours.
    ///
    /// # Errors
    ///
    /// [`EncodeError::Compression`]; `wire` is then as it was.
    pub fn end_context(&mut self, wire: &mut Vec<u8>) -> Result<(), EncodeError> {
        let Some(mut context) = self.context.take() else {
            return Ok(());
        };
        let start = wire.len();
        wire.extend_from_slice(&[0; FRAME_HEADER_BYTES]);
        if let Err(error) = drain(wire, |out| context.finish(out, true)) {
            wire.truncate(start);
            return Err(EncodeError::Compression(error));
        }
        let body_bytes = wire.len() - start - FRAME_HEADER_BYTES;
        write_header(&mut wire[start..], body_bytes, FLAG_ZSTD);
        Ok(())
    }

    fn compress(&mut self, frame: &[u8], wire: &mut Vec<u8>) -> io::Result<()> {
        let context = match &mut self.context {
            Some(context) => context,
            None => self.context.insert(new_encoder()?),
        };
        let mut input = InBuffer::around(frame);
        drain(wire, |out| {
            context.run(&mut input, out)?;
            Ok(frame.len() - input.pos())
        })?;
        drain(wire, |out| context.flush(out))
    }
}

/// Turns bytes from the wire into frames.
#[derive(Default)]
pub struct FrameDecoder {
    context: Option<Decoder<'static>>,
}

impl FrameDecoder {
    /// Reads a header, and refuses it before anything is allocated for its body, where the frame
    /// could not be one of at most `plain_bytes_max`.
    ///
    /// # Errors
    ///
    /// [`DecodeError::Oversize`], [`DecodeError::UnknownFlag`], [`DecodeError::Empty`].
    pub fn header(
        &self,
        header: [u8; FRAME_HEADER_BYTES],
        plain_bytes_max: usize,
    ) -> Result<FrameHeader, DecodeError> {
        let [a, b, c, d, flag] = header;
        let compressed = match flag {
            FLAG_RAW => false,
            FLAG_ZSTD => true,
            unknown => return Err(DecodeError::UnknownFlag(unknown)),
        };
        let limit = if compressed {
            compressed_bytes_max(plain_bytes_max)
        } else {
            plain_bytes_max
        };
        let limit = limit.min(FRAME_BYTES_MAX);
        let claimed = u32::from_le_bytes([a, b, c, d]);
        let bytes = usize::try_from(claimed).unwrap_or(usize::MAX);
        if bytes > limit {
            return Err(DecodeError::Oversize { bytes, limit });
        }
        if compressed && bytes == 0 {
            return Err(DecodeError::Empty);
        }
        Ok(FrameHeader {
            body_bytes: bytes,
            compressed,
        })
    }

    /// Turns a whole body into its frame, or into nothing where it only ends the context. Takes
    /// the bytes out of `body` where it can and leaves the buffer for the next body otherwise.
    ///
    /// # Errors
    ///
    /// [`DecodeError`] where the body does not decompress within `plain_bytes_max`.
    pub fn body(
        &mut self,
        header: FrameHeader,
        body: &mut Vec<u8>,
        plain_bytes_max: usize,
    ) -> Result<Option<Vec<u8>>, DecodeError> {
        if !header.compressed {
            return Ok(Some(std::mem::take(body)));
        }
        let (plain, ended) = self.decompress(body, plain_bytes_max.min(FRAME_PLAIN_BYTES_MAX))?;
        body.clear();
        if ended {
            self.context = None;
        }
        match (plain.is_empty(), ended) {
            (false, _) => Ok(Some(plain)),
            (true, true) => Ok(None),
            (true, false) => Err(DecodeError::Empty),
        }
    }

    /// Whether a compression context, and so a window, is held for the peer.
    pub fn holds_context(&self) -> bool {
        self.context.is_some()
    }

    /// The plain bytes of one piece, and whether the piece ended the zstd frame.
    fn decompress(&mut self, body: &[u8], limit: usize) -> Result<(Vec<u8>, bool), DecodeError> {
        let context = match &mut self.context {
            Some(context) => context,
            None => self
                .context
                .insert(new_decoder().map_err(DecodeError::Malformed)?),
        };
        let mut input = InBuffer::around(body);
        let mut plain = Vec::new();
        let mut filled = 0;
        loop {
            if filled == plain.len() {
                grow(&mut plain, limit);
            }
            let mut out = OutBuffer::around_pos(&mut plain[..], filled);
            let consumed = input.pos();
            let expected = context
                .run(&mut input, &mut out)
                .map_err(DecodeError::Malformed)?;
            let stuck = out.pos() == filled && input.pos() == consumed;
            filled = out.pos();
            if filled > limit {
                return Err(DecodeError::Bomb { limit });
            }
            let ended = expected == 0;
            let unread = body.len() - input.pos();
            if (ended || stuck) && unread > 0 {
                return Err(DecodeError::Trailing { bytes: unread });
            }
            // Output that did not fill its buffer is all that this piece holds.
            if ended || stuck || (unread == 0 && filled < plain.len()) {
                plain.truncate(filled);
                plain.shrink_to_fit();
                return Ok((plain, ended));
            }
        }
    }
}

/// Doubles a buffer for output of at most `limit` bytes, exactly: what `Vec` adds by itself would
/// exceed the limit. The last step ends one byte beyond it, where a bomb shows.
fn grow(plain: &mut Vec<u8>, limit: usize) {
    let mut grown = (2 * plain.len()).max(DECODE_STEP_BYTES);
    if 2 * grown > limit {
        grown = limit + 1;
    }
    plain.reserve_exact(grown - plain.len());
    plain.resize(grown, 0);
}

/// The longest body that zstd makes of so many bytes that do not compress: headers of the frame
/// and of its blocks of up to 128 KiB, with room to spare.
fn compressed_bytes_max(plain_bytes: usize) -> usize {
    plain_bytes.saturating_add(plain_bytes / 128 + 64)
}

fn write_header(header: &mut [u8], body_bytes: usize, flag: u8) {
    let length = u32::try_from(body_bytes).expect("a body is at most FRAME_BYTES_MAX");
    header[..4].copy_from_slice(&length.to_le_bytes());
    header[4] = flag;
}

/// Calls `step`, which says how much it has left to do, until nothing is left, with room for
/// output each time.
fn drain(
    wire: &mut Vec<u8>,
    mut step: impl FnMut(&mut OutBuffer<'_, Vec<u8>>) -> io::Result<usize>,
) -> io::Result<()> {
    loop {
        wire.reserve(DECODE_STEP_BYTES);
        let filled = wire.len();
        if step(&mut OutBuffer::around_pos(wire, filled))? == 0 {
            return Ok(());
        }
    }
}

fn new_encoder() -> io::Result<Encoder<'static>> {
    let mut encoder = Encoder::new(FRAME_ZSTD_LEVEL)?;
    encoder.set_parameter(CParameter::WindowLog(FRAME_ZSTD_WINDOW_LOG))?;
    // The stream is authenticated by the connection, and its size is not known.
    encoder.set_parameter(CParameter::ChecksumFlag(false))?;
    encoder.set_parameter(CParameter::ContentSizeFlag(false))?;
    Ok(encoder)
}

fn new_decoder() -> io::Result<Decoder<'static>> {
    let mut decoder = Decoder::new()?;
    decoder.set_parameter(DParameter::WindowLogMax(FRAME_ZSTD_WINDOW_LOG))?;
    Ok(decoder)
}
