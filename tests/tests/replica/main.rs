//! Replicas over memory: who is met, what is kept unread, what is left of what was erased, and
//! that whatever is held can be sent on.

mod budgets;
mod details;
mod enrolling;
mod erasing;
mod forgetting;
mod home;
mod meeting;
mod pacing;
mod proofs;
mod reads;
mod shares;
mod sizes;
mod splintered;
mod unread;
