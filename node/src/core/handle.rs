//! The handle to the core: requests in, answers and events out, all over bounded queues.
//!
//! It decides nothing and knows no request: whoever holds [`CoreInbox`] answers. A caller that
//! goes away takes its answer with it; a listener that is too slow loses events and is told so.

use std::time::Duration;

use protocol::api::{self, Answer, Event, Request};
use tokio::sync::{broadcast, mpsc, oneshot};
use tui::language::Language;

use crate::refusal::Refusal;

/// Calls that wait for the core: more than the connections of the local interface, so that the
/// queue is full only when the core itself stands still.
pub const CALLS_MAX: usize = 64;

/// Events that a slow listener may lag behind before it is told [`Event::Missed`].
pub const EVENTS_MAX: usize = 256;

/// Time a caller waits for a place in the queue before it hears that the node is busy.
pub const CALL_WAIT_MAX: Duration = Duration::from_secs(30);

/// Makes a core's handle and the inbox that its thread drains.
pub fn channel() -> (Core, CoreInbox) {
    let (calls, inbox) = mpsc::channel(CALLS_MAX);
    let (events, _) = broadcast::channel(EVENTS_MAX);
    let core = Core {
        calls,
        events: events.clone(),
    };
    let inbox = CoreInbox {
        calls: inbox,
        events,
    };
    (core, inbox)
}

/// The handle: cheap to clone, one for each connection.
#[derive(Clone, Debug)]
pub struct Core {
    calls: mpsc::Sender<Call>,
    events: broadcast::Sender<Event>,
}

impl Core {
    /// Asks the core and waits for its answer. Dropping the future withdraws the caller, not
    /// necessarily the request: what the core has begun it finishes.
    ///
    /// # Errors
    ///
    /// The core's own [`Refusal`]; `busy` when no place in the queue came free in time, and
    /// `stopping` when the core has ended.
    pub async fn call(&self, request: Request, manner: Manner) -> Result<Answer, api::Refusal> {
        let (reply, answer) = oneshot::channel();
        let call = Call {
            request,
            manner,
            reply,
        };
        let stopping = || Err(Refusal::Stopping.told(manner.language));
        match tokio::time::timeout(CALL_WAIT_MAX, self.calls.send(call)).await {
            Ok(Ok(())) => answer.await.unwrap_or_else(|_| stopping()),
            Ok(Err(_)) => stopping(),
            Err(_) => Err(Refusal::Busy.told(manner.language)),
        }
    }

    /// Listens to events from here on. A listener that lags gets `RecvError::Lagged`.
    pub fn events(&self) -> broadcast::Receiver<Event> {
        self.events.subscribe()
    }
}

/// How a request is to be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Manner {
    /// The language of what is said in words.
    pub language: Language,
    /// Whether all that is held is to be projected first; otherwise an answer shows what is.
    pub settled: bool,
}

/// A request with the way back to its caller.
#[derive(Debug)]
pub struct Call {
    /// What is asked.
    pub request: Request,
    /// How it is to be answered.
    pub manner: Manner,
    reply: oneshot::Sender<Result<Answer, api::Refusal>>,
}

impl Call {
    /// Answers. A caller that has gone away is no error.
    pub fn answer(self, answer: Result<Answer, api::Refusal>) {
        let _gone = self.reply.send(answer);
    }

    /// Answers with a refusal.
    pub fn answer_refused(self, refusal: &Refusal) {
        let told = refusal.told(self.manner.language);
        self.answer(Err(told));
    }

    /// Splits the call, so that the request can be consumed before the answer is known.
    pub fn split(self) -> (Request, Reply) {
        (self.request, Reply(self.reply))
    }

    /// Tells whether the caller has gone away, so that costly reading may be skipped.
    pub fn is_abandoned(&self) -> bool {
        self.reply.is_closed()
    }
}

/// The way back to a caller.
#[derive(Debug)]
pub struct Reply(oneshot::Sender<Result<Answer, api::Refusal>>);

impl Reply {
    /// Answers. A caller that has gone away is no error.
    pub fn answer(self, answer: Result<Answer, api::Refusal>) {
        let _gone = self.0.send(answer);
    }
}

/// The receiving half, owned by the core's thread.
#[derive(Debug)]
pub struct CoreInbox {
    calls: mpsc::Receiver<Call>,
    events: broadcast::Sender<Event>,
}

impl CoreInbox {
    /// Waits for the next call; `None` when every handle is gone. Safe to cancel: no call is lost
    /// in a `select!`.
    pub async fn next(&mut self) -> Option<Call> {
        self.calls.recv().await
    }

    /// Waits for the next call on a thread of its own.
    pub fn next_blocking(&mut self) -> Option<Call> {
        self.calls.blocking_recv()
    }

    /// Takes a call that is already there.
    pub fn try_next(&mut self) -> Option<Call> {
        self.calls.try_recv().ok()
    }

    /// Tells every listener, without waiting for any of them.
    pub fn tell(&self, event: Event) {
        let _nobody_listens = self.events.send(event);
    }

    /// Returns a sender of events, for a thread that does not hold the inbox.
    pub fn teller(&self) -> broadcast::Sender<Event> {
        self.events.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MANNER: Manner = Manner {
        language: Language::English,
        settled: false,
    };

    #[tokio::test]
    async fn an_answer_reaches_its_caller() {
        let (core, mut inbox) = channel();
        let served = tokio::spawn(async move {
            let call = inbox.next().await.expect("a call");
            assert_eq!(call.request, Request::Peers);
            call.answer(Ok(Answer::Peers { peers: Vec::new() }));
        });
        let answer = core.call(Request::Peers, MANNER).await;
        assert_eq!(answer, Ok(Answer::Peers { peers: Vec::new() }));
        served.await.expect("the core's task");
    }

    #[tokio::test]
    async fn a_core_that_ended_is_said_to_stop() {
        let (core, inbox) = channel();
        drop(inbox);
        let refusal = core
            .call(Request::Peers, MANNER)
            .await
            .expect_err("no core");
        assert_eq!(refusal.code, "stopping");
        // A core that ends with the call in its hands.
        let (core, mut inbox) = channel();
        let ended = tokio::spawn(async move { drop(inbox.next().await) });
        let refusal = core
            .call(Request::Peers, MANNER)
            .await
            .expect_err("no core");
        assert_eq!(refusal.code, "stopping");
        ended.await.expect("the core's task");
    }

    #[tokio::test(start_paused = true)]
    async fn a_core_that_stands_still_is_said_to_be_busy() {
        let (core, _inbox) = channel();
        let mut waiting = Vec::new();
        for _ in 0..CALLS_MAX {
            let core = core.clone();
            waiting.push(tokio::spawn(async move {
                core.call(Request::Peers, MANNER).await
            }));
        }
        while core.calls.capacity() > 0 {
            tokio::task::yield_now().await;
        }
        let refusal = core
            .call(Request::Peers, MANNER)
            .await
            .expect_err("a full queue");
        assert_eq!(refusal.code, "busy");
        for task in waiting {
            task.abort();
        }
    }

    #[tokio::test]
    async fn telling_never_waits_and_a_slow_listener_learns_that_it_missed_some() {
        let (core, inbox) = channel();
        let mut events = core.events();
        for _ in 0..=EVENTS_MAX {
            inbox.tell(Event::Roster);
        }
        assert!(matches!(
            events.recv().await,
            Err(broadcast::error::RecvError::Lagged(1))
        ));
        assert!(matches!(events.recv().await, Ok(Event::Roster)));
    }
}
