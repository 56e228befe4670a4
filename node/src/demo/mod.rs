//! The demonstration: a neighbourhood of real nodes on loopback, in homes that last as long as it
//! does, filled with stories in either language.
//!
//! It knows no terminal: the command `linli demo` opens the front end on it. Nothing here is done
//! that a resident's own node could not do; stories are written over the local interface.

mod folder;
mod neighbourhood;
mod story;
mod telling;

use protocol::api::Refusal;
use thiserror::Error;
use tui::client::ClientError;

pub use neighbourhood::{Neighbourhood, Place};

use crate::running::{EndError, StartError};
use crate::setup::SetupError;

/// Why there is no demonstration, or it did not end cleanly. Its folder is gone in any case but
/// that of [`DemoError::Folder`].
#[derive(Debug, Error)]
pub enum DemoError {
    /// The folder of its homes could not be made or removed.
    #[error("the folder of the demonstration could not be made or removed")]
    Folder(#[source] std::io::Error),
    /// A home could not be set up.
    #[error(transparent)]
    Setup(#[from] SetupError),
    /// A node did not start.
    #[error(transparent)]
    Start(#[from] StartError),
    /// A node did not end cleanly.
    #[error(transparent)]
    End(#[from] EndError),
    /// A node did not do what a story asks.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// A node gave an answer of another kind.
    #[error("a node gave an answer of another kind")]
    OtherAnswer,
    /// The nodes did not come together in time.
    #[error("the nodes of the demonstration did not come together in time")]
    TooSlow,
    /// There is no such household.
    #[error("the demonstration has no such household")]
    NoHousehold,
}

impl From<Refusal> for DemoError {
    fn from(refusal: Refusal) -> Self {
        Self::Client(ClientError::Refused(refusal))
    }
}
