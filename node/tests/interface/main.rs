//! The local interface and the command line against a core that is a fake: no keys, no store, no
//! network.

mod api;
mod cli;
mod fake;
