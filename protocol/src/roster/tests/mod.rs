//! Tests of the roster: named scenarios with what a neighbour would see, and random rosters by
//! honest and hostile authors that must fold to one result in every order.

mod capacities;
mod documents;
mod governance;
mod properties;
mod queries;
mod records;
mod rights;
mod scenarios;
mod seniority;
#[cfg(feature = "switches")]
mod switches;
mod world;
