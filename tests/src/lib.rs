//! Tests of Linli as a whole: the simulator and its oracle.

pub mod sim;
pub mod oracle;
