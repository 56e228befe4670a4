//! Linli's protocol: identities, entries, logs, the roster, documents and replication.
//!
//! The crate is pure: it has no IO, clock, randomness, async or locks. Time and random bytes come
//! in as arguments, storage through a trait, and every effect goes out as a value, so a simulator
//! can run hundreds of replicas in one thread.

pub mod api;
pub mod budget;
pub mod bundle;
pub mod checked_text;
pub mod codec;
pub mod document;
pub mod enrolment;
pub mod entry;
pub mod fork;
pub mod frontier;
pub mod id;
pub mod intent;
pub mod invitation;
pub mod joining;
pub mod key;
pub mod kind;
pub mod limits;
pub mod logs;
pub mod projection;
pub mod receipt;
pub mod receipts;
pub mod replica;
pub mod roster;
pub mod sealing;
pub mod segment;
pub mod session;
pub mod statement;
pub mod storage;
pub mod switches;
pub mod text;
pub mod words;
