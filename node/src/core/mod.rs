//! The core: the one thread that owns replica, store and sessions, and the handle through which
//! everything else talks to it.

mod answer;
mod backup;
mod bundle;
mod delivery;
mod details;
mod device;
mod doors;
mod handle;
mod hint;
mod lookalikes;
mod meetings;
mod moderation;
mod network;
mod roster;
mod views;
mod worker;

use std::time::{SystemTime, UNIX_EPOCH};

pub use device::Keys;
pub use handle::{Call, Core, CoreInbox, Manner, Reply, channel};
pub use network::{INPUTS_MAX, Input, Network, Order, topic_of};
pub use views::PROJECTION_VERSION;
pub use worker::{Joining, Parts, Worker, WorkerError};

/// Orders that wait for the network; a hint that finds no place is lost, as hints may be.
pub const ORDERS_MAX: usize = 2_048;

/// Returns this machine's clock, in milliseconds since 1970.
pub fn now_ms() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| {
            i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
        })
}
