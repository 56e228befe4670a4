//! node

pub mod access;
pub mod durable_file;
pub mod home;
pub mod import;
pub mod keystore;
