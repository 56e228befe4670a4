//! The socket of the local interface: who may connect, how many, and for how long they may stand
//! still.

use std::io;
use std::os::unix::fs::{DirBuilderExt, FileTypeExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::HeaderMap;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use thiserror::Error;
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::{JoinHandle, JoinSet};
use tui::language::Language;

use super::connection::StallGuard;
use super::refusal::Refused;
use super::{language, routes};
use crate::core::Core;
use crate::refusal::Refusal;

/// Connections at once: a front end and a few scripts, with room for stuck ones.
pub const CONNECTIONS_MAX: usize = 48;

/// Connections beyond that at once which are still told why they are refused.
pub const REFUSALS_MAX: usize = 16;

/// Time in which whoever is refused may ask and hear why.
pub const REFUSAL_WAIT: Duration = Duration::from_secs(5);

/// Time for a whole request head, and for an idle connection until its next one.
pub const HEAD_TIMEOUT: Duration = Duration::from_secs(30);

/// Time for which a write may stand still because the client does not read.
pub const WRITE_STALL_MAX: Duration = Duration::from_secs(30);

/// Bytes buffered for a connection, and of a request's head.
pub const BUFFER_BYTES_MAX: usize = 64 * 1024;

/// Header fields of a request.
pub const HEADERS_MAX: usize = 64;

/// Time in which running requests may finish when the server stops.
pub const STOP_WAIT: Duration = Duration::from_secs(5);

/// Pause after a failed accept: the process has no descriptors left.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Why the local interface could not be opened.
#[derive(Debug, Error)]
pub enum ServeError {
    /// Something that is no socket stands in its place.
    #[error("{path} is not a socket")]
    Occupied {
        /// The place.
        path: PathBuf,
    },
    /// The socket or its folder could not be made.
    #[error("the socket {path} could not be opened")]
    Socket {
        /// The socket or its folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// The server. Dropping it closes every connection at once; [`ApiServer::stop`] lets running
/// requests finish.
#[derive(Debug)]
pub struct ApiServer {
    socket: PathBuf,
    stopping: watch::Sender<bool>,
    accepting: JoinHandle<()>,
}

impl ApiServer {
    /// Opens the socket of a home and serves the core there, in the home's language to those who
    /// name none. The caller holds the home's lock: a socket that an earlier process left behind
    /// is removed.
    ///
    /// # Errors
    ///
    /// [`ServeError`] when the socket cannot be made.
    pub fn open(home: &Path, core: Core, language: Language) -> Result<Self, ServeError> {
        let socket = tui::client::socket_path(home);
        let listener = bind(&socket)?;
        let (stopping, stopped) = watch::channel(false);
        let router = routes::router(core, language, stopped.clone());
        let accepting = tokio::spawn(accept(listener, router, crowded(language), stopped));
        Ok(Self {
            socket,
            stopping,
            accepting,
        })
    }

    /// Returns the socket.
    pub fn socket(&self) -> &Path {
        &self.socket
    }

    /// Takes no more connections, ends event streams, lets running requests finish within
    /// a few seconds (`STOP_WAIT`), and removes the socket.
    pub async fn stop(mut self) {
        self.stopping.send_replace(true);
        let _aborted = (&mut self.accepting).await;
    }
}

impl Drop for ApiServer {
    fn drop(&mut self) {
        self.accepting.abort();
        // A socket that cannot be removed is removed at the next start.
        let _left_behind = std::fs::remove_file(&self.socket);
    }
}

/// Makes the folder and the socket, for this user only.
fn bind(socket: &Path) -> Result<UnixListener, ServeError> {
    let folder = socket.parent().expect("a socket stands in its folder");
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| ServeError::Socket { path, source }
    };
    let made = std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder);
    made.map_err(failed(folder))?;
    let private = std::fs::Permissions::from_mode(0o700);
    std::fs::set_permissions(folder, private).map_err(failed(folder))?;
    match std::fs::symlink_metadata(socket) {
        Ok(found) if found.file_type().is_socket() => {
            std::fs::remove_file(socket).map_err(failed(socket))?;
        }
        Ok(_) => {
            return Err(ServeError::Occupied {
                path: socket.to_owned(),
            });
        }
        Err(_) => {}
    }
    let listener = if tui::client::needs_descriptor(socket) {
        let folder = std::fs::File::open(folder).map_err(failed(folder))?;
        UnixListener::bind(tui::client::through_descriptor(&folder))
    } else {
        UnixListener::bind(socket)
    };
    let listener = listener.map_err(failed(socket))?;
    let private = std::fs::Permissions::from_mode(0o600);
    std::fs::set_permissions(socket, private).map_err(failed(socket))?;
    Ok(listener)
}

async fn accept(
    listener: UnixListener,
    router: Router,
    crowded: Router,
    mut stopped: watch::Receiver<bool>,
) {
    let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let refusals = Arc::new(Semaphore::new(REFUSALS_MAX));
    let own_uid = rustix::process::geteuid().as_raw();
    let mut connections = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            _ = stopped.wait_for(|stopped| *stopped) => break,
            Some(_) = connections.join_next() => continue,
            accepted = listener.accept() => accepted,
        };
        let Ok((stream, _)) = accepted else {
            tokio::time::sleep(ACCEPT_PAUSE).await;
            continue;
        };
        let uid = stream.peer_cred().map(|credentials| credentials.uid());
        if !uid.is_ok_and(|uid| may_connect(uid, own_uid)) {
            continue;
        }
        let Ok(place) = Arc::clone(&places).try_acquire_owned() else {
            // Whoever is beyond these too finds the connection closed.
            if let Ok(place) = Arc::clone(&refusals).try_acquire_owned() {
                let refusing = serve_connection(stream, crowded.clone(), stopped.clone());
                connections.spawn(async move {
                    let _too_slow = tokio::time::timeout(REFUSAL_WAIT, refusing).await;
                    drop(place);
                });
            }
            continue;
        };
        let connection = serve_connection(stream, router.clone(), stopped.clone());
        connections.spawn(async move {
            connection.await;
            drop(place);
        });
    }
    drop(listener);
    let finish = async { while connections.join_next().await.is_some() {} };
    let _cut_off = tokio::time::timeout(STOP_WAIT, finish).await;
}

/// What a client beyond [`CONNECTIONS_MAX`] hears, whatever it asks. It is answered like any other,
/// since programs take no answer before they have asked.
fn crowded(language: Language) -> Router {
    Router::new().fallback(move |headers: HeaderMap| async move {
        let language = language::preferred(&headers).unwrap_or(language);
        let refused = Refused::new(&Refusal::Connections, language);
        ([("connection", "close")], refused)
    })
}

/// The folder keeps other users out already; this holds where a folder's mode does not.
const fn may_connect(uid: u32, own_uid: u32) -> bool {
    uid == own_uid || uid == 0
}

async fn serve_connection(stream: UnixStream, router: Router, mut stopped: watch::Receiver<bool>) {
    let stream = TokioIo::new(StallGuard::new(stream, WRITE_STALL_MAX));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .max_buf_size(BUFFER_BYTES_MAX)
        .max_headers(HEADERS_MAX)
        .serve_connection(stream, TowerToHyperService::new(router));
    let mut connection = std::pin::pin!(connection);
    let outcome = tokio::select! {
        outcome = connection.as_mut() => Some(outcome),
        _ = stopped.wait_for(|stopped| *stopped) => None,
    };
    let outcome = match outcome {
        Some(outcome) => outcome,
        None => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = outcome {
        tracing::debug!(%error, "a client of the local interface broke off");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_user_and_root_may_connect() {
        let cases = [(1000, 1000, true), (0, 1000, true), (1001, 1000, false)];
        for (uid, own, expected) in cases {
            assert_eq!(may_connect(uid, own), expected, "{uid} to {own}");
        }
        assert!(!may_connect(1000, 0), "a user may not use root's node");
    }
}
