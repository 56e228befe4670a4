//! A command's connection to a node: the one that runs on the home, or one that is started in
//! this process for as long as the command takes.

use std::time::Duration;

use protocol::api::{Answer, Request};
use tui::client::{Client, ClientError, socket_path};

use super::error::CliError;
use super::{Context, passphrase};
use crate::running::{self, NodeOptions, RunningNode, StartError};

/// Time that a node which holds the lock may take until it listens on its socket.
const STARTING_MAX: Duration = Duration::from_secs(10);

/// Pause between two looks at a socket.
const LOOK_PAUSE: Duration = Duration::from_millis(50);

/// Pauses before a node that is busy is asked again: it has done nothing of what it was asked.
const BUSY_PAUSES: [Duration; 2] = [Duration::from_millis(200), Duration::from_millis(600)];

/// A connection to a node.
#[derive(Debug)]
pub struct Session {
    client: Client,
    node: Option<RunningNode>,
}

impl Session {
    /// Asks the node, a few times where it is busy.
    ///
    /// # Errors
    ///
    /// [`CliError::Client`].
    pub async fn call(&self, request: Request) -> Result<Answer, CliError> {
        for pause in BUSY_PAUSES {
            match self.client.call(request.clone()).await {
                Err(ClientError::Refused(refusal)) if refusal.code == "busy" => {}
                answer => return Ok(answer?),
            }
            tokio::time::sleep(pause).await;
        }
        Ok(self.client.call(request).await?)
    }

    /// Connects to the node that runs on the home, or starts one. Its answers show all that the
    /// node holds.
    async fn connect(context: &Context) -> Result<Self, CliError> {
        let socket = socket_path(&context.home);
        match Client::connect(&socket) {
            Err(ClientError::NotRunning { .. }) => {}
            client => return Ok(Self::of_running(speaking(client?, context).settled())),
        }
        let options = NodeOptions::for_one_command(passphrase::for_the_home(context)?);
        match Self::start(context, options).await {
            // Somebody was quicker; its socket will be there in a moment.
            Err(CliError::Start(locked @ StartError::Locked { .. })) => {
                match Self::wait_for(&socket).await? {
                    Some(client) => Ok(Self::of_running(speaking(client, context).settled())),
                    None => Err(locked.into()),
                }
            }
            session => session.map(|session| Self {
                client: session.client.settled(),
                ..session
            }),
        }
    }

    /// Starts a node in this process and connects to it.
    ///
    /// # Errors
    ///
    /// [`CliError::Start`].
    pub async fn start(context: &Context, options: NodeOptions) -> Result<Self, CliError> {
        let node = running::start(&context.home, options).await?;
        let client = speaking(Client::connect(node.socket())?, context);
        Ok(Self {
            client,
            node: Some(node),
        })
    }

    /// Has answers wait until all that the node holds is projected.
    pub fn settled(self) -> Self {
        Self {
            client: self.client.settled(),
            ..self
        }
    }

    /// Speaks with a node that runs already.
    pub const fn of_running(client: Client) -> Self {
        Self { client, node: None }
    }

    async fn wait_for(socket: &std::path::Path) -> Result<Option<Client>, CliError> {
        let started = tokio::time::Instant::now();
        while started.elapsed() < STARTING_MAX {
            match Client::connect(socket) {
                Err(ClientError::NotRunning { .. }) => tokio::time::sleep(LOOK_PAUSE).await,
                client => return Ok(Some(client?)),
            }
        }
        Ok(None)
    }

    /// Stops the node if this process started it.
    ///
    /// # Errors
    ///
    /// [`CliError::End`] when it had failed.
    pub async fn finish(self) -> Result<(), CliError> {
        match self.node {
            Some(node) => Ok(node.stop().await?),
            None => Ok(()),
        }
    }
}

fn speaking(client: Client, context: &Context) -> Client {
    client.in_language(context.language)
}

/// Does a command's work in a session that ends cleanly, whatever the work comes to.
///
/// # Errors
///
/// The work's own error before that of the session's end.
pub async fn with<T>(
    context: &Context,
    work: impl AsyncFnOnce(&Session) -> Result<T, CliError>,
) -> Result<T, CliError> {
    let session = Session::connect(context).await?;
    let outcome = work(&session).await;
    let ended = session.finish().await;
    let stopped = matches!(
        &outcome,
        Err(CliError::Client(ClientError::Refused(refusal))) if refusal.code == "stopping"
    );
    if stopped {
        // Why the node stopped says more than that it did.
        ended?;
        return outcome;
    }
    let value = outcome?;
    ended?;
    Ok(value)
}
