//! The node: all input and output of Linli.

pub mod api;
pub mod cli;
pub mod core;
pub mod running;
pub mod setup;
