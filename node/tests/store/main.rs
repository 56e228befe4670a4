//! Tests of the store against a plain model in memory, a killed process, damaged files and full
//! disks. They use the store as its owner does; nothing here looks into its tables, save where a
//! file must be damaged.

mod at_rest;
mod concern;
mod crash;
mod damage;
#[cfg(feature = "foreign-tests")]
#[path = "../../../tests/src/disk.rs"]
mod disk;
mod earlier;
mod forgetting;
mod hiding;
mod model;
mod opening;
mod own;
#[cfg(feature = "foreign-tests")]
mod power_cut;
mod search;
mod views;
mod world;
