//! The two halves of a libp2p stream, for two tasks.
//!
//! `futures::AsyncReadExt::split` would do, were it not for lazy negotiation: until the opener has
//! read the peer's consent to the protocol, *reading* also flushes, and the multiplexer remembers
//! one waker for its outgoing side. A reader then takes the place of a writer that waits there,
//! and the writer sleeps for ever. So until the first read is done, a wake-up for one half wakes
//! both; afterwards each half has its own waker again.
//!
//! The multiplexer also wakes nobody whose connection is closed from this side. So each half
//! watches its connection: what has arrived can still be read, but nobody waits for more.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

use futures::FutureExt;
use futures::channel::oneshot;
use futures::future::{FusedFuture, Shared as SharedFuture};
use futures::io::{AsyncRead, AsyncWrite};
use futures::task::AtomicWaker;
use libp2p::Stream;

/// Comes to an end when a connection does.
pub(super) type ConnectionEnd = SharedFuture<oneshot::Receiver<()>>;

/// The receiving half.
pub struct ReadHalf(Half);

/// The sending half.
pub struct WriteHalf(Half);

struct Half {
    shared: Arc<Shared>,
    end: ConnectionEnd,
}

struct Shared {
    state: Mutex<State>,
    both: Arc<Both>,
}

struct State {
    stream: Stream,
    /// Whether a read has come to an end, so that the protocol is settled.
    settled: bool,
}

/// The task of each half.
#[derive(Default)]
struct Both {
    reader: AtomicWaker,
    writer: AtomicWaker,
}

impl Wake for Both {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.reader.wake();
        self.writer.wake();
    }
}

/// The halves of `stream`, which ends when both are dropped.
pub(super) fn split(stream: Stream, end: ConnectionEnd) -> (ReadHalf, WriteHalf) {
    let shared = Arc::new(Shared {
        state: Mutex::new(State {
            stream,
            settled: false,
        }),
        both: Arc::default(),
    });
    let half = |end| Half {
        shared: Arc::clone(&shared),
        end,
    };
    (ReadHalf(half(end.clone())), WriteHalf(half(end)))
}

impl Half {
    /// Does not wait for what cannot come any more.
    fn unless_ended<T>(
        &mut self,
        cx: &mut Context<'_>,
        polled: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        let is_over =
            |end: &mut ConnectionEnd, cx| end.is_terminated() || end.poll_unpin(cx).is_ready();
        if polled.is_pending() && is_over(&mut self.end, cx) {
            return Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()));
        }
        polled
    }

    fn poll_reading(&mut self, cx: &mut Context<'_>, buffer: &mut [u8]) -> Poll<io::Result<usize>> {
        let read = self.shared.poll_reading(cx, buffer);
        self.unless_ended(cx, read)
    }

    fn poll_writing<T>(
        &mut self,
        cx: &mut Context<'_>,
        poll: impl FnOnce(Pin<&mut Stream>, &mut Context<'_>) -> Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        let written = self.shared.poll_writing(cx, poll);
        self.unless_ended(cx, written)
    }
}

impl Shared {
    /// Held only while the stream is polled, which does not block.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn poll_reading(&self, cx: &mut Context<'_>, buffer: &mut [u8]) -> Poll<io::Result<usize>> {
        let mut state = self.lock();
        if state.settled {
            return Pin::new(&mut state.stream).poll_read(cx, buffer);
        }
        self.both.reader.register(cx.waker());
        let waker = Waker::from(Arc::clone(&self.both));
        let mut both = Context::from_waker(&waker);
        let read = Pin::new(&mut state.stream).poll_read(&mut both, buffer);
        state.settled = read.is_ready();
        read
    }

    fn poll_writing<T>(
        &self,
        cx: &mut Context<'_>,
        poll: impl FnOnce(Pin<&mut Stream>, &mut Context<'_>) -> Poll<T>,
    ) -> Poll<T> {
        let mut state = self.lock();
        if state.settled {
            return poll(Pin::new(&mut state.stream), cx);
        }
        self.both.writer.register(cx.waker());
        let waker = Waker::from(Arc::clone(&self.both));
        poll(
            Pin::new(&mut state.stream),
            &mut Context::from_waker(&waker),
        )
    }
}

impl AsyncRead for ReadHalf {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        self.0.poll_reading(cx, buffer)
    }
}

impl AsyncWrite for WriteHalf {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.0
            .poll_writing(cx, |stream, cx| stream.poll_write(cx, bytes))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.0.poll_writing(cx, |stream, cx| stream.poll_flush(cx))
    }

    fn poll_close(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.0.poll_writing(cx, |stream, cx| stream.poll_close(cx))
    }
}
