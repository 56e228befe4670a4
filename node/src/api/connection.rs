//! One connection's bytes, with an end to waiting for a client that does not read.
//!
//! Reading has its limits elsewhere (headers, bodies); here a write that stands still for too long
//! fails, so that a stuck client gives its place back.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep};

/// A stream whose writes fail when they stand still for too long.
#[derive(Debug)]
pub struct StallGuard<S> {
    stream: S,
    stall_max: Duration,
    deadline: Pin<Box<Sleep>>,
    is_waiting: bool,
}

impl<S> StallGuard<S> {
    /// Guards a stream.
    pub fn new(stream: S, stall_max: Duration) -> Self {
        Self {
            stream,
            stall_max,
            deadline: Box::pin(tokio::time::sleep(stall_max)),
            is_waiting: false,
        }
    }

    fn watch<T>(
        &mut self,
        context: &mut Context<'_>,
        outcome: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if outcome.is_ready() {
            self.is_waiting = false;
            return outcome;
        }
        if !self.is_waiting {
            self.is_waiting = true;
            self.deadline
                .as_mut()
                .reset(Instant::now() + self.stall_max);
        }
        ready!(self.deadline.as_mut().poll(context));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for StallGuard<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for StallGuard<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.watch(context, outcome)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let outcome = Pin::new(&mut self.stream).poll_flush(context);
        self.watch(context, outcome)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let outcome = Pin::new(&mut self.stream).poll_shutdown(context);
        self.watch(context, outcome)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_reader_that_stopped_ends_the_write_and_a_slow_one_does_not() {
        let (near, mut far) = tokio::io::duplex(4);
        let mut guarded = StallGuard::new(near, Duration::from_secs(30));
        let reading = tokio::spawn(async move {
            // Slower than the limit in all, never slower in one step.
            for _ in 0..3 {
                tokio::time::sleep(Duration::from_secs(20)).await;
                let mut bytes = [0; 4];
                far.read_exact(&mut bytes).await.expect("bytes to read");
            }
            far
        });
        guarded.write_all(&[7; 16]).await.expect("a slow reader");
        let _still_open = reading.await.expect("the reader");
        let error = guarded.write_all(&[7; 16]).await.expect_err("a stuck one");
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    }
}
