//! Tasks that take time: questions to the node, orders to the host, listening to the node. Each
//! runs by itself and comes back as a message, so that drawing never waits for any of them.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use protocol::api::Request;
use tokio::sync::mpsc;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{Instant, sleep, timeout_at};

use crate::app::{Failure, Message, Ticket};
use crate::client::{Client, ClientError};
use crate::host::{Host, HostAnswer, HostOrder};
use crate::language::Language;

/// Messages that wait for the front end.
const MESSAGES_MAX: usize = 1_024;
/// Pause before a node that is gone is looked for again.
const RETRY_PAUSE: Duration = Duration::from_millis(500);

/// A message, and the connection that it belongs to: what an earlier one still brings is dropped.
#[derive(Debug)]
pub struct Numbered {
    connection: u64,
    message: Message,
}

/// Everything that runs beside the front end.
pub struct Outside {
    host: Arc<dyn Host>,
    messages: mpsc::Sender<Numbered>,
    socket: Option<PathBuf>,
    connection: u64,
    listening: Option<JoinHandle<()>>,
    tasks: JoinSet<()>,
}

impl Outside {
    /// Makes it, with the messages that will come.
    pub fn new(host: Arc<dyn Host>) -> (Self, mpsc::Receiver<Numbered>) {
        let (messages, receiver) = mpsc::channel(MESSAGES_MAX);
        let outside = Self {
            host,
            messages,
            socket: None,
            connection: 0,
            listening: None,
            tasks: JoinSet::new(),
        };
        (outside, receiver)
    }

    /// Talks to the node on a socket from here on.
    pub fn connect(&mut self, socket: PathBuf) {
        self.connection += 1;
        if let Some(listening) = self.listening.take() {
            listening.abort();
        }
        self.socket = Some(socket.clone());
        let messages = self.messages.clone();
        self.listening = Some(tokio::spawn(listen(socket, self.connection, messages)));
    }

    /// Takes a message in; none when it belongs to an earlier connection.
    pub fn take(&mut self, numbered: Numbered) -> Option<Message> {
        let Numbered {
            connection,
            message,
        } = numbered;
        if connection != self.connection {
            return None;
        }
        if let Message::Hosted {
            outcome: Ok(HostAnswer::Running(socket) | HostAnswer::Acting { socket, .. }),
            ..
        } = &message
        {
            self.connect(socket.clone());
        }
        Some(message)
    }

    /// Asks the node, which answers in the language where it has words.
    pub fn ask(&mut self, ticket: Ticket, request: Request, language: Language) {
        let (socket, messages) = (self.socket.clone(), self.messages.clone());
        let connection = self.connection;
        self.reap();
        self.tasks.spawn(async move {
            let outcome = match socket {
                Some(socket) => ask(socket, request, language).await,
                None => Err(Failure::Unreachable),
            };
            let message = Message::Answered { ticket, outcome };
            let _front_end_gone = messages
                .send(Numbered {
                    connection,
                    message,
                })
                .await;
        });
    }

    /// Gives the host an order.
    pub fn order(&mut self, ticket: Ticket, order: HostOrder, language: Language) {
        let (host, messages) = (self.host.clone(), self.messages.clone());
        let connection = self.connection;
        self.reap();
        self.tasks.spawn(async move {
            let outcome = host.carry_out(order, language).await;
            let message = Message::Hosted { ticket, outcome };
            let _front_end_gone = messages
                .send(Numbered {
                    connection,
                    message,
                })
                .await;
        });
    }

    /// Waits for what is under way: drafts are being saved.
    pub async fn finish(mut self, deadline: Instant) {
        if let Some(listening) = self.listening.take() {
            listening.abort();
        }
        while let Ok(Some(_)) = timeout_at(deadline, self.tasks.join_next()).await {}
    }

    fn reap(&mut self) {
        while self.tasks.try_join_next().is_some() {}
    }
}

async fn ask(
    socket: PathBuf,
    request: Request,
    language: Language,
) -> Result<protocol::api::Answer, Failure> {
    let client = Client::connect(&socket).map_err(|error| failure(&error))?;
    let client = client.in_language(language);
    client.call(request).await.map_err(|error| failure(&error))
}

fn failure(error: &ClientError) -> Failure {
    match error {
        ClientError::Refused(refusal) => Failure::Refused(refusal.clone()),
        _ => Failure::Unreachable,
    }
}

/// Passes the node's events on, and tells when it goes and comes.
async fn listen(socket: PathBuf, connection: u64, messages: mpsc::Sender<Numbered>) {
    loop {
        if let Ok(client) = Client::connect(&socket)
            && let Ok(mut events) = client.events().await
        {
            let message = Message::Reachable(true);
            if messages
                .send(Numbered {
                    connection,
                    message,
                })
                .await
                .is_err()
            {
                return;
            }
            while let Ok(Some(event)) = events.next().await {
                let message = Message::Event(event);
                if messages
                    .send(Numbered {
                        connection,
                        message,
                    })
                    .await
                    .is_err()
                {
                    return;
                }
            }
        }
        let message = Message::Reachable(false);
        if messages
            .send(Numbered {
                connection,
                message,
            })
            .await
            .is_err()
        {
            return;
        }
        sleep(RETRY_PAUSE).await;
    }
}
