//! The client of a node's local interface: requests over HTTP/JSON on the node's Unix socket.
//!
//! It starts no node and keeps nothing; each call is one request, each listener one connection.

mod event_stream;
mod route;

use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use protocol::api::{Answer, Refusal, Request};
use thiserror::Error;

pub use event_stream::EventStream;
use route::{Body, Route};

use crate::language::Language;

/// Time in which a node must take a connection: it accepts at once, whatever it does.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// Time between two pieces of an answer. An import of the largest file is one piece.
const READ_TIMEOUT: Duration = Duration::from_secs(600);

/// Bytes of a socket's path at most, on every system; the kernel's own limit is a little higher.
const SOCKET_PATH_BYTES_MAX: usize = 100;

/// The folder of the socket inside a home.
pub const SOCKET_FOLDER: &str = "run";

/// The socket's name inside its folder.
pub const SOCKET_NAME: &str = "api.sock";

/// Returns the socket of the node that works on a home.
pub fn socket_path(home: &Path) -> PathBuf {
    home.join(SOCKET_FOLDER).join(SOCKET_NAME)
}

/// Why a call brought no answer.
#[derive(Debug, Error)]
pub enum ClientError {
    /// No node listens on the socket.
    #[error("no node listens on {socket}")]
    NotRunning {
        /// The socket.
        socket: PathBuf,
    },
    /// The node refused.
    #[error("{}", .0.message)]
    Refused(Refusal),
    /// The connection broke. Whether the request was carried out is not known.
    #[error("the connection to the node broke")]
    Broken(#[source] reqwest::Error),
    /// The answer is none of this interface: the node is of another version.
    #[error("the node answered in a way that this program does not know")]
    Unintelligible(#[source] Option<serde_json::Error>),
    /// The socket's folder could not be opened.
    #[error("{path} could not be opened")]
    Folder {
        /// The folder.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

/// A client of one node. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Client {
    http: reqwest::Client,
    socket: PathBuf,
    /// In which the node answers; the home's own when none.
    language: Option<Language>,
    settled: bool,
    /// Kept open while a socket is reached through its folder's descriptor.
    _folder: Option<Arc<std::fs::File>>,
}

impl Client {
    /// Connects to the node on a socket. Whether somebody listens is found out at once.
    ///
    /// # Errors
    ///
    /// [`ClientError::NotRunning`] when nobody listens, [`ClientError::Folder`] when the socket's
    /// folder cannot be opened.
    pub fn connect(socket: &Path) -> Result<Self, ClientError> {
        if !socket.exists() {
            return Err(not_running(socket));
        }
        let (path, folder) = reachable(socket)?;
        if UnixStream::connect(&path).is_err() {
            return Err(not_running(socket));
        }
        let http = reqwest::Client::builder()
            .unix_socket(path.as_path())
            .connect_timeout(CONNECT_TIMEOUT)
            .read_timeout(READ_TIMEOUT)
            .no_proxy()
            .build()
            .map_err(ClientError::Broken)?;
        Ok(Self {
            http,
            socket: socket.to_owned(),
            language: None,
            settled: false,
            _folder: folder.map(Arc::new),
        })
    }

    /// Chooses the language in which the node answers where it has words: why it refuses, what to
    /// look at again.
    #[must_use]
    pub fn in_language(self, language: Language) -> Self {
        Self {
            language: Some(language),
            ..self
        }
    }

    /// Asks for answers that show all that the node holds: it projects first what it has not
    /// projected yet, which may take a while. Otherwise an answer comes at once and says how much
    /// it does not show.
    #[must_use]
    pub fn settled(self) -> Self {
        Self {
            settled: true,
            ..self
        }
    }

    /// Asks the node.
    ///
    /// # Errors
    ///
    /// [`ClientError`]; [`ClientError::Refused`] carries the node's own words.
    pub async fn call(&self, request: Request) -> Result<Answer, ClientError> {
        let response = self.send(Route::of(request)).await?;
        let is_success = response.status().is_success();
        let bytes = response
            .bytes()
            .await
            .map_err(|error| self.failure(error))?;
        if is_success {
            let answer = serde_json::from_slice(&bytes);
            return answer.map_err(|error| ClientError::Unintelligible(Some(error)));
        }
        Err(refusal(&bytes))
    }

    /// Listens to the node's events from here on.
    ///
    /// # Errors
    ///
    /// [`ClientError`] as for a call.
    pub async fn events(&self) -> Result<EventStream, ClientError> {
        let response = self.send(Route::events()).await?;
        if response.status().is_success() {
            return Ok(EventStream::new(self.clone(), response));
        }
        let bytes = response
            .bytes()
            .await
            .map_err(|error| self.failure(error))?;
        Err(refusal(&bytes))
    }

    async fn send(&self, route: Route) -> Result<reqwest::Response, ClientError> {
        let url = format!("http://linli/{}/{}", protocol::api::VERSION, route.path);
        let settled = self.settled && route.method == reqwest::Method::GET;
        let mut request = self.http.request(route.method, url).query(&route.query);
        if settled {
            request = request.query(&[("settled", "true")]);
        }
        if let Some(language) = self.language {
            request = request.header("accept-language", language.code());
        }
        request = match route.body {
            Body::None => request,
            Body::Json(value) => request.json(&value),
            Body::Bytes(bytes) => request
                .header("content-type", "application/octet-stream")
                .body(bytes),
        };
        request.send().await.map_err(|error| self.failure(error))
    }

    fn failure(&self, error: reqwest::Error) -> ClientError {
        if error.is_connect() {
            not_running(&self.socket)
        } else {
            ClientError::Broken(error)
        }
    }
}

fn not_running(socket: &Path) -> ClientError {
    ClientError::NotRunning {
        socket: socket.to_owned(),
    }
}

fn refusal(bytes: &[u8]) -> ClientError {
    match serde_json::from_slice::<Refusal>(bytes) {
        Ok(refusal) => ClientError::Refused(refusal),
        Err(error) => ClientError::Unintelligible(Some(error)),
    }
}

/// Returns a path to the socket that is short enough for the kernel. A long one goes through a
/// descriptor of its folder, so that a deep home works as well.
fn reachable(socket: &Path) -> Result<(PathBuf, Option<std::fs::File>), ClientError> {
    if socket.as_os_str().len() <= SOCKET_PATH_BYTES_MAX {
        return Ok((socket.to_owned(), None));
    }
    let folder = socket.parent().unwrap_or(Path::new("/"));
    let file = std::fs::File::open(folder).map_err(|source| ClientError::Folder {
        path: folder.to_owned(),
        source,
    })?;
    Ok((through_descriptor(&file), Some(file)))
}

/// The socket's path through a descriptor of its folder.
pub fn through_descriptor(folder: &std::fs::File) -> PathBuf {
    use std::os::fd::AsRawFd;
    let root = if cfg!(target_os = "linux") {
        "/proc/self/fd"
    } else {
        "/dev/fd"
    };
    Path::new(root)
        .join(folder.as_raw_fd().to_string())
        .join(SOCKET_NAME)
}

/// Tells whether a socket's path is too long to be used as it is.
pub fn needs_descriptor(socket: &Path) -> bool {
    socket.as_os_str().len() > SOCKET_PATH_BYTES_MAX
}
