//! What hostile frames can make a reader allocate, counted by the allocator.
//!
//! zstd allocates in C and is not counted; its window is bounded by `FRAME_ZSTD_WINDOW_LOG`, and
//! that a wider one is refused is tested beside the frames.

use std::alloc::{GlobalAlloc, Layout, System};
use std::io::Write;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures::io::Cursor;
use node::limits::{FRAME_BYTES_MAX, FRAME_PLAIN_BYTES_MAX, FRAME_READ_STEP_BYTES};
use node::transport::{DecodeError, FRAME_HEADER_BYTES, FrameReader, ReadError};

struct Counting;

static HELD: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

// SAFETY: every call is passed on to the system's allocator as it is; counting touches no memory
// but two atomics.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let held = HELD.fetch_add(layout.size(), Ordering::Relaxed) + layout.size();
        PEAK.fetch_max(held, Ordering::Relaxed);
        // SAFETY: the caller keeps `alloc`'s contract.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        HELD.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: the caller keeps `dealloc`'s contract.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// The error of reading `wire`, and the most bytes that were held meanwhile beyond those before.
async fn refusal(wire: Vec<u8>) -> (ReadError, usize) {
    let mut reader = FrameReader::new(Cursor::new(wire));
    let before = HELD.load(Ordering::Relaxed);
    PEAK.store(before, Ordering::Relaxed);
    let error = reader.read(Duration::from_secs(1)).await.unwrap_err();
    (error, PEAK.load(Ordering::Relaxed) - before)
}

fn wire(body_bytes: usize, flag: u8, body: &[u8]) -> Vec<u8> {
    let mut wire = u32::try_from(body_bytes).unwrap().to_le_bytes().to_vec();
    wire.push(flag);
    wire.extend_from_slice(body);
    assert_eq!(wire.len(), FRAME_HEADER_BYTES + body.len());
    wire
}

// One test, because the counters are the whole process's.
#[tokio::test]
async fn hostile_frames_allocate_no_more_than_the_limits() {
    let (error, bytes) = refusal(wire(FRAME_BYTES_MAX + 1, 0, b"")).await;
    assert!(matches!(
        error,
        ReadError::Invalid(DecodeError::Oversize { .. })
    ));
    assert!(bytes < 1024, "an oversize header made {bytes} bytes");

    let (error, bytes) = refusal(wire(FRAME_BYTES_MAX, 0, b"a claim")).await;
    assert!(matches!(error, ReadError::Truncated { .. }));
    assert!(
        bytes <= FRAME_READ_STEP_BYTES + 1024,
        "a claim of 1 MiB made {bytes} bytes"
    );

    // 1 GiB of zeros, in a body of the largest size at most.
    let mut encoder = zstd::stream::write::Encoder::new(Vec::new(), 3).unwrap();
    encoder.window_log(20).unwrap();
    for _ in 0..1024 {
        encoder.write_all(&[0; 1 << 20]).unwrap();
    }
    let bomb = encoder.finish().unwrap();
    assert!(bomb.len() < FRAME_BYTES_MAX);
    let (error, bytes) = refusal(wire(bomb.len(), 1, &bomb)).await;
    assert!(matches!(
        error,
        ReadError::Invalid(DecodeError::Bomb { .. })
    ));
    // The body, the output, and while it grows the output of half that size.
    let most = FRAME_BYTES_MAX + FRAME_PLAIN_BYTES_MAX * 3 / 2;
    assert!(bytes < most, "a bomb made {bytes} bytes");
}
