//! The simulator: many replicas under a seeded, faulty and hostile network in virtual time, all in
//! one thread. A seed alone replays a run.
//!
//! It drives the real protocol and decides nothing about what is right: that is `oracle`.

pub mod acting_for;
pub mod check;
pub mod confidence;
pub mod documents;
pub mod fault;
pub mod forge;
pub mod helping;
pub mod host;
pub mod ledger;
pub mod lies;
pub mod memory;
pub mod mischief;
pub mod network;
pub mod outcome;
pub mod random;
pub mod records;
pub mod rights;
pub mod roster_acts;
pub mod scenario;
pub mod splintering;
pub mod world;
