//! A node that runs in this process: lock, keystore, store, core, transport and local interface,
//! started in that order and stopped in the reverse one.
//!
//! It decides nothing about documents or peers; it only owns the parts.

use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::api::ServeError;
use crate::core::Core;
use crate::setup::Unlock;

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
    /// The store was written by a newer version of the program.
    #[error("the store has version {found}; this program knows {known}")]
    StoreNewer {
        /// The version found.
        found: u32,
        /// The newest version that this program knows.
        known: u32,
    },
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
    /// The store failed while the node ran.
    #[error("the store failed")]
    Store(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The core's thread ended unexpectedly.
    #[error("the core ended unexpectedly")]
    Core,
}

/// A node that runs in this process. Dropping it stops it without waiting; [`RunningNode::stop`]
/// waits.
#[derive(Debug)]
pub struct RunningNode {
    core: Core,
    socket: PathBuf,
}

impl RunningNode {
    /// The handle to its core.
    pub fn core(&self) -> &Core {
        &self.core
    }

    /// The socket of its local interface.
    pub fn socket(&self) -> &Path {
        &self.socket
    }

    /// Waits until the node ends by itself: only a failure makes it.
    pub async fn ended(&mut self) -> EndError {
        todo!("filled by the core's author")
    }

    /// Stops taking connections, finishes what was begun, and closes the store and the lock.
    ///
    /// # Errors
    ///
    /// [`EndError`] when the node had failed before or a part did not end.
    pub async fn stop(self) -> Result<(), EndError> {
        todo!("filled by the core's author")
    }
}

/// Starts a node on a home.
///
/// # Errors
///
/// [`StartError`]; whatever had been started is stopped again.
pub async fn start(home: &Path, options: NodeOptions) -> Result<RunningNode, StartError> {
    let _ = (home, options);
    todo!("filled by the core's author")
}
