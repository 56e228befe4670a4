//! A node that runs in this process: lock, keystore, store, core, transport and local interface,
//! started in that order and stopped in the reverse one.
//!
//! It decides nothing about documents or peers; it only owns the parts.

mod opening;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::time::Duration;

use thiserror::Error;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use crate::api::{ApiServer, ServeError};
use crate::core::{self, Core, INPUTS_MAX, Network, ORDERS_MAX, Order, Worker, WorkerError};
use crate::settings::SettingsError;
use crate::setup::Unlock;
use crate::transport::{self, Multiaddr, Transport};
use opening::open;
pub(crate) use opening::{examine, keystore_unlock, store_key};

/// How long the network may take to say goodbye.
const NETWORK_STOP_MAX: Duration = Duration::from_secs(2);

/// How a node is to run.
#[derive(Clone, Debug)]
pub struct NodeOptions {
    /// What opens the keystore.
    pub unlock: Unlock,
    /// Multiaddresses to listen on; none listens nowhere.
    pub listen: Vec<String>,
    /// Multiaddresses to dial beside the saved ones.
    pub dial: Vec<String>,
    /// Whether to find and be found on the local network.
    pub mdns: bool,
    /// Whether to touch the network at all: a command that only reads needs none.
    pub network: bool,
}

impl NodeOptions {
    /// Options of a node that lives only for one command: it dials saved peers, so that what is
    /// written may leave at once, but listens nowhere.
    pub fn for_one_command(unlock: Unlock) -> Self {
        Self {
            unlock,
            listen: Vec::new(),
            dial: Vec::new(),
            mdns: false,
            network: false,
        }
    }
}

/// Why a node did not start. Nothing was changed, and whatever had been started is stopped.
#[derive(Debug, Error)]
pub enum StartError {
    /// Nothing has been set up in the home.
    #[error("nothing has been set up in {home}")]
    Absent {
        /// The home.
        home: PathBuf,
    },
    /// A store lies in the home whose keystore is not there.
    #[error("the store in {home} has no keystore")]
    KeystoreMissing {
        /// The home.
        home: PathBuf,
    },
    /// A keystore lies in the home whose store is not there, or holds nothing.
    #[error("the keystore in {home} has no store")]
    StoreMissing {
        /// The home.
        home: PathBuf,
    },
    /// Another process works on the home.
    #[error("another process works on {home}")]
    Locked {
        /// The home.
        home: PathBuf,
        /// Its process id, where it is known.
        pid: Option<u32>,
    },
    /// The passphrase or key file does not open the keystore.
    #[error("the passphrase or key file does not open the keystore")]
    WrongKey,
    /// The keystore is damaged, unreadable, or its key file is missing.
    #[error("the keystore cannot be read")]
    Keystore(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The settings cannot be read or are not understood.
    #[error("the settings cannot be read")]
    Settings(#[source] SettingsError),
    /// The store was written by a newer version of the program.
    #[error("the store has version {found}; this program knows {known}")]
    StoreNewer {
        /// The version found.
        found: u32,
        /// The newest version that this program knows.
        known: u32,
    },
    /// The store was sealed with another key than the keystore holds.
    #[error("the store was sealed with another key than the keystore holds")]
    StoreOtherKey,
    /// The store is damaged.
    #[error("the store is damaged")]
    StoreDamaged(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The disk is full.
    #[error("the disk that holds {home} is full")]
    DiskFull {
        /// The home.
        home: PathBuf,
    },
    /// Any other failure of the store.
    #[error("the store cannot be opened")]
    Store(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// An address cannot be listened on or is none.
    #[error("{address} cannot be used")]
    Address {
        /// The address.
        address: String,
        /// Why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// Another program listens on an address.
    #[error("another program listens on {address}")]
    AddressInUse {
        /// The address.
        address: String,
    },
    /// The local interface could not be opened.
    #[error("the local interface could not be opened")]
    Api(#[from] ServeError),
    /// A file could not be read or written.
    #[error("{path} could not be read or written")]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

/// Why a node ended by itself, or did not stop cleanly. What was acknowledged is durable.
#[derive(Debug, Error)]
pub enum EndError {
    /// The disk is full.
    #[error("the disk is full")]
    DiskFull,
    /// The store failed while the node ran.
    #[error("the store failed")]
    Store(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The core's thread ended unexpectedly.
    #[error("the core ended unexpectedly")]
    Core,
}

impl EndError {
    fn of(error: WorkerError) -> Self {
        if error.is_full_disk() {
            Self::DiskFull
        } else {
            Self::Store(Box::new(error))
        }
    }
}

/// A node that runs in this process. Dropping it stops it without waiting; [`RunningNode::stop`]
/// waits.
#[derive(Debug)]
pub struct RunningNode {
    core: Core,
    api: ApiServer,
    worker: oneshot::Receiver<Result<(), WorkerError>>,
    stopping: oneshot::Sender<()>,
    network: Option<RunningNetwork>,
}

/// The network's task, and the switch in front of it.
#[derive(Debug)]
struct RunningNetwork {
    transport: Transport,
    /// The core's to keep: without a core the network has nothing to do.
    orders: mpsc::WeakSender<Order>,
    task: JoinHandle<()>,
}

impl RunningNode {
    /// The handle to its core.
    pub fn core(&self) -> &Core {
        &self.core
    }

    /// The socket of its local interface.
    pub fn socket(&self) -> &Path {
        self.api.socket()
    }

    /// Cuts this node off: every connection is closed, none is taken and none is dialled. Or takes
    /// it back: what it dialled before is dialled at once. What is on the local network alone
    /// comes back when it is discovered again. A node that runs without a network has nothing to
    /// cut.
    pub async fn set_network(&self, on: bool) {
        let Some(network) = &self.network else {
            return;
        };
        if on {
            let _stopped = network.transport.set_open(true).await;
        }
        // Nobody is dialled while the network is closed: each dial would only fail.
        if let Some(orders) = network.orders.upgrade() {
            let _ended = orders.send(Order::SetDialling(on)).await;
        }
        if !on {
            let _stopped = network.transport.set_open(false).await;
        }
    }

    /// Waits until the node ends by itself: only a failure makes it.
    pub async fn ended(&mut self) -> EndError {
        match (&mut self.worker).await {
            Ok(Err(error)) => EndError::of(error),
            Ok(Ok(())) | Err(_) => EndError::Core,
        }
    }

    /// Stops taking connections, finishes what was begun, and closes the store and the lock.
    ///
    /// # Errors
    ///
    /// [`EndError`] when the node had failed before or a part did not end.
    pub async fn stop(self) -> Result<(), EndError> {
        self.api.stop().await;
        let _ended_already = self.stopping.send(());
        drop(self.core);
        let ended = match self.worker.await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(EndError::of(error)),
            Err(_) => Err(EndError::Core),
        };
        if let Some(network) = self.network {
            let _aborted = tokio::time::timeout(NETWORK_STOP_MAX, network.task).await;
        }
        ended
    }
}

/// Starts a node on a home.
///
/// # Errors
///
/// [`StartError`]; whatever had been started is stopped again.
pub async fn start(home: &Path, options: NodeOptions) -> Result<RunningNode, StartError> {
    let listen = addresses(&options.listen)?;
    let dial = addresses(&options.dial)?;
    let path = home.to_owned();
    let unlock = options.unlock.clone();
    // Unlocking takes argon2id's time, and opening a store may take recovery's.
    let opened = tokio::task::spawn_blocking(move || open(&path, &unlock))
        .await
        .map_err(|error| StartError::Store(Box::new(error)))??;
    let (core, inbox) = core::channel();
    let (inputs_in, inputs) = mpsc::channel(INPUTS_MAX);
    let (orders_in, orders) = mpsc::channel(ORDERS_MAX);
    let mut transport_name = Vec::new();
    let mut network = None;
    if options.network {
        let config = transport::Config {
            seed: opened.transport_seed.clone(),
            listen,
            mdns: options.mdns,
            limits: transport::TransportLimits::default(),
        };
        let (transport, events) = transport::start(config).map_err(transport_error)?;
        transport_name = transport.local_peer_id().to_bytes();
        let topic = core::topic_of(&opened.secret);
        let task = Network::new(transport.clone(), topic, inputs_in);
        network = Some(RunningNetwork {
            transport,
            orders: orders_in.downgrade(),
            task: tokio::spawn(task.run(events, orders)),
        });
        for address in dial.iter().chain(&opened.saved) {
            let _full = orders_in.try_send(Order::Dial(address.clone()));
        }
    }
    let language = opened.language;
    let parts = opened.parts(inbox, inputs, orders_in, transport_name);
    let relay = parts.relay;
    let (stopping, stopped) = oneshot::channel();
    let (ended, worker) = oneshot::channel();
    std::thread::Builder::new()
        .name("linli-core".to_owned())
        .spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_time()
                .build()
                .expect("a runtime of one thread needs nothing that can be missing");
            let result = runtime.block_on(Worker::new(parts).run(stopped));
            let _nobody_waits = ended.send(result);
        })
        .map_err(|source| StartError::File {
            path: home.to_owned(),
            source,
        })?;
    tracing::info!(relay, "the node runs");
    let api = ApiServer::open(home, core.clone(), language)?;
    Ok(RunningNode {
        core,
        api,
        worker,
        stopping,
        network,
    })
}

fn addresses(texts: &[String]) -> Result<Vec<Multiaddr>, StartError> {
    texts
        .iter()
        .map(|text| {
            text.parse().map_err(|source| StartError::Address {
                address: text.clone(),
                source: Box::new(source),
            })
        })
        .collect()
}

fn transport_error(error: transport::StartError) -> StartError {
    let address = match &error {
        transport::StartError::InUse { address } => {
            let address = address.to_string();
            return StartError::AddressInUse { address };
        }
        transport::StartError::Listen { address, .. } => address.to_string(),
        _ => String::new(),
    };
    StartError::Address {
        address,
        source: Box::new(error),
    }
}
