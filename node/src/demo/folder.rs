//! The folder of the demonstration's homes: closed to others, and gone when the demonstration is.

use std::fs::{self, Permissions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;

use tempfile::TempDir;

/// Attempts to remove the folder while nodes that are being dropped still write to it.
const REMOVALS_MAX: u32 = 50;
/// Pause between two attempts.
const REMOVAL_PAUSE: Duration = Duration::from_millis(20);

/// A temporary folder. Dropping it removes it, even from under nodes that are still ending.
#[derive(Debug)]
pub struct Folder(TempDir);

impl Folder {
    /// Makes a folder that only the own user may enter.
    pub fn new() -> io::Result<Self> {
        tempfile::Builder::new()
            .prefix("linli-demo-")
            .permissions(Permissions::from_mode(0o700))
            .tempdir()
            .map(Self)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// Removes it.
    pub fn remove(self) -> io::Result<()> {
        remove(self.path())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        for _ in 0..REMOVALS_MAX {
            if remove(self.path()).is_ok() {
                return;
            }
            std::thread::sleep(REMOVAL_PAUSE);
        }
    }
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_is_private_and_goes_with_all_that_is_in_it() {
        let folder = Folder::new().expect("a folder");
        let path = folder.path().to_owned();
        let mode = fs::metadata(&path).expect("it is there").permissions();
        assert_eq!(mode.mode() & 0o777, 0o700);
        fs::create_dir(path.join("home")).expect("a home");
        fs::write(path.join("home/file"), "x").expect("a file");
        drop(folder);
        assert!(!path.exists());
    }

    #[test]
    fn the_folder_goes_though_its_nodes_are_still_ending() {
        let folder = Folder::new().expect("a folder");
        let path = folder.path().to_owned();
        let home = path.join("home");
        let (begun, began) = std::sync::mpsc::channel();
        let writer = std::thread::spawn(move || {
            for round in 0..500 {
                let _gone = fs::create_dir(&home);
                let _gone = fs::write(home.join(round.to_string()), "x");
                let _told = begun.send(());
            }
        });
        began.recv().expect("it writes");
        drop(folder);
        writer.join().expect("the writer");
        assert!(!path.exists());
    }
}
