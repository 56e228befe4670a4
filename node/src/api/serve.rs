//! The socket of the local interface.

use std::path::PathBuf;

use thiserror::Error;

/// Why the local interface could not be opened.
#[derive(Debug, Error)]
pub enum ServeError {
    /// The socket's folder or the socket could not be made.
    #[error("the socket {path} could not be opened")]
    Socket {
        /// The socket or its folder.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}
