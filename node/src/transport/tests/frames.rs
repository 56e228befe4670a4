//! Frames in memory: their form, their limits, and every kind of broken input.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use futures::FutureExt;
use futures::io::{AsyncRead, Cursor};

use super::*;
use crate::limits::{
    FRAME_ARRIVAL_MAX, FRAME_BYTES_MAX, FRAME_CONTEXT_BYTES_MIN, FRAME_PLAIN_BYTES_MAX,
    FRAME_ZSTD_WINDOW_LOG,
};

/// What `frames` look like on the wire.
fn encoded(frames: &[&[u8]]) -> Vec<u8> {
    let mut encoder = FrameEncoder::default();
    let mut wire = Vec::new();
    for frame in frames {
        encoder.encode(frame, &mut wire).unwrap();
    }
    wire
}

fn header(body_bytes: usize, flag: u8) -> Vec<u8> {
    let mut header = (body_bytes as u32).to_le_bytes().to_vec();
    header.push(flag);
    header
}

fn with_header(flag: u8, body: &[u8]) -> Vec<u8> {
    let mut wire = header(body.len(), flag);
    wire.extend_from_slice(body);
    wire
}

/// A whole zstd stream with a window of 2^`window_log` bytes.
fn zstd_stream(plain: &[u8], window_log: u32) -> Vec<u8> {
    let mut encoder = zstd::stream::write::Encoder::new(Vec::new(), 3).unwrap();
    encoder.window_log(window_log).unwrap();
    io::Write::write_all(&mut encoder, plain).unwrap();
    encoder.finish().unwrap()
}

fn reader(wire: impl Into<Vec<u8>>) -> FrameReader<Cursor<Vec<u8>>> {
    FrameReader::new(Cursor::new(wire.into()))
}

async fn first_error(wire: impl Into<Vec<u8>>) -> ReadError {
    reader(wire).read(PATIENCE).await.unwrap_err()
}

#[tokio::test]
async fn frames_come_back_as_they_were() {
    let mut numbers = Numbers(11);
    let mut frames: Vec<Vec<u8>> = (0..200).map(|_| numbers.frame(300_000)).collect();
    for bytes in [
        0,
        1,
        63,
        64,
        65,
        FRAME_CONTEXT_BYTES_MIN - 1,
        FRAME_CONTEXT_BYTES_MIN,
    ] {
        frames.push(numbers.noise(bytes));
    }
    frames.push(vec![0; FRAME_PLAIN_BYTES_MAX]);
    frames.push(numbers.noise(FRAME_BYTES_MAX - 256));
    let wire = encoded(&frames.iter().map(Vec::as_slice).collect::<Vec<_>>());
    let mut reader = reader(wire);
    for frame in &frames {
        assert!(reader.read(PATIENCE).await.unwrap() == *frame);
    }
    assert!(matches!(
        reader.read(PATIENCE).await,
        Err(ReadError::Closed)
    ));
    assert!(matches!(
        reader.read(PATIENCE).await,
        Err(ReadError::Closed)
    ));
}

#[test]
fn the_form_on_the_wire_is_as_documented() {
    assert_eq!(encoded(&[b"abc"]), b"\x03\0\0\0\0abc");
    assert_eq!(encoded(&[b""]), b"\0\0\0\0\0");
    let wire = encoded(&[&[b'x'; 2000]]);
    assert_eq!(wire[4], 1, "the flag of a compressed frame");
    let body_bytes = u32::from_le_bytes(wire[..4].try_into().unwrap());
    assert_eq!(body_bytes as usize, wire.len() - FRAME_HEADER_BYTES);
    assert_eq!(wire[5..9], [0x28, 0xb5, 0x2f, 0xfd], "zstd's magic number");
}

#[test]
fn what_was_sent_once_is_cheap_in_later_frames() {
    let id = Numbers(5).noise(1500);
    let mut encoder = FrameEncoder::default();
    let mut wire = Vec::new();
    encoder.encode(&id, &mut wire).unwrap();
    let first = wire.len();
    // Small talk goes past the context and does not disturb it.
    encoder.encode(b"small", &mut wire).unwrap();
    encoder.encode(&id, &mut wire).unwrap();
    let again = wire.len() - first;
    assert!(first > 1500 && again < 60, "{first} then {again} bytes");
}

#[tokio::test]
async fn a_context_that_has_ended_is_freed_on_both_sides_and_another_follows() {
    let noise = Numbers(6).noise(3000);
    let mut writer = FrameWriter::new(Cursor::new(Vec::new()));
    for _ in 0..2 {
        writer.send(&noise).await.unwrap();
        writer.rest().await.unwrap();
        writer.rest().await.unwrap();
        writer.send(b"a live entry").await.unwrap();
    }
    writer.flush().await.unwrap();
    let wire = writer.into_sink().into_inner();
    // Twice in full: the second context remembers nothing of the first.
    assert!(wire.len() > 6000 && wire.len() < 6200, "{}", wire.len());

    let mut reader = reader(wire);
    for _ in 0..2 {
        assert!(reader.read(PATIENCE).await.unwrap() == noise);
        assert!(reader.holds_context());
        assert_eq!(reader.read(PATIENCE).await.unwrap(), b"a live entry");
        assert!(!reader.holds_context());
    }
    assert!(matches!(
        reader.read(PATIENCE).await,
        Err(ReadError::Closed)
    ));
}

#[tokio::test]
async fn too_long_a_frame_is_refused_by_its_sender() {
    let mut writer = FrameWriter::new(Cursor::new(Vec::new()));
    let result = writer.send(&vec![0; FRAME_PLAIN_BYTES_MAX + 1]).await;
    assert!(matches!(
        result,
        Err(WriteError::Invalid(EncodeError::TooLong { .. }))
    ));
    writer.send(b"goes on").await.unwrap();

    let noise = Numbers(8).noise(FRAME_BYTES_MAX + 1);
    let result = writer.send(&noise).await;
    assert!(matches!(
        result,
        Err(WriteError::Invalid(EncodeError::Incompressible { .. }))
    ));
    assert!(matches!(writer.send(b"x").await, Err(WriteError::Failed)));
    assert!(matches!(writer.flush().await, Err(WriteError::Failed)));
}

#[tokio::test]
async fn garbage_is_refused_by_its_kind() {
    use DecodeError::*;
    type Expect = fn(&DecodeError) -> bool;
    let bomb = zstd_stream(&vec![0; FRAME_PLAIN_BYTES_MAX + 1], FRAME_ZSTD_WINDOW_LOG);
    assert!(bomb.len() < 2000);
    let whole = zstd_stream(&[5; 5000], FRAME_ZSTD_WINDOW_LOG);
    let two = [whole.clone(), whole].concat();
    let wide = zstd_stream(&[5; 5000], FRAME_ZSTD_WINDOW_LOG + 1);
    let cases: [(&str, Vec<u8>, Expect); 9] = [
        ("text", b"GET / HTTP/1.1\r\n\r\n".to_vec(), |e| {
            matches!(e, UnknownFlag(b'/'))
        }),
        ("flag 2", with_header(2, b"x"), |e| {
            matches!(e, UnknownFlag(2))
        }),
        ("flag 255", with_header(255, b""), |e| {
            matches!(e, UnknownFlag(255))
        }),
        (
            "1 byte too long",
            header(FRAME_BYTES_MAX + 1, 0),
            |e| matches!(e, Oversize { bytes, limit } if *bytes == limit + 1),
        ),
        ("4 GiB", header(u32::MAX as usize, 1), |e| {
            matches!(e, Oversize { .. })
        }),
        ("nothing, compressed", header(0, 1), |e| matches!(e, Empty)),
        ("a bomb", with_header(1, &bomb), |e| {
            matches!(e, Bomb { .. })
        }),
        ("two zstd frames", with_header(1, &two), |e| {
            matches!(e, Trailing { .. })
        }),
        ("a wide window", with_header(1, &wide), |e| {
            matches!(e, Malformed(_))
        }),
    ];
    for (name, wire, expect) in cases {
        match first_error(wire).await {
            ReadError::Invalid(error) => assert!(expect(&error), "{name}: {error}"),
            other => panic!("{name}: {other}"),
        }
    }
}

#[tokio::test]
async fn noise_for_a_body_is_malformed_and_ends_the_stream() {
    let mut numbers = Numbers(21);
    for bytes in [1, 5, 64, 5000] {
        let mut wire = with_header(1, &numbers.noise(bytes));
        wire.extend(encoded(&[b"valid"]));
        let mut reader = reader(wire);
        let error = reader.read(PATIENCE).await.unwrap_err();
        let refused = matches!(
            error,
            ReadError::Invalid(DecodeError::Malformed(_) | DecodeError::Empty)
        );
        assert!(refused, "{bytes}: {error}");
        assert!(matches!(
            reader.read(PATIENCE).await,
            Err(ReadError::Failed)
        ));
    }
}

/// Flips every bit of a stream in turn: reading it must end, without a panic.
#[tokio::test]
async fn no_flipped_bit_panics_or_hangs() {
    let text: Vec<u8> = "梧桐里三号楼谁有梯子".bytes().cycle().take(1200).collect();
    let wire = encoded(&[b"hello", &text, &text, b"bye"]);
    for bit in 0..wire.len() * 8 {
        let mut flipped = wire.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        let mut reader = reader(flipped);
        let mut frames = 0;
        while reader.read(PATIENCE).await.is_ok() {
            frames += 1;
        }
        assert!(frames <= wire.len());
    }
}

#[tokio::test]
async fn a_stream_that_ends_within_a_frame_says_so() {
    let wire = encoded(&[&[9; 3000], b"short"]);
    let first = wire.len() - FRAME_HEADER_BYTES - 5;
    for cut in 0..wire.len() {
        let mut reader = reader(&wire[..cut]);
        if cut >= first {
            assert_eq!(reader.read(PATIENCE).await.unwrap(), [9; 3000]);
        }
        let error = reader.read(PATIENCE).await.unwrap_err();
        let at_boundary = cut == 0 || cut == first;
        let expected = match error {
            ReadError::Closed => at_boundary,
            ReadError::Truncated { missing } => !at_boundary && missing > 0,
            _ => false,
        };
        assert!(expected, "cut at {cut}: {error}");
    }
}

#[tokio::test]
async fn a_reader_told_to_take_little_takes_little() {
    let noise = Numbers(3).noise(4096);
    for (frame, limit, accepted) in [
        (&noise[..], 4096, true),
        (&noise[..], 4095, false),
        (&noise[..100], 100, true),
        (&noise[..100], 99, false),
    ] {
        let mut reader = reader(encoded(&[frame]));
        reader.limit_frames(limit);
        let result = reader.read(PATIENCE).await;
        assert_eq!(result.is_ok(), accepted, "{} of {limit}", frame.len());
    }
    // What is small on the wire but not afterwards.
    let mut reader = reader(encoded(&[&[0; 100_000]]));
    reader.limit_frames(65_536);
    assert!(matches!(
        reader.read(PATIENCE).await,
        Err(ReadError::Invalid(DecodeError::Bomb { limit: 65_536 }))
    ));
}

/// Yields its bytes one at a time with `gap` before each, then nothing for ever.
struct Drip {
    bytes: std::vec::IntoIter<u8>,
    gap: Duration,
    pause: Pin<Box<tokio::time::Sleep>>,
}

impl Drip {
    fn new(bytes: Vec<u8>, gap: Duration) -> Self {
        Self {
            bytes: bytes.into_iter(),
            gap,
            pause: Box::pin(tokio::time::sleep(gap)),
        }
    }
}

impl AsyncRead for Drip {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        futures::ready!(self.pause.as_mut().poll_unpin(cx));
        let Some(byte) = self.bytes.next() else {
            return Poll::Pending;
        };
        let again = tokio::time::Instant::now() + self.gap;
        self.pause.as_mut().reset(again);
        buffer[0] = byte;
        Poll::Ready(Ok(1))
    }
}

#[tokio::test(start_paused = true)]
async fn silence_is_told_and_reading_goes_on_where_it_was() {
    let minute = Duration::from_secs(60);
    let mut reader = FrameReader::new(Drip::new(encoded(&[b"one"]), minute / 2));
    let mut silences = 0;
    let frame = loop {
        match reader.read(minute / 3).await {
            Ok(frame) => break frame,
            Err(ReadError::Inactive { .. }) => silences += 1,
            Err(other) => panic!("{other}"),
        }
    };
    assert_eq!((frame.as_slice(), silences), (&b"one"[..], 8));
    assert!(matches!(
        reader.read(minute).await,
        Err(ReadError::Inactive { after }) if after == minute
    ));
}

#[tokio::test(start_paused = true)]
async fn a_frame_that_drips_in_is_given_up() {
    let start = tokio::time::Instant::now();
    let second = Duration::from_secs(1);
    let mut reader = FrameReader::new(Drip::new(with_header(0, &[0; 1000]), second));
    let error = loop {
        match reader.read(10 * second).await {
            Err(ReadError::Inactive { .. }) => {}
            Err(error) => break error,
            Ok(_) => panic!("the frame takes 1,005 s to arrive"),
        }
    };
    assert!(matches!(error, ReadError::Slow));
    assert!(start.elapsed() <= FRAME_ARRIVAL_MAX + 2 * second);
}

#[tokio::test(start_paused = true)]
async fn a_read_that_is_dropped_loses_nothing() {
    let noise = Numbers(2).noise(700);
    let wire = encoded(&[&noise, b"next"]);
    let gap = Duration::from_millis(10);
    let mut reader = FrameReader::new(Drip::new(wire, gap));
    let mut frames = Vec::new();
    let mut dropped = 0;
    while frames.len() < 2 {
        tokio::select! {
            biased;
            frame = reader.read(PATIENCE) => frames.push(frame.unwrap()),
            () = tokio::time::sleep(gap * 3) => dropped += 1,
        }
    }
    assert!(dropped > 100);
    assert!(frames[0] == noise && frames[1] == b"next");
}
