//! The node: all input and output of Linli.

pub mod api;
pub mod core;
pub mod limits;
pub mod running;
pub mod setup;
pub mod store;
pub mod transport;
