//! The catalogues against each other, against the sources that name their keys, and against the
//! protocol's tables.

mod catalogues;
mod keys;
mod saying;
