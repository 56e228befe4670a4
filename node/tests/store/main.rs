//! Tests of the store against a plain model in memory, a killed process, damaged files and full
//! disks. They use the store as its owner does; nothing here looks into its tables, save where a
//! file must be damaged.

mod crash;
mod damage;
mod forgetting;
mod model;
mod opening;
mod own;
mod search;
mod views;
mod world;
