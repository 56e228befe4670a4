//! Sync streams between two running transports.

use std::time::Instant;

use futures::io::AsyncWriteExt;

use super::*;
use crate::limits::FRAME_BYTES_MAX;

const FRAMES: usize = 1000;
const FRAME_BYTES: usize = 40_000;

async fn send_all(mut writer: FrameWriter, seed: u64) {
    let mut numbers = Numbers(seed);
    for _ in 0..FRAMES {
        writer.send(&numbers.frame(FRAME_BYTES)).await.unwrap();
        if numbers.next().is_multiple_of(10) {
            writer.flush().await.unwrap();
        }
    }
    writer.close().await.unwrap();
}

async fn receive_all(mut reader: FrameReader, seed: u64) {
    let mut numbers = Numbers(seed);
    for index in 0..FRAMES {
        let frame = reader.read(PATIENCE).await.unwrap();
        assert!(frame == numbers.frame(FRAME_BYTES), "frame {index}");
        numbers.next();
    }
    assert!(matches!(
        reader.read(PATIENCE).await,
        Err(ReadError::Closed)
    ));
}

async fn check_both_ways_at_once(address: &str) {
    let (a, mut b) = pair(address).await;
    let (ends, other_ends) = stream_between(&a, &mut b).await;
    tokio::try_join!(
        tokio::spawn(send_all(ends.1, 1)),
        tokio::spawn(receive_all(ends.0, 2)),
        tokio::spawn(send_all(other_ends.1, 2)),
        tokio::spawn(receive_all(other_ends.0, 1)),
    )
    .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_frames_cross_both_ways_over_tcp() {
    check_both_ways_at_once(TCP).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_frames_cross_both_ways_over_quic() {
    check_both_ways_at_once(QUIC).await;
}

/// The protocol's name is confirmed only when the opener first reads, so here reading begins while
/// the opener's writes are held back.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stream_may_be_filled_before_it_is_first_read() {
    let frame = Numbers(3).noise(60_000);
    for address in [TCP, QUIC] {
        let (a, mut b) = pair(address).await;
        for round in 0..40 {
            let stream = a.transport.open_stream(b.id()).await.unwrap();
            let (mut reader, mut writer) = stream.split();
            let sent = frame.clone();
            let sending = tokio::spawn(async move {
                for _ in 0..50 {
                    writer.send(&sent).await.unwrap();
                    writer.flush().await.unwrap();
                }
                writer.close().await.unwrap();
            });
            let reading = tokio::spawn(async move { reader.read(PATIENCE).await });
            let (mut other_reader, mut other_writer) = b.inbound().await.split();
            other_writer.send(b"seen").await.unwrap();
            other_writer.flush().await.unwrap();
            for _ in 0..50 {
                assert!(
                    other_reader.read(PATIENCE).await.unwrap() == frame,
                    "{round}"
                );
            }
            assert_eq!(reading.await.unwrap().unwrap(), b"seen");
            sending.await.unwrap();
        }
    }
}

/// What the peer of `bytes`, then closing, reads.
async fn check_raw(address: &str, bytes: &[u8], expect: fn(&ReadError) -> bool) {
    let (a, mut b) = pair(address).await;
    let mut raw = a.transport.open_stream(b.id()).await.unwrap().into_raw();
    raw.write_all(bytes).await.unwrap();
    raw.close().await.unwrap();
    let (mut reader, _writer) = b.inbound().await.split();
    let error = reader.read(PATIENCE).await.unwrap_err();
    assert!(expect(&error), "{bytes:?}: {error}");
}

#[tokio::test]
async fn hostile_bytes_over_a_connection_are_typed_errors() {
    for address in [TCP, QUIC] {
        check_raw(address, b"\xff\xff\xff\xff\x00", |error| {
            matches!(error, ReadError::Invalid(DecodeError::Oversize { .. }))
        })
        .await;
        check_raw(address, b"\x05\0\0\0\x01hello", |error| {
            matches!(error, ReadError::Invalid(DecodeError::Malformed(_)))
        })
        .await;
        check_raw(address, b"\x05\0\0\0\0hel", |error| {
            matches!(error, ReadError::Truncated { missing: 2 })
        })
        .await;
        check_raw(address, b"\x05\0", |error| {
            matches!(error, ReadError::Truncated { missing: 3 })
        })
        .await;
        check_raw(address, b"", |error| matches!(error, ReadError::Closed)).await;
    }
}

#[tokio::test]
async fn a_peer_that_opens_a_stream_and_says_nothing_is_told_apart() {
    let (a, mut b) = pair(TCP).await;
    let (_ends, mut other_ends) = stream_between(&a, &mut b).await;
    let silence = Duration::from_millis(50);
    assert!(matches!(
        other_ends.0.read(silence).await,
        Err(ReadError::Inactive { after }) if after == silence
    ));
}

#[tokio::test]
async fn a_stream_that_is_dropped_fails_its_peer_in_the_middle_of_a_frame() {
    let (a, mut b) = pair(TCP).await;
    let mut raw = a.transport.open_stream(b.id()).await.unwrap().into_raw();
    raw.write_all(b"\xff\0\0\0\0half").await.unwrap();
    raw.flush().await.unwrap();
    let (mut reader, _writer) = b.inbound().await.split();
    let silence = Duration::from_millis(50);
    assert!(matches!(
        reader.read(silence).await,
        Err(ReadError::Inactive { .. })
    ));
    drop(raw);
    assert!(matches!(
        reader.read(PATIENCE).await,
        Err(ReadError::Truncated { missing: 251 })
    ));
}

#[tokio::test]
async fn a_slow_reader_holds_its_sender_back_and_loses_nothing() {
    let (a, mut b) = pair(TCP).await;
    let ((_reader, mut writer), (mut slow, _)) = stream_between(&a, &mut b).await;
    let frame = |index| Numbers(index + 1).noise(100_000);
    let mut sent = 0_u64;
    let held_back = Duration::from_millis(500);
    while let Ok(result) = timeout(held_back, writer.send(&frame(sent))).await {
        result.unwrap();
        sent += 1;
        assert!(sent < 160, "nothing holds the sender back");
    }
    let rest = tokio::spawn(async move {
        writer.close().await.unwrap();
    });
    for index in 0..sent {
        assert!(slow.read(PATIENCE).await.unwrap() == frame(index));
    }
    assert!(matches!(slow.read(PATIENCE).await, Err(ReadError::Closed)));
    rest.await.unwrap();
}

#[tokio::test]
async fn streams_beyond_the_limit_of_a_connection_are_refused() {
    let limits = TransportLimits {
        streams_per_connection_max: 2,
        ..TransportLimits::default()
    };
    check_stream_limit(limits).await;
}

#[tokio::test]
async fn streams_beyond_the_limit_of_the_node_are_refused() {
    let limits = TransportLimits {
        streams_inbound_max: 2,
        ..TransportLimits::default()
    };
    check_stream_limit(limits).await;
}

/// With room for two inbound streams, the third fails, the two go on, and a place that is given
/// back can be taken.
async fn check_stream_limit(limits: TransportLimits) {
    let (mut b, address) = Node::listening(TCP, limits).await;
    let mut a = Node::silent();
    a.transport.dial(address).await.unwrap();
    a.connected(b.id()).await;
    let (mut first, mut other_first) = stream_between(&a, &mut b).await;
    let (second, other_second) = stream_between(&a, &mut b).await;

    let (mut reader, mut writer) = a.transport.open_stream(b.id()).await.unwrap().split();
    writer.send(b"a third").await.unwrap();
    // Whether this fails depends on how soon the refusal arrives.
    let _ = writer.flush().await;
    let error = reader.read(PATIENCE).await.unwrap_err();
    assert!(
        matches!(error, ReadError::Closed | ReadError::Connection(_)),
        "{error}"
    );
    round_trip(&mut first, &mut other_first).await;

    drop((second, other_second));
    let (mut third, mut other_third) = stream_between(&a, &mut b).await;
    round_trip(&mut third, &mut other_third).await;
}

#[tokio::test]
async fn many_streams_opened_at_once_all_arrive() {
    let (a, mut b) = pair(TCP).await;
    let mut ends = Vec::new();
    for index in 0..8_u8 {
        let (reader, mut writer) = a.transport.open_stream(b.id()).await.unwrap().split();
        writer.send(&[index]).await.unwrap();
        writer.flush().await.unwrap();
        ends.push((reader, writer));
    }
    let mut seen = Vec::new();
    for _ in 0..8 {
        let (mut reader, _) = b.inbound().await.split();
        seen.extend(reader.read(PATIENCE).await.unwrap());
    }
    seen.sort_unstable();
    assert_eq!(seen, (0..8).collect::<Vec<u8>>());
}

#[tokio::test]
async fn no_stream_without_a_connection() {
    let (a, b) = (Node::silent(), Node::silent());
    let result = a.transport.open_stream(b.id()).await;
    assert!(matches!(result, Err(OpenError::NotConnected(peer)) if peer == b.id()));
}

#[tokio::test]
async fn a_stream_fails_when_its_connection_is_closed() {
    let (mut a, mut b) = pair(TCP).await;
    let (mut ends, mut other_ends) = stream_between(&a, &mut b).await;
    a.transport.disconnect(b.id()).await.unwrap();
    a.disconnected(b.id()).await;
    b.disconnected(a.id()).await;
    assert!(ends.0.read(PATIENCE).await.is_err());
    assert!(other_ends.0.read(PATIENCE).await.is_err());
    let sent = other_ends.1.send(b"to nobody").await;
    assert!(sent.is_err() || other_ends.1.flush().await.is_err());
}

#[tokio::test]
async fn the_largest_frame_fits_the_windows_of_a_connection() {
    for address in [TCP, QUIC] {
        let (a, mut b) = pair(address).await;
        let ((_reader, mut writer), mut other_ends) = stream_between(&a, &mut b).await;
        let frame = Numbers(4).noise(FRAME_BYTES_MAX - 1024);
        let sent = frame.clone();
        let sending = tokio::spawn(async move {
            writer.send(&sent).await.unwrap();
            writer.flush().await.unwrap();
            writer
        });
        assert!(other_ends.0.read(PATIENCE).await.unwrap() == frame);
        sending.await.unwrap();
    }
}

/// Prints how long a frame of 64 bytes takes there and back; what it asserts is the echo.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn round_trips_of_64_bytes_are_echoed() {
    const ROUNDS: usize = 2000;
    for address in [TCP, QUIC] {
        let (a, mut b) = pair(address).await;
        let (mut ends, mut other_ends) = stream_between(&a, &mut b).await;
        let echo = tokio::spawn(async move {
            while let Ok(frame) = other_ends.0.read(PATIENCE).await {
                other_ends.1.send(&frame).await.unwrap();
                other_ends.1.flush().await.unwrap();
            }
        });
        let mut numbers = Numbers(1);
        let mut times = Vec::with_capacity(ROUNDS);
        for _ in 0..ROUNDS {
            let frame = numbers.noise(64);
            let start = Instant::now();
            ends.1.send(&frame).await.unwrap();
            ends.1.flush().await.unwrap();
            let echoed = ends.0.read(PATIENCE).await.unwrap();
            times.push(start.elapsed());
            assert_eq!(echoed, frame);
        }
        times.sort_unstable();
        println!(
            "{address}: p50 {:?}, p99 {:?} over {ROUNDS} round trips",
            times[ROUNDS / 2],
            times[ROUNDS * 99 / 100]
        );
        ends.1.close().await.unwrap();
        echo.await.unwrap();
    }
}

#[tokio::test]
async fn a_stream_ends_on_both_sides_when_one_of_them_closes_the_connection() {
    for address in [TCP, QUIC] {
        let (a, mut b) = pair(address).await;
        let (mut here, mut there) = stream_between(&a, &mut b).await;
        round_trip(&mut here, &mut there).await;
        a.transport.disconnect(b.id()).await.unwrap();
        // A reader that nobody wakes would find the peer inactive instead.
        let ends = tokio::join!(here.0.read(PATIENCE), there.0.read(PATIENCE));
        for end in [ends.0, ends.1] {
            assert!(
                matches!(end, Err(ReadError::Closed | ReadError::Connection(_))),
                "{address}: {end:?}"
            );
        }
        here.1.send(b"too late").await.ok();
        assert!(here.1.flush().await.is_err(), "{address}");
    }
}
