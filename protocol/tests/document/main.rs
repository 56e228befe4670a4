//! Documents, held against Automerge itself, against a model without it, and against hostile
//! entries.
//!
//! Every random test runs a few seeds; `LINLI_TEST_SEEDS` asks for more, `LINLI_TEST_FIRST_SEED`
//! begins elsewhere, and a failure names its seed.

mod base;
mod building;
mod drafting;
mod equality;
mod exclusion;
mod export;
mod golden;
mod history;
mod hostile;
mod mirror;
mod model;
mod random;
mod writing;
