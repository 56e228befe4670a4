//! The node: all input and output of Linli.

pub mod access;
pub mod api;
pub mod backup;
pub mod cli;
pub mod core;
pub mod demo;
pub mod durable_file;
pub mod exchange;
pub mod home;
pub mod import;
pub mod keystore;
pub mod limits;
pub mod paper;
pub mod refusal;
pub mod running;
pub mod settings;
pub mod setup;
pub mod store;
pub mod transport;
