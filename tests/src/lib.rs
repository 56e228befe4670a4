//! Tests of Linli as a whole: real nodes as processes.

pub mod fuzz;
pub mod process;
