//! Who owns a file or folder, and whether anybody else may read it.
//!
//! It only judges what it is shown: opening, creating and mending modes is the business of whoever
//! owns the file. Access control lists are not looked at.

use std::fs::Metadata;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use thiserror::Error;

/// Permission bits that let the group or others read, write or enter.
const OTHERS: u32 = 0o077;
/// Permission bits of a mode, without the kind of file.
const PERMISSIONS: u32 = 0o7777;

/// Why a file or folder cannot hold anything private.
#[derive(Debug, Error)]
pub enum AccessError {
    /// Other users of the machine may read or change it.
    #[error(
        "{} is open to other users of this machine (mode {mode:04o}); check who may have read it, then run: chmod {wanted:o} {}",
        .path.display(), .path.display()
    )]
    TooPermissive {
        /// The file or folder.
        path: PathBuf,
        /// Its mode.
        mode: u32,
        /// The mode it should have.
        wanted: u32,
    },
    /// It belongs to another user than the one who runs the program.
    #[error(
        "{} belongs to user {owner}, but this program runs as user {running}; run it as its owner, or choose another place",
        .path.display()
    )]
    ForeignOwner {
        /// The file or folder.
        path: PathBuf,
        /// Its owner's number.
        owner: u32,
        /// The number of the user who runs the program.
        running: u32,
    },
}

/// Checks that a file or folder belongs to the user who runs the program, and to nobody else.
///
/// # Errors
///
/// [`AccessError`], which names the mode or the owner.
pub fn verify_private(path: &Path, metadata: &Metadata) -> Result<(), AccessError> {
    let running = rustix::process::geteuid().as_raw();
    let wanted = if metadata.is_dir() { 0o700 } else { 0o600 };
    judge(path, metadata.uid(), metadata.mode(), running, wanted)
}

fn judge(path: &Path, owner: u32, mode: u32, running: u32, wanted: u32) -> Result<(), AccessError> {
    if owner != running {
        return Err(AccessError::ForeignOwner {
            path: path.to_owned(),
            owner,
            running,
        });
    }
    if mode & OTHERS != 0 {
        return Err(AccessError::TooPermissive {
            path: path.to_owned(),
            mode: mode & PERMISSIONS,
            wanted,
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(owner: u32, mode: u32) -> Option<String> {
        judge(Path::new("keys"), owner, mode, 1000, 0o600)
            .err()
            .map(|error| error.to_string())
    }

    #[test]
    fn only_the_owner_may_read() {
        for mode in [0o100600, 0o100400, 0o040700] {
            assert_eq!(message(1000, mode), None, "{mode:o}");
        }
        for bit in [0o040, 0o020, 0o010, 0o004, 0o002, 0o001] {
            let message = message(1000, 0o100600 | bit).expect("one bit is enough");
            assert!(message.contains("chmod 600 keys"), "{message}");
            assert!(
                message.contains(&format!("{:04o}", 0o600 | bit)),
                "{message}"
            );
        }
    }

    #[test]
    fn another_users_file_is_refused_whatever_its_mode() {
        let message = message(0, 0o100600).expect("another user's");
        assert!(message.contains("user 0"), "{message}");
        assert!(message.contains("user 1000"), "{message}");
    }
}
