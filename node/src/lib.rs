//! The node: all input and output of Linli.

pub mod limits;
pub mod transport;
