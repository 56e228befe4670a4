//! The core: the one thread that owns replica, store and sessions, and the handle through which
//! everything else talks to it.

mod handle;

pub use handle::{Call, Core, CoreInbox, Reply, channel};
