//! The program as residents see it: in a terminal, key by key, with what stands on the screen.
//!
//! They need tmux, and Linux for what its shells tell of processes. They run with the feature
//! `foreign-tests` alone; then a machine without tmux fails them. Otherwise they are reported as
//! ignored.

mod apart;
mod first_run;
mod governing;
mod joining;
mod knocking;
mod leaving;
mod many;
mod neighbourhood;
mod plain;
mod posting;
mod sizes;
mod tmux;
mod together;
