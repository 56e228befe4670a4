//! Tests of Linli as a whole: real nodes as processes, and what the fuzzers do.

#[cfg(feature = "foreign-tests")]
pub mod disk;
pub mod fuzz;
pub mod process;
pub mod seeds;
