//! Tests of Linli as a whole: the simulator with its oracle and its own test, real nodes as
//! processes, the benchmarks, and what the fuzzers share with the replay of their corpus.

pub mod bench;
#[cfg(feature = "foreign-tests")]
pub mod disk;
pub mod fuzz;
pub mod oracle;
pub mod process;
pub mod seeds;
pub mod self_test;
pub mod sim;
