//! Backups: a household's key, everything that its node holds, drafts and settings, in one encrypted
//! file. A device's key never enters one (rule R3): whoever restores gets a new device.
//!
//! The byte tables are in `docs/KEYSTORE.md`. Nothing here asks for passphrases, writes files or
//! changes a home.

mod contents;
mod sealed;
#[cfg(test)]
mod tests;

pub use contents::{Contents, Draft, Inside, InvalidContents};
pub use sealed::{Lock, MAGIC, OpenError, Opener, SealError, open, opener, seal};

/// Bytes of a backup at most: what a small machine can hold in memory.
pub const FILE_BYTES_MAX: usize = 1 << 30;
