//! The oracle: a reference model that recomputes everything from the entries, and the checks that
//! hold replicas against it.
//!
//! It shares types with `protocol` and nothing else: no Automerge, no roster, no op table, no
//! kinds. It is slow and says what the rules say; where it and the program differ, one of them is
//! wrong.

pub mod checks;
pub mod compare;
pub mod confidence;
pub mod course;
pub mod cuts;
pub mod delivery;
pub mod document;
pub mod forgetting;
pub mod held;
pub mod hiding;
pub mod history;
mod past;
pub mod policy;
pub mod powers;
pub mod quorum;
pub mod rights;
pub mod roster;
pub mod set;
mod share;
mod splinters;
pub mod stores;
