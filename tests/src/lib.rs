//! Tests of Linli as a whole: real nodes as processes, and what the fuzzers do.

pub mod fuzz;
pub mod process;
pub mod seeds;
