//! The event stream: what the core tells, as server-sent events, one bounded queue a listener.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::response::sse::{Event as Frame, KeepAlive, Sse};
use futures::Stream;
use protocol::api::Event;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

use crate::refusal::Refusal;

/// Listeners at once: fewer than connections, so that listeners alone cannot shut requests out.
pub const LISTENERS_MAX: usize = 24;

/// Time between two heartbeats on a quiet stream; a listener that hears none knows it is cut off.
pub const HEARTBEAT: Duration = Duration::from_secs(15);

/// What a listener holds while it listens.
struct Listener {
    events: Receiver<Event>,
    stopping: watch::Receiver<bool>,
    _place: OwnedSemaphorePermit,
}

/// Opens a stream of events that ends when the server stops.
///
/// # Errors
///
/// [`Refusal::Listeners`] when too many listen already.
pub fn stream(
    events: Receiver<Event>,
    places: Arc<Semaphore>,
    stopping: watch::Receiver<bool>,
) -> Result<Sse<impl Stream<Item = Result<Frame, Infallible>>>, Refusal> {
    let place = places
        .try_acquire_owned()
        .map_err(|_| Refusal::Listeners { max: LISTENERS_MAX })?;
    let listener = Listener {
        events,
        stopping,
        _place: place,
    };
    let frames = futures::stream::unfold(listener, |mut listener| async move {
        let event = next(&mut listener).await?;
        let frame = Frame::default().json_data(&event);
        let frame = frame.expect("the interface's types are JSON");
        Some((Ok(frame), listener))
    });
    Ok(Sse::new(frames).keep_alive(KeepAlive::new().interval(HEARTBEAT)))
}

async fn next(listener: &mut Listener) -> Option<Event> {
    tokio::select! {
        biased;
        _ = listener.stopping.wait_for(|stopping| *stopping) => None,
        event = listener.events.recv() => match event {
            Ok(event) => Some(event),
            Err(RecvError::Lagged(_)) => Some(Event::Missed),
            Err(RecvError::Closed) => None,
        },
    }
}
