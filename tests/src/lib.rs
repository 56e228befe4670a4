//! Tests of Linli as a whole: the simulator, its oracle, and the simulator's own test.

pub mod oracle;
pub mod self_test;
pub mod sim;
