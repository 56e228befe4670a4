//! The local interface: HTTP/JSON and server-sent events on a Unix socket.

mod serve;

pub use serve::ServeError;
