//! What was worked out about keys and signatures before, for tests alone: a simulated neighbourhood
//! verifies each signature once for every replica, in one thread. Both answers depend on nothing but
//! what is asked.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::{KeyError, PublicKey};

/// Answers that are kept in a thread, of each sort.
const KEPT_MAX: usize = 1 << 16;

/// A key, what it signed with its purpose, and the signature.
type Question = ([u8; 32], [u8; 48], [u8; 64]);

thread_local! {
    static KEYS: RefCell<BTreeMap<[u8; 32], Result<PublicKey, KeyError>>> = RefCell::default();
    static SIGNATURES: RefCell<BTreeMap<Question, bool>> = RefCell::default();
}

pub(super) fn parse(
    bytes: &[u8; 32],
    parse: impl FnOnce() -> Result<PublicKey, KeyError>,
) -> Result<PublicKey, KeyError> {
    KEYS.with_borrow_mut(|kept| answer(kept, *bytes, parse))
}

pub(super) fn verifies(question: Question, verify: impl FnOnce() -> bool) -> bool {
    SIGNATURES.with_borrow_mut(|kept| answer(kept, question, verify))
}

fn answer<Q: Ord, A: Clone>(kept: &mut BTreeMap<Q, A>, question: Q, work: impl FnOnce() -> A) -> A {
    if kept.len() >= KEPT_MAX {
        kept.clear();
    }
    kept.entry(question).or_insert_with(work).clone()
}
