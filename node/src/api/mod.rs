//! The local interface: HTTP/JSON and server-sent events on a Unix socket, for the command line,
//! the front end and other programs of the same user.
//!
//! It knows no document and decides nothing: each route becomes one request to the core. What it
//! does decide is who may ask at all, how much and for how long.

mod connection;
mod documentation;
mod events;
mod extract;
mod language;
mod refusal;
mod routes;
mod serve;

pub use documentation::document;
pub use refusal::{CODES, status_of};
pub use serve::{ApiServer, ServeError};
