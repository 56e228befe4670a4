//! The node: all input and output of Linli.

pub mod limits;
pub mod store;
pub mod transport;
